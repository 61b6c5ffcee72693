"""Handoffs as a viewer sees them: how far each is, how long it took, and what a person has still to do.

They are open to read as artifacts are; where policy closes these, to giver, receivers and who leads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from evenbook.book.access import may_see_of_others, people_ids_seen_by
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.briefings.numbers import BriefingsNumbers
from evenbook.briefings.rules.window import BRIEFS, NOTE, ROLE_PASSED, TITLES, days_taken, middle
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest

FIELDS = (
    "pk", "giver_id", "giver__key", "giver__name", "receiver__key", "receiver__name", "reason", "first_on",
    "back_on", "asks", "announced_at", "announced_by", "called_off_at", "called_off_by", "note", "noted_at",
    "noted_by", "account_count", "confirmed_count", "receiver_count", "last_at",
)  # fmt: skip


@dataclass(frozen=True)
class HandoffRow:
    """A handoff: who hands their book to whom, why and when, and how much of it is confirmed.

    ``done_on`` is the day on which the last account was confirmed, None until all are.
    """

    id: int
    giver_id: int
    giver_key: str
    giver_name: str
    receiver_key: str
    receiver_name: str
    reason: str
    first_on: date
    back_on: date | None
    asks: str
    announced_at: datetime
    announced_by: str
    called_off_at: datetime | None
    called_off_by: str
    note: str
    noted_at: datetime | None
    noted_by: str
    accounts: int
    confirmed: int
    receivers: int
    announced_on: date
    done_on: date | None

    @property
    def asks_briefs(self) -> bool:
        """Whether a transfer brief is owed for each account, not one cover note."""
        return self.asks == BRIEFS

    @property
    def reason_name(self) -> str:
        """The reason in words."""
        return TITLES[self.reason]

    @property
    def is_role(self) -> bool:
        """Whether roles on accounts pass on, and nobody goes."""
        return self.reason == ROLE_PASSED

    @property
    def state(self) -> str:
        """How far it is: called_off, done or under_way."""
        if self.called_off_at:
            return "called_off"
        return "done" if self.done_on else "under_way"

    @property
    def days(self) -> int | None:
        """The days from its announcement until every account was confirmed, None until then."""
        return days_taken(self.announced_on, self.done_on)


@dataclass(frozen=True)
class ToConfirm:
    """What a person has to do in a handoff: accounts to confirm, or the cover note to write."""

    id: int
    giver_name: str
    first_on: date
    accounts: int
    is_note: bool = False


def handoffs(viewer: Viewer, *, offset: int = 0, limit: int | None = None) -> list[HandoffRow]:
    """Return handoffs, those under way first, then the newest."""
    rows = _counted(visible(viewer)).order_by(
        F("called_off_at").asc(nulls_first=True), "-is_under_way", "-announced_at", "-pk"
    )
    return _rows(rows[offset : None if limit is None else offset + limit])


def how_many_handoffs(viewer: Viewer) -> int:
    """Return how many handoffs the viewer may see."""
    return visible(viewer).count()


def how_many_under_way(viewer: Viewer) -> int:
    """Return how many handoffs wait for a confirmation."""
    return _counted(visible(viewer).filter(called_off_at=None)).filter(is_under_way=True).count()


def handoff(viewer: Viewer, number: int) -> HandoffRow | None:
    """Return one handoff, None where there is none that the viewer may see."""
    found = _rows(_counted(visible(viewer).filter(pk=number)))
    return found[0] if found else None


def median_days(viewer: Viewer) -> float | None:
    """Return the median of the days that the last handoffs took which are done, None where none is."""
    last = latest().policy.of(BriefingsNumbers).median_handoffs
    done = _counted(visible(viewer).filter(called_off_at=None)).filter(is_under_way=False)
    return middle(each.days for each in _rows(done.order_by("-last_at")[:last]) if each.days is not None)


def to_do(viewer: Viewer, person_id: int) -> tuple[ToConfirm, ...]:
    """Return what a person has to do in handoffs, those that begin first first."""
    rows = HandoffAccount.objects.filter(
        handoff__in=visible(viewer),
        handoff__called_off_at=None,
        handover__receiver=person_id,
        confirmed_at=None,
    )
    counted = rows.order_by("handoff__first_on", "handoff").values_list(
        "handoff", "handoff__giver__name", "handoff__first_on"
    )
    to_confirm = [ToConfirm(*each) for each in counted.annotate(n=Count("pk"))]
    notes = visible(viewer).filter(giver=person_id, asks=NOTE, noted_at=None, called_off_at=None)
    to_write = notes.order_by("first_on").values_list("pk", "giver__name", "first_on")
    return (*(ToConfirm(*each, 0, True) for each in to_write), *to_confirm)


def visible(viewer: Viewer) -> QuerySet[Handoff]:
    """Return the handoffs that the viewer may see."""
    rows = Handoff.objects.all()
    if may_see_of_others(viewer, "artifacts"):
        return rows
    seen = people_ids_seen_by(viewer)
    theirs = HandoffAccount.objects.filter(handoff=OuterRef("pk"), handover__receiver__in=seen)
    return rows.filter(Q(giver__in=seen) | Q(receiver__in=seen) | Exists(theirs))


def _counted(rows: QuerySet[Handoff]) -> QuerySet[Any]:
    left = HandoffAccount.objects.filter(handoff=OuterRef("pk"), confirmed_at=None)
    return rows.annotate(
        account_count=Count("accounts"),
        confirmed_count=Count("accounts__confirmed_at"),
        receiver_count=Count("accounts__handover__receiver", distinct=True),
        last_at=Max("accounts__confirmed_at"),
        is_under_way=Exists(left),
    )


def _rows(rows: QuerySet[Any]) -> list[HandoffRow]:
    zone = ZoneInfo(latest().policy.of(OrganizationNumbers).time_zone)
    return [_row(values, zone) for values in rows.values_list(*FIELDS)]


def _row(values: tuple[Any, ...], zone: ZoneInfo) -> HandoffRow:
    *told, last_at = values
    each = dict(zip(FIELDS, told, strict=False))
    is_done = each["account_count"] == each["confirmed_count"] and not each["called_off_at"]
    done_on = last_at.astimezone(zone).date() if is_done and last_at else None
    announced_on = each["announced_at"].astimezone(zone).date()
    return HandoffRow(*(*told, announced_on, done_on))
