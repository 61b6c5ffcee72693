"""SQL hides imports: each rule reads only tables of its own slice or of one further down.

Also: its numbers exist in the policy, and no rule file lies about without being a step.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import Any

import pytest

from evenbook.frames.step import Step, parameters, tables_read
from river import PACKAGE, folders, may_use, slices

RULES = sorted(PACKAGE.glob("*/rules/**/*.sql"))
MADE_BY_THE_RUN = {
    "weeks": "frames",
    "calendar": "frames",
    "day_span": "frames",
    "loop_rule": "closures",
    "loop_mark": "closures",
    "loop_severity": "closures",
    "holiday": "book",
    "usage_carry": "signals",
    "state_carry": "states",
    "hot_open": "hotsheet",
}
"""What the weekly run hands to the rules, and the slice that says what is in it."""
TOLD_BY_THE_RUN = {
    "first_ends_at",
    "last_ends_at",
    "carried_week_on",
    "carried_until",
    "closures_start_at",
    "replay_day",
}
"""The values of a run that queries may ask for beside the policy's numbers."""


def declared(slice_name: str, module: str, attribute: str) -> tuple[Any, ...]:
    try:
        found = importlib.import_module(f"evenbook.{slice_name}.{module}")
    except ModuleNotFoundError as error:
        if f"evenbook.{slice_name}" in str(error):
            return ()
        raise
    return tuple(getattr(found, attribute, ()))


@cache
def steps() -> dict[str, tuple[Step, ...]]:
    return {
        name: (*declared(name, "rules", "STEPS"), *declared(name, "rules", "APART"))
        for name in slices()
        if name in folders()
    }


@cache
def producers() -> dict[str, str]:
    """Return the slice that makes each table: described from the database, or written by a step."""
    made = dict(MADE_BY_THE_RUN)
    for name in steps():
        made |= {table.name: name for table in declared(name, "tables", "TABLES")}
        made |= {table: name for step in steps()[name] for table in (step.writes, *step.also)}
        made |= {f"{step.writes}_carry": name for step in steps()[name] if step.carried}
    return made


@cache
def sections() -> dict[str, tuple[str, Any]]:
    """Return the sections of the policy by name, each with the slice that declares it."""
    from evenbook.policy.schema import Section

    found = {}
    for module in (each for name in folders() if has_numbers(name) for each in modules_of_numbers(name)):
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, type) and issubclass(value, Section) and value is not Section:
                found[value.name] = (value.__module__.split(".")[1], value)
    return found


def modules_of_numbers(name: str) -> list[str]:
    parts = sorted(path.stem for path in (PACKAGE / name / "numbers").glob("*.py") if path.stem != "__init__")
    return [f"evenbook.{name}.numbers", *(f"evenbook.{name}.numbers.{part}" for part in parts)]


def has_numbers(name: str) -> bool:
    return (PACKAGE / name / "numbers.py").exists() or (PACKAGE / name / "numbers").is_dir()


def maker_of(table: str) -> str:
    """Return the slice that makes a table, by its declaration or by the section of the policy it is from."""
    if table in producers():
        return producers()[table]
    for section, (owner, _) in sections().items():
        if table.startswith(f"policy_{section}_"):
            return owner
    return f"nobody makes {table}"


def above(user: str, tables: tuple[str, ...]) -> list[str]:
    makers = {table: maker_of(table) for table in tables}
    return [
        f"{table}: {made}"
        for table, made in makers.items()
        if made not in slices() or not may_use(user, made)
    ]


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.relative_to(PACKAGE)}")
def test_a_rule_in_sql_reads_only_what_its_own_slice_or_one_below_makes(path):
    reads = tables_read(re.sub(r"'[^'\n]*'", "''", path.read_text(encoding="utf-8")))

    assert above(path.relative_to(PACKAGE).parts[0], reads) == []


def test_a_rule_in_python_reads_only_what_its_own_slice_or_one_below_makes():
    by_function = [(name, step) for name, own in steps().items() for step in own if step.sql is None]
    uphill = {step.writes: above(name, step.reads) for name, step in by_function}

    assert {writes: found for writes, found in uphill.items() if found} == {}


def test_no_two_slices_make_a_table_of_the_same_name():
    made = [
        (kind, name)
        for name in steps()
        for kind in [
            *(t.name for t in declared(name, "tables", "TABLES")),
            *(s.writes for s in steps()[name]),
        ]
    ]

    assert sorted({each for each, _ in made if [kind for kind, _ in made].count(each) > 1}) == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.relative_to(PACKAGE)}")
def test_the_numbers_that_a_rule_asks_for_stand_in_the_policy(path):
    known = {f"{name}_{field}" for name, (_, section) in sections().items() for field in section.model_fields}

    asked = parameters(path.read_text(encoding="utf-8"))
    assert [name for name in asked if name not in known | TOLD_BY_THE_RUN] == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.relative_to(PACKAGE)}")
def test_a_rule_in_sql_opens_with_what_it_says_and_reads_no_clock_and_no_chance(path):
    text = path.read_text(encoding="utf-8")
    banned = r"\b(now\(\)|current_date|current_timestamp|today\(\)|random\(\)|uuid\(\)|gen_random_uuid)"

    assert text.startswith("-- ")
    assert re.findall(banned, re.sub(r"--[^\n]*", "", text), flags=re.IGNORECASE) == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.relative_to(PACKAGE)}")
def test_no_rule_lies_about_unused(path):
    written = {step.writes for own in steps().values() for step in own}

    assert path.stem in written, "name it in STEPS or APART of its slice's rules, or take it away"
