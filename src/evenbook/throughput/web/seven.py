"""A person's weekly seven: each figure week by week, against what can be sustained."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evenbook.book.queries import TeamMember, me, member
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.decisions.queries import open_about
from evenbook.decisions.rules import OVER_CEILING
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.dates import monday_of
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.places import figure_address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import plural
from evenbook.screens.tables import Ask, Column, Listing
from evenbook.throughput.numbers import ThroughputNumbers
from evenbook.throughput.queries import NOTHING, Pace, SevenWeek, paces, seven_weeks
from evenbook.throughput.queries.pulse import PulseRow, pulses

LOAD = "effort_load"
SHOWN = (
    ("effort_load", "Load", "share", "Effort of the book ÷ capacity"),
    ("strategic", "Strategic ÷ ceiling", "share", "Strategic interactions held ÷ how many can be held well"),
    ("energy", "Energy", "number", "The week\u2019s work in strategic calls that take as much"),
    ("time_to_detect", "Days to detect", "number", "From the first signal to an answer; what is open counts"),
    ("past_window", "Answered late", "share", "Of the risks answered, or whose days have passed"),
    ("sentiment", "Sentiment", "number", "Of the week\u2019s scored calls, \u22121 to 1"),
    ("sentiment_falling", "Falling", "share", "Accounts whose sentiment falls"),
    ("follow_ups", "Follow-ups", "number", "Action items per meaningful interaction"),
    ("unmonitored", "Unmonitored", "share", "Accounts nobody has spoken to lately"),
    ("quality", "Quality", "number", "Mean score of calls, 0 to 100"),
)
COLUMNS = (
    Column("week", "Week up to", sorts=False),
    *(Column(name, label, is_number=True, sorts=False, hint=hint) for name, label, _, hint in SHOWN),
)
SHEET = (
    SheetColumn("person"), SheetColumn("person_name"), SheetColumn("week_up_to", "day"),
    *(SheetColumn(name, "number") for name, *_ in SHOWN),
    SheetColumn("strategic_held", "whole"), SheetColumn("ceiling", "number"),
    SheetColumn("present", "number"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def seven(request: HttpRequest, key: str) -> HttpResponse:
    """Show a person's last weeks to them and to those who may see their load, or download them."""
    viewer = asking(request)
    who = member(viewer, key)
    if who is None:
        raise Http404("No person of this name whose weeks you may see.")
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "load, strategic interactions, detection, sentiment, follow-ups and quality, week by week"
        return render(request, "runs/no_run.html", {"page": "The weekly seven", "what": what})
    own = me(viewer)
    is_own = own is not None and own.id == who.id
    if shown.policy.of(CapacityNumbers).team_level_only and not is_own:
        raise Http404("Policy shows figures of teams only.")
    found = seven_weeks(viewer, shown, ("csm", who.key))
    ask = Ask.of(request.GET, columns=COLUMNS, sort="week")
    if ask.export:
        return download(_sheet(shown, who, found), ask.export)
    pace = paces(viewer, shown, [("csm", who.key)])["csm", who.key]
    least = shown.policy.of(ThroughputNumbers).quality_least
    context = {
        "week": shown,
        "who": who,
        "is_own": is_own,
        "weeks": [_row(shown, who, each, least) for each in reversed(found)],
        "lines": _lines(found, pace, least),
        "any": any(each.figures for each in found),
        "listing": Listing("seven", "Each week at its end", COLUMNS, ask, len(found), noun="week"),
        "felt": _felt(pulses(viewer, who.id, until=_until(shown), weeks=len(found)), found),
        "decision": open_about(viewer, OVER_CEILING, who.id) if shown.asked is None else None,
        "sentence": _sentence(
            found[-1] if found else None, pace, who, is_own=is_own, opened=_opened(shown, "strategic", who)
        ),
    }
    return render(request, "throughput/seven.html", context)


def _until(shown: Week) -> date:
    """Return the last day of which something is shown: of a past week its own."""
    return shown.run.as_of if shown.asked else shown.today(timezone.now())


def _felt(said: tuple[PulseRow, ...], found: tuple[SevenWeek, ...]) -> list[tuple[PulseRow, float | None]]:
    """Return what was said of weeks, the newest first, each beside the load that was worked out."""
    loads = {monday_of(each.as_of): each.figure(LOAD).value for each in found}
    return [(each, loads.get(each.week_on)) for each in reversed(said)]


def _opened(shown: Week, measure: str, who: TeamMember) -> str:
    """Return where a figure of the week opens."""
    return figure_address(measure, "csm", who.key, as_of=shown.run.as_of)


def _sentence(
    last: SevenWeek | None, pace: Pace, who: TeamMember, *, is_own: bool, opened: str
) -> tuple[Part, ...]:
    name = "You" if is_own else who.name
    held, ceiling = (last.figure("strategic"), last.figure("ceiling")) if last else (NOTHING, NOTHING)
    if held.value is None or ceiling.value is None:
        return (f"{name} {'have' if is_own else 'has'} no ceiling this week.",)
    calls = Figure("strategic", held.value, "share", opened, f"{held.count}")
    noun = plural(held.count, "strategic interaction", "strategic interactions")
    so = f"; over the ceiling for {pace.weeks_over} weeks running" if pace.weeks_over > 1 else ""
    return (f"{name} held ", calls, f" {noun} this week; {ceiling.value:g} can be held well{so}.")


def _shown(each: SevenWeek, name: str, least: int) -> float | None:
    """Return a figure of a week; quality only of enough scored calls."""
    found = each.figure(name)
    return None if name == "quality" and found.count < least else found.value


def _row(shown: Week, who: TeamMember, each: SevenWeek, least: int) -> dict[str, Any]:
    """Return a week's cells; those of the week that is shown open into their rows."""
    is_shown = each.as_of == shown.run.as_of
    cells = [
        (label, Figure(name, _shown(each, name, least), unit, _opened(shown, name, who) if is_shown else ""))
        for name, label, unit, _ in SHOWN
    ]
    return {"as_of": each.as_of, "cells": cells, "away": each.figure("present").value == 0, "opens": is_shown}


def _lines(
    found: tuple[SevenWeek, ...], pace: Pace, least: int
) -> list[tuple[str, tuple[float | None, ...], str, str]]:
    """Return what is charted: its name, its weeks, oldest first, its unit, what it is."""
    goes = "" if pace.slope is None else f"; {pace.slope:+.3f} a week lately".replace("-", "\u2212")
    return [
        (
            label,
            tuple(_shown(each, name, least) for each in found),
            unit,
            f"{hint}{goes if name == 'sentiment' else ''}",
        )
        for name, label, unit, hint in SHOWN
    ]


def _sheet(shown: Week, who: TeamMember, found: tuple[SevenWeek, ...]) -> Sheet:
    rows = [
        [
            who.key, who.name, each.as_of, *(each.figure(name).value for name, *_ in SHOWN),
            each.figure("strategic").count, each.figure("ceiling").value, each.figure("present").value,
            shown.run.policy_version,
        ]
        for each in found
    ]  # fmt: skip
    return Sheet(f"seven-{shown.run.as_of.isoformat()}", SHEET, rows)
