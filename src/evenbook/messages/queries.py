"""How the outbox stands, in counts: what mails say is read by nobody but their readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q

from evenbook.messages.models import Mail


@dataclass(frozen=True)
class Outbox:
    """How many mails wait and since when, how many were given up, and why the last one was."""

    waiting: int
    oldest_at: datetime | None
    given_up: int
    trouble: str


def outbox() -> Outbox:
    """Return how the outbox stands."""
    waits, lost = Q(standing=Mail.Standing.WAITING), Q(standing=Mail.Standing.GIVEN_UP)
    found = Mail.objects.aggregate(
        waiting=Count("pk", filter=waits),
        oldest_at=Min("created_at", filter=waits),
        given_up=Count("pk", filter=lost),
    )
    troubled = Mail.objects.filter(waits | lost).exclude(trouble="").order_by("-due_at").first()
    return Outbox(**found, trouble=troubled.trouble if troubled else "")


def is_due(now: datetime) -> bool:
    """Return whether a mail is to be tried now."""
    return Mail.objects.filter(standing=Mail.Standing.WAITING, due_at__lte=now).exists()


def mails_can_leave() -> bool:
    """Return whether a mail server is named; where none is, nobody is told of what they see on pages."""
    return bool(settings.EVENBOOK_MAIL_URL)
