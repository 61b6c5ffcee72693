"""A number of the policy without a reader is a promise that the screen breaks: changing it changes nothing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evenbook.policy.registry import sections
from river import PACKAGE

READERS = {".py", ".sql", ".html"}
TELLS_APART = {"text"}
"""Columns that say what a row is, or how it is called."""


@cache
def texts() -> dict[Path, str]:
    """Return what may read a number: all of the product but the numbers themselves and the benchmark."""
    files = (
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in READERS and path.name != "numbers.py" and path.parent.name != "numbers"
    )
    return {path: path.read_text(encoding="utf-8") for path in files if "bench" not in path.parts}


@cache
def readers(kind: Any, field: str) -> list[str]:
    """Return the texts that read a field: by its name for queries, of its section, or within its slice."""
    asked = re.compile(rf"(?:\$|\bpolicy_|[\"']){kind.name}_{field}\b")
    own = PACKAGE / kind.__module__.split(".")[1]
    named = re.compile(rf"\.{field}\b|\b{field}: (?:int|float|str|bool)\b")
    return [
        text
        for path, text in texts().items()
        if field in text  # a regular expression over all of the product takes a tenth of a second
        and (
            asked.search(text)
            or (
                (kind.__name__ in text or (own in path.parents and own.name != "policy"))
                and named.search(text)
            )
        )
    ]


FIELDS = [(kind, card) for kind in sections() for card in kind.cards()]
COLUMNS = [
    (kind, card, column)
    for kind, card in FIELDS
    for column in card.columns
    if column.name not in card.row_key and column.kind not in TELLS_APART
]


@pytest.mark.parametrize(("kind", "card"), FIELDS, ids=[f"{kind.name}.{card.name}" for kind, card in FIELDS])
def test_every_number_of_the_policy_is_read_by_a_rule_a_query_or_a_page(kind: Any, card: Any) -> None:
    assert readers(kind, card.name), "use it, or leave it out until something does"


@pytest.mark.parametrize(
    ("kind", "card", "column"),
    COLUMNS,
    ids=[f"{kind.name}.{card.name}.{column.name}" for kind, card, column in COLUMNS],
)
def test_every_column_of_a_table_is_read_where_the_table_is(kind: Any, card: Any, column: Any) -> None:
    assert any(re.search(rf"\b{column.name}\b", text) for text in readers(kind, card.name))
