"""Replays of the sheet: what they found, the losses behind it, and what may be adopted.

How sheets of the whole base did is no secret: it names no account. The losses are those of accounts that the
viewer may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evenbook.book.access import narrowed
from evenbook.hotsheet.models import Replay, ReplayLoss
from evenbook.hotsheet.rules.learned import Learned
from evenbook.hotsheet.rules.replayed import WEEK, Fared
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest, may_change

State = Replay.State
STATES = dict(State.choices)


@dataclass(frozen=True)
class ReplayRow:
    """A replay. ``is_outdated``: the policy has changed since, so what it learned can't be adopted."""

    id: int
    as_of: date
    policy_version: int
    made_at: datetime
    made_by: str
    by_policy: str
    versions: tuple[tuple[int, int], ...]
    first_on: date | None
    weeks: int
    rows: int
    fared: tuple[Fared, ...]
    learned: Learned
    state: str
    adopted_by: str
    adopted_at: datetime | None
    adopted_version: int | None
    is_outdated: bool
    may_adopt: bool

    @property
    def sheet(self) -> Fared | None:
        """Return how the hot sheet did; None where there was none."""
        return self.fared[0] if self.fared else None

    @property
    def is_by_each_week(self) -> bool:
        """Return whether each week's own policy drew up its sheet."""
        return self.by_policy == Replay.ByPolicy.THEN

    @property
    def waits(self) -> bool:
        """Return whether what it learned could be adopted."""
        return self.state == State.PROPOSED and not self.is_outdated

    @property
    def stands(self) -> str:
        """Return how it stands, in words."""
        if self.state == State.PROPOSED and self.is_outdated:
            return "The policy has changed since"
        return STATES[self.state]


@dataclass(frozen=True)
class LossRow:
    """A loss that a replay found. Money in minor units, None where it is not known."""

    account_key: str
    account_name: str
    happened_on: date
    lost_cents: int | None
    is_churn: bool
    listed_on: date | None

    @property
    def lead_weeks(self) -> float | None:
        """Return the weeks from the first sheet to the loss; None where it stood on none."""
        return None if self.listed_on is None else (self.happened_on - self.listed_on).days / WEEK


def newest_replay(viewer: Viewer, on_or_before: date | None = None) -> ReplayRow | None:
    """Return the newest replay, of a day up to the one given; None where there is none."""
    rows = Replay.objects.order_by("-pk")
    row = (rows if on_or_before is None else rows.filter(as_of__lte=on_or_before)).first()
    return None if row is None else _row(row, viewer)


def losses(
    viewer: Viewer, replay_id: int, *, offset: int = 0, limit: int | None = None
) -> tuple[LossRow, ...]:
    """Return losses of accounts that the viewer may see, the newest first."""
    rows = narrowed(ReplayLoss.objects.filter(replay=replay_id), viewer).select_related("account")
    page = rows.order_by("-happened_on", "account__key")[offset : None if limit is None else offset + limit]
    return tuple(
        LossRow(
            each.account.key,
            each.account.name,
            each.happened_on,
            each.lost_cents,
            each.is_churn,
            each.listed_on,
        )
        for each in page
    )


def how_many_losses(viewer: Viewer, replay_id: int) -> int:
    """Return how many losses the viewer may see."""
    return narrowed(ReplayLoss.objects.filter(replay=replay_id), viewer).count()


def _row(row: Replay, viewer: Viewer) -> ReplayRow:
    return ReplayRow(
        id=row.pk,
        as_of=row.as_of,
        policy_version=row.policy_version,
        made_at=row.made_at,
        made_by=row.made_by,
        by_policy=row.by_policy,
        versions=tuple((int(number), int(weeks)) for number, weeks in row.versions),
        first_on=row.first_on,
        weeks=row.weeks,
        rows=row.rows,
        fared=tuple(Fared.from_json(each) for each in row.fared),
        learned=Learned.from_json(row.learned),
        state=row.state,
        adopted_by=row.adopted_by,
        adopted_at=row.adopted_at,
        adopted_version=row.adopted_version,
        is_outdated=latest().number != row.policy_version,
        may_adopt=may_change(viewer),
    )
