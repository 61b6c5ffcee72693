"""What a run keeps: the list, what is worth a mention, what is held, which openings wait too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from evenbook.book.actions.writing import Written
from evenbook.decisions.actions import keep_causes
from evenbook.decisions.rules import UNANSWERED, Cause, Evidence
from evenbook.expansion.actions.opening import being_saved, route_again
from evenbook.expansion.actions.telling import tell_of_the_week
from evenbook.expansion.actions.working import is_held
from evenbook.expansion.models import Opening, OpeningEvent
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.queries.openings import (
    LATE,
    OPEN,
    Clock,
    OpeningRow,
    OpeningsWanted,
    openings,
)
from evenbook.expansion.rules.answering import days_taken
from evenbook.expansion.rules.moving import ENDS
from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.kit.findings import counted
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping, is_newest
from evenbook.runs.queries import Week, week_on_or_before

KEPT = ("expansion_list", "mention_as_of", "addon_as_of")
"""The tables whose rows of the run's day are kept."""

LISTED = """
select
  $run as run_id, account as account_id, place as rank, points, arr_cents, products, whitespace, reached_on,
  is_held, hands, cast(reasons as VARCHAR) as reasons, cast(flags as VARCHAR) as flags
from expansion_list
where as_of = $as_of
order by place
"""
MENTIONED = """
select $run as run_id, account as account_id, product, who, says, because
from mention_as_of
where as_of = $as_of
order by account, product
"""
ADDED = """
select
  $run as run_id, product, accounts, hours_with, seats_with, others, hours_without, seats_without
from addon_as_of
where as_of = $as_of
order by product
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store the list of the run's day; hold, release and look after openings where the day is the newest."""
    given = {"run": keeping.run, "as_of": keeping.as_of}
    stored = bulk.insert("expansion_listrow", session.rows(LISTED, given))
    stored += bulk.insert("expansion_mentionrow", session.rows(MENTIONED, given))
    stored += bulk.insert("expansion_addonrow", session.rows(ADDED, given))
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    run = week_on_or_before(keeper, keeping.as_of)
    if run is None or run.id != keeping.run or not is_newest(keeping.as_of):
        return stored
    shown = Week(run, in_force(run.as_of).policy)
    now = run.ended_at
    stored += hold_and_release(now) + route_again(now)
    return stored + keep_unanswered(shown)


def hold_and_release(now: datetime) -> int:
    """Hold what is under way at accounts that are being saved, release the rest; return how many changed.

    What a leader released by hand stays free while its account is being saved.
    """
    under_way = list(Opening.objects.exclude(state__in=ENDS).select_related("account"))
    heirs = {each.pk: each.account.merged_into_id or each.account_id for each in under_way}
    saving = being_saved(heirs.values())
    here = [each for each in under_way if heirs[each.pk] in saving]
    held = [each for each in here if each.held_at is None]
    held += _left_meanwhile([each for each in here if each.released_at is not None])
    released = [each for each in under_way if is_held(each) and heirs[each.pk] not in saving]
    Opening.objects.filter(pk__in=[each.pk for each in held]).update(held_at=now, released_at=None)
    Opening.objects.filter(pk__in=[each.pk for each in released]).update(released_at=now)
    _noted(held, OpeningEvent.Kind.HELD, now, "The account is being saved.")
    _noted(released, OpeningEvent.Kind.RELEASED, now, "The save is closed.")
    return len(held) + len(released)


def keep_unanswered(shown: Week) -> int:
    """Keep as a decision each account where an opening waits too long, and tell who closes and who leads."""
    keeper = replace(SYSTEM, worked_out={})
    clock = Clock(shown.policy, shown.run.as_of)
    late = openings(keeper, clock, wanted=OpeningsWanted(state=LATE))
    kept = keep_causes(UNANSWERED, list(_causes(late, clock)), as_of=shown.run.as_of)
    waiting = openings(keeper, clock, wanted=OpeningsWanted(state=OPEN))
    tell_of_the_week(shown, waiting, list(kept.waiting))
    return len(kept.noticed)


def _causes(late: Iterable[OpeningRow], clock: Clock) -> Iterable[Cause]:
    limit = clock.policy.of(ExpansionNumbers).answer_days
    by_account: dict[int, list[OpeningRow]] = {}
    for each in late:
        by_account.setdefault(each.account_id, []).append(each)
    for account, rows in by_account.items():
        first = rows[0]
        days = days_taken((first.released_at or first.opened_at).date(), clock.today, clock.calendar)
        owner = first.owner_name or "nobody"
        waited = counted(days, "working day", "working days")
        yield Cause(
            sentence=f"An opening waits for its first answer for {waited}.",
            reasons=tuple(
                f"{each.role_name} opened {each.wants_name} on {each.opened_at:%d %B %Y}."
                for each in rows[:5]
            )
            + (f"It is {owner}'s to answer.",),
            evidence=(Evidence("Working days without an answer", days, "count", limit, "limit"),),
            account_id=account,
        )


def _left_meanwhile(found: list[Opening]) -> list[Opening]:
    """Return those that a run released: their account has come back onto the sheet."""
    last: dict[int, str] = {}
    events = OpeningEvent.objects.filter(opening__in=found, kind=OpeningEvent.Kind.RELEASED)
    for number, by in events.order_by("at", "pk").values_list("opening_id", "by"):
        last[number] = by
    return [each for each in found if last.get(each.pk) == SYSTEM.name]


def _noted(rows: list[Opening], kind: OpeningEvent.Kind, now: datetime, reason: str) -> None:
    OpeningEvent.objects.bulk_create(
        OpeningEvent(opening=each, kind=kind, at=now, by=SYSTEM.name, owner_id=each.owner_id, reason=reason)
        for each in rows
    )
    written = Written()
    written.count(OpeningEvent, len(rows), now)
    written.flush(now)
