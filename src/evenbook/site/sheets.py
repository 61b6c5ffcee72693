"""The sheets of every past week, by the policy of the last day and by that of each week, in one pass.

Only what sheets rest on is worked out. A part of the history is worked out by the last version of the policy;
for each before it, the newest first, what its numbers touch against the version after it is worked out again,
and what they do not touch stays as it is. A version's states are its own: it carries them from part to part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from evenbook.closures.rules.dated import COLUMNS as DATED_RULES
from evenbook.frames.queries import hold_weeks
from evenbook.frames.session import Session, empty
from evenbook.frames.step import Step, parameters
from evenbook.hotsheet.rules import LOSSES, WEEKLY
from evenbook.kit.dates import day_ends_at
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import in_force
from evenbook.policy.schema import Policy
from evenbook.signals.rules.usage_carry import AFTER
from evenbook.site import carry, registry, weekly
from evenbook.site.weekly import Told

LISTED, POINTS = (step.writes for step in WEEKLY)
LOST = "select account, happened_on, cast(lost_cents as DOUBLE) as lost_cents, is_churn from replay_loss"
USAGE = "usage_state"
CARRIES = {USAGE: "usage_carry", carry.STATES: "state_carry"}
"""What is carried under another name than that of its table; any other is ``<table>_carry``."""

OLDEST_CARRIED = "carried_week_on"
"""A number that says how far what is carried of usage goes back."""

DATED = ("calendar", "day_span", "holiday", *DATED_RULES)
"""Tables that are held beside the policy's and depend on the days asked for."""


@dataclass
class Version:
    """A version of the policy whose sheets are wanted of some days, and what it carries to the next part."""

    number: int
    policy: Policy
    days: tuple[date, ...]
    kept: carry.Carry | None = None
    listed: list[pa.Table] = field(default_factory=list)


@dataclass(frozen=True)
class Drawn:
    """Who stood on the sheets of each day, what everybody's points were, and what was lost.

    ``listed`` has the sheets by the version of the policy that drew them up, that of the last day among them;
    ``days`` the days of each, the oldest version first.
    """

    policy: Policy
    policy_version: int
    listed: Mapping[int, pa.Table]
    points: pa.Table
    lost: pa.Table
    days: Mapping[int, tuple[date, ...]]


def steps_of_sheets() -> tuple[Step, ...]:
    """Return what a sheet rests on, its own rules last, in order."""
    return (*registry.steps_for(*(name for step in WEEKLY for name in step.reads)), *WEEKLY)


def draw(as_of: date, *, home: Path, by_each_week: bool, told: Told) -> Drawn:
    """Return the sheets of every week up to a day.

    Args:
        as_of: the last day.
        home: the instance's folder.
        by_each_week: whether weeks before are also drawn up by the policy in force in them.
        told: told of each part of the history.
    """
    try:
        return _drawn(as_of, home=home, by_each_week=by_each_week, whole=False, told=told)
    except carry.Stale:
        return _drawn(as_of, home=home, by_each_week=by_each_week, whole=True, told=told)


def _drawn(as_of: date, *, home: Path, by_each_week: bool, whole: bool, told: Told) -> Drawn:
    number, policy = in_force(as_of)
    with weekly.history_opened(as_of, policy, home=home) as session:
        days = weekly.history(session, as_of)
        base = Version(number, policy, days)
        held = _versions(days, number) if by_each_week else {}
        beside, alone = _apart(session, base, held)
        hold_weeks(session, (as_of,), _zone(policy))
        points, lost = _through(session, base, beside, as_of=as_of, whole=whole, told=told)
        listed = {each.number: pa.concat_tables(each.listed) for each in (base, *beside)}
    for each in alone:
        listed[each.number] = _alone(each, home=home, told=told)
    return Drawn(policy, number, listed, points, lost, held)


def _versions(days: Sequence[date], last: int) -> dict[int, tuple[date, ...]]:
    """Return each version of the policy with its days, the oldest first."""
    held: dict[int, list[date]] = {}
    for day in days:
        held.setdefault(in_force(day).number, []).append(day)
    return {number: tuple(of) for number, of in held.items()}


def _apart(
    session: Session, base: Version, held: Mapping[int, tuple[date, ...]]
) -> tuple[list[Version], list[Version]]:
    """Return the versions that go through the same weeks, and those whose history begins on another day.

    The newest stand first.
    """
    zone, beside, alone = _zone(base.policy), list[Version](), list[Version]()
    for number, days in reversed(list(held.items())):
        if number == base.number:
            continue
        version = Version(number, in_force(days[-1]).policy, days)
        hold_weeks(session, days[-1:], zone)
        same = _zone(version.policy) == zone and weekly.history(session, days[-1])[0] == base.days[0]
        (beside if same else alone).append(version)
    return beside, alone


def _zone(policy: Policy) -> str:
    return policy.of(OrganizationNumbers).time_zone


def _alone(version: Version, *, home: Path, told: Told) -> pa.Table:
    return draw(version.days[-1], home=home, by_each_week=False, told=told).listed[version.number]


