"""Team week: who is over what they can sustain, what is not covered, the top of the sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.closures.queries.briefs import briefs_to_read
from evenbook.decisions.queries import DecisionsWanted, decisions, how_many_decisions
from evenbook.decisions.rules import OPEN
from evenbook.desk.queries.team_week import LOAD, Line, TeamWeek, paces_of, team_week
from evenbook.desk.web import links
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Ask, Column, Listing

PAGE = 50
MOST_DECISIONS = 4
"""More would push the team itself off the screen; the others are a click away."""

NAMES = {"nrr": "NRR", "grr": "GRR", "logo": "Logo retention"}
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
SHEET = (
    SheetColumn("kind"), SheetColumn("key"), SheetColumn("name"), SheetColumn("accounts", "whole"),
    SheetColumn("load_percent", "number"), SheetColumn("strategic", "whole"),
    SheetColumn("ceiling", "number"), SheetColumn("time_to_detect_days", "number"),
    SheetColumn("sentiment", "number"), SheetColumn("follow_ups_per_meeting", "number"),
    SheetColumn("unmonitored_ratio", "number"), SheetColumn("quality", "number"),
    SheetColumn("covered", "number"), SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip
SORTS = {
    "name": lambda line: line.name.lower(),
    "accounts": lambda line: line.accounts,
    "load": lambda line: line.load.value or 0,
    "strategic": lambda line: line.strategic.value or 0,
    "detect": lambda line: line.time_to_detect.value or 0,
    "sentiment": lambda line: line.sentiment.value or 0,
    "follow_ups": lambda line: line.follow_ups.value or 0,
    "unmonitored": lambda line: line.unmonitored.value or 0,
    "quality": lambda line: line.quality.value or 0,
    "covered": lambda line: line.covered.value or 0,
}


@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Show the team's week, or download its table."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "each person's load against what they can sustain, coverage, and the top of the hot sheet"
        return render(request, "runs/no_run.html", {"page": "Team week", "what": what})
    found = team_week(viewer, shown)
    columns = _columns(found)
    ask = Ask.of(request.GET, columns=columns, sort="-load")
    lines = sorted(found.lines, key=SORTS[ask.sort], reverse=ask.descending)
    if ask.export:
        return download(_sheet(shown, lines), ask.export)
    numbers = shown.policy.of(CapacityNumbers)
    listing = Listing("team-week", _caption(found, numbers), columns, ask, len(lines), size=PAGE, noun="row")
    context = {
        "week": shown,
        "team": found,
        "rows": _rows(viewer, shown, lines[max(listing.first - 1, 0) : listing.last]),
        "listing": listing,
        "sentence": _sentence(shown, found),
        "head": _head(shown, found),
        "numbers": numbers,
        "most": max(125.0, numbers.load_red_above),
        "titles": links.artifact_titles(shown),
        **_waiting(viewer, shown),
        "to_read": briefs_to_read(viewer, today=shown.today(timezone.now())),
    }
    return render(request, "desk/team_week.html", context)


def _waiting(viewer: Viewer, shown: Week) -> dict[str, Any]:
    """Return the first decisions that wait now and how many do, as far as the viewer may see them.

    Of a past day there are none.
    """
    if shown.asked is not None or viewer.role == "csm":
        return {"decisions": ()}
    wanted = DecisionsWanted(state=OPEN)
    first = decisions(viewer, wanted=wanted, limit=MOST_DECISIONS)
    count = how_many_decisions(viewer, wanted=wanted) if len(first) == MOST_DECISIONS else len(first)
    listed = f"{address('decisions')}?state={OPEN}"
    return {"decisions": first, "waiting": Figure("decisions", count, "count", listed)}


def _columns(found: TeamWeek) -> tuple[Column, ...]:
    return (
        Column("name", "CSM" if found.by == "csm" else "Team"),
        Column("accounts", "Accounts", is_number=True, starts_down=True),
        Column("load", "Load, % of capacity", starts_down=True, hint="Effort of the book ÷ capacity"),
        Column(
            "strategic", "Strategic ÷ ceiling", is_number=True, starts_down=True,
            hint="Strategic interactions held this week, and how many a week can be held well",
        ),
        Column(
            "detect", "Time to detect, days", is_number=True, starts_down=True,
            hint="From the first signal of a risk to somebody's answer; what is open counts",
        ),
        Column("sentiment", "Sentiment", starts_down=True, hint="Of this week's scored calls, and its weeks"),
        Column(
            "follow_ups", "Follow-ups per meeting", is_number=True, starts_down=True,
            hint="Action items per meaningful interaction",
        ),
        Column(
            "unmonitored", "Unmonitored", is_number=True, starts_down=True,
            hint="Share of accounts without a meaningful interaction in the days that policy gives",
        ),
        Column("quality", "Quality", is_number=True, starts_down=True, hint="Mean score of calls, 0 to 100"),
        Column("covered", "Covered", is_number=True, hint="Share of accounts with all required artifacts"),
    )  # fmt: skip


def _caption(found: TeamWeek, numbers: CapacityNumbers) -> str:
    whose = "person" if found.by == "csm" else "team"
    return f"The mark is the load that a {whose} should stay under: {numbers.load_green_below:g}%"


def _sentence(shown: Week, found: TeamWeek) -> tuple[Part, ...]:
    over, near = found.over, found.near
    noun = ("person", "people") if found.by == "csm" else ("team", "teams")
    if not found.lines:
        return ("No account is yours." if found.is_own else "No account has an owner yet.",)
    if found.is_own:
        return (_own_sentence(over, near),)
    if not over:
        so = f"; {number_word(len(near))} {'is' if len(near) == 1 else 'are'} near it" if near else ""
        return (f"{'Nobody' if found.by == 'csm' else 'No team'} is over what they can sustain{so}.",)
    count = number_word(len(over), start=True)
    weeks = max(line.weeks_over for line in over)
    running = (
        f"for the {ORDINALS.get(weeks, f'{weeks}th')} week{' or longer' if weeks >= found.weeks else ''}"
    )
    long = f"; one {running}" if weeks > 1 and len(over) > 1 else ""
    alone = f", {running}" if weeks > 1 and len(over) == 1 else ""
    verb = "is" if len(over) == 1 else "are"
    start = Figure("over", len(over), "count", "#people", count)
    return (start, f" {plural(len(over), *noun)} {verb} over what they can sustain{alone}{long}.")


def _own_sentence(over: tuple[Line, ...], near: tuple[Line, ...]) -> str:
    if over:
        weeks = over[0].weeks_over
        return f"You are over what you can sustain{f', for {weeks} weeks' if weeks > 1 else ''}."
    return f"You are within what you can sustain{', near its edge' if near else ''}."


def _head(shown: Week, found: TeamWeek) -> dict[str, Any]:
    first = found.tier_one
    share = Figure("covered", first.share, "share", links.coverage(shown, tier="1", whose=found.whose))
    spread = Figure("spread", found.spread, "points", "#people") if found.spread is not None else None
    accounts = Figure("accounts", found.accounts, "count", links.accounts(shown))
    retention = [
        (
            NAMES[name],
            Figure(name, each.value, "share", links.opened(shown, name, *found.retention_of)),
            found.targets[name],
        )
        for name, each in found.retention.items()
    ]
    expected = Figure(
        "expected", found.sheet.expected_cents, "money", links.sheet(shown), currency=shown.currency
    )
    missing = counted(
        first.uncovered, "accounts", href=links.coverage(shown, tier="1", coverage="gaps", whose=found.whose)
    )
    return {
        "share": share,
        "spread": spread,
        "accounts": accounts,
        "retention": retention,
        "expected": expected,
        "missing": missing,
        "first": Figure(
            "accounts", first.accounts, "count", links.coverage(shown, tier="1", whose=found.whose)
        ),
        "people": Figure("people", found.people, "count", "#people"),
    }


def _rows(viewer: Viewer, shown: Week, lines: list[Line]) -> list[dict[str, Any]]:
    """Return the lines of the page with their figures, and how their weeks run."""
    paces = paces_of(viewer, shown, lines)
    return [_figures(shown, line) | {"pace": paces.get(line.subject)} for line in lines]


def _figures(shown: Week, line: Line) -> dict[str, Any]:
    def opening(measure: str, value: float | None, unit: str) -> Figure:
        return Figure(measure, value, unit, links.opened(shown, measure, line.kind, line.key))

    filters = {"csm": {"owner": line.key}, "pool": {"owner": f"pool:{line.key}"}, "team": {"team": line.key}}
    return {
        "line": line,
        "name_href": address("seven", line.key) if line.kind == "csm" else "",
        "profile_href": address("profile", line.key) if line.kind == "csm" else "",
        "accounts": Figure("accounts", line.accounts, "count", links.accounts(shown, **filters[line.kind])),
        "in_roles": Figure("accounts", line.in_roles, "count", links.accounts(shown, role_of=line.key)),
        "load": opening(LOAD, line.load.value, "share"),
        "strategic": Figure(
            "strategic",
            line.strategic.value,
            "share",
            links.opened(shown, "strategic", line.kind, line.key),
            f"{line.strategic.count} of {line.ceiling.value or 0:g}",
        ),
        "detect": opening("time_to_detect", line.time_to_detect.value, "number"),
        "sentiment": opening("sentiment", line.sentiment.value, "number"),
        "follow_ups": opening("follow_ups", line.follow_ups.value, "number"),
        "quality": opening("quality", line.quality.value, "number"),
        "unmonitored": opening("unmonitored", line.unmonitored.value, "share"),
        "covered": opening("covered", line.covered.value, "share"),
    }


def _sheet(shown: Week, lines: list[Line]) -> Sheet:
    rows = [[*_cells(line), shown.run.as_of, shown.run.policy_version] for line in lines]
    return Sheet(f"team-week-{shown.run.as_of.isoformat()}", SHEET, rows)


def _cells(line: Line) -> list[Any]:
    load = None if line.load.value is None else 100 * line.load.value
    held = None if line.strategic.value is None else line.strategic.count
    figures = (
        line.ceiling, line.time_to_detect, line.sentiment, line.follow_ups, line.unmonitored, line.quality,
        line.covered,
    )  # fmt: skip
    return [line.kind, line.key, line.name, line.accounts, load, held, *(each.value for each in figures)]
