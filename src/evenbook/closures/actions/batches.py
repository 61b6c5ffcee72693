"""Signing loops together: each is checked by the standard and recorded by itself, in one log of an owner.

So health reviews of accounts that stand as they did are acknowledged, and cohorts of silent accounts
recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenbook.capacity.queries import tiers_of
from evenbook.closures.actions.closing import close
from evenbook.closures.models import Batch, Loop
from evenbook.closures.numbers.artifacts import STABLE
from evenbook.closures.queries.batches import MOST
from evenbook.closures.queries.loops import LoopRow, LoopsWanted
from evenbook.closures.queries.stable import Review, reviews_owed
from evenbook.closures.rules.standard import Refusal
from evenbook.closures.rules.writing import short
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week


class BatchRefused(EvenbookError):
    """Loops that can't be signed together: none was chosen, or too many."""

    kind = "batch-refused"
    status = 422


@dataclass(frozen=True)
class Signed:
    """What became of one loop: closed in a log, or why not. ``refusals`` are of its artifact."""

    key: str
    account: str
    log: int | None
    why_not: str = ""
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
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
    wanted = not_too_many(keys, "review")
    owed = {
        each.loop.key: each
        for each in reviews_owed(by, week, wanted=LoopsWanted(as_they_are=True, keys=wanted), today=today)
    }
    quarter_on = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    logs = Logs(by, week, [each.loop.account_id for each in owed.values()], first_on=quarter_on, now=now)

    def sign(key: str) -> Signed:
        review = owed.get(key)
        if review is None:
            return Signed(key, "", None, f"No health review '{short(key)}' is owed that you may see.")
        if not review.is_stable:
            why = f"{review.why_not} It needs a review of its own."
            return Signed(key, review.loop.account_name, None, why)
        return logs.close(review.loop, _stable(review))

    return signed_in(logs, sign, wanted, what="reviews.signed")


def _stable(review: Review) -> dict[str, Any]:
    answers = {"band": review.band, "moved": "no", "outcome": STABLE}
    return answers if review.score is None else {**answers, "score": str(round(review.score))}


def not_too_many(keys: Iterable[str], thing: str) -> tuple[str, ...]:
    """Return the keys of loops, each once.

    Args:
        keys: as they were chosen.
        thing: what they are, in one word.

    Raises:
        BatchRefused: none was chosen, or too many at once.
    """
    wanted = tuple(dict.fromkeys(keys))
    if not wanted or len(wanted) > MOST:
        what = f"{len(wanted):,} {thing}s were chosen" if wanted else f"No {thing} was chosen"
        raise BatchRefused(f"{what}.", fix=f"Choose between 1 and {MOST}.")
    return wanted


class Logs:
    """The logs of one signing: one a kind of artifact and pool, or owner."""

    def __init__(
        self, by: Viewer, week: Week, accounts: Iterable[int], *, first_on: date, now: datetime
    ) -> None:
        self.by, self.now, self.first_on = by, now, first_on
        self._tiers = tiers_of(by, week.run.id, accounts)
        self._of: dict[tuple[str, int | None, int | None], Batch] = {}

    def close(self, row: LoopRow, answers: Mapping[str, Any]) -> Signed:
        """Close one loop in the log that it belongs to, or say why it stays open."""
        log = self._log_of(Loop.objects.get(pk=row.id))
        tier = self._tiers.get(row.account_id)
        try:
            found = close(row.key, dict(answers), by=self.by, tier=tier, now=self.now, batch=log.pk)
        except EvenbookError as refused:
            return Signed(row.key, row.account_name, None, f"{refused.what} {refused.fix}")
        if found.waits_for:
            why = f"It is written, and waits for {' and '.join(found.waits_for)} to read it."
            return Signed(row.key, row.account_name, None, why)
        if not found.is_closed:
            why = " ".join(each.reason for each in found.refusals)
            return Signed(row.key, row.account_name, None, why, found.refusals)
        log.loops += 1
        return Signed(row.key, row.account_name, log.pk)

    def sign(self, what: str) -> None:
        """Write down how many loops each log holds; one that holds none is none."""
        for log in self._of.values():
            if not log.loops:
                log.delete()
                continue
            log.save(update_fields=["loops"])
            thing = Thing("batch", str(log.pk), f"{log.pool or log.person or 'nobody'}")
            record(self.by, what, thing, at=self.now, rows=log.loops)

    def _log_of(self, loop: Loop) -> Batch:
        pool = None if loop.taken_by_id else loop.pool_id
        whose = (loop.artifact_kind, pool, None if pool else loop.taken_by_id or loop.person_id)
        if whose not in self._of:
            self._of[whose] = Batch.objects.create(
                kind=whose[0],
                pool_id=whose[1],
                person_id=whose[2],
                first_on=self.first_on,
                loops=0,
                signed_by=self.by.name[:120],
                signed_at=self.now,
            )
        return self._of[whose]


def signed_in(
    logs: Logs, sign: Callable[[str], Signed], keys: Iterable[str], *, what: str
) -> tuple[Signed, ...]:
    """Sign loops one by one in their logs, all in one transaction; return what became of each.

    Args:
        logs: that they are signed in.
        sign: signs the loop of a key, or says why not.
        keys: of the loops.
        what: the word of the audit trail for it.
    """
    with transaction.atomic():
        found = tuple(sign(key) for key in keys)
        logs.sign(what)
    return found
