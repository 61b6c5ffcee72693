"""Reviews for programs: batches drawn up, looked at, approved, cancelled; files; links; raised hands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Asked, Body, Line, Shape, instant, said_or_none
from evenbook.reviews.actions import deciding, editing, links
from evenbook.reviews.actions.drawing import Chosen, draw_up
from evenbook.reviews.actions.refusals import ReviewGone
from evenbook.reviews.decks import MEDIA_TYPES, NoSuchDeck, file_of_review
from evenbook.reviews.jobs import DRAWING, SENDING, new_token
from evenbook.reviews.queries.batches import (
    BatchRow,
    ReviewRow,
    batch,
    batches,
    deck,
    hands,
    how_many_reviews,
    review,
    reviews_of,
)
from evenbook.reviews.queries.coverage import reviewed
from evenbook.runs.asked import week_asked
from evenbook.screens.exports import TakenAway, taken

router = Router("Business reviews")
States = Literal["", "sample", "ready", "held", "sent", "made", "opened", "hands", "dropped"]


class ReviewBatchOut(Shape):
    """A batch: where it stands, and how many of its reviews are where."""

    id: int
    title: str
    as_of: date
    policy_version: int
    state: str = Field(description="drawing, draft, approved, sent or cancelled.")
    made_at: datetime
    made_by: str
    approved_at: datetime | None
    approved_by: str | None
    reviews: int
    ready: int
    held: int
    mailed: int
    made: int = Field(description="Made without a mail.")
    cancelled: int
    opened: int
    hands: int
    sample: int
    looked_at: int = Field(description="Of the sample.")
    attaches: str | None = Field(description="What goes with its mails besides the link: pptx or pdf.")


class ReviewBatches(Shape):
    """The last batches, the newest first, and how much of the base had a review in the last cycle."""

    items: list[ReviewBatchOut]
    reviewed_share: float | None
    cycle_days: int


class BusinessReviewOut(Shape):
    """A review of a batch."""

    id: int
    account: str
    account_name: str
    state: str = Field(description="ready, held, sent, made or dropped.")
    slides: int
    held_by: list[str] = Field(description="Why it is held back, in words.")
    override: str | None
    reader_name: str | None
    in_sample: bool
    looked_at: datetime | None
    done_at: datetime | None
    why: str | None
    opened_days: int
    hand: str | None


class BusinessReviewsPage(Page):
    """A page of the reviews of a batch: the sample first, then what is held back."""

    items: list[BusinessReviewOut]
    total: int


class RaisedHandOut(Shape):
    """A raised hand."""

    id: int
    batch: int
    account: str
    account_name: str
    wants: str = Field(description="meeting or expansion.")
    note: str | None
    contact: str | None
    raised_at: datetime
    routed: str | None
    opening: int | None = Field(description="The number of the opening that it became.")
    answered_at: datetime | None


class RaisedHands(Shape):
    """Raised hands, those that wait first."""

    items: list[RaisedHandOut]


class ReviewsDrawingUp(Body):
    """For which accounts; empty means all that the asker may open."""

    title: str = Field("", max_length=120, pattern=NO_NULL)
    tier: Literal["", "1", "2", "3", "4"] = ""
    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")
    team: Line = ""
    segment: Line = ""


class HoldOverriding(Body):
    """Why a review goes all the same."""

    reason: str = Field(min_length=1, max_length=300, pattern=NO_NULL)


class ReviewsOptingOut(Body):
    """An account that wants no reviews, or wants them again."""

    account: Line
    reason: str = Field("", max_length=300, pattern=NO_NULL)
    undo: bool = False


class ReviewsOptedOut(Shape):
    """Whether an account wants no reviews."""

    account: str
    opted_out: bool


class ReviewDeck(Shape):
    """What a review says: slides, each with its figures, how they are counted, and their rows."""

    review: int
    deck: AnyJson


class ReviewLinked(Shape):
    """A new link; it is given this once."""

    path: str
    ends_at: datetime


class ReviewLinksEnded(Shape):
    """How many links were ended."""

    ended: int


class BusinessReviewsAsked(Paged):
    """Which reviews of a batch."""

    state: States = ""


class ReviewFileAsked(Asked):
    """As what."""

    format: Line = Field("pptx", description="pptx or pdf.")


@router.reads("/business-reviews", ReviewBatches)
def list_review_batches(request: HttpRequest) -> ReviewBatches:
    """List batches of reviews, and how much of the base was reviewed."""
    viewer = asking(request)
    found = reviewed(viewer, week_asked(viewer, None), now=timezone.now())
    rows = [_batch(each) for each in batches(viewer)]
    return ReviewBatches(items=rows, reviewed_share=found.share, cycle_days=found.days)


@router.writes("POST", "/business-reviews", ReviewBatchOut, status=201)
def draw_up_reviews(request: HttpRequest, given: ReviewsDrawingUp) -> ReviewBatchOut:
    """Draw a batch up. Nothing is sent before a person has approved it."""
    viewer = asking(request)
    chosen = Chosen(owner=given.owner, team=given.team, tier=given.tier, segment=given.segment)
    shown = week_asked(viewer, None)
    number = draw_up(chosen, week=shown, by=viewer, now=timezone.now(), title=given.title, work=DRAWING)
    return _batch(_found(viewer, number))


@router.reads("/business-reviews/{int:number}", ReviewBatchOut)
def get_review_batch(request: HttpRequest, number: int) -> ReviewBatchOut:
    """Give one batch."""
    return _batch(_found(asking(request), number))


@router.reads("/business-reviews/{int:number}/reviews", BusinessReviewsPage)
def list_batch_reviews(
    request: HttpRequest, number: int, asked: Query[BusinessReviewsAsked]
) -> BusinessReviewsPage:
    """List the reviews of a batch."""
    viewer = asking(request)
    _found(viewer, number)
    place = Place.of(request, asked, basis=number)
    rows = reviews_of(viewer, number, state=asked.state, offset=place.offset, limit=place.more)
    total = how_many_reviews(viewer, number, state=asked.state)
    return BusinessReviewsPage(
        items=[_review(each) for each in place.cut(rows)], next=place.next(rows), total=total
    )


@router.writes("POST", "/business-reviews/{int:number}/approve", ReviewBatchOut, takes="")
def approve_reviews(request: HttpRequest, number: int) -> ReviewBatchOut:
    """Approve a batch, so that it is sent; its sample must have been looked at."""
    viewer = asking(request)
    deciding.approve(number, by=viewer, now=timezone.now(), work=SENDING)
    return _batch(_found(viewer, number))


@router.writes("POST", "/business-reviews/{int:number}/cancel", ReviewBatchOut, takes="")
def cancel_reviews(request: HttpRequest, number: int) -> ReviewBatchOut:
    """Cancel what of a batch has not gone out."""
    viewer = asking(request)
    deciding.cancel(number, by=viewer, now=timezone.now())
    return _batch(_found(viewer, number))


@router.writes("POST", "/business-reviews/{int:number}/end-links", ReviewLinksEnded, takes="")
def end_batch_links(request: HttpRequest, number: int) -> ReviewLinksEnded:
    """End all links of a batch."""
    return ReviewLinksEnded(ended=links.revoke_all(number, by=asking(request), now=timezone.now()))


@router.reads("/business-reviews/reviews/{int:number}", ReviewDeck)
def get_review(request: HttpRequest, number: int) -> ReviewDeck:
    """Give what a review says."""
    says = deck(asking(request), number)
    if says is None:
        raise _gone()
    return ReviewDeck(review=number, deck=says.as_json())


@router.writes("POST", "/business-reviews/reviews/{int:number}/look", BusinessReviewOut, takes="")
def look_at_review(request: HttpRequest, number: int) -> BusinessReviewOut:
    """Say that one has looked at a review of the sample."""
    viewer = asking(request)
    deciding.look_at(number, by=viewer, now=timezone.now())
    return _review(_one(viewer, number))


@router.writes("POST", "/business-reviews/reviews/{int:number}/override", BusinessReviewOut)
def override_hold(request: HttpRequest, number: int, given: HoldOverriding) -> BusinessReviewOut:
    """Let a review go that is held back, for a reason."""
    viewer = asking(request)
    deciding.override(number, given.reason, by=viewer, now=timezone.now())
    return _review(_one(viewer, number))


@router.writes(
    "POST",
    "/business-reviews/reviews/{int:number}/link",
    ReviewLinked,
    status=201,
    takes="",
    keeps_answer=False,
)
def make_review_link(request: HttpRequest, number: int) -> ReviewLinked:
    """Make a new link to a review that went; earlier ones end."""
    secret = new_token()
    ends_at = links.new_link(number, secret=secret, by=asking(request), now=timezone.now())
    return ReviewLinked(path=f"{links.PATH}{secret}", ends_at=ends_at)


@router.writes("POST", "/business-reviews/reviews/{int:number}/end-links", ReviewLinksEnded, takes="")
def end_review_links(request: HttpRequest, number: int) -> ReviewLinksEnded:
    """End the links of a review."""
    return ReviewLinksEnded(ended=links.revoke(number, by=asking(request), now=timezone.now()))


@router.gives_file("/business-reviews/reviews/{int:number}/file", list(MEDIA_TYPES.values()))
def take_review(request: HttpRequest, number: int, asked: Query[ReviewFileAsked]) -> HttpResponse:
    """Give a review as slides or PDF; that it was taken is recorded."""
    found = _one(asking(request), number)
    if asked.format not in MEDIA_TYPES:
        raise NoSuchDeck(f"There is no review as '{asked.format[:40]}'.", fix="The forms are: pptx, pdf.")
    made = file_of_review(found.id, asked.format)
    answer = HttpResponse(made.contents, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return taken(answer, TakenAway(made.name.rpartition(".")[0], asked.format, 1))


@router.reads("/business-reviews/hands", RaisedHands)
def list_raised_hands(request: HttpRequest) -> RaisedHands:
    """List raised hands, those that wait first."""
    rows = hands(asking(request))
    return RaisedHands(
        items=[
            RaisedHandOut(
                id=each.id,
                batch=each.batch_id,
                account=each.account_key,
                account_name=each.account_name,
                wants=each.wants,
                note=said_or_none(each.note),
                contact=said_or_none(each.contact),
                raised_at=instant(each.raised_at) or each.raised_at,
                routed=said_or_none(each.routed),
                opening=each.opening,
                answered_at=instant(each.answered_at),
            )
            for each in rows
        ]
    )


@router.writes("POST", "/business-reviews/opt-outs", ReviewsOptedOut)
def opt_out_of_reviews(request: HttpRequest, given: ReviewsOptingOut) -> ReviewsOptedOut:
    """Keep that an account wants no reviews, or wants them again."""
    viewer, now = asking(request), timezone.now()
    if given.undo:
        editing.opt_in(given.account, by=viewer, now=now)
    else:
        editing.opt_out(given.account, given.reason, by=viewer, now=now)
    return ReviewsOptedOut(account=given.account, opted_out=not given.undo)


def _found(viewer: Viewer, number: int) -> BatchRow:
    found = batch(viewer, number)
    if found is None:
        raise _gone()
    return found


def _one(viewer: Viewer, number: int) -> ReviewRow:
    found = review(viewer, number)
    if found is None:
        raise _gone()
    return found


def _gone() -> ReviewGone:
    return ReviewGone("There is no such batch or review.", fix="List them first.")


def _batch(row: BatchRow) -> ReviewBatchOut:
    counts: Any = row.counts
    return ReviewBatchOut(
        id=row.id,
        title=row.title,
        as_of=row.as_of,
        policy_version=row.policy_version,
        state=row.state,
        made_at=instant(row.made_at) or row.made_at,
        made_by=row.made_by,
        approved_at=instant(row.approved_at),
        approved_by=said_or_none(row.approved_by),
        reviews=counts.total,
        ready=counts.ready,
        held=counts.held,
        mailed=counts.sent,
        made=counts.made,
        cancelled=counts.dropped,
        opened=counts.opened,
        hands=counts.hands,
        sample=counts.sampled,
        looked_at=counts.looked,
        attaches=said_or_none(row.attaches),
    )


def _review(row: ReviewRow) -> BusinessReviewOut:
    return BusinessReviewOut(
        id=row.id,
        account=row.account_key,
        account_name=row.account_name,
        state=row.state,
        slides=row.slides,
        held_by=list(row.holds),
        override=said_or_none(row.override),
        reader_name=said_or_none(row.reader_name),
        in_sample=row.in_sample,
        looked_at=instant(row.looked_at),
        done_at=instant(row.done_at),
        why=said_or_none(row.why),
        opened_days=row.opened_days,
        hand=said_or_none(row.hand),
    )
