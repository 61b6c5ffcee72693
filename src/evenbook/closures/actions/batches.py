"""Signing health reviews of accounts that stand as they did: together by hand, one by one by the standard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from evenbook.capacity.queries import tiers_of
from evenbook.closures.actions.closing import close
from evenbook.closures.models import Loop, ReviewBatch
from evenbook.closures.numbers.artifacts import STABLE
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.closures.queries.stable import MOST, Review, reviews_owed
from evenbook.closures.rules.writing import short
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week


class BatchRefused(EvenbookError):
    """Reviews that can't be signed together: none was chosen, or too many."""

    kind = "batch-refused"
    status = 422


@dataclass(frozen=True)
class Signed:
    """What became of one review: closed in a log, or why not."""

    key: str
    account: str
    log: int | None
    why_not: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether its loop is closed."""
        return self.log is not None


def acknowledge_reviews(
    keys: Iterable[str], *, by: Viewer, week: Week, today: date, now: datetime
) -> tuple[Signed, ...]:
    """Acknowledge health reviews as stable and sign them as one log a pool or owner; say what became of each.

    One that is not stable, not theirs or done is refused, and the others go through.

    Args:
        keys: of the loops.
        by: who signs.
        week: the stored week that tells how each account stands.
        today: the day, where the organization works.
        now: when.

    Raises:
        BatchRefused: no review was chosen, or too many at once.
    """
    wanted = tuple(dict.fromkeys(keys))
    if not wanted or len(wanted) > MOST:
        what = f"{len(wanted):,} reviews were chosen" if wanted else "No review was chosen"
        raise BatchRefused(f"{what}.", fix=f"Choose between 1 and {MOST}.")
    owed = {
        each.loop.key: each
        for each in reviews_owed(by, week, wanted=LoopsWanted(as_they_are=True, keys=wanted), today=today)
    }
    tiers = tiers_of(by, week.run.id, [each.loop.account_id for each in owed.values()])
    logs = _Logs(by, today, now)
    with transaction.atomic():
        found = tuple(_sign(key, owed.get(key), tiers, logs=logs) for key in wanted)
        logs.sign()
    return found


class _Logs:
    """The logs of one signing: one a pool, or an owner, in the quarter of today."""

    def __init__(self, by: Viewer, today: date, now: datetime) -> None:
        self.by, self.now = by, now
        self._quarter_on = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        self._of: dict[tuple[int | None, int | None], ReviewBatch] = {}

    def log_of(self, loop: Loop) -> ReviewBatch:
        """Return the log that a review belongs to, a new one where there is none yet."""
        pool = loop.pool_id
        whose = (pool, None if pool else loop.taken_by_id or loop.person_id)
        if whose not in self._of:
            self._of[whose] = ReviewBatch.objects.create(
                pool_id=whose[0],
                person_id=whose[1],
                quarter_on=self._quarter_on,
                reviews=0,
                signed_by=self.by.name[:120],
                signed_at=self.now,
            )
        return self._of[whose]

    def sign(self) -> None:
        """Write down how many reviews each log holds; one that holds none is none."""
        for log in self._of.values():
            if not log.reviews:
                log.delete()
                continue
            log.save(update_fields=["reviews"])
            thing = Thing("review_batch", str(log.pk), f"{log.pool or log.person or 'nobody'}")
            record(self.by, "reviews.signed", thing, at=self.now, rows=log.reviews)


def _sign(key: str, review: Review | None, tiers: dict[int, int], *, logs: _Logs) -> Signed:
    if review is None:
        return Signed(key, "", None, f"No health review '{short(key)}' is owed that you may see.")
    name = review.loop.account_name
    if not review.is_stable:
        return Signed(key, name, None, f"{review.why_not} It needs a review of its own.")
    log = logs.log_of(Loop.objects.get(pk=review.loop.id))
    answers = {"band": review.band, "moved": "no", "outcome": STABLE}
    if review.score is not None:
        answers["score"] = str(round(review.score))
    try:
        found = close(
            key, answers, by=logs.by, tier=tiers.get(review.loop.account_id), now=logs.now, batch=log.pk
        )
    except EvenbookError as refused:
        return Signed(key, name, None, f"{refused.what} {refused.fix}")
    if not found.is_closed:
        return Signed(key, name, None, " ".join(each.reason for each in found.refusals))
    log.reviews += 1
    return Signed(key, name, log.pk)
