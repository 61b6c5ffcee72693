"""An action that writes also records who did it, is part of one that does, or says why not.

What an action calls is told by name: functions of the actions, and every method of a class that it names.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache

from river import PACKAGE, ROOT

WRITES = {
    "save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete",
    "executemany", "insert", "insert_plain", "append_table", "load_table",
}  # fmt: skip
EXCEPTIONS = tomllib.loads((ROOT / "tests" / "architecture" / "exceptions.toml").read_text(encoding="utf-8"))[
    "actions_without_audit"
]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of actions, by its dotted name."""
    for path in sorted([*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/**/actions/**/*.py")]):
        dotted = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        yield dotted, ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions() -> dict[str, ast.Module]:
    """Return the functions and methods of the actions by dotted name; those of one name in one module as one."""
    found: dict[str, ast.Module] = {}
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(f"{module}.{node.name}", ast.Module([], [])).body.append(node)
    return found


@cache
def classes() -> dict[str, tuple[str, ...]]:
    """Return the methods of every class of the actions, and of a table of classes those of all of them."""
    found: dict[str, tuple[str, ...]] = {}
    for module, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
                found[f"{module}.{node.name}"] = tuple(f"{module}.{each}" for each in methods)
    for module, tree in modules():
        for node in tree.body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and isinstance(node, ast.AnnAssign) and node.value:
                named = {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
                wholes = [imported()[module].get(each, f"{module}.{each}") for each in named]
                held = [method for whole in wholes for method in found.get(whole, ())]
                if held:
                    found[f"{module}.{target.id}"] = tuple(held)
    return found


@cache
def imported() -> dict[str, dict[str, str]]:
    """Return what each module calls the actions of others."""
    found: dict[str, dict[str, str]] = {}
    for module, tree in modules():
        names = found.setdefault(module, {})
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("evenbook."):
                source = node.module.removeprefix("evenbook.")
                names |= {each.asname or each.name: f"{source}.{each.name}" for each in node.names}
    return found


@cache
def called(name: str) -> frozenset[str]:
    """Return the actions that a function calls or names, as far as they can be told."""
    module = name.rpartition(".")[0]
    found: set[str] = set()
    for each in ast.walk(functions()[name]):
        word = each.id if isinstance(each, ast.Name) else getattr(each, "attr", "")
        if word:
            whole = imported()[module].get(word, f"{module}.{word}")
            found |= {whole, *classes().get(whole, ())}
    return frozenset(found & functions().keys())


@cache
def does(name: str) -> tuple[bool, bool]:
    """Return whether a function itself writes, and whether it records."""
    writes = records = False
    for each in ast.walk(functions()[name]):
        if not isinstance(each, ast.Call):
            continue
        word = each.func.id if isinstance(each.func, ast.Name) else getattr(each.func, "attr", "")
        is_set = word == "update" and bool(each.keywords) and not each.args
        writes = writes or word in WRITES or is_set
        records = records or word == "record"
    return writes, records


def reached(name: str) -> set[str]:
    """Return an action and every action that it leads to."""
    found, waiting = {name}, [name]
    while waiting:
        this = waiting.pop()
        waiting.extend(called(this) - found)
        found |= called(this)
    return found


@cache
def unrecorded() -> frozenset[str]:
    """Return the public actions that write, record nothing, and are part of none that records."""
    found, parts = set(), set()
    for module, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                leads_to = reached(f"{module}.{node.name}")
                done = [does(each) for each in leads_to]
                if any(records for _, records in done):
                    parts |= leads_to
                elif any(writes for writes, _ in done):
                    found.add(f"{module}.{node.name}")
    return frozenset(found - parts)


def test_an_action_that_writes_also_records_who_did_it_or_says_why_not():
    assert sorted(unrecorded() - set(EXCEPTIONS)) == []


def test_the_exceptions_still_record_nothing_and_each_has_a_reason():
    assert sorted(set(EXCEPTIONS) - unrecorded()) == []
    assert all(len(reason.split()) >= 4 for reason in EXCEPTIONS.values())


def test_an_action_that_is_known_to_record_is_seen_to():
    written = {name for name in functions() if any(does(each)[1] for each in reached(name))}

    assert {"policy.actions.adopt", "sources.actions.importing.import_files", "screens.actions.save_view",
            "book.actions.accounts.merge", "people.actions.add_user"} <= written  # fmt: skip
