"""The profile of somebody of the team, and what is typed on it: leave, hours, a ceiling of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenbook.book.access import may_act_for, may_set_capacity_of
from evenbook.book.actions.absences import KINDS, CalendarLanded, land_calendar, type_leave, withdraw_leave
from evenbook.book.actions.sustaining import adjust_hours, set_ceiling, withdraw_adjustment, withdraw_ceiling
from evenbook.book.profiles import ProfileNotYours, ProfileRefused
from evenbook.book.queries import colleagues_here, member
from evenbook.desk.queries.profile import Shown, profile_of
from evenbook.documents.calendar_reading import MOST_BYTES, NotACalendar
from evenbook.kit.errors import EvenbookError
from evenbook.measures.values import Measured
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.places import figure_address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import brief, day_text, plural
from evenbook.throughput.numbers.chain import ChainNumbers

REFUSED = 422
OF_LEAVE = frozenset({"leave", "calendar", "withdraw-leave"})
Did = str | CalendarLanded


@require_safe
def profile(request: HttpRequest, key: str) -> HttpResponse:
    """Show the profile of somebody whose load the viewer may see."""
    return _page(request, asking(request), key)


@require_POST
def change(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """Write down or take back one thing of somebody's profile."""
    viewer, now = asking(request), timezone.now()
    if what not in ACTS or member(viewer, key) is None:
        raise Http404("No person of this name whose profile you may see.")
    try:
        _must_be_theirs(viewer, key, what)
        did = ACTS[what](request, viewer, key, now)
    except EvenbookError as refusal:
        if refusal.status == 404:
            raise Http404(str(refusal)) from refusal
        return _page(request, viewer, key, refusal=refusal, typed=request.POST, about=what)
    if isinstance(did, CalendarLanded):
        return _page(request, viewer, key, landed=did)
    messages.success(request, did)
    return redirect("profile", key)


def _must_be_theirs(viewer: Viewer, key: str, what: str) -> None:
    """Refuse what is not for the viewer to change, before what they typed is read.

    Raises:
        ProfileNotYours: it is not.
    """
    who = member(viewer, key)
    may = may_act_for if what in OF_LEAVE else may_set_capacity_of
    if who is not None and not may(viewer, who.id):
        raise ProfileNotYours(
            f"This is not yours to change of {who.name}.", fix="Operations does it, or a leader above them."
        )


def _page(
    request: HttpRequest,
    viewer: Viewer,
    key: str,
    *,
    refusal: EvenbookError | None = None,
    typed: Mapping[str, str] | None = None,
    about: str = "",
    landed: CalendarLanded | None = None,
) -> HttpResponse:
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "who somebody is, what they can sustain, and when they are away"
        return render(request, "runs/no_run.html", {"page": "Profile", "what": what})
    found = profile_of(viewer, shown, key, now=timezone.now())
    if found is None:
        raise Http404("No person of this name whose profile you may see.")
    today = shown.today(timezone.now())
    leaves = found.profile.leaves
    context = {
        "week": shown,
        "shown": found,
        "who": found.profile,
        "today": today,
        "sentence": _sentence(shown, found, today),
        "ahead": [each for each in leaves if each.last_on >= today],
        "past": [each for each in reversed(leaves) if each.last_on < today][:10],
        "own_ceiling": found.profile.ceiling_on(today),
        "people": colleagues_here(viewer, today) if found.profile.may_leave else (),
        "kinds": KINDS,
        "refusal": refusal,
        "about": about,
        "typed": typed or {},
        "landed": landed,
        "changes": shown.asked is None,
        "figures": _figures(shown, found),
        "chain": [(each, _opened(shown, found, each.link.measure, each.now)) for each in found.chain],
        "chain_weeks": shown.policy.of(ChainNumbers).weeks,
    }
    return render(request, "desk/profile.html", context, status=_status(refusal))


def _status(refusal: EvenbookError | None) -> int:
    if refusal is None:
        return 200
    return REFUSED if refusal.status == 400 else refusal.status


def _figures(shown: Week, found: Shown) -> dict[str, Figure]:
    hours = found.can.hours if found.can else None
    return {
        "load": _opened(shown, found, "effort_load", found.load),
        "ceiling": _opened(shown, found, "ceiling", found.ceiling),
        "hours": Figure("capacity_hours", hours, "hours", "#hours"),
    }


