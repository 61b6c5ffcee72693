"""Coverage of any day: a day that no run was stored for is worked out for the page and let go again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from evenbook.people.asking import asking
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.site.past import coverage_of

FIRST_DAY = date(1970, 1, 1)
"""What is known of an account from the start is dated to this day; there is no coverage before it."""

Answer = Callable[..., HttpResponse]


def coverage_of_any_day(view: Answer) -> Answer:
    """Return ``view`` so that ``?as_of=`` may name any past day, stored or not.

    The page reads the day through its own queries, as it would a stored one.
    """

    @wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        day = _day(request.GET.get("as_of", ""))
        if request.method != "GET" or day is None or not request.user.is_authenticated:
            return view(request, *given, **named)
        now = datetime.now(UTC)
        today = now.astimezone(ZoneInfo(latest().policy.of(OrganizationNumbers).time_zone)).date()
        if day >= today:
            return view(request, *given, **named)
        with coverage_of(asking(request), day, now=now, home=Path(settings.EVENBOOK_HOME)):
            return view(request, *given, **named)

    return answer


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None
