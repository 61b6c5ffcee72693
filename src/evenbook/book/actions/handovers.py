"""Writing down that accounts are handed from one person to another. Who owns them stays as it is.

Each is part of an action that says why and records who did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from evenbook.book.actions.people import Absence, end_leave, keep_leave
from evenbook.book.actions.writing import Written
from evenbook.book.models import Handover, Leave
from evenbook.book.numbers import OWNER
from evenbook.frames.actions import note_write

TABLE = "book_handover"


def announce_handovers(
    receivers: Mapping[int, int],
    *,
    giver: int,
    first_on: date,
    back_on: date | None,
    asks_brief: bool,
    now: datetime,
    roles: Mapping[int, str] | None = None,
    alone: bool = False,
) -> list[int]:
    """Write down who hands which account to whom, and return the rows' ids in order of the accounts given.

    Args:
        receivers: account to the person who receives it.
        giver: the person who hands them over.
        first_on: the first day without the giver.
        back_on: the day on which they take them back, None where they do not.
        asks_brief: whether a transfer brief is owed for each.
        now: when.
        roles: what the giver has on an account whose owner they are not.
        alone: whether nothing else that they have there goes with it.
    """
    given = roles or {}
    rows = Handover.objects.bulk_create(
        Handover(
            account_id=account,
            role=given.get(account, OWNER),
            alone=alone,
            giver_id=giver,
            receiver_id=receiver,
            first_on=first_on,
            back_on=back_on,
            asks_brief=asks_brief,
            announced_at=now,
        )
        for account, receiver in receivers.items()
    )
    note_write(TABLE, len(rows), earliest_at=now, now=now)
    return [row.pk for row in rows]


def call_off_handovers(handovers: Iterable[int], *, now: datetime) -> None:
    """Write down that accounts are not handed over after all."""
    rows = Handover.objects.filter(pk__in=list(handovers), called_off_at=None)
    note_write(TABLE, rows.update(called_off_at=now), earliest_at=now, now=now)


def redirect_handover(handover: int, receiver: int) -> None:
    """Let somebody else receive an account; no rule reads who does, so no frame is made again."""
    Handover.objects.filter(pk=handover).update(receiver_id=receiver)


def arrange_leave(person: int, first_on: date, last_on: date, *, cover: int, now: datetime) -> bool:
    """Write down a leave and who covers, or name the cover of one that is known; return whether it is new."""
    rows = Leave.objects.filter(person=person, first_on__lte=first_on, last_on__gte=first_on)
    known = rows.filter(withdrawn_at=None).first()
    written = Written()
    if known is None:
        absence = Absence(person, first_on, last_on, "leave", cover, known_at=now)
        keep_leave(absence, now=now, written=written)
    else:
        known.cover_id, known.last_on = cover, max(known.last_on, last_on)
        known.save(update_fields=["cover", "last_on"])
        written.add(Leave, [now])
    written.flush(now)
    return known is None


def call_off_leave(person: int, first_on: date, *, today: date, now: datetime) -> None:
    """Withdraw a leave that has not begun; one that has ends with yesterday."""
    written = Written()
    for row in Leave.objects.filter(person=person, first_on=first_on, kind="leave", withdrawn_at=None):
        end_leave(row, today=today, now=now, written=written)
    written.flush(now)
