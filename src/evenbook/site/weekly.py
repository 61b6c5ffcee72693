"""The weekly run: gather the tables, run the rules in river order, hand the answers on.

Every answer is as of a day. States and signals are worked out week by week, so a run goes through
the weeks that end at its day, a week apart; where the carry of the run a week earlier still holds,
it goes on from there, and the answer is the same to the bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa

from evenbook.book.holidays import holiday_rows
from evenbook.book.numbers import BookNumbers
from evenbook.frames.queries import hold_weeks, open_session
from evenbook.frames.session import OutOfMemory, Session, from_rows
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import in_force
from evenbook.policy.schema import Policy
from evenbook.site import carry, registry
from evenbook.site.loop_rules import hold_loop_rules

HISTORY_WEEKS = 260
"""How many weeks back a run without a carry starts: five years."""

ROW_BYTES = 1_150
"""What the rules hold for an account and a week at the most, as measured."""

WEEK_MEMORY = "96MB"
"""The engine's ceiling for a week from a carry; past it, it works on disk, and where that does not do,
the week is worked out again under the ceiling of a history."""

SMALL_ROWS = 50_000
"""A history of so few accounts × weeks is worked out in one part: planning every rule thrice takes longer."""

FEW_ACCOUNTS = 1_000
"""For so few a second core makes no week sooner, and the two together took up to half as much again."""

CHANGES = ("transition", "loop")
"""What a run keeps of every week that it goes through, not of its day alone."""

Told = Callable[[int, int], None]
"""Told how many weeks are worked out, and of how many."""

FIRST_FACT = """
select cast(min(first_at) as DATE) as first_on from (
  select min(cast(week_on as TIMESTAMP)) as first_at from usage
  union all select min(happened_at) from interaction
  union all select min(happened_at) from ticket
)
"""


def say_nothing(done: int, total: int) -> None:
    """Tell nobody how far a run is."""


def history_megabytes() -> int:
    """Return the engine's ceiling for a history: a third of the machine's memory, 1 to 3 GB."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    return min(3_000, max(1_000, machine // 3))


def part_rows() -> int:
    """Return how many accounts × weeks of a history are worked out at once."""
    return history_megabytes() * 1_000_000 // ROW_BYTES


@dataclass(frozen=True)
class Computed:
    """The answers of a run: a session that holds every table the rules wrote for its day.

    Of the measures it also holds the weeks before, those in ``days``; of transitions, all.
    """

    as_of: date
    days: tuple[date, ...]
    policy_version: int
    policy: Policy
    session: Session
    went_on: bool


def compute(
    as_of: date,
    *,
    home: Path,
    fresh: bool = False,
    roomy: bool = False,
    whole: bool = False,
    weeks: int | None = None,
    told: Told = say_nothing,
) -> Computed:
    """Return everything that the rules say as of a day.

    Args:
        as_of: the day.
        home: the instance's folder: frames and carries are kept there.
        fresh: take no carry, run the whole history.
        weeks: of how many weeks the measures are wanted, the day's own last; else those that pages chart.
        roomy: give a week from a carry the memory of a history.
        whole: work a history out in one part: a late week of usage needs states from before a carry's.
        told: told of each part of the history.
    """
    number, policy = in_force(as_of)
    zone = policy.of(OrganizationNumbers).time_zone
    kept = None if fresh else carry.find(as_of, home=home, policy_version=number, zone=zone)
    session = _opened(as_of, policy, home=home, memory=_ceiling(is_short=kept is not None and not roomy))
    weeks = weeks or policy.of(MeasuresNumbers).trend_weeks
    again = partial(compute, as_of, home=home, weeks=weeks, told=told)
    try:
        with _closed_on_failure(session):
            days = _run(session, as_of, policy, kept, weeks=weeks, whole=whole, told=told)
    except carry.Stale:
        return again(fresh=True, whole=kept is None)
    except OutOfMemory:
        if kept is None or roomy:
            raise
        return again(roomy=True)
    return Computed(as_of, days, number, policy, session, went_on=kept is not None)


