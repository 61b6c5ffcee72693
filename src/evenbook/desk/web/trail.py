"""The audit trail, for operations: who did what to what, and who took which file away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people import trail
from evenbook.people.asking import asking
from evenbook.people.viewer import SURFACES, Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.screens.exports import download
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

PAGE = 50
MOST = 100_000
"""Rows of an export; a longer trail is taken away a span of days at a time."""

COLUMNS = (
    Column("at", "When", sorts=False),
    Column("who", "Who", sorts=False),
    Column("what", "What", sorts=False),
    Column("changes", "From → to", sorts=False),
    Column("rows", "Rows", is_number=True, sorts=False, hint="How many rows a bulk write or a file touched"),
)
SHEET = (
    SheetColumn("entry", "whole"), SheetColumn("at", "instant"), SheetColumn("by_user", "whole"),
    SheetColumn("by_token", "whole"), SheetColumn("by_name"), SheetColumn("surface"), SheetColumn("what"),
    SheetColumn("thing_kind"), SheetColumn("thing"), SheetColumn("thing_name"), SheetColumn("before"),
    SheetColumn("after"), SheetColumn("rows", "whole"),
)  # fmt: skip


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Show the entries as the filters ask, or download them."""
    viewer = asking(request)
    if not trail.may_see_trail(viewer):
        raise Http404
    zone = ZoneInfo(latest().policy.of(OrganizationNumbers).time_zone)
    asked = Ask.of(request.GET, columns=COLUMNS, filters=_filters(viewer), sort="")
    ask, wanted = _wanted(replace(asked, sort="", descending=False), zone)
    if ask.export:
        return download(_sheet(trail.trail(viewer, wanted, limit=MOST).entries), ask.export)
    page = trail.trail(
        viewer, wanted, limit=PAGE, before=_number(request, "before"), after=_number(request, "after")
    )
    monday = _monday(zone)
    listing = Listing(
        "audit", "What was changed and taken away, the newest first", COLUMNS, ask, len(page.entries),
        _filters(viewer), size=PAGE, noun="entry",
    )  # fmt: skip
    context = {
        "listing": listing,
        "views": views_of(viewer, "audit"),
        "page": page,
        "older": f"{ask.query()}&before={page.older}" if page.older else "",
        "newer": f"{ask.query()}&after={page.newer}" if page.newer else "",
        "sentence": _sentence(trail.summary(viewer, _start(monday, zone)), monday),
    }
    return render(request, "desk/audit_trail.html", context)


def _filters(viewer: Viewer) -> tuple[Filter, ...]:
    return (
        Filter("who", "Who", tuple(Choice(*each) for each in trail.actors(viewer))),
        Filter("what", "What", tuple(Choice(each, trail.said(each)) for each in trail.kinds(viewer))),
        Filter("thing", "Id or name of the thing", kind="text"),
        Filter("first", "From", kind="day"),
        Filter("last", "To", kind="day"),
        Filter("surface", "Through", tuple(Choice(*each) for each in SURFACES.items()), is_more=True),
    )


def _wanted(ask: Ask, zone: ZoneInfo) -> tuple[Ask, trail.Wanted]:
    """Return which entries are asked for; a day that is none is left out and said."""
    days: dict[str, date] = {}
    refused = list(ask.refused)
    for key in ("first", "last"):
        if not ask.get(key):
            continue
        try:
            days[key] = date.fromisoformat(ask.get(key))
            _start(days[key] + timedelta(days=1), zone)
        except (ValueError, OverflowError):
            days.pop(key, None)
            refused.append(f"'{ask.get(key)[:20]}' is not a day such as 2026-03-09; the filter was left out.")
    values = {key: value for key, value in ask.values.items() if key not in {"first", "last"} or key in days}
    wanted = trail.Wanted(
        who=ask.get("who"),
        what=ask.get("what"),
        thing=ask.get("thing"),
        surface=ask.get("surface"),
        since=_start(days["first"], zone) if "first" in days else None,
        until=_start(days["last"] + timedelta(days=1), zone) if "last" in days else None,
    )
    return replace(ask, values=values, refused=tuple(refused)), wanted


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _monday(zone: ZoneInfo) -> date:
    today = timezone.now().astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None


def _sentence(found: trail.Summary, monday: date) -> tuple[Part, ...]:
    since = f"?first={monday.isoformat()}"
    if not found.entries:
        return ("Nothing was changed and no file was taken away since Monday.",)
    entries = counted(found.entries, "entries", href=since, start=True)
    parts: list[Part] = [entries, f" {plural(found.entries, 'entry', 'entries')} since Monday"]
    if found.people:
        people = counted(found.people, "people", href=since)
        parts += ["; ", people, f" {plural(found.people, 'person', 'people')} acted"]
    if found.exports:
        taken = counted(found.exports, "exports", href=f"{since}&what={trail.TAKEN}")
        parts += ["; ", taken, f" {plural(found.exports, 'file was', 'files were')} taken away"]
    return (*parts, ".")


def _sheet(entries: tuple[trail.Entry, ...]) -> Sheet:
    rows: list[list[Any]] = [
        [
            each.id, each.at, each.by_user, each.by_token, each.by_name, each.surface, each.what,
            each.thing_kind, each.thing_id, each.thing_name, _document(each.before), _document(each.after),
            each.rows,
        ]
        for each in entries
    ]  # fmt: skip
    return Sheet("audit-trail", SHEET, rows)


def _document(values: Any) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False)
