"""The limits of CONTRIBUTING.md, and the list of exceptions that may only shrink."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from river import PACKAGE, ROOT

LONGEST_FUNCTION = 40
LONGEST_FILE = 500
LONGEST_OF_ITS_NAME = {"rules.py": 300, "actions.py": 400}
KINDS = {".py", ".sql", ".html", ".css", ".js"}
NAMELESS = {
    "util", "utils", "helper", "helpers", "service", "services", "common", "manager", "managers",
    "misc", "shared", "lib",
}  # fmt: skip
EXCEPTIONS = tomllib.loads((ROOT / "tests" / "architecture" / "exceptions.toml").read_text(encoding="utf-8"))


def own_files() -> Iterator[Path]:
    for folder in (PACKAGE, ROOT / "tools", ROOT / "tests"):
        for path in sorted(folder.rglob("*")):
            parts = set(path.parts)
            if path.suffix in KINDS and not parts & {"migrations", "__pycache__", "golden", "vendor"}:
                yield path


@cache
def function_lengths() -> dict[str, int]:
    found = {}
    for path in own_files():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{path.relative_to(ROOT)}::{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    return found


@cache
def file_lengths() -> dict[str, int]:
    return {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in own_files()
    }


def beyond(found: dict[str, int], allowed: dict[str, int], limit: int) -> dict[str, int]:
    return {name: lines for name, lines in found.items() if lines > allowed.get(name, limit)}


def no_longer_needed(found: dict[str, int], allowed: dict[str, int], limit: int) -> set[str]:
    return {name for name in allowed if found.get(name, 0) <= limit}


def test_no_function_is_longer_than_40_lines():
    assert beyond(function_lengths(), EXCEPTIONS["function_lines"], LONGEST_FUNCTION) == {}


def test_no_file_is_longer_than_500_lines():
    assert beyond(file_lengths(), EXCEPTIONS["file_lines"], LONGEST_FILE) == {}


def test_rules_and_actions_become_folders_before_they_are_long():
    lengths = file_lengths()
    long = {
        name: lines
        for name, lines in lengths.items()
        if lines > LONGEST_OF_ITS_NAME.get(Path(name).name, LONGEST_FILE) and name.startswith("src/")
    }

    assert long == {}


def test_the_list_of_exceptions_holds_nothing_that_is_no_longer_needed():
    functions, files = EXCEPTIONS["function_lines"], EXCEPTIONS["file_lines"]

    assert no_longer_needed(function_lengths(), functions, LONGEST_FUNCTION) == set()
    assert no_longer_needed(file_lengths(), files, LONGEST_FILE) == set()


def test_no_module_has_a_name_that_says_nothing():
    named = {
        path.relative_to(ROOT): set(path.with_suffix("").relative_to(ROOT).parts) for path in own_files()
    }

    assert [str(path) for path, parts in named.items() if parts & NAMELESS and "src" in path.parts] == []


def test_every_module_says_what_it_decides():
    modules = [path for path in own_files() if path.suffix == ".py" and "src" in path.parts]
    texts = {path: path.read_text(encoding="utf-8") for path in modules}

    assert [
        str(path) for path, text in texts.items() if text and not ast.get_docstring(ast.parse(text))
    ] == []