def _through(
    session: Session, base: Version, beside: Sequence[Version], *, as_of: date, whole: bool, told: Told
) -> tuple[pa.Table, pa.Table]:
    """Go through the history in parts; return the points of every week, and what was lost.

    The versions take their sheets.
    """
    steps, zone, points = steps_of_sheets(), _zone(base.policy), list[pa.Table]()
    carried = _carried(steps)
    changed = {each.number: _Changed(after, each) for after, each in pairwise((base, *beside))}
    session.tell(is_whole=True, replay_day=as_of)
    for part in _parts(base.days, session, whole=whole):
        hold_weeks(session, part, zone)
        _take_up(session, base, part, base.kept)
        due = [each for each in beside if each.days[-1] >= part[0]]
        touched = (changed[each.number].steps(steps, {}) for each in due)
        needed = {name for of in touched for step in of for name in step.reads}
        session.run_all(steps, keep={*carried, LISTED, POINTS, *LOSSES.reads, *needed})
        base.listed.append(session.table(LISTED))
        points.append(session.table(POINTS))
        if part[-1] == as_of:
            session.run(LOSSES)
            lost = session.rows(LOST)
        after = _onward(session, part[-1], carried, zone=zone)
        _beside(session, due, part, changed=changed, steps=steps, after=after, before=base.kept)
        base.kept = after
        told(base.days.index(part[-1]) + 1, len(base.days))
    return pa.concat_tables(points), lost


def _beside(
    session: Session,
    due: Iterable[Version],
    part: tuple[date, ...],
    *,
    changed: Mapping[int, _Changed],
    steps: Sequence[Step],
    after: carry.Carry | None,
    before: carry.Carry | None,
) -> None:
    """Work a part out for each other version, from what the session holds of the version after it.

    What is not touched now was not touched in any part before, so it is carried as that version carries it.

    Args:
        session: it holds the part as the last version works it out.
        due: the versions with days from this part on, the newest first.
        part: the days.
        changed: by version, what differs from the one after it.
        steps: what sheets rest on.
        after, before: what the last version carries out of this part, and into it.
    """
    for each in due:
        touched = changed[each.number].steps(steps, session.heard)
        own = {name for step in touched for name in (step.writes, *step.also)}
        before = _mixed(each.kept, before, own)
        _take_up(session, each, part, before)
        session.run_all([step for step in touched if step.writes != POINTS])
        each.listed.append(session.table(LISTED))
        after = _mixed(_onward(session, part[-1], _carried(steps), zone=_zone(each.policy)), after, own)
        each.kept = after


def _take_up(session: Session, version: Version, part: tuple[date, ...], kept: carry.Carry | None) -> None:
    """Register a version's numbers and tables, and what it carries."""
    session.tell(**version.policy.params())
    weekly.hold_policy(session, version.policy, part)
    carry.hold(session, kept)


def _parts(days: tuple[date, ...], session: Session, *, whole: bool) -> Iterator[tuple[date, ...]]:
    """Yield the days in parts of bounded size; a small history is one."""
    accounts = max(1, weekly.accounts(session))
    size = len(days) if whole or accounts * len(days) <= weekly.SMALL_ROWS else weekly.part_rows() // accounts
    yield from (days[start : start + max(1, size)] for start in range(0, len(days), max(1, size)))


def _carried(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the tables that one part leaves to the next, of these steps."""
    written = {name for step in steps for name in (step.writes, *step.also)}
    return tuple(name for name in carry.left() if name in written)


def _onward(session: Session, day: date, carried: Sequence[str], *, zone: str) -> carry.Carry:
    """Return what is carried to the days after; of rules that no sheet rests on, nothing."""
    folds = {
        name: session.table(name) if name in carried else empty(columns)
        for name, columns in registry.carried().items()
    }
    return carry.Carry(day, day_ends_at(day, zone), session.rows(AFTER), session.table(carry.STATES), folds)


def _mixed(own: carry.Carry | None, other: carry.Carry | None, touched: set[str]) -> carry.Carry | None:
    """Return what a version carries of what it touched, and of the rest what the other does."""
    if own is None or other is None:
        return other
    folds = {name: (own if name in touched else other).folds[name] for name in other.folds}
    return carry.Carry(
        other.as_of,
        other.ends_at,
        (own if USAGE in touched else other).usage,
        (own if carry.STATES in touched else other).states,
        folds,
    )


class _Changed:
    """What differs between a version of the policy and the one after it, and which rules it touches."""

    def __init__(self, after: Version, version: Version) -> None:
        now, then = after.policy.params(), version.policy.params()
        self._numbers = {name for name in {*now, *then} if now.get(name) != then.get(name)}
        tables, before = after.policy.tables(), version.policy.tables()
        names = {*tables, *before}
        self._tables = {name for name in names if tables.get(name) != before.get(name)}
        self._tables |= set(DATED)
        self._numbers |= {"closures_start_at"}

    def steps(self, steps: Sequence[Step], heard: Mapping[str, set[str]]) -> tuple[Step, ...]:
        """Return the steps that the other policy touches: by a number, a table, or what another step wrote.

        Args:
            steps: in order.
            heard: by function, the numbers that it has asked for; one that has not run may ask for any.
        """
        numbers, tables, count = set(self._numbers), set(self._tables), -1
        touched: list[Step] = []
        while len(touched) > count:
            count = len(touched)
            touched = [step for step in steps if self._touches(step, numbers, tables, heard)]
            for step in touched:
                wrote = (step.writes, *step.also)
                tables |= {*wrote, *(CARRIES.get(name, f"{name}_carry") for name in wrote)}
            if CARRIES[USAGE] in tables:
                numbers.add(OLDEST_CARRIED)
        return tuple(touched)

    @staticmethod
    def _touches(step: Step, numbers: set[str], tables: set[str], heard: Mapping[str, set[str]]) -> bool:
        if tables & set(step.reads):
            return True
        if step.sql is not None:
            return bool(numbers & set(parameters(step.sql)))
        return step.writes not in heard or bool(numbers & heard[step.writes])
