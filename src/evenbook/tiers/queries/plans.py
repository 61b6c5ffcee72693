"""Plans of approved moves under way, and what was set by hand, of accounts that a viewer may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from evenbook.book.access import answers_for, may_move_tier_of, narrowed
from evenbook.people.viewer import Viewer
from evenbook.tiers.models import Mark, Ruling, Step


@dataclass(frozen=True)
class StepRow:
    """A step of a plan; ``may_finish`` is true for who answers for the account."""

    id: int
    number: int
    says: str
    role: str
    owner: str
    due_on: date
    done_by: str
    done_at: datetime | None
    may_finish: bool

    def is_late(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return self.done_at is None and self.due_on < today


@dataclass(frozen=True)
class PlanRow:
    """The plan of an approved move; ``may_take_back`` as long as the tier has not changed."""

    id: int
    account_id: int
    account_key: str
    account_name: str
    direction: str
    from_tier: int
    to_tier: int
    note: str
    decided_by: str
    decided_at: datetime
    effective_on: date
    steps: tuple[StepRow, ...]
    may_decide: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(each.done_at is not None for each in self.steps)


@dataclass(frozen=True)
class MarkRow:
    """A lock or a strategic mark that holds."""

    id: int
    account_key: str
    account_name: str
    kind: str
    reason: str
    set_by: str
    set_at: datetime
    may_withdraw: bool


def plans(viewer: Viewer, *, account: str = "", every: bool = False) -> tuple[PlanRow, ...]:
    """Return the plans with open steps, or every plan, the one that takes effect first at first."""
    rows = narrowed(Ruling.objects.filter(choice=Ruling.Choice.APPROVED, taken_back_at=None), viewer)
    if account:
        rows = rows.filter(account__key=account)
    if not every:
        rows = rows.filter(Exists(Step.objects.filter(ruling=OuterRef("pk"), done_at=None)))
    found = rows.order_by("effective_on", "account__name", "pk").select_related("account")
    return tuple(_plan(viewer, row) for row in found.prefetch_related("steps"))


def marks(viewer: Viewer) -> tuple[MarkRow, ...]:
    """Return the locks and strategic marks that hold, by account."""
    rows = narrowed(Mark.objects.filter(withdrawn_at=None), viewer).select_related("account")
    return tuple(
        MarkRow(
            id=row.pk,
            account_key=row.account.key,
            account_name=row.account.name,
            kind=row.kind,
            reason=row.reason,
            set_by=row.set_by,
            set_at=row.set_at,
            may_withdraw=may_move_tier_of(viewer, row.account_id),
        )
        for row in rows.order_by("account__name", "kind")
    )


def _plan(viewer: Viewer, row: Ruling) -> PlanRow:
    assert row.effective_on is not None, "an approved move has a day"
    may_finish = answers_for(viewer, row.account_id)
    steps = sorted(row.steps.all(), key=lambda step: step.number)
    return PlanRow(
        id=row.pk,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        direction=row.direction,
        from_tier=row.from_tier,
        to_tier=row.to_tier,
        note=row.note,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        effective_on=row.effective_on,
        steps=tuple(_step(each, may_finish) for each in steps),
        may_decide=may_move_tier_of(viewer, row.account_id),
    )


def _step(row: Step, may_finish: bool) -> StepRow:
    return StepRow(
        row.pk, row.number, row.says, row.role, row.owner, row.due_on, row.done_by, row.done_at, may_finish
    )
