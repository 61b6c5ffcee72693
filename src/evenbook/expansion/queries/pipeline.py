"""The pipeline of what was opened: one close rate, and how it splits; what a dedicated closer would bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.queries.openings import ROLES, SOURCES, Clock, facts
from evenbook.expansion.rules.closer import Dedicated, dedicated
from evenbook.expansion.rules.pipeline import Rate, Stood, as_of, by_kind, late, rate, split
from evenbook.kit.dates import months_before, start_of
from evenbook.people.viewer import Viewer

ALL, KIND, ROLE, SOURCE, PRODUCT = "all", "kind", "role", "source", "product"
KINDS = {"human": "Opened by one of us", "product": "Opened by the product"}
NO_PRODUCT = "(not said)"
BY: dict[str, Callable[[Stood], str]] = {
    ALL: lambda row: ALL,
    KIND: by_kind,
    ROLE: lambda row: row.fact.role,
    SOURCE: lambda row: row.fact.source,
    PRODUCT: lambda row: row.fact.product or NO_PRODUCT,
}
TITLES = {ALL: "All", KIND: "People and product", ROLE: "Opener", SOURCE: "Source", PRODUCT: "Product"}


@dataclass(frozen=True)
class Group:
    """Openings of one kind, and how they were closed; ``is_few`` says that the rate is of few ends."""

    by: str
    of: str
    title: str
    rate: Rate
    is_few: bool


@dataclass(frozen=True)
class Pipeline:
    """What was opened within the months of the policy, as it stood at an instant."""

    until: datetime
    months: int
    all: Group
    groups: tuple[Group, ...]
    late: int
    dedicated: Dedicated


def pipeline(viewer: Viewer, clock: Clock, *, until: datetime) -> Pipeline:
    """Return the pipeline of the openings that the viewer may see."""
    numbers = clock.policy.of(ExpansionNumbers)
    every = as_of(facts(viewer, clock.policy), until)
    rows = _within(every, clock)
    groups = [
        _group(viewer, by, of, numbers=numbers, found=found)
        for by, told in BY.items()
        if by != ALL
        for of, found in split(rows, told, clock.calendar)
    ]
    whole = _group(viewer, ALL, ALL, numbers=numbers, found=rate(rows, clock.calendar))
    return Pipeline(
        until=until,
        months=numbers.rate_months,
        all=whole,
        groups=tuple(groups),
        late=len(late(every, clock.due, clock.today)),
        dedicated=dedicated(whole.rate, numbers),
    )


def within(viewer: Viewer, clock: Clock, *, until: datetime, by: str = ALL, of: str = "") -> list[Stood]:
    """Return what was opened within the months of the policy, as it stood; of all, or of one group."""
    rows = _within(as_of(facts(viewer, clock.policy), until), clock)
    return [each for each in rows if by == ALL or BY[by](each) == of]


def _within(rows: Iterable[Stood], clock: Clock) -> list[Stood]:
    months = clock.policy.of(ExpansionNumbers).rate_months
    first = start_of(months_before(clock.today, months))
    return [each for each in rows if each.fact.opened_at >= first]


def title_of(viewer: Viewer, by: str, of: str) -> str:
    """Return what a group is called."""
    return {KIND: KINDS, ROLE: ROLES, SOURCE: SOURCES}.get(by, {}).get(
        of, "All openings" if by == ALL else of
    )


def _group(viewer: Viewer, by: str, of: str, *, found: Rate, numbers: ExpansionNumbers) -> Group:
    return Group(by, of, title_of(viewer, by, of), found, is_few=found.ended < numbers.few_ends)
