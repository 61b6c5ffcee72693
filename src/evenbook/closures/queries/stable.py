"""Health reviews that are owed, each with whether the account stands as it did at the last; signed logs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from evenbook.book.access import may_see_of_others, narrowed
from evenbook.closures.models import Loop, ReviewBatch
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.closing_weeks import BATCH
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.rules.stability import why_moved
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.records.queries import last_of_kind
from evenbook.runs.queries import Week
from evenbook.states.queries import Stands, standings

REVIEW = "health_review_log"
MOST = 500
"""Reviews that are signed at once; nobody has looked at more."""


@dataclass(frozen=True)
class Review:
    """A health review that is owed. ``why_not`` says why it is not stable; empty where it is."""

    loop: LoopRow
    band: str
    score: float | None
    reviewed_on: date | None
    why_not: str

    @property
    def is_stable(self) -> bool:
        """Whether the account stands as it did at the last review."""
        return not self.why_not


@dataclass(frozen=True)
class Log:
    """A signed log of stable reviews, and its reviews as far as the viewer may see them."""

    id: int
    whose: str
    quarter_on: date
    reviews: int
    signed_by: str
    signed_at: datetime
    listed: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def quarter(self) -> str:
        """The quarter in words, as ``Q1 2026``."""
        return f"Q{(self.quarter_on.month + 2) // 3} {self.quarter_on.year}"


def reviews_owed(viewer: Viewer, week: Week, *, wanted: LoopsWanted, today: date) -> tuple[Review, ...]:
    """Return the health reviews that are owed, those due first first."""
    rows = loops(viewer, week.policy, today, wanted=replace(wanted, artifact=REVIEW))
    accounts = [row.account_id for row in rows]
    where = standings(viewer, week.run.id, accounts)
    last = last_of_kind(viewer, accounts, REVIEW)
    step = week.policy.of(ClosuresNumbers).review_step
    zone = ZoneInfo(week.policy.of(OrganizationNumbers).time_zone)

    def review(row: LoopRow) -> Review:
        stands, (at, answers) = where.get(row.account_id), last.get(row.account_id, (None, {}))
        on = at.astimezone(zone).date() if at else None
        why = _why(stands, on, answers, step)
        return Review(row, stands.color if stands else "", stands.score if stands else None, on, why)

    return tuple(review(row) for row in rows)


def _why(stands: Stands | None, on: date | None, answers: dict[str, object], step: float) -> str:
    if stands is None:
        return "Nothing is known yet of how it stands."
    return why_moved(
        band=stands.color,
        score=stands.score,
        since_on=stands.since_on,
        reviewed_on=on,
        last=answers,
        step=step,
    )


def batch_logs(viewer: Viewer, *, limit: int = 100) -> tuple[Log, ...]:
    """Return the signed logs that hold a review that the viewer may see, the newest first."""
    rows = ReviewBatch.objects.select_related("pool", "person").order_by("-signed_at", "-pk")
    if not may_see_of_others(viewer, "artifacts"):
        seen = narrowed(Loop.objects.filter(closed_by__fields__has_key=BATCH), viewer)
        rows = rows.filter(pk__in=set(seen.values_list(f"closed_by__fields__{BATCH}", flat=True)))
    return tuple(_log(row) for row in rows[:limit])


def batch_log(viewer: Viewer, number: int) -> Log | None:
    """Return a signed log with the reviews that the viewer may see; None where they may see none of it."""
    row = ReviewBatch.objects.select_related("pool", "person").filter(pk=number).first()
    of_it = Loop.objects.filter(**{f"closed_by__fields__{BATCH}": number})
    seen = of_it if may_see_of_others(viewer, "artifacts") else narrowed(of_it, viewer)
    fields = ("account__key", "account__name", "closed_by__fields__band", "closed_by__fields__score")
    listed = [
        (key, name, band or "", "" if score is None else f"{score:g}")
        for key, name, band, score in seen.order_by("account__name", "pk").values_list(*fields)
    ]
    return _log(row, listed) if row is not None and listed else None


def _log(row: ReviewBatch, listed: Iterable[tuple[str, str, str, str]] = ()) -> Log:
    whose = str(row.pool or row.person or "nobody")
    return Log(row.pk, whose, row.quarter_on, row.reviews, row.signed_by, row.signed_at, tuple(listed))
