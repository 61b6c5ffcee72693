"""Signed links: made, ended, opened; and what their readers do: open a review, raise a hand.

What stands in a link comes from the caller; kept is only its digest, and by the digest it is looked up, so
how long that takes says nothing about what is right. Who has a link reads one review and nothing else.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from evenbook.book.access import answers_for, narrowed
from evenbook.kit.keys import digest_of, storable
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions.deciding import batch_of, review_of
from evenbook.reviews.actions.refusals import ReviewsNotYours, ReviewsRefused, require_may_draw_up
from evenbook.reviews.models import Opening, RaisedHand, Review, ReviewLink
from evenbook.reviews.queries.batches import may_draw_up
from evenbook.reviews.rules.deck import Deck, deck_of

PATH = "/r/"
SHORTEST, LONGEST = 20, 100
"""Of what stands in a link."""
READER = Viewer(user_id=None, mail="", name="Reader of a review", role="reader")
"""Whoever raised a hand, in the audit trail: a link says which review it opens, not who holds it."""
State = Review.State
LONGEST_NOTE, LONGEST_NAME = 500, 120


@dataclass(frozen=True)
class OpenedReview:
    """What a link opens, until when, and whether its reader has raised a hand."""

    link_id: int
    review_id: int
    account_id: int
    deck: Deck
    expires_at: datetime
    hand: str


def make_link(row: Review, *, secret: str, by: Viewer, now: datetime) -> ReviewLink:
    """Make the link of a review, in the transaction of what sends it."""
    return ReviewLink.objects.create(
        review=row,
        digest=digest_of(secret),
        made_at=now,
        made_by=by.name[:120],
        expires_at=now + timedelta(days=row.batch.link_days),
    )


@transaction.atomic
def new_link(number: int, *, secret: str, by: Viewer, now: datetime) -> datetime:
    """Make a new link to a review that went, for whoever answers for the account; earlier ones end.

    Returns:
        When it ends.

    Raises:
        ReviewGone: there is no such review.
        ReviewsNotYours: ``by`` does not answer for the account.
        ReviewsRefused: its batch was not approved, or it did not go.
    """
    row = review_of(number, by)
    if not answers_for(by, row.account_id):
        raise ReviewsNotYours("Links are made by who answers for the account.", fix="Ask its owner.")
    if row.state not in {State.SENT, State.MADE}:
        raise ReviewsRefused("No person has approved this review yet.", fix="Approve its batch first.")
    ReviewLink.objects.filter(review=row, revoked_at=None).update(revoked_at=now, revoked_by=by.name[:120])
    link = make_link(row, secret=secret, by=by, now=now)
    audit.record(
        by, "review-link.made", _thing(row), at=now, after={"expires_at": link.expires_at.isoformat()}
    )
    return link.expires_at


@transaction.atomic
def revoke(number: int, *, by: Viewer, now: datetime) -> int:
    """End the links of a review; return how many were open.

    Raises:
        ReviewGone, ReviewsNotYours: see there.
    """
    row = review_of(number, by)
    if not (may_draw_up(by) or answers_for(by, row.account_id)):
        raise ReviewsNotYours("Links are ended by who answers for the account.", fix="Ask its owner.")
    ended = ReviewLink.objects.filter(review=row, revoked_at=None, expires_at__gt=now)
    count = ended.update(revoked_at=now, revoked_by=by.name[:120])
    audit.record(by, "review-link.ended", _thing(row), at=now, rows=count)
    return count


@transaction.atomic
def revoke_all(number: int, *, by: Viewer, now: datetime) -> int:
    """End the links of a batch, of the reviews that one may see; return how many were open.

    Raises:
        ReviewGone, ReviewsNotYours: see there.
    """
    require_may_draw_up(by)
    row = batch_of(number, by)
    seen = narrowed(row.reviews.all(), by).values("pk")
    open_ = ReviewLink.objects.filter(review__in=seen, revoked_at=None, expires_at__gt=now)
    count = open_.update(revoked_at=now, revoked_by=by.name[:120])
    audit.record(by, "review-links.ended", audit.Thing("reviews", str(number), row.title), at=now, rows=count)
    return count


def opened_by(secret: str, *, now: datetime) -> OpenedReview | None:
    """Return what a link opens; None where it opens nothing, for whatever reason."""
    if not SHORTEST <= len(secret) <= LONGEST:
        return None
    digest = digest_of(secret)
    link = ReviewLink.objects.select_related("review", "review__hand").filter(digest=digest).first()
    if link is None or not hmac.compare_digest(link.digest, digest):
        return None
    if link.revoked_at is not None or link.expires_at <= now:
        return None
    hand = getattr(link.review, "hand", None)
    said = hand.get_wants_display() if hand is not None else ""
    contents = deck_of(link.review.contents)
    return OpenedReview(link.pk, link.review_id, link.review.account_id, contents, link.expires_at, said)


def note_opened(review_id: int, *, today: date, now: datetime) -> bool:
    """Keep that a review was opened on a day, once a day; return whether it is the first time that day."""
    if Opening.objects.filter(review=review_id, opened_on=today).exists():
        return False
    made = {"first_at": now}
    return Opening.objects.get_or_create(review_id=review_id, opened_on=today, defaults=made)[1]


@transaction.atomic
def raise_hand(
    found: OpenedReview, *, wants: str, note: str, contact: str, now: datetime
) -> tuple[RaisedHand, bool]:
    """Keep that a reader raised a hand, once a review, and say whether it is the first time.

    Raises:
        ReviewsRefused: they want something that there is not.
    """
    if wants not in RaisedHand.Wants.values:
        raise ReviewsRefused("That can't be asked for.", fix="Choose a talk, or more of the product.")
    said = {
        "wants": wants,
        "note": storable(note.strip())[:LONGEST_NOTE],
        "contact": storable(" ".join(contact.split()))[:LONGEST_NAME],
        "raised_at": now,
    }
    row, is_new = RaisedHand.objects.get_or_create(review_id=found.review_id, defaults=said)
    if is_new:
        thing = audit.Thing("review", str(found.review_id), found.deck.account)
        audit.record(READER, "hand.raised", thing, at=now, after={"wants": wants})
    return row, is_new


@transaction.atomic
def answer_hand(number: int, *, by: Viewer, now: datetime) -> None:
    """Say that one has answered a raised hand.

    Raises:
        ReviewGone, ReviewsNotYours: see there.
    """
    hand = RaisedHand.objects.filter(pk=number).first()
    row = review_of(hand.review_id if hand else 0, by)
    if not answers_for(by, row.account_id):
        raise ReviewsNotYours("A hand is answered by who answers for the account.", fix="Ask its owner.")
    done = RaisedHand.objects.filter(pk=number, answered_at=None)
    if done.update(answered_at=now, answered_by=by.name[:120]):
        audit.record(by, "hand.answered", _thing(row), at=now)


def _thing(row: Review) -> audit.Thing:
    return audit.Thing("review", str(row.pk), str(row.account))
