"""The two scoreboards of a quarter, of the people whose work a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.book.access import may_act_for, may_set_capacity_of, owners_now, people_ids_seen_by
from evenbook.book.among import Ids
from evenbook.book.known import Teammate, teammates
from evenbook.book.machines import EXPANSION, OfMachine, machines
from evenbook.book.queries import NamedAccount, account_names
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.queries.openings import Clock, OpeningsWanted, facts, openings
from evenbook.expansion.rules.boards import Closed, Opener, closed, machine_of, openers, quarter_of, saved
from evenbook.expansion.rules.pipeline import as_of
from evenbook.hotsheet.queries import accounts_on
from evenbook.kit.dates import start_of
from evenbook.measures.values import measured
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.records.queries import customers_helped
from evenbook.runs.queries import Week, latest_week, weeks
from evenbook.states.queries import standings

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
    people = [each for each in seen if each.role not in NO_BOARD]
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
    """Return by who owns them now the accounts that were saved in the quarter, of those they may open."""
    found = _saved_on(week, first_on)
    names = account_names(viewer) if found else {}
    saves: dict[int, tuple[NamedAccount, ...]] = {}
    for account, (owner, _) in sorted(owners_now(viewer, Ids.of(found)).items()):
        if account in names:
            saves[owner] = (*saves.get(owner, ()), NamedAccount(account, *names[account]))
    return saves


def _saved_on(week: Week, first_on: date) -> dict[int, date]:
    weeks_off = week.policy.of(ExpansionNumbers).saved_weeks
    as_of_day = week.run.as_of
    since = first_on - timedelta(weeks=weeks_off)
    runs = [each for each in weeks(SYSTEM, limit=60) if since <= each.as_of <= as_of_day]
    sheets = [
        (each.as_of, set(accounts_on(SYSTEM, each.id).values_list("account_id", flat=True))) for each in runs
    ]
    every = {account for _, accounts in sheets for account in accounts}
    stands = standings(SYSTEM, week.run.id, every)
    customers = {account for account, each in stands.items() if each.state != "churned"}
    return saved(sheets, customers, first_on=first_on, as_of=as_of_day, weeks=weeks_off)
