"""The hot sheet: the accounts most at risk now, each with its reasons and their points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.book.access import answered_for, may_move_accounts, people_ids_seen_by
from evenbook.book.queries import members, pools
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.hotsheet.actions.marks import mark
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.queries import OfWhom, SheetRow, SheetTotals, left_since, sheet, sheet_totals
from evenbook.hotsheet.queries.replays import ReplayRow, newest_replay
from evenbook.hotsheet.queries.work import Work, came_of, ended_work, to_do, work_of
from evenbook.hotsheet.rules.cases import MARKS, SAID, TAKE_BACK
from evenbook.hotsheet.rules.told import compared, headline
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.actions import is_newest
from evenbook.runs.queries import Week, week, week_before
from evenbook.screens.clock import local_day
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

PAGE = 100
OVERFLOW = "overflow"
CHANGE = Column("change", "Since the last sheet", sorts=False)
COLUMNS = (
    Column("rank", "Rank", is_number=True),
    Column("account", "Account"),
    Column("reasons", "Why", sorts=False),
    Column("work", "Work", sorts=False, hint="The first action is due within a working day"),
    CHANGE,
    Column("points", "Points", is_number=True, starts_down=True, hint="Of 100"),
    Column("arr", "ARR", is_number=True, starts_down=True, hint="Yearly recurring revenue"),
    Column(
        "expected",
        "Expected at risk",
        is_number=True,
        starts_down=True,
        hint="ARR × the share that the points stand for",
    ),
)
SHEET = (
    SheetColumn("rank", "whole"),
    SheetColumn("account"),
    SheetColumn("account_name"),
    SheetColumn("owner_name"),
    SheetColumn("points", "number"),
    SheetColumn("arr", "number"),
    SheetColumn("expected_arr_at_risk", "number"),
    SheetColumn("currency"),
    SheetColumn("reasons"),
    SheetColumn("play"),
    SheetColumn("change"),
    SheetColumn("work"),
    SheetColumn("first_action_by", "day"),
    SheetColumn("first_action", "day"),
    SheetColumn("overflow"),
    SheetColumn("as_of", "day"),
    SheetColumn("policy_version", "whole"),
)

ENDED = 12


@require_GET
def hot_sheet(request: HttpRequest) -> HttpResponse:
    """Show the rows that the viewer may see, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "the accounts most at risk, with dated reasons and a first move for each"
        return render(request, "runs/no_run.html", {"page": "Hot sheet", "what": what})
    filters = _filters(viewer)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="rank")
    of = OfWhom(owner=ask.get("owner"), team=ask.get("team"), overflow=ask.get("fits") == OVERFLOW)
    if ask.export:
        rows = _rows(viewer, shown, ask, of=of)
        work = work_of(viewer, [row.account_id for row in rows], _up_to(shown))
        return download(_sheet(shown, rows, work), ask.export)
    totals, before = sheet_totals(viewer, shown.run.id, of=of), week_before(viewer, shown.run)
    columns = COLUMNS if before else tuple(each for each in COLUMNS if each is not CHANGE)
    listing = Listing("hot-sheet", _caption(shown), columns, ask, totals.rows, filters, size=PAGE, noun="row")
    rows = _rows(viewer, shown, ask, of=of, page=listing.page)
    day = _up_to(shown)
    accounts = [row.account_id for row in rows]
    work, mine = work_of(viewer, accounts, day), answered_for(viewer, accounts)
    context = {
        "week": shown,
        "rows": [(row, work.get(row.account_id), row.account_id in mine) for row in rows],
        "totals": totals,
        "to_do": to_do(viewer, shown.run.id, of=of, day=day, today=_today()),
        "is_newest": is_newest(shown.run.as_of),
        "came": came_of(viewer, day),
        "ended": ended_work(viewer, day, limit=ENDED),
        "replay": _told(newest_replay(viewer)),
        "marks": {name: MARKS[name] for name in MARKS if name != TAKE_BACK},
        "may_reassign": may_move_accounts(viewer, people_ids_seen_by(viewer)),
        "listing": listing,
        "views": views_of(viewer, "hot-sheet"),
        "left": left_since(viewer, shown.run.id, before.id) if before else (),
        "before": before,
        "titles": {row.term: row.title for row in shown.policy.of(HotsheetNumbers).terms},
        "sentence": _sentence(shown, totals),
    }
    return render(request, "hotsheet/hot_sheet.html", context)


