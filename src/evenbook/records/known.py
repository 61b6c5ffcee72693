"""What was known by an instant of many accounts at once: weeks of usage, the customer's tickets, meetings.

Rows stand under the account that they now belong to; of a record that was changed, its version of then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from evenbook.book.access import Opened
from evenbook.book.among import Among
from evenbook.people.viewer import Viewer
from evenbook.records.models import HERE, Interaction, Ticket, UsageWeek

MET_IN = ("meeting", "call", "business_review", "strategic", "onboarding")
"""Kinds of interaction in which people talk with each other."""


@dataclass(frozen=True)
class UsedWeek:
    """How much of a measure an account used in a week."""

    measure: str
    week_on: date
    value: float
    known_at: datetime


@dataclass(frozen=True)
class TicketTold:
    """A ticket that the customer opened; ``solved_at`` as it is known now."""

    subject: str
    opened_at: datetime
    solved_at: datetime | None
    known_at: datetime


@dataclass(frozen=True)
class HeldMeeting:
    """An interaction that took place."""

    kind: str
    at: datetime
    known_at: datetime


def used_weeks(
    viewer: Viewer, accounts: Opened, *, first_on: date, before: datetime
) -> dict[int, tuple[UsedWeek, ...]]:
    """Return the weeks of usage of each account from a day on; of a corrected week the last row known."""
    rows = UsageWeek.objects.filter(
        Among(F("account"), accounts.ids), week_on__gte=first_on, known_at__lt=before
    )
    last: dict[tuple[int, str, date], tuple[float, datetime]] = {}
    fields = ("account_id", "measure", "week_on", "value", "known_at")
    for account, measure, week_on, value, known_at in rows.order_by("known_at", "pk").values_list(*fields):
        last[account, measure, week_on] = (value, known_at)
    summed: dict[int, dict[tuple[str, date], tuple[float, datetime]]] = {}
    for (account, measure, week_on), (value, known_at) in last.items():
        of_heir = summed.setdefault(accounts.heirs[account], {})
        held = of_heir.get((measure, week_on), (0.0, known_at))
        of_heir[measure, week_on] = (held[0] + value, max(held[1], known_at))
    return {
        account: tuple(UsedWeek(measure, on, *told) for (measure, on), told in sorted(weeks.items()))
        for account, weeks in summed.items()
    }


def measures_reported(viewer: Viewer, *, first_on: date, before: datetime) -> frozenset[str]:
    """Return the usage measures that were delivered for any account from a day on; names alone."""
    rows = UsageWeek.objects.filter(week_on__gte=first_on, known_at__lt=before)
    return frozenset(rows.order_by().values_list("measure", flat=True).distinct())


def tickets_told(
    viewer: Viewer, accounts: Opened, *, first: datetime, before: datetime
) -> dict[int, tuple[TicketTold, ...]]:
    """Return each account's own tickets that were open at or after an instant; none that we opened here."""
    rows = _known(Ticket, accounts, before).exclude(source=HERE)
    rows = rows.filter(Q(solved_at=None) | Q(solved_at__gte=first) | Q(happened_at__gte=first))
    found: dict[int, tuple[TicketTold, ...]] = {}
    fields = ("account_id", "subject", "happened_at", "solved_at", "known_at")
    for account, *row in rows.order_by("happened_at", "pk").values_list(*fields):
        heir = accounts.heirs[account]
        found[heir] = (*found.get(heir, ()), TicketTold(*row))
    return found


def meetings_held(
    viewer: Viewer, accounts: Opened, *, first: datetime, before: datetime
) -> dict[int, tuple[HeldMeeting, ...]]:
    """Return what was held with each account from an instant on, in order of time."""
    rows = _known(Interaction, accounts, before)
    rows = rows.filter(status=Interaction.Status.COMPLETED, kind__in=MET_IN, happened_at__gte=first)
    found: dict[int, tuple[HeldMeeting, ...]] = {}
    fields = ("account_id", "kind", "happened_at", "known_at")
    for account, *row in rows.order_by("happened_at", "pk").values_list(*fields):
        heir = accounts.heirs[account]
        found[heir] = (*found.get(heir, ()), HeldMeeting(*row))
    return found


def _known(model: Any, accounts: Opened, before: datetime) -> QuerySet[Any]:
    rows = model.objects.filter(Among(F("account"), accounts.ids), happened_at__lt=before)
    known: QuerySet[Any] = rows.filter(Q(known_until=None) | Q(known_until__gte=before), known_at__lt=before)
    return known
