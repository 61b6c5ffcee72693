"""What people decide of a batch: the sample looked at, a hold overridden, approved, cancelled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.book.access import narrowed
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions.drawing import thing
from evenbook.reviews.actions.refusals import (
    ReviewGone,
    ReviewsNotYours,
    ReviewsRefused,
    require_may_draw_up,
    require_person,
)
from evenbook.reviews.models import Review, ReviewBatch
from evenbook.runs.actions.pieces import begin
from evenbook.runs.declared import Work

State, Of = Review.State, ReviewBatch.State
LONGEST_REASON = 300


@transaction.atomic
def look_at(number: int, *, by: Viewer, now: datetime) -> int:
    """Say that one has looked at a review of the sample; return how many of it nobody has looked at.

    Raises:
        ReviewsNotYours, ReviewGone: see there.
    """
    require_may_draw_up(by)
    require_person(by)
    row = review_of(number, by)
    if row.in_sample and row.looked_at is None:
        row.looked_at, row.looked_by = now, by.name[:120]
        row.save(update_fields=["looked_at", "looked_by"])
        audit.record(by, "review.looked-at", _thing(row), at=now)
    return row.batch.reviews.filter(in_sample=True, looked_at=None).count()


@transaction.atomic
def override(number: int, reason: str, *, by: Viewer, now: datetime) -> None:
    """Let a review go that is held back, for a reason.

    Raises:
        ReviewsNotYours, ReviewGone: see there.
        ReviewsRefused: there is no reason, it is not held back, or its batch is decided.
    """
    require_may_draw_up(by)
    row = review_of(number, by)
    if not reason.strip():
        raise ReviewsRefused("A review that is held back goes for a reason.", fix="Say why in a few words.")
    if row.batch.state != Of.DRAFT or row.state != State.HELD:
        raise ReviewsRefused("It is not held back any more.", fix="Look at how it stands.")
    row.state, row.override = State.READY, reason.strip()[:LONGEST_REASON]
    row.overridden_by, row.overridden_at = by.name[:120], now
    row.save(update_fields=["state", "override", "overridden_by", "overridden_at"])
    said = {"reason": row.override, "held_by": [each["rule"] for each in row.holds]}
    audit.record(by, "review.let-go", _thing(row), at=now, after=said)


@transaction.atomic
def approve(number: int, *, by: Viewer, now: datetime, work: Work | None = None) -> int:
    """Approve a batch, so that its reviews go out; return how many go. Of two at once one is refused.

    Args:
        number: of the batch.
        by: who approves it.
        now: when.
        work: the work that sends it; without one the caller does.

    Raises:
        ReviewsNotYours: they are neither leader nor operations, or may not open every account of it.
        ReviewGone: there is no such batch.
        ReviewsRefused: it was decided, its sample was not looked at, or nothing would go.
    """
    require_may_draw_up(by)
    require_person(by)
    row = batch_of(number, by)
    _require_all(row, by)
    waiting = row.reviews.filter(in_sample=True, looked_at=None).count()
    if row.state == Of.DRAFT and waiting:
        raise ReviewsRefused(
            f"{waiting} of the sample nobody has looked at.",
            fix="Open each, and say that you have looked at it.",
        )
    going = row.reviews.filter(state=State.READY).count()
    if row.state == Of.DRAFT and not going:
        raise ReviewsRefused("Every review of it is held back.", fix="Override single ones, or cancel it.")
    said = {"state": Of.APPROVED, "approved_at": now, "approved_by": by.name[:120]}
    if not ReviewBatch.objects.filter(pk=number, state=Of.DRAFT).update(**said):
        row.refresh_from_db()
        who = f" by {row.approved_by}" if row.approved_by else ""
        raise ReviewsRefused(
            f"This batch is {row.get_state_display().lower()} already{who}.", fix="Look at how it stands."
        )
    audit.record(by, "reviews.approved", thing(row), at=now, after={"reviews": going}, rows=going)
    if work is not None:
        given = {"batch": row.pk, "mail": by.mail, "token": by.token_id}
        begin(work, key=f"reviews-send:{row.pk}", by=by.name, about=row.title, now=now, given=given)
    return going


@transaction.atomic
def cancel(number: int, *, by: Viewer, now: datetime) -> int:
    """Cancel a batch: what has not gone out does not go; return how many that are. Links stay until ended.

    Raises:
        ReviewsNotYours, ReviewGone: see there.
        ReviewsRefused: it was sent, or cancelled before.
    """
    require_may_draw_up(by)
    row = batch_of(number, by)
    _require_all(row, by)
    open_states = [Of.DRAWING, Of.DRAFT, Of.APPROVED]
    said = {"state": Of.CANCELLED, "cancelled_at": now, "cancelled_by": by.name[:120]}
    if not ReviewBatch.objects.filter(pk=number, state__in=open_states).update(**said):
        raise ReviewsRefused("It can't be cancelled any more.", fix="End its links instead.")
    dropped = row.reviews.filter(state__in=[State.READY, State.HELD]).update(
        state=State.DROPPED, why="Cancelled"
    )
    audit.record(by, "reviews.cancelled", thing(row), at=now, after={"dropped": dropped}, rows=dropped)
    return dropped


def batch_of(number: int, by: Viewer) -> ReviewBatch:
    """Return a batch to change, if any of its reviews is theirs to see.

    Raises:
        ReviewGone: there is none.
    """
    row = ReviewBatch.objects.select_for_update().filter(pk=number).first()
    seen = row is not None and (
        by.sees_all or row.made_by == by.name or narrowed(row.reviews.all(), by).exists()
    )
    if row is None or not seen:
        raise ReviewGone(f"There is no batch {number} of reviews.", fix="See `evenbook reviews list`.")
    return row


def review_of(number: int, by: Viewer) -> Review:
    """Return a review to change, if it is theirs to see.

    Raises:
        ReviewGone: there is none.
    """
    rows = narrowed(Review.objects.filter(pk=number), by).select_related("batch", "account")
    row: Review | None = rows.first()
    if row is None:
        raise ReviewGone("There is no such review.", fix="See `evenbook reviews list`.")
    return row


def _require_all(row: ReviewBatch, by: Viewer) -> None:
    if row.reviews.count() != narrowed(row.reviews.all(), by).count():
        raise ReviewsNotYours(
            "It holds accounts that you do not lead.", fix="Whoever leads all of them approves or cancels it."
        )


def _thing(row: Review) -> audit.Thing:
    return audit.Thing("review", str(row.pk), str(row.account))