@require_POST
def marked(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what somebody says of the work on an account, or say why it can't be."""
    choice = request.POST.get("mark", "")
    if choice not in MARKS:
        raise Http404
    try:
        name = mark(
            key,
            choice,
            by=asking(request),
            now=timezone.now(),
            day=_today(),
            note=request.POST.get("note", ""),
        ).account.name
    except EvenbookError as refused:
        if refused.status == 404:
            raise Http404 from refused
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, f"{name}: {SAID[choice]}.")
    return redirect(f"{address('hot-sheet')}#row-{key}")


def _told(replay: ReplayRow | None) -> str:
    return f"{headline(replay.fared)} {compared(replay.fared)}" if replay and replay.fared else ""


def _today() -> date:
    return local_day(timezone.now())


def _up_to(shown: Week) -> date:
    """Return the day as of which work is told: now of the newest sheet, of an earlier one its own."""
    return max(_today(), shown.run.as_of) if is_newest(shown.run.as_of) else shown.run.as_of


def _rows(viewer: Viewer, shown: Week, ask: Ask, *, of: OfWhom, page: int = 0) -> tuple[SheetRow, ...]:
    return sheet(
        viewer,
        shown.run.id,
        of=of,
        sort=ask.sort,
        descending=ask.descending,
        offset=(page - 1) * PAGE if page else 0,
        limit=PAGE if page else None,
    )


def _filters(viewer: Viewer) -> tuple[Filter, ...]:
    people = members(viewer)
    owners = [Choice(person.key, person.name) for person in people]
    queues = [Choice(f"pool:{pool.key}", pool.title) for pool in pools(viewer)]
    teams = [Choice(team, team) for team in sorted({person.team for person in people if person.team})]
    found = (
        Filter("owner", "Owner", (*owners, *queues, Choice("nobody", "Nobody"))),
        Filter("team", "Team", tuple(teams)),
        Filter("fits", "In the week", (Choice(OVERFLOW, "Does not fit"),)),
        Filter("as_of", "As of", kind="day"),
    )
    return tuple(each for each in found if each.choices or each.kind != "choice")


def _caption(shown: Week) -> str:
    return f"The accounts most at risk as of {day_text(shown.run.as_of)}, money in {shown.currency}"


def _sentence(shown: Week, totals: SheetTotals) -> tuple[Part, ...]:
    if not totals.rows:
        return ("Nothing is on the hot sheet.",)
    if not totals.expected_cents:
        start = counted(totals.rows, "rows", href="#sheet", start=True)
        return (start, f" {plural(totals.rows, 'account')} on the sheet, and no revenue expected at risk.")
    expected = Figure("expected", totals.expected_cents, "money", "#sheet", currency=shown.currency)
    rows = counted(totals.rows, "rows", href="#sheet")
    return (
        expected,
        f" {shown.currency} a year is expected at risk at ",
        rows,
        f" {plural(totals.rows, 'account')}.",
    )


def _sheet(shown: Week, rows: tuple[SheetRow, ...], work: Mapping[int, Work]) -> Sheet:
    last: list[Any] = [shown.run.as_of, shown.run.policy_version]
    cells = [
        [
            row.rank,
            row.account_key,
            row.account_name,
            row.owner_name,
            row.points,
            _major(row.arr_cents),
            _major(row.expected_cents),
            shown.currency,
            "; ".join(f"{reason.text} ({reason.points:g})" for reason in row.reasons),
            row.play,
            row.change,
            *_worked(work.get(row.account_id)),
            row.overflow_said,
            *last,
        ]
        for row in rows
    ]
    return Sheet(f"hot-sheet-{shown.run.as_of.isoformat()}", SHEET, cells)


def _worked(work: Work | None) -> list[Any]:
    return [work.title, work.due_on, work.acted_on] if work else ["", None, None]


def _major(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
