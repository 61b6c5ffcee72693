"""What of a person's book asks for a leader, and which customer to come: each a cause with its evidence.

A trigger names what is so and what it is held against; what is done about it people decide. It is found
again, run after run, for as long as it holds.

Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.decisions.rules import (
    DEPARTURE,
    LEAVE,
    OVER_LOAD,
    RAMPED,
    RED_YELLOW,
    RENEWALS,
    ROOM,
    UNMONITORED,
    Cause,
    Evidence,
)
from evenbook.kit.findings import counted
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.policy.schema import Policy
from evenbook.states.numbers import StatesNumbers
from evenbook.states.rules.book_limit import book_limit
from evenbook.throughput.numbers.triggers import TriggersNumbers
from evenbook.throughput.rules.clusters import clusters
from evenbook.throughput.rules.pace import running

TRIGGERS = (OVER_LOAD, ROOM, RAMPED, LEAVE, DEPARTURE, UNMONITORED, RED_YELLOW, RENEWALS)
"""Those about a person."""

NAMED = (1, 2)
"""The tiers that somebody looks after by name."""

CONTACT = "contact"
"""How a tier is judged that people look after."""


@dataclass(frozen=True)
class Absence:
    """A leave, both its days included, and who stands in, if anybody."""

    first_on: date
    last_on: date
    cover: str = ""


@dataclass(frozen=True)
class Book:
    """A person and what they own, as of a day.

    Attributes:
        loads: effort carried ÷ capacity by week, oldest first, 1 is full; None where there is none.
        by_tier: accounts owned, by tier.
        worked: accounts worked, by tier: by a role, else as owner; dark: of them those without a
            contact for too long.
        colored: how many of the accounts are red or yellow.
        renewals: the days on which accounts renew, from the day on.
        started_on, left_on: first and last day in the team; None where nobody said.
        absences: leaves that have not ended, the next one first.
    """

    person_id: int
    loads: tuple[float | None, ...] = ()
    by_tier: Mapping[int, int] = field(default_factory=dict)
    worked: Mapping[int, int] = field(default_factory=dict)
    dark: Mapping[int, int] = field(default_factory=dict)
    colored: int = 0
    renewals: tuple[date, ...] = ()
    started_on: date | None = None
    left_on: date | None = None
    absences: tuple[Absence, ...] = ()

    @property
    def accounts(self) -> int:
        """How many accounts they own."""
        return sum(self.by_tier.values())

    @property
    def load(self) -> float | None:
        """The load of the newest week."""
        return self.loads[-1] if self.loads else None


def asked_of(books: Sequence[Book], policy: Policy, day: date) -> Iterator[tuple[str, Cause]]:
    """Yield each trigger that holds of a person as of a day, with why it does, at most one of a kind each.

    Args:
        books: everybody's; together they are what a book is held against.
        policy: the limits.
        day: the day as of which the books stand.
    """
    owned = sum(book.accounts for book in books)
    share_of_all = sum(book.colored for book in books) / owned if owned else 0.0
    for book in books:
        yield from _of_load(book, policy.of(CapacityNumbers))
        yield from _of_presence(book, policy, day)
        yield from _unmonitored(book, policy)
        yield from _red_yellow(book, policy.of(StatesNumbers), share_of_all)
        yield from _renewals(book, policy.of(TriggersNumbers), day)


def _of_load(book: Book, numbers: CapacityNumbers) -> Iterator[tuple[str, Cause]]:
    red, room = numbers.load_red_above / 100, numbers.load_room_below / 100
    over = running(book.loads, lambda load: load > red)
    free = running(book.loads, lambda load: load < room)
    if over >= numbers.load_review_weeks:
        yield (
            OVER_LOAD,
            _about(
                book,
                f"Load over {numbers.load_red_above:g}% for {_weeks(over)}.",
                (_owns(book),),
                Evidence("Load", book.load, "share", red, "limit"),
                Evidence("Weeks over", over, "count", numbers.load_review_weeks, "review from"),
            ),
        )
    if free >= numbers.load_room_weeks and book.accounts:
        yield (
            ROOM,
            _about(
                book,
                f"Load under {numbers.load_room_below:g}% for {_weeks(free)}: there is room for more.",
                (_owns(book),),
                Evidence("Load", book.load, "share", room, "room under"),
                Evidence("Weeks under", free, "count", numbers.load_room_weeks, "room from"),
            ),
        )


def _of_presence(book: Book, policy: Policy, day: date) -> Iterator[tuple[str, Cause]]:
    numbers = policy.of(TriggersNumbers)
    load = Evidence("Load", book.load, "share", numbers.target_load / 100, "target")
    full_from = max(step.from_day for step in policy.of(CapacityNumbers).ramp)
    ramped = book.started_on + timedelta(days=full_from) if book.started_on else None
    if ramped and ramped <= day < ramped + timedelta(days=numbers.ramp_days) and not _is_leaving(book, day):
        said = f"In full capacity since {_day(ramped)}."
        yield RAMPED, _about(book, said, (_owns(book), f"The ramp ends on day {full_from}."), load)
    ahead = day + timedelta(days=numbers.ahead_days)
    least = timedelta(days=numbers.leave_least_days - 1)
    leave = next((each for each in book.absences if each.last_on - each.first_on >= least), None)
    if leave and leave.first_on <= ahead and book.accounts:
        cover = f"{leave.cover} stands in." if leave.cover else "Nobody is named who stands in."
        said = f"On leave from {_day(leave.first_on)} to {_day(leave.last_on)}."
        days = (leave.last_on - leave.first_on).days + 1
        length = Evidence("Days away", days, "count", numbers.leave_least_days, "asked from")
        yield LEAVE, _about(book, said, (cover, _owns(book)), length, load)
    if book.left_on and book.left_on <= ahead and book.accounts:
        said = f"{'Left' if book.left_on < day else 'Leaves'} on {_day(book.left_on)}."
        still = Evidence("Accounts to hand over", book.accounts, "count", 0, "left behind")
        yield DEPARTURE, _about(book, said, (_owns(book),), still)


def _unmonitored(book: Book, policy: Policy) -> Iterator[tuple[str, Cause]]:
    """Yield whether more of the accounts that people look after by name have gone dark than may have."""
    limits = {
        row.tier: row.threshold
        for row in policy.of(MeasuresNumbers).unmonitored_limits
        if row.judged_by == CONTACT and row.tier in NAMED
    }
    worked = sum(book.worked.get(tier, 0) for tier in limits)
    dark = sum(book.dark.get(tier, 0) for tier in limits)
    allowed = sum(share * book.worked.get(tier, 0) for tier, share in limits.items())
    if dark >= policy.of(TriggersNumbers).unmonitored_least and dark > allowed:
        yield (
            UNMONITORED,
            _about(
                book,
                f"{dark} of {worked} accounts of tier 1 and 2 that they work lack a meaningful contact.",
                (_owns(book),),
                Evidence("Unmonitored", dark / worked, "share", allowed / worked, "limit"),
            ),
        )


def _red_yellow(book: Book, numbers: StatesNumbers, share_of_all: float) -> Iterator[tuple[str, Cause]]:
    limit = book_limit(book.accounts, share_of_all, numbers)
    if book.colored > limit:
        yield (
            RED_YELLOW,
            _about(
                book,
                f"{book.colored} of {counted(book.accounts, 'account', 'accounts')} are red or yellow.",
                (f"Of all accounts {share_of_all:.0%} are.",),
                Evidence(
                    "Red and yellow", book.colored / book.accounts, "share", limit / book.accounts, "limit"
                ),
            ),
        )


def _renewals(book: Book, numbers: TriggersNumbers, day: date) -> Iterator[tuple[str, Cause]]:
    last = day + timedelta(days=numbers.cluster_ahead_days)
    ahead = [each for each in book.renewals if day < each <= last]
    least = max(numbers.cluster_least, math.ceil(numbers.cluster_share * book.accounts))
    found = clusters(ahead, within=numbers.cluster_days, least=least)
    if found:
        first, *later = found
        more = [
            f"{each.count} more between {_day(each.first_on)} and {_day(each.last_on)}." for each in later
        ]
        yield (
            RENEWALS,
            _about(
                book,
                f"{first.count} renewals between {_day(first.first_on)} and {_day(first.last_on)}.",
                (_owns(book), *more),
                Evidence("Renewals together", first.count, "count", least, "a cluster from"),
            ),
        )


def _about(book: Book, sentence: str, reasons: tuple[str, ...], *evidence: Evidence) -> Cause:
    return Cause(sentence, reasons, evidence, person_id=book.person_id)


def _is_leaving(book: Book, day: date) -> bool:
    return book.left_on is not None and book.left_on < day


def _owns(book: Book) -> str:
    tiers = ", ".join(f"{count} of tier {tier}" for tier, count in sorted(book.by_tier.items()) if count)
    return f"They own {counted(book.accounts, 'account', 'accounts')}{f': {tiers}' if tiers else ''}."


def _weeks(count: int) -> str:
    return counted(count, "week", "weeks")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
