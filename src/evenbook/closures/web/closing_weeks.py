"""A person's weeks of closing: what opened, what was closed, what stayed open, whether a warning holds."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.book.queries import TeamMember, me, member
from evenbook.closures.queries.closing_weeks import Closing, closings
from evenbook.closures.rules.warning import SAID, ClosingWeek
from evenbook.decisions.queries import open_about
from evenbook.decisions.rules import EARLY_WARNING
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.tables import Ask, Column, Listing

COLUMNS = tuple(
    Column(key, label, is_number=key != "week", sorts=False, hint=hint)
    for key, label, hint in (
        ("week", "Week up to", ""),
        ("opened", "Opened", "Loops that opened"),
        ("closed", "Closed", "By an artifact, without those acknowledged in a batch"),
        ("late", "of them late", "Due in a week before"),
        ("batch", "In a batch", "Reviews acknowledged together, counted apart"),
        ("overdue", "Overdue", "Loops past due and open at the end of the week"),
        ("follow_ups", "Follow-ups overdue", "Promised in artifacts, past due and not done"),
        ("unfinished", "Unfinished", "Overdue loops and follow-ups"),
        ("share", "Missing share", "Of the loops due in the last weeks, those that nothing had closed"),
    )
)
SHEET = (
    SheetColumn("person"), SheetColumn("person_name"), SheetColumn("week_up_to", "day"),
    *(SheetColumn(name, "whole") for name in ("opened", "closed", "closed_late", "batch", "overdue")),
    SheetColumn("follow_ups_overdue", "whole"), SheetColumn("due", "whole"), SheetColumn("missing", "whole"),
    SheetColumn("missing_share", "number"), SheetColumn("away", "flag"),
    SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def closing_weeks(request: HttpRequest, key: str) -> HttpResponse:
    """Show a person's last weeks to them and to those who may see their load, or download them."""
    viewer = asking(request)
    who = member(viewer, key)
    if who is None:
        raise Http404("No person of this name whose weeks you may see.")
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "what opened, what was closed and what stayed open, week by week"
        return render(request, "runs/no_run.html", {"page": "Closing weeks", "what": what})
    found = closings(viewer, shown, [who.id]).get(who.id)
    ask = Ask.of(request.GET, columns=COLUMNS, sort="week")
    if ask.export:
        return download(_sheet(shown, who, found), ask.export)
    own = me(viewer)
    is_own = own is not None and own.id == who.id
    weeks = tuple(reversed(found.weeks)) if found else ()
    context = {
        "week": shown,
        "who": who,
        "is_own": is_own,
        "closing": found,
        "weeks": weeks,
        "lines": _lines(found) if found else (),
        "listing": Listing("closing-weeks", "Each week at its end", COLUMNS, ask, len(weeks), noun="week"),
        "decision": open_about(viewer, EARLY_WARNING, who.id) if shown.asked is None else None,
        "sentence": _sentence(found, who, is_own=is_own),
    }
    return render(request, "closures/closing_weeks.html", context)


def _sentence(found: Closing | None, who: TeamMember, *, is_own: bool) -> str:
    """Say whether a warning holds; that a share is up for the first week is for the person alone."""
    whose = "Your" if is_own else f"{who.name}’s"
    if found is None:
        return f"{'You owe' if is_own else f'{who.name} owes'} no loop, and owed none in these weeks."
    if found.warns:
        return f"{whose} {SAID.replace('Load', 'load is')}"
    if found.is_first and is_own:
        return "More stays unwritten than usual, for the first week. Nobody else is told yet."
    return f"No warning holds for {'you' if is_own else who.name}."


def _lines(found: Closing) -> tuple[tuple[str, tuple[float | None, ...], str, str], ...]:
    """Return what is charted: its name, its weeks, oldest first, its unit, what it is compared with."""
    stands = found.standing
    whose = "own weeks before" if stands.is_own else "same tiers elsewhere"
    base = (
        f"{whose}: {100 * stands.base:.0f}%" if stands.base is not None else "nothing to hold it against yet"
    )
    weeks = found.weeks
    return (
        ("Missing share", tuple(each.share for each in weeks), "share", base),
        ("Overdue loops", _of(weeks, "overdue"), "count", f"a warning above {found.overdue_limit}"),
        ("Unfinished", _of(weeks, "unfinished"), "count", f"reference line: {found.unfinished_line}"),
        ("Opened", _of(weeks, "opened"), "count", ""),
        ("Closed", _of(weeks, "closed"), "count", f"reference line: about {found.clean_closures} a week"),
    )


def _of(weeks: tuple[ClosingWeek, ...], name: str) -> tuple[float | None, ...]:
    return tuple(None if each.is_away else float(getattr(each, name)) for each in weeks)


def _sheet(shown: Week, who: TeamMember, found: Closing | None) -> Sheet:
    rows = [
        [
            who.key, who.name, each.as_of, each.opened, each.closed, each.late, each.batch, each.overdue,
            each.follow_ups, each.due, each.missing, each.share, each.is_away, shown.run.policy_version,
        ]
        for each in (found.weeks if found else ())
    ]  # fmt: skip
    return Sheet(f"closing-weeks-{shown.run.as_of.isoformat()}", SHEET, rows)