def _opened(shown: Week, found: Shown, measure: str, now: Measured) -> Figure:
    opens = figure_address(measure, "csm", found.profile.key, as_of=shown.run.as_of)
    return Figure(measure, now.value, "number" if measure == "ceiling" else "share", opens)


def _sentence(shown: Week, found: Shown, today: date) -> tuple[Part, ...]:
    """Return what they can sustain and when they are away next."""
    who = found.profile
    name, verb = ("You", "can") if found.is_own else (who.name, "can")
    if who.left_on is not None and who.left_on < today:
        return (f"{who.name} left on {day_text(who.left_on)}.",)
    if found.can is None or found.can.hours is None:
        return (f"{who.name} is not in the team in this week.",)
    hours = Figure("capacity_hours", found.can.hours, "hours", "#hours", brief(found.can.hours))
    return (f"{name} {verb} sustain ", hours, f" hours a month{_away(found, today)}.")


def _away(found: Shown, today: date) -> str:
    ahead = [each for each in found.profile.leaves if each.last_on >= today]
    if not ahead:
        return "; no leave is known"
    first = ahead[0]
    if first.first_on <= today:
        return f"; away until {day_text(first.last_on)}"
    days = (first.first_on - today).days
    return f"; away next from {day_text(first.first_on)}, in {days} {plural(days, 'day')}"


def _leave(request: HttpRequest, by: Viewer, key: str, now: datetime) -> Did:
    given = request.POST
    type_leave(
        key,
        _day(given.get("first_on", ""), "first day"),
        _day(given.get("last_on", ""), "last day"),
        kind=given.get("kind", ""),
        cover=given.get("cover", ""),
        by=by,
        now=now,
    )
    return "The leave is written down. The next weekly run counts it."


def _calendar(request: HttpRequest, by: Viewer, key: str, now: datetime) -> Did:
    sent: Any = request.FILES.get("file")
    if sent is None:
        raise ProfileRefused("No file was chosen.", fix="Choose the .ics file that your calendar exports.")
    if sent.size > MOST_BYTES:
        raise NotACalendar(
            f"The file has more than {MOST_BYTES // 1_000_000} MB.",
            fix="Export fewer months of the calendar.",
        )
    return land_calendar(key, sent.read(), by=by, now=now)


def _adjust(request: HttpRequest, by: Viewer, key: str, now: datetime) -> Did:
    given = request.POST
    adjust_hours(
        key,
        _number(given.get("hours", ""), "hours"),
        given.get("reason", ""),
        first_on=_day(given.get("first_on", ""), "first day"),
        last_on=_maybe_day(given.get("last_on", "")),
        by=by,
        now=now,
    )
    return "The adjustment is written down. The next weekly run counts it."


def _ceiling(request: HttpRequest, by: Viewer, key: str, now: datetime) -> Did:
    given = request.POST
    set_ceiling(
        key,
        _number(given.get("a_week", ""), "number a week"),
        given.get("reason", ""),
        first_on=_day(given.get("first_on", ""), "first day"),
        last_on=_maybe_day(given.get("last_on", "")),
        by=by,
        now=now,
    )
    return "The ceiling is written down. The next weekly run counts it."


def _withdrawing(withdraw: Callable[..., None], said: str) -> Callable[..., Did]:
    def does(request: HttpRequest, by: Viewer, key: str, now: datetime) -> Did:
        number = request.POST.get("number", "")
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            raise Http404("There is no such entry.")
        withdraw(int(number), by=by, now=now)
        return said

    return does


ACTS: dict[str, Callable[[HttpRequest, Viewer, str, datetime], Did]] = {
    "leave": _leave,
    "calendar": _calendar,
    "adjustment": _adjust,
    "ceiling": _ceiling,
    "withdraw-leave": _withdrawing(withdraw_leave, "The leave is taken back; days up to yesterday stay."),
    "withdraw-adjustment": _withdrawing(withdraw_adjustment, "The adjustment is taken back."),
    "withdraw-ceiling": _withdrawing(withdraw_ceiling, "The ceiling is taken back."),
}


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ProfileRefused(
            f"The {name} is not a day." if text.strip() else f"The {name} is not given.",
            fix="Write it as 2026-03-09.",
        ) from None


def _maybe_day(text: str) -> date | None:
    return _day(text, "last day") if text.strip() else None


def _number(text: str, name: str) -> float:
    try:
        return float(text.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        raise ProfileRefused(f"The {name} is no number.", fix="Write it as 12 or -7.5.") from None
