"""The contract, the folders and docs/map.md tell the same story."""

from __future__ import annotations

import ast
import re

import pytest

from river import PACKAGE, ROOT, folders, may_use, slices

ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<built>yes|planned) \| (?P<line>.+) \|$")

WITH_DOORS = {"engine"}
"""Slices whose functions anybody may call with arrays: they are named once more at the top."""


def rows_of_the_map() -> list[re.Match[str]]:
    lines = (ROOT / "docs" / "map.md").read_text(encoding="utf-8").splitlines()
    return [found for found in map(ROW.match, lines) if found]


def test_every_slice_folder_stands_in_the_contract():
    assert folders() <= set(slices())


def test_a_slice_with_a_folder_stands_without_parentheses_and_one_without_stands_in_them():
    planned = {each.name for each in slices().values() if each.is_planned}

    assert set(slices()) - planned == folders()


def test_the_map_in_the_docs_lists_the_slices_of_the_contract_in_its_order():
    assert [row["name"] for row in rows_of_the_map()] == list(slices())


def test_the_map_in_the_docs_says_which_slices_are_built():
    built = {row["name"] for row in rows_of_the_map() if row["built"] == "yes"}

    assert built == folders()


@pytest.mark.parametrize("name", sorted(folders() - WITH_DOORS))
def test_a_slice_says_in_its_opening_docstring_what_it_is_for(name):
    opening = (PACKAGE / name / "__init__.py").read_text(encoding="utf-8").strip()

    assert opening.startswith('"""') and opening.endswith('"""'), "a docstring and nothing else"


@pytest.mark.parametrize("name", sorted(WITH_DOORS))
def test_a_slice_with_doors_opens_with_its_docstring_and_names_doors_of_its_own_alone(name):
    docstring, *rest = ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8")).body

    assert isinstance(docstring, ast.Expr) and isinstance(docstring.value, ast.Constant)
    *doors, listed = rest
    assert all(
        isinstance(door, ast.ImportFrom) and door.module.startswith(f"evenbook.{name}.") for door in doors
    )
    assert isinstance(listed, ast.Assign) and listed.targets[0].id == "__all__"
    named = {alias.name for door in doors for alias in door.names}
    assert named == set(ast.literal_eval(listed.value))


def test_a_slice_may_use_itself_and_what_is_below_but_nothing_beside_or_above():
    assert may_use("book", "book") and may_use("book", "policy") and may_use("engine", "kit")
    assert not may_use("policy", "book") and not may_use("frames", "documents")
