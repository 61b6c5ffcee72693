"""Deciding of moves between tiers: a leader or operations approves or declines; steps of plans are done.

An approved move writes the tier, to hold from a day on, and the plan of what the customer is told. It is
refused while the move is hindered, by the newest run or by an escalation opened since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from evenbook.book.access import answers_for, leaders_above, narrowed
from evenbook.book.actions.values import set_value, unset_value
from evenbook.book.actions.writing import Written
from evenbook.kit.dates import day_ends_at
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import storable
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.records.queries import open_issues
from evenbook.runs.actions import happened
from evenbook.runs.queries import Week, latest_week
from evenbook.tiers.models import LONGEST_REASON, Move, Ruling, Step
from evenbook.tiers.numbers.moves import MovesNumbers
from evenbook.tiers.queries import APPROVED, DECLINED, MoveRow, move
from evenbook.tiers.rules.plan import Moving, planned
from evenbook.tiers.rules.told import DOWN

FARTHEST = timedelta(days=366)
MOVED = "tier.moved"
"""That an approved move took effect at once: figures rest on it. A later one, its run sees."""


class NoSuchMove(EvenbookError):
    """A move, a plan or a step that is not there, or that who asks may not see."""

    kind = "no-such-tier-move"
    status = 404


class MoveRefused(EvenbookError):
    """A move that is not theirs to decide, that something hinders, or that lacks its reason or its day."""

    kind = "tier-move-refused"


class MoveOver(EvenbookError):
    """A move of an older week, or one that has taken effect."""

    kind = "tier-move-over"
    status = 409


@dataclass(frozen=True)
class Approved:
    """What came of approving several: how many are approved, and why others were not, by account."""

    done: int
    refused: tuple[tuple[str, str], ...]


def approve(
    number: int,
    *,
    shown: Week,
    by: Viewer,
    now: datetime,
    effective_on: date | None = None,
    note: str = "",
) -> int:
    """Approve a move of the newest week, and return the number of its plan; the same again changes nothing.

    Args:
        number: of the move.
        shown: the newest week.
        by, now: a leader who opens the account in full, or operations; when.
        effective_on: the first day of the new tier; else after the days of policy.
        note: what others should know.

    Raises:
        NoSuchMove: there is none that they may see.
        MoveRefused: it is not theirs, something hinders it, or the day can't be.
        MoveOver: it is of an older week, or another approval has taken effect.
    """
    note = _said(note)
    with transaction.atomic():
        row, today = _theirs(number, shown, by), shown.today(now)
        day = _fitting(effective_on, shown, today)
        if _is_approved(row, effective_on, note) and row.decided is not None:
            return row.decided.id
        _must_be_free(row, by)
        _clear(row, by=by, now=now)
        ruling = _ruled(row, shown, choice=APPROVED, note=note, by=by, now=now, effective_on=day)
        set_value(row.account_id, "tier", str(row.to_tier), happens_at=_begins_at(day), now=now)
        _plan(row, ruling, today=today, by=by)
        _noted(ruling, now)
        after = {"tier": row.to_tier, "effective_on": day.isoformat(), "note": note}
        record(by, "tier.approved", _thing(row), at=now, before={"tier": row.from_tier}, after=after)
        if day <= today:
            happened(MOVED, accounts=[row.account_id], by=by.name, now=now)
    return ruling.pk


def approve_several(
    numbers: Iterable[int], *, shown: Week, by: Viewer, now: datetime, effective_on: date | None = None
) -> Approved:
    """Approve several moves, each as if alone: recorded by itself, and refused by itself."""
    done, refused = 0, []
    for number in dict.fromkeys(numbers):
        try:
            approve(number, shown=shown, by=by, now=now, effective_on=effective_on)
            done += 1
        except EvenbookError as why:
            row = move(by, shown, number)
            refused.append((row.account_name if row else f"move {number}", why.what))
    return Approved(done, tuple(refused))


def decline(number: int, reason: str, *, shown: Week, by: Viewer, now: datetime) -> int:
    """Decline a move of the newest week with a reason; it stays away for the days of policy.

    Unless its grounds change. The same again changes nothing. Errors are those of ``approve``.
    """
    reason = _said(reason)
    with transaction.atomic():
        row = _theirs(number, shown, by)
        if not any(sign.isalnum() for sign in reason):
            raise MoveRefused("Declining needs a reason.", fix="Say why the tier stays as it is.")
        if row.decided is not None and (row.decided.choice, row.decided.note) == (DECLINED, reason):
            return row.decided.id
        _clear(row, by=by, now=now)
        ruling = _ruled(row, shown, choice=DECLINED, note=reason, by=by, now=now, effective_on=None)
        _noted(ruling, now)
        after = {"declined_tier": row.to_tier, "reason": reason}
        record(by, "tier.declined", _thing(row), at=now, before={"tier": row.from_tier}, after=after)
    return ruling.pk


def take_back(number: int, *, shown: Week, by: Viewer, now: datetime) -> None:
    """Take back what was decided of a move, before it has an effect; one that waits is left as it is.

    Raises:
        NoSuchMove, MoveRefused, MoveOver: as for approving.
    """
    with transaction.atomic():
        _clear(_theirs(number, shown, by), by=by, now=now)


def finish_step(number: int, *, by: Viewer, now: datetime) -> None:
    """Keep that a step of a plan is done. Twice does no harm.

    Raises:
        NoSuchMove: there is none that they may see.
        MoveRefused: they do not answer for the account.
    """
    with transaction.atomic():
        rows = narrowed(Step.objects.filter(ruling__taken_back_at=None), by, "ruling__account")
        row = rows.filter(pk=number).select_related("ruling__account").first()
        if row is None:
            raise NoSuchMove("There is no such step that you may see.", fix="Look at Tiers again.")
        if not answers_for(by, row.ruling.account_id):
            raise MoveRefused("The step is not yours to do.", fix="The account's owner or a leader says so.")
        if row.done_at is not None:
            return
        row.done_by, row.done_at = by.name[:120], now
        row.save(update_fields=["done_by", "done_at"])
        thing = Thing("tier_step", str(row.pk), row.ruling.account.name)
        record(by, "tier_step.done", thing, at=now, after={"says": row.says})


def _theirs(number: int, shown: Week, by: Viewer) -> MoveRow:
    newest = latest_week(by)
    row = move(by, shown, number)
    if row is None or newest is None:
        raise NoSuchMove("There is no such move that you may see.", fix="Look at Tiers again.")
    if newest.id != shown.run.id:
        raise MoveOver("The move is of an older week.", fix="Decide it as the newest week has it.")
    if not row.may_decide:
        raise MoveRefused("This is decided by a leader or operations.", fix="Ask them.")
    Move.objects.select_for_update().get(pk=number)  # of two who decide at once, one waits
    return move(by, shown, number) or row


def _fitting(day: date | None, shown: Week, today: date) -> date:
    if day is None:
        return today + timedelta(days=shown.policy.of(MovesNumbers).effect_days)
    if not today <= day <= today + FARTHEST:
        raise MoveRefused(
            f"The move can't take effect on {day:%d %B %Y}.", fix="Name a day from today on, within a year."
        )
    return day


def _must_be_free(row: MoveRow, by: Viewer) -> None:
    if row.is_hindered:
        raise MoveRefused(
            f"{row.account_name} may not move yet. {row.waits}", fix="Wait, or end what hinders it."
        )
    if row.direction == DOWN and open_issues(by, row.account_id):
        raise MoveRefused(
            f"{row.account_name} may not move down: an escalation was opened since.",
            fix="Resolve it first; the move is looked at again with the next week.",
        )


def _ruled(
    row: MoveRow, shown: Week, *, choice: str, note: str, by: Viewer, now: datetime, effective_on: date | None
) -> Ruling:
    return Ruling.objects.create(
        account_id=row.account_id,
        direction=row.direction,
        from_tier=row.from_tier,
        to_tier=row.to_tier,
        grounds=",".join(row.grounds),
        arr_cents=row.arr_cents,
        reasons=list(row.reasons),
        evidence=[{"name": each.name, "value": each.value, "unit": each.unit} for each in row.evidence],
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        choice=choice,
        note=note,
        decided_by=by.name[:120],
        decided_at=now,
        effective_on=effective_on,
    )


def _plan(row: MoveRow, ruling: Ruling, *, today: date, by: Viewer) -> None:
    assert ruling.effective_on is not None
    policy = latest().policy
    owner = Move.objects.select_related("person", "pool__lead").get(pk=row.id)
    person = owner.person or (owner.pool.lead if owner.pool else None)
    above = leaders_above(by, person.team if person else "", but=person.user_id if person else None)
    names = {"owner": str(person or ""), "leader": above[0] if above else "", "operations": ""}
    moving = Moving(
        row.account_name,
        row.direction,
        f"tier {row.from_tier} {row.from_title}",
        f"tier {row.to_tier} {row.to_title}",
        ruling.effective_on,
        names,
    )
    Step.objects.bulk_create(
        Step(
            ruling=ruling,
            number=each.number,
            says=each.says,
            role=each.role,
            owner=each.owner[:120],
            due_on=each.due_on,
        )
        for each in planned(moving, policy.of(MovesNumbers), today=today)
    )


def _is_approved(row: MoveRow, effective_on: date | None, note: str) -> bool:
    """Return whether a move is approved already, in just this way."""
    if row.decided is None or row.decided.choice != APPROVED:
        return False
    return effective_on in {None, row.decided.effective_on} and note == row.decided.note


def _clear(row: MoveRow, *, by: Viewer, now: datetime) -> None:
    """Take back what was decided of a move, and the tier that it wrote, so that it can be decided anew."""
    if row.decided is None:
        return
    ruling = Ruling.objects.select_related("account").get(pk=row.decided.id)
    if ruling.choice == APPROVED:
        assert ruling.effective_on is not None
        at = _begins_at(ruling.effective_on)
        if not unset_value(ruling.account_id, "tier", happens_at=at, now=now):
            raise MoveOver(
                f"The move has taken effect on {ruling.effective_on:%d %B %Y}.",
                fix="Nothing was changed. The way back is a move of its own.",
            )
    ruling.taken_back_by, ruling.taken_back_at = by.name[:120], now
    ruling.save(update_fields=["taken_back_by", "taken_back_at"])
    _noted(ruling, now)
    thing = Thing("account", ruling.account.key, ruling.account.name)
    before = {"choice": ruling.choice, "tier": ruling.to_tier, "note": ruling.note}
    record(by, "tier.taken_back", thing, at=now, before=before, after={"choice": ""})


def _begins_at(day: date) -> datetime:
    """Return the instant at which a day begins where the organization works."""
    return day_ends_at(day - timedelta(days=1), latest().policy.of(OrganizationNumbers).time_zone)


def _noted(ruling: Ruling, now: datetime) -> None:
    written = Written()
    written.add(type(ruling), [now])
    written.flush(now)


def _said(text: str) -> str:
    said = " ".join(storable(text).split())
    if len(said) > LONGEST_REASON:
        raise MoveRefused(f"It has more than {LONGEST_REASON} characters.", fix="Say it shorter.")
    return said


def _thing(row: MoveRow) -> Thing:
    return Thing("account", row.account_key, row.account_name)
