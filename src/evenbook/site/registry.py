"""What each slice declares, collected: tables, steps, measures. The only place that knows them all.

Adding a measure is its SQL file and its name in its slice's ``rules``; nothing here changes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from evenbook.frames.step import Step
from evenbook.frames.table import Table
from evenbook.measures.catalogue import Catalogue, catalogue_of

RIVER = (
    "book",
    "records",
    "measures",
    "signals",
    "states",
    "tiers",
    "capacity",
    "closures",
    "hotsheet",
)
"""The slices that bring tables or steps, low to high."""


def tables() -> tuple[Table, ...]:
    """Return the tables of the application database that rules may read."""
    named = (import_module(f"evenbook.{name}.tables").TABLES for name in ("book", "records"))
    return tuple(table for given in named for table in given)


def steps_of(name: str) -> tuple[Step, ...]:
    """Return the steps of one slice, in the order in which they run."""
    steps: tuple[Step, ...] = import_module(f"evenbook.{name}.rules").STEPS
    return steps


@cache
def steps() -> tuple[Step, ...]:
    """Return the steps of the weekly run: each reads only what an earlier one wrote."""
    return ordered(tuple(step for name in RIVER for step in steps_of(name)))


@cache
def steps_for(*wanted: str) -> tuple[Step, ...]:
    """Return the steps that the tables ``wanted`` rest on, and no others, in order."""
    every = steps()
    needed = set(wanted)
    for step in reversed(every):
        if needed & {step.writes, *step.also}:
            needed |= set(step.reads)
    return tuple(step for step in every if needed & {step.writes, *step.also})


def ordered(given: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return ``given`` so that each step stands after those whose tables it reads, else as given.

    Raises:
        ValueError: two steps read each other's tables.
    """
    written_by = {name: step for step in given for name in (step.writes, *step.also)}
    done: dict[str, Step] = {}
    waiting: list[str] = []

    def put(step: Step) -> None:
        if step.writes in done:
            return
        if step.writes in waiting:
            raise ValueError(f"steps read each other: {' -> '.join([*waiting, step.writes])}")
        waiting.append(step.writes)
        for name in step.reads:
            if name in written_by:
                put(written_by[name])
        waiting.pop()
        done[step.writes] = step

    for step in given:
        put(step)
    return tuple(done.values())


@cache
def catalogue() -> Catalogue:
    """Return the cards of all measures that run every week."""
    return catalogue_of(f"evenbook.{name}" for name in RIVER)
