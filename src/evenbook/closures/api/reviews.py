"""Stable health reviews for programs: which are owed, signing them together, the signed logs."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.closures.actions.batches import acknowledge_reviews
from evenbook.closures.queries.batches import MOST, batch_logs
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.closures.queries.stable import REVIEW, Review, reviews_owed
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import Asked, Body, Line, Shape, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Reviews")
LONGEST_KEY = 320


class ReviewsAsked(Asked):
    """Whose health reviews."""

    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")


class ReviewOut(Shape):
    """A health review that is owed, and whether the account stands as it did at the last one."""

    loop: str
    account: str
    account_name: str
    due_on: date
    band: str | None
    score: float | None
    reviewed_on: date | None
    stable: bool
    why_not: str | None


class Reviews(Shape):
    """The health reviews that are owed, those due first first."""

    items: list[ReviewOut]


class Signing(Body):
    """Health reviews to sign together, by their loops."""

    loops: list[str] = Field(min_length=1, max_length=MOST)


class SignedOut(Shape):
    """What became of one review."""

    loop: str
    closed: bool
    log: int | None = Field(description="The log that it was signed in.")
    why_not: str | None


class SignedReviews(Shape):
    """What became of each review, in the order given."""

    items: list[SignedOut]


class LogOut(Shape):
    """A signed log: of which pool or person, for which quarter."""

    id: int
    whose: str
    quarter: str
    reviews: int
    signed_by: str
    signed_at: datetime


class Logs(Shape):
    """The last signed logs, the newest first."""

    items: list[LogOut]


@router.reads("/reviews", Reviews)
def list_reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> Reviews:
    """List the health reviews that are owed, and which of them may be signed together."""
    viewer = asking(request)
    shown = week_asked(viewer, None)
    wanted = LoopsWanted(owner=asked.owner, as_they_are=True)
    found = reviews_owed(viewer, shown, wanted=wanted, today=shown.today(timezone.now()))
    return Reviews(items=[_review(each) for each in found])


@router.writes("POST", "/loops/acknowledge", SignedReviews)
def sign_reviews(request: HttpRequest, given: Signing) -> SignedReviews:
    """Acknowledge health reviews as stable, as one signed log a pool or owner; refusals leave the others."""
    viewer, now = asking(request), timezone.now()
    shown = week_asked(viewer, None)
    found = acknowledge_reviews(given.loops, by=viewer, week=shown, today=shown.today(now), now=now)
    return SignedReviews(
        items=[
            SignedOut(loop=each.key, closed=each.is_closed, log=each.log, why_not=said_or_none(each.why_not))
            for each in found
        ]
    )


@router.reads("/reviews/logs", Logs)
def list_logs(request: HttpRequest) -> Logs:
    """List the signed logs that hold a review that you may see."""
    return Logs(
        items=[
            LogOut(
                id=each.id,
                whose=each.whose,
                quarter=each.period,
                reviews=each.loops,
                signed_by=each.signed_by,
                signed_at=each.signed_at,
            )
            for each in batch_logs(asking(request), kinds=[REVIEW])
        ]
    )


def _review(each: Review) -> ReviewOut:
    return ReviewOut(
        loop=each.loop.key,
        account=each.loop.account_key,
        account_name=each.loop.account_name,
        due_on=each.loop.due_on,
        band=said_or_none(each.band),
        score=each.score,
        reviewed_on=each.reviewed_on,
        stable=each.is_stable,
        why_not=said_or_none(each.why_not),
    )