@contextmanager
def _closed_on_failure(session: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.close()
        raise


@contextmanager
def history_opened(as_of: date, policy: Policy, *, home: Path) -> Iterator[Session]:
    """Give a session of the facts up to a day, with the memory of a history; it is closed afterwards."""
    with _opened(as_of, policy, home=home, memory=_ceiling(is_short=False)) as session:
        yield session


def _opened(as_of: date, policy: Policy, *, home: Path, memory: str) -> Session:
    session = open_session(
        registry.tables(),
        (as_of,),
        zone=policy.of(OrganizationNumbers).time_zone,
        numbers=policy.params(),
        folder=home / "cache" / "frames",
        memory=memory,
    )
    if accounts(session) <= FEW_ACCOUNTS:
        session.use_cores(1)
    return session


def accounts(session: Session) -> int:
    """Return how many accounts there are."""
    return int(session.rows("select count(*) as n from account").to_pylist()[0]["n"])


def _ceiling(*, is_short: bool) -> str:
    return WEEK_MEMORY if is_short else f"{history_megabytes()}MB"


def compute_only(wanted: tuple[str, ...], as_of: date, *, home: Path) -> Computed:
    """Return the tables ``wanted`` as of a day, and no others.

    They must not rest on states or on what the detector carries, which need the weeks before.
    """
    number, policy = in_force(as_of)
    session = _opened(as_of, policy, home=home, memory=_ceiling(is_short=False))
    try:
        hold_policy(session, policy, (as_of,))
        hold_weeks(session, (as_of,), policy.of(OrganizationNumbers).time_zone)
        carry.hold(session, None)
        session.run_all(registry.steps_for(*wanted))
    except BaseException:
        session.close()
        raise
    return Computed(as_of, (as_of,), number, policy, session, went_on=False)


def _run(
    session: Session,
    as_of: date,
    policy: Policy,
    kept: carry.Carry | None,
    *,
    weeks: int,
    whole: bool,
    told: Told,
) -> tuple[date, ...]:
    """Run the rules for the days that are due; return those whose measures are there.

    The weeks are taken a part at a time, so that memory does not grow with their number. Long ago
    only the states matter; of the weeks that pages chart, the measures are kept; of the last day
    everything stays in the session.
    """
    zone = policy.of(OrganizationNumbers).time_zone
    session.tell(is_whole=kept is None, replay_day=as_of)
    days = (as_of,) if kept else history(session, as_of)
    trend = days[-weeks:]
    hold_policy(session, policy, days)
    names = [*CHANGES, *(card.name for card in registry.catalogue().cards)]
    found, wanted = {name: list[pa.Table]() for name in names}, {*names, *carry.left()}
    long_ago = registry.steps_for(*CHANGES, *carry.left())
    for part in (days,) if whole else _parts(days, trend, session):
        hold_weeks(session, part, zone)
        carry.hold(session, kept)
        charted = part[-1] >= trend[0]
        session.run_all(registry.steps() if charted else long_ago, keep=None if part[-1] == as_of else wanted)
        for name in names if charted else CHANGES:
            found[name].append(session.table(name))
        told(days.index(part[-1]) + 1, len(days))
        if part[-1] != as_of:
            kept = carry.onward(session, part[-1], zone=zone)
    for name, tables in found.items():
        session.replace(name, pa.concat_tables(tables))
    return trend


def _parts(days: tuple[date, ...], trend: tuple[date, ...], session: Session) -> Iterator[tuple[date, ...]]:
    """Yield the days in parts of bounded size: long ago, then the charted weeks, then the last day.

    A small history is one part.
    """
    many = accounts(session)
    if many * len(days) <= SMALL_ROWS:
        yield days
        return
    for stretch in (days[: -len(trend)], trend[:-1]):
        size = max(1, part_rows() // max(1, many))
        yield from (stretch[start : start + size] for start in range(0, len(stretch), size))
    yield days[-1:]


def history(session: Session, as_of: date) -> tuple[date, ...]:
    """Return the days, a week apart, from the first fact that can be seen up to ``as_of``."""
    first = session.rows(FIRST_FACT).to_pylist()[0]["first_on"] or as_of
    weeks = min(HISTORY_WEEKS, max(0, (as_of - first).days // 7 + 1))
    return tuple(as_of - timedelta(weeks=back) for back in range(weeks, -1, -1))


def hold_policy(session: Session, policy: Policy, days: tuple[date, ...]) -> None:
    """Register the policy's tables, the rules of loops and the public holidays around ``days``."""
    columns = policy.table_columns()
    for name, rows in policy.tables().items():
        session.hold(name, from_rows(rows, columns[name]))
    first = hold_loop_rules(session, policy, max(days))
    years = range(min(first, *days).year - 1, max(days).year + 2)
    session.hold("holiday", holiday_rows(policy.of(BookNumbers), years))
