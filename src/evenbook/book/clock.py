"""Whose clock a page goes by: the reader's own, from the team's file, else the organization's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpRequest, HttpResponse

from evenbook.book.access import person_of
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.screens.clock import UNIVERSAL, showing


def database_now() -> datetime:
    """Return the instant by the database's clock, as access goes by it: for doors that are given none."""
    with connection.cursor() as cursor:
        cursor.execute("select current_timestamp")
        (found,) = cursor.fetchone()
    at = datetime.fromisoformat(found) if isinstance(found, str) else found
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day_here(now: datetime) -> date:
    """Return the day of an instant where the organization works."""
    return now.astimezone(ZoneInfo(latest().policy.of(OrganizationNumbers).time_zone)).date()


def zone_of(viewer: Viewer | None) -> ZoneInfo:
    """Return the zone of a viewer; a name that is no zone counts for none."""
    person = person_of(viewer) if viewer else None
    for name in (person.time_zone if person else "", latest().policy.of(OrganizationNumbers).time_zone):
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            continue
    return UNIVERSAL


class ReadersClock:
    """Shows the times of each page by the clock of who reads it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with showing(lambda: zone_of(getattr(request, "viewer", None) or None)):
            return self._answer(request)
