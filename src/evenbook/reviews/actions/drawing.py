"""Drawing a batch up: asked for by a person, filled account by account, ready to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from evenbook.capacity.queries import Wanted
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions.refusals import ReviewsRefused, require_may_draw_up
from evenbook.reviews.models import Master, Review, ReviewBatch
from evenbook.reviews.numbers import ReviewsNumbers
from evenbook.reviews.queries.gathering import DrawnReview, base_of, drawn_reviews
from evenbook.reviews.rules.holding import sample_of
from evenbook.runs.actions.pieces import begin
from evenbook.runs.declared import Work
from evenbook.runs.queries import Week

AT_ONCE = 200
"""Accounts whose facts are read together."""
LONGEST_TITLE = 120
Of = ReviewBatch.State


@dataclass(frozen=True)
class Chosen:
    """Which accounts of the base a batch is for; empty means all that its maker may open."""

    owner: str = ""
    team: str = ""
    tier: str = ""
    segment: str = ""
    text: str = ""

    @property
    def wanted(self) -> Wanted:
        """The same as the list of accounts asks."""
        return Wanted(**asdict(self))


@transaction.atomic
def draw_up(
    chosen: Chosen, *, week: Week, by: Viewer, now: datetime, title: str = "", work: Work | None = None
) -> int:
    """Begin a batch for accounts of the base, and return its number.

    Args:
        chosen: which accounts.
        week: the stored week that it tells of.
        by: who draws it up.
        now: when.
        title: what it is called; without one, after its day.
        work: the work that fills it; without one the caller does.

    Raises:
        ReviewsNotYours: ``by`` is neither leader nor operations.
        ReviewsRefused: no account is wanted that they may open.
    """
    require_may_draw_up(by)
    rows = base_of(by, week, wanted=chosen.wanted)
    if not rows:
        raise ReviewsRefused("No account of yours fits.", fix="Leave filters out.")
    numbers = week.policy.of(ReviewsNumbers)
    named = title.strip()[:LONGEST_TITLE] or f"Reviews as of {week.run.as_of.isoformat()}"
    row = ReviewBatch.objects.create(
        title=named,
        as_of=week.run.as_of,
        policy_version=week.run.policy_version,
        asked=asdict(chosen),
        made_at=now,
        made_by=by.name[:120],
        link_days=numbers.link_days,
        attaches="" if numbers.attaches == "none" else numbers.attaches,
        attach_most_kb=numbers.attach_most_kb,
        master=Master.objects.filter(withdrawn_at=None).order_by("-uploaded_at", "-pk").first(),
    )
    audit.record(by, "reviews.asked", thing(row), at=now, after=asdict(chosen), rows=len(rows))
    if work is not None:
        given = {"batch": row.pk, "mail": by.mail, "token": by.token_id}
        begin(work, key=f"reviews-draw:{row.pk}", by=by.name, about=named, now=now, given=given)
    return int(row.pk)


def fill(number: int, *, week: Week, by: Viewer, now: datetime, told: Callable[[int, int], None]) -> int:
    """Draw up the reviews of a batch that are not there yet; return how many it has.

    Each lot is kept by itself, so whoever goes on after a crash draws up the others alone.
    """
    batch = ReviewBatch.objects.get(pk=number)
    if batch.state != Of.DRAWING:
        return batch.reviews.count()
    rows = base_of(by, week, wanted=Chosen(**batch.asked).wanted)
    there = set(batch.reviews.values_list("account_id", flat=True))
    waiting = [each for each in rows if each.id not in there]
    done = len(rows) - len(waiting)
    for start in range(0, len(waiting), AT_ONCE):
        told(done + start, len(rows))
        found = drawn_reviews(by, week, waiting[start : start + AT_ONCE])
        Review.objects.bulk_create([_review(batch, each) for each in found], ignore_conflicts=True)
    told(len(rows), len(rows))
    return _ready(batch, week, by=by, now=now)


def _review(batch: ReviewBatch, each: DrawnReview) -> Review:
    return Review(
        batch=batch,
        account_id=each.account_id,
        state=Review.State.HELD if each.holds else Review.State.READY,
        contents=each.deck.as_json(),
        slides=each.deck.pages,
        holds=[asdict(hold) for hold in each.holds],
        reader_name=each.reader.name if each.reader else "",
        reader_mail=each.reader.mail if each.reader else "",
    )


@transaction.atomic
def _ready(batch: ReviewBatch, week: Week, *, by: Viewer, now: datetime) -> int:
    """Choose the sample and let the batch wait for a person; one that was cancelled meanwhile stays so."""
    rows = list(batch.reviews.filter(state=Review.State.READY).values_list("pk", "slides"))
    sample = sample_of(rows, count=week.policy.of(ReviewsNumbers).sample, seed=f"batch-{batch.pk}")
    Review.objects.filter(pk__in=sample).update(in_sample=True)
    total = batch.reviews.count()
    if ReviewBatch.objects.filter(pk=batch.pk, state=Of.DRAWING).update(state=Of.DRAFT):
        said: dict[str, Any] = {"ready": len(rows), "held": total - len(rows)}
        audit.record(by, "reviews.drawn-up", thing(batch), at=now, after=said, rows=total)
    return total


def thing(row: ReviewBatch) -> audit.Thing:
    """Return a batch as the audit trail names it."""
    return audit.Thing("reviews", str(row.pk), row.title)
