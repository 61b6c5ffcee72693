"""Batches and their reviews, as far as a viewer may see them: what waits, what went, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from evenbook.book.access import narrowed, sees_every_account
from evenbook.people.viewer import Viewer
from evenbook.reviews.models import OptOut, RaisedHand, Review, ReviewBatch
from evenbook.reviews.numbers import ATTACHED
from evenbook.reviews.rules.deck import Deck, deck_of

State, Of = Review.State, ReviewBatch.State
WENT = (State.SENT, State.MADE)


@dataclass(frozen=True)
class Counts:
    """How many reviews of a batch are where; ``opened`` and ``hands`` count reviews."""

    total: int
    ready: int
    held: int
    sent: int
    made: int
    dropped: int
    opened: int
    hands: int
    sampled: int
    looked: int

    @property
    def went(self) -> int:
        """How many went out, by mail or as a link alone."""
        return self.sent + self.made

    @property
    def going(self) -> int:
        """How many go or went: what progress is counted in."""
        return self.went + self.ready


@dataclass(frozen=True)
class BatchRow:
    """A batch, and its counts as far as the viewer may see its reviews."""

    id: int
    title: str
    as_of: date
    policy_version: int
    state: str
    state_name: str
    made_at: datetime
    made_by: str
    approved_at: datetime | None
    approved_by: str
    sent_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str
    master_name: str
    attaches: str
    counts: Counts

    @property
    def attaches_name(self) -> str:
        """What its mails carry besides the text, in words; empty where that is nothing."""
        return ATTACHED[self.attaches].lower() if self.attaches else ""

    @property
    def waits(self) -> bool:
        """Whether a person has to approve it."""
        return self.state == Of.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether it can be cancelled."""
        return self.state in {Of.DRAWING, Of.DRAFT, Of.APPROVED}


@dataclass(frozen=True)
class ReviewRow:
    """A review of a batch: whose it is, where it stands, why it is held back, what came back."""

    id: int
    batch_id: int
    account_id: int
    account_key: str
    account_name: str
    state: str
    state_name: str
    slides: int
    holds: tuple[str, ...]
    rules: tuple[str, ...]
    override: str
    overridden_by: str
    reader_name: str
    reader_mail: str
    in_sample: bool
    looked_at: datetime | None
    looked_by: str
    done_at: datetime | None
    why: str
    opened_days: int
    hand: str


@dataclass(frozen=True)
class HandRow:
    """A raised hand: whose, what for, what they wrote, and where it went."""

    id: int
    batch_id: int
    account_key: str
    account_name: str
    wants: str
    wants_name: str
    note: str
    contact: str
    raised_at: datetime
    routed: str
    opening: int | None
    answered_at: datetime | None
    answered_by: str


def batches(viewer: Viewer, *, limit: int = 50) -> tuple[BatchRow, ...]:
    """Return the batches that hold a review that the viewer may see, the newest first."""
    rows = ReviewBatch.objects.select_related("master").order_by("-made_at", "-pk")
    if not sees_every_account(viewer):
        own = narrowed(Review.objects.all(), viewer).values("batch")
        rows = rows.filter(Q(pk__in=own) | Q(made_by=viewer.name, state=Of.DRAWING))
    found = list(rows[:limit])
    counts = _counts(viewer, [row.pk for row in found])
    return tuple(_batch(row, counts.get(row.pk, NONE)) for row in found)


def batch(viewer: Viewer, number: int) -> BatchRow | None:
    """Return a batch; None where there is none, or none of it is the viewer's to see."""
    row = ReviewBatch.objects.select_related("master").filter(pk=number).first()
    if row is None:
        return None
    counts = _counts(viewer, [number]).get(number, NONE)
    is_theirs = counts.total or sees_every_account(viewer) or row.made_by == viewer.name
    return _batch(row, counts) if is_theirs else None


def reviews_of(
    viewer: Viewer, number: int, *, state: str = "", text: str = "", offset: int = 0, limit: int | None = None
) -> tuple[ReviewRow, ...]:
    """Return the reviews of a batch: the sample first, then what is held, then by name."""
    rows = _wanted(viewer, number, state, text).order_by("-in_sample", "state", "account__name", "pk")
    return tuple(map(_row, _with_all(rows)[offset : None if limit is None else offset + limit]))


def how_many_reviews(viewer: Viewer, number: int, *, state: str = "", text: str = "") -> int:
    """Return how many reviews of a batch are wanted."""
    return _wanted(viewer, number, state, text).count()


def review(viewer: Viewer, number: int) -> ReviewRow | None:
    """Return one review; None where there is none that the viewer may see."""
    row = _with_all(narrowed(Review.objects.filter(pk=number), viewer)).first()
    return _row(row) if row is not None else None


def review_called(viewer: Viewer, batch_number: int, account_key: str) -> ReviewRow | None:
    """Return the review of an account in a batch; None where there is none that the viewer may see."""
    rows = narrowed(Review.objects.filter(batch=batch_number, account__key=account_key), viewer)
    row = _with_all(rows).first()
    return _row(row) if row is not None else None


