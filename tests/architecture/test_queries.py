"""What other slices read through says first who asks."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator

from river import PACKAGE, ROOT

KNOW_NO_CUSTOMERS = {"kit", "engine", "frames", "documents", "messages"}
EXCEPTIONS = tomllib.loads((ROOT / "tests" / "architecture" / "exceptions.toml").read_text(encoding="utf-8"))[
    "queries_without_viewer"
]


def public_queries() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield each public function of a slice's ``queries``, with its dotted name."""
    for path in sorted([*PACKAGE.glob("*/queries.py"), *PACKAGE.glob("*/queries/**/*.py")]):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] in KNOW_NO_CUSTOMERS:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield ".".join([*parts, node.name]), node


def takes_viewer_first(node: ast.FunctionDef) -> bool:
    given = [*node.args.posonlyargs, *node.args.args]
    return bool(given) and given[0].arg == "viewer"


def test_a_public_query_takes_the_viewer_first_or_says_why_not():
    without = [name for name, node in public_queries() if not takes_viewer_first(node)]

    assert sorted(set(without) - set(EXCEPTIONS)) == []


def test_the_exceptions_are_still_exceptions_and_each_has_a_reason():
    without = {name for name, node in public_queries() if not takes_viewer_first(node)}

    assert sorted(set(EXCEPTIONS) - without) == []
    assert all(len(reason.split()) >= 4 for reason in EXCEPTIONS.values())
