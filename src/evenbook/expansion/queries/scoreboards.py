"""The two scoreboards of a quarter, of the people whose work a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evenbook.book.access import (
    may_act_for,
    may_set_capacity_of,
    owners_now,
    people_ids_seen_by,
    person_of,
)
from evenbook.book.among import Ids
from evenbook.book.known import Teammate, teammates
from evenbook.book.machines import EXPANSION, OfMachine, machines
from evenbook.book.queries import NamedAccount
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.queries.openings import Clock, OpeningsWanted, facts, openings
from evenbook.expansion.rules.boards import Closed, Opener, closed, machine_of, openers, quarter_of
from evenbook.expansion.rules.pipeline import as_of
from evenbook.hotsheet.queries.work import ended_work
from evenbook.hotsheet.rules.cases import SAVED
from evenbook.kit.dates import start_of
from evenbook.measures.values import measured
from evenbook.people.viewer import Viewer
from evenbook.records.queries import customers_helped
from evenbook.runs.queries import Week, latest_week

MOST_SAVES = 10_000
NO_BOARD = frozenset({"operations", "executive"})
NOTHING_CLOSED, NOTHING_OPENED = Closed(), Opener(0, 0)


@dataclass(frozen=True)
class RetentionRow:
    """What somebody of the retention machine saved and kept; GRR as a share, None where not known."""

    person: Teammate
    machine: OfMachine
    saves: tuple[NamedAccount, ...]
    grr: float | None
    opened: Opener
    may_state: bool
    may_staff: bool


@dataclass(frozen=True)
class ExpansionRow:
    """What somebody of the expansion machine answered and closed; money in minor units."""

    person: Teammate
    machine: OfMachine
    closed: Closed
    opened: Opener
    may_state: bool
    may_staff: bool


@dataclass(frozen=True)
class Scoreboards:
    """Both boards of a quarter up to a day; ``helped`` are different customers whose tickets were solved."""

    week: Week
    first_on: date
    retention: tuple[RetentionRow, ...]
    expansion: tuple[ExpansionRow, ...]
    helped: int
    names: dict[int, str]


def scoreboards(viewer: Viewer, week: Week, *, today: date) -> Scoreboards:
    """Return both boards of the quarter that a week lies in; of the newest with the machines of today."""
    day, first_on = week.run.as_of, quarter_of(week.run.as_of)
    seen = teammates(viewer, here_from=day, here_until=day, people=people_ids_seen_by(viewer))
    people = [each for each in seen if each.role not in NO_BOARD and _is_singly(viewer, week, each.id)]
    newest = latest_week(viewer)
    is_newest = newest is not None and newest.id == week.run.id
    told = machines(viewer, max(day, today)) if is_newest else machines(viewer, day, before=week.ends_at)
    of = {each.id: told.get(each.id, OfMachine(each.id)) for each in people}
    closings, opened = _of_openings(viewer, week, first_on)
    closers = {each.id for each in people if machine_of(of[each.id].stated, of[each.id].staffed) == EXPANSION}
    return Scoreboards(
        week=week,
        first_on=first_on,
        retention=_retention(
            viewer, week, [each for each in people if each.id not in closers], of, opened=opened
        ),
        expansion=tuple(
            ExpansionRow(
                each,
                of[each.id],
                closings.get(each.id, NOTHING_CLOSED),
                opened.get(each.id, NOTHING_OPENED),
                may_act_for(viewer, each.id),
                may_set_capacity_of(viewer, each.id),
            )
            for each in people
            if each.id in closers or each.id in closings
        ),
        helped=customers_helped(viewer, since=start_of(first_on), until=week.ends_at),
        names=_names(viewer, week, closings),
    )


def _is_singly(viewer: Viewer, week: Week, person_id: int) -> bool:
    """Return whether figures of a person are shown singly: policy may keep those of others to teams."""
    own = person_of(viewer)
    return not week.policy.of(CapacityNumbers).team_level_only or (own is not None and own.pk == person_id)


def _retention(
    viewer: Viewer,
    week: Week,
    people: Sequence[Teammate],
    of: Mapping[int, OfMachine],
    *,
    opened: Mapping[int, Opener],
) -> tuple[RetentionRow, ...]:
    saves = _saved(viewer, week, quarter_of(week.run.as_of))
    grr = measured(viewer, week.run.id, week.run.as_of, measures=["grr"], kinds=["csm"])
    kept = {subject: each.value for (_, _, subject), each in grr.items()}
    return tuple(
        RetentionRow(
            each,
            of[each.id],
            saves.get(each.id, ()),
            kept.get(each.key),
            opened.get(each.id, NOTHING_OPENED),
            may_act_for(viewer, each.id),
            may_set_capacity_of(viewer, each.id),
        )
        for each in people
    )


def _names(viewer: Viewer, week: Week, closings: dict[int, Closed]) -> dict[int, str]:
    """Return the account's name of each opening that is told of."""
    told = {done.opening for each in closings.values() for done in each.rows}
    clock = Clock(week.policy, week.run.as_of)
    rows = openings(viewer, clock, wanted=OpeningsWanted())
    return {each.id: each.account_name for each in rows if each.id in told}


def _of_openings(viewer: Viewer, week: Week, first_on: date) -> tuple[dict[int, Closed], dict[int, Opener]]:
    clock = Clock(week.policy, week.run.as_of)
    rows = as_of(facts(viewer, week.policy), week.ends_at)
    first = start_of(first_on)
    limit = week.policy.of(ExpansionNumbers).answer_days
    return (
        closed(rows, first=first, calendar=clock.calendar, answer_days=limit),
        openers(rows, first=first),
    )


def _saved(viewer: Viewer, week: Week, first_on: date) -> dict[int, tuple[NamedAccount, ...]]:
    """Return by who owns them now the accounts whose save was confirmed in the quarter."""
    ended = ended_work(viewer, week.run.as_of, limit=MOST_SAVES)
    found = {
        work.account_id: NamedAccount(work.account_id, key, name)
        for key, name, work in ended
        if work.state == SAVED and work.ended_on is not None and work.ended_on >= first_on
    }
    saves: dict[int, tuple[NamedAccount, ...]] = {}
    for account, (owner, _) in sorted(owners_now(viewer, Ids.of(found)).items()):
        saves[owner] = (*saves.get(owner, ()), found[account])
    return saves