def deck(viewer: Viewer, number: int) -> Deck | None:
    """Return what a review says; None where there is none that the viewer may see."""
    contents = narrowed(Review.objects.filter(pk=number), viewer).values_list("contents", flat=True).first()
    return deck_of(contents) if contents else None


def hands(viewer: Viewer, *, batch_number: int | None = None, limit: int = 100) -> tuple[HandRow, ...]:
    """Return the raised hands at accounts that the viewer may open: what waits first, the newest first."""
    rows = narrowed(RaisedHand.objects.all(), viewer, "review__account")
    if batch_number is not None:
        rows = rows.filter(review__batch=batch_number)
    ordered = rows.select_related("review__account").order_by("answered_at", "-raised_at")
    found = sorted(ordered[:limit], key=lambda row: row.answered_at is not None)
    return tuple(
        HandRow(
            row.pk, row.review.batch_id, row.review.account.key, row.review.account.name, row.wants,
            row.get_wants_display(), row.note, row.contact, row.raised_at, row.routed,
            row.opening, row.answered_at, row.answered_by,
        )
        for row in found
    )  # fmt: skip


def how_many_hands_wait(viewer: Viewer) -> int:
    """Return how many raised hands nobody has answered."""
    return narrowed(RaisedHand.objects.filter(answered_at=None), viewer, "review__account").count()


def may_draw_up(viewer: Viewer) -> bool:
    """Return whether the viewer may draw up, approve and cancel batches: leaders and operations."""
    return viewer.may_write and viewer.role in {"leader", "operations"}


def opted_out(viewer: Viewer) -> tuple[tuple[str, str, str, datetime, str], ...]:
    """Return the accounts that do not want reviews: key, name, reason, since when, who said so."""
    rows = narrowed(OptOut.objects.filter(withdrawn_at=None), viewer).order_by("account__name", "pk")
    return tuple(rows.values_list("account__key", "account__name", "reason", "said_at", "said_by"))


NONE = Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _counts(viewer: Viewer, numbers: list[int]) -> dict[int, Counts]:
    rows = narrowed(Review.objects.filter(batch__in=numbers), viewer).order_by()
    states = {
        name: Count("pk", filter=Q(state=name)) for name in ("ready", "held", "sent", "made", "dropped")
    }
    found = rows.values("batch").annotate(
        total=Count("pk"),
        sampled=Count("pk", filter=Q(in_sample=True)),
        looked=Count("pk", filter=Q(in_sample=True, looked_at__isnull=False)),
        hands=Count("hand"),
        **states,
    )
    opened = dict(
        rows.filter(openings__isnull=False).values_list("batch").annotate(Count("pk", distinct=True))
    )
    return {
        row["batch"]: Counts(
            opened=opened.get(row["batch"], 0), **{k: v for k, v in row.items() if k != "batch"}
        )
        for row in found
    }


def _wanted(viewer: Viewer, number: int, state: str, text: str) -> QuerySet[Review]:
    rows: QuerySet[Review] = narrowed(Review.objects.filter(batch=number), viewer)
    if state == "opened":
        rows = rows.filter(openings__isnull=False).distinct()
    elif state == "hands":
        rows = rows.filter(hand__isnull=False)
    elif state == "sample":
        rows = rows.filter(in_sample=True)
    elif state:
        rows = rows.filter(state=state)
    return rows.filter(account__name__icontains=text) if text else rows


def _with_all(rows: QuerySet[Review]) -> QuerySet[Any]:
    return (
        rows.select_related("account", "hand")
        .annotate(days=Count("openings", distinct=True))
        .defer("contents")
    )


def _batch(row: ReviewBatch, counts: Counts) -> BatchRow:
    return BatchRow(
        id=row.pk,
        title=row.title,
        as_of=row.as_of,
        policy_version=row.policy_version,
        state=row.state,
        state_name=row.get_state_display(),
        made_at=row.made_at,
        made_by=row.made_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        sent_at=row.sent_at,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by,
        master_name=row.master.name if row.master else "",
        attaches=row.attaches,
        counts=counts,
    )


def _row(row: Any) -> ReviewRow:
    hand = getattr(row, "hand", None)
    return ReviewRow(
        id=row.pk,
        batch_id=row.batch_id,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        state=row.state,
        state_name=row.get_state_display(),
        slides=row.slides,
        holds=tuple(each["says"] for each in row.holds),
        rules=tuple(each["rule"] for each in row.holds),
        override=row.override,
        overridden_by=row.overridden_by,
        reader_name=row.reader_name,
        reader_mail=row.reader_mail,
        in_sample=row.in_sample,
        looked_at=row.looked_at,
        looked_by=row.looked_by,
        done_at=row.done_at,
        why=row.why,
        opened_days=row.days,
        hand=hand.get_wants_display() if hand is not None else "",
    )
