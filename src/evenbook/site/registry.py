"""What each slice declares, collected: tables, steps, measures. The only place that knows them all.

Adding a measure is its SQL file and its name in its slice's ``rules``; nothing here changes. A slice
whose answers are kept has ``store`` and ``KEPT`` in its ``actions``; its name in ``RIVER`` is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from evenbook.frames.step import Step
from evenbook.frames.table import Table
from evenbook.measures.catalogue import Catalogue, catalogue_of
from evenbook.runs.declared import Declared

if TYPE_CHECKING:
    from evenbook.frames.session import Session
    from evenbook.runs.actions import Keeping

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
    "expansion",
    "throughput",
)
"""The slices that bring tables or steps, low to high."""


def tables() -> tuple[Table, ...]:
    """Return the tables of the application database that rules may read."""
    named = (
        import_module(f"evenbook.{name}.tables").TABLES
        for name in ("book", "records", "tiers", "hotsheet", "expansion")
    )
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


@cache
def carried() -> dict[str, Mapping[str, str]]:
    """Return what a run leaves for the next as it stands: table to its columns."""
    return {step.writes: step.carried for step in steps() if step.carried}


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


def measures() -> tuple[str, ...]:
    """Return the names of all measures that run every week."""
    return tuple(card.name for card in catalogue().cards)


class Keeper(Protocol):
    """The actions of a slice that keeps answers of a run."""

    def store(self, session: Session, keeping: Keeping) -> int:
        """Keep the answers of a run, and return how many rows that were."""
        ...


def keepers() -> tuple[Keeper, ...]:
    """Return the slices that keep answers of a run, low to high."""
    named = [f"evenbook.{name}.actions" for name in RIVER if find_spec(f"evenbook.{name}.actions")]
    return tuple(module for module in map(import_module, named) if hasattr(module, "store"))


def kept_tables() -> tuple[str, ...]:
    """Return every table whose rows of its day a run keeps, measures included."""
    by_slices = (name for keeper in keepers() for name in getattr(keeper, "KEPT", ()))
    return tuple(dict.fromkeys((*measures(), *by_slices)))


WITH_WORK = (
    "evenbook.runs.jobs",
    "evenbook.sources.jobs",
    "evenbook.balance.jobs",
    "evenbook.sizing.jobs",
    "evenbook.reviews.jobs",
    "evenbook.site.work",
)
"""Where slices declare durable work: what they do once, and what workers see to again and again."""


@cache
def work() -> Declared:
    """Return the durable work of all slices."""
    modules = [import_module(name) for name in WITH_WORK]
    return Declared(
        tuple(each for module in modules for each in module.WORKS),
        tuple(each for module in modules for each in module.ROUNDS),
    )
