"""Health reviews that are owed, each with whether the account stands as it did at the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.rules.stability import why_moved
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.records.queries import last_of_kind
from evenbook.runs.queries import Week
from evenbook.states.queries import Stands, standings

REVIEW = "health_review_log"


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


def reviews_owed(viewer: Viewer, week: Week, *, wanted: LoopsWanted, today: date) -> tuple[Review, ...]:
    """Return the health reviews that are owed, those due first first."""
    return reviews_among(
        viewer, week, loops(viewer, week.policy, today, wanted=replace(wanted, artifact=REVIEW))
    )


def reviews_among(viewer: Viewer, week: Week, owed: Iterable[LoopRow]) -> tuple[Review, ...]:
    """Return the health reviews among loops that are owed, in their order."""
    rows = [row for row in owed if row.artifact_kind == REVIEW]
    if not rows:
        return ()
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
