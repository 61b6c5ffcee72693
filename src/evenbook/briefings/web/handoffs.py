"""The list of handoffs, and one of them with its accounts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenbook.book.access import may_act_for, may_move_accounts, opened
from evenbook.book.queries import colleagues_here, me
from evenbook.briefings.files import FORMATS
from evenbook.briefings.queries.handoffs import (
    HandoffRow,
    handoff,
    handoffs,
    how_many_handoffs,
    how_many_under_way,
    median_days,
    to_do,
)
from evenbook.briefings.queries.notes import note_begun
from evenbook.briefings.queries.passing import (
    Passed,
    PassingWanted,
    how_many_passing,
    passed,
    passing,
    receivers_of,
)
from evenbook.briefings.queries.plans import today_of
from evenbook.briefings.rules.standing import STANDINGS
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, number_word, plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Choice, Column, Filter, Listing

COLUMNS = (
    Column("account", "Account"),
    Column("receiver", "Receives"),
    Column("brief", "Written", sorts=False),
    Column("confirmed", "Confirmed"),
)
OF_LIST = (
    Column("giver", "Hands over", sorts=False),
    Column("reason", "Why", sorts=False),
    Column("first", "From", sorts=False),
    Column("receiver", "Receives", sorts=False),
    Column("confirmed", "Confirmed", is_number=True, sorts=False),
    Column(
        "days", "Days", is_number=True, sorts=False, hint="From the announcement to the last confirmation"
    ),
    Column("state", "State", sorts=False),
)
SHEET = (
    SheetColumn("account"),
    SheetColumn("account_name"),
    SheetColumn("receiver"),
    SheetColumn("receiver_name"),
    SheetColumn("role"),
    SheetColumn("standing"),
    SheetColumn("confirmed_at", "instant"),
    SheetColumn("confirmed_by"),
)
TONES = {"confirmed": "good", "ready": "warn", "elsewhere": "bad"}
STATE_TONES = {"done": "good", "under_way": "warn"}
MOST_CHOICES = 300
"""People among whom a row lets one choose; of more, each row would be longer than its page."""


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Show the handoffs that the viewer may see."""
    viewer = asking(request)
    ask = Ask.of(request.GET, columns=OF_LIST, sort="first")
    total = how_many_handoffs(viewer)
    listing = Listing(
        "handoffs", "Handoffs, those under way first", OF_LIST, ask, total, exports=False, noun="handoff"
    )
    rows = handoffs(viewer, offset=(listing.page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    person, under_way = me(viewer), how_many_under_way(viewer)
    noun = plural(under_way, "handoff is", "handoffs are")
    context = {
        "listing": listing,
        "rows": [(each, STATE_TONES.get(each.state, "quiet")) for each in rows],
        "to_do": to_do(viewer, person.id) if person else (),
        "median": median_days(viewer),
        "sentence": f"{number_word(under_way, start=True)} {noun} under way.",
        "may_start": viewer.may_write,
    }
    return render(request, "briefings/handoffs.html", context)


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far a handoff is, account by account."""
    viewer = asking(request)
    shown = found(viewer, number)
    receivers = receivers_of(viewer, shown)
    filters = (
        Filter("q", "Name", kind="text"),
        Filter("receiver", "Receives", tuple(Choice(key, name) for key, name, _ in receivers)),
        Filter("status", "Confirmed", (Choice("confirmed", "Confirmed"), Choice("open", "Not yet"))),
    )
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="confirmed")
    wanted = PassingWanted(
        text=ask.get("q"),
        receiver=ask.get("receiver"),
        status=ask.get("status"),
        sort=ask.sort,
        descending=ask.descending,
    )
    last = week(viewer)
    if ask.export:
        rows = passed(viewer, last, shown, passing(viewer, shown, wanted), now=timezone.now())
        return download(_sheet(shown, rows), ask.export)
    caption = f"What {shown.giver_name} hands over, what is not confirmed first"
    total = how_many_passing(viewer, shown, wanted)
    listing = Listing("handoff", caption, COLUMNS, ask, total, filters, noun="account")
    page = passing(viewer, shown, wanted, offset=(listing.page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    rows = passed(viewer, last, shown, page, now=timezone.now())
    context = {
        **row_context(viewer, shown, last, rows),
        "listing": listing,
        "views": views_of(viewer, "handoff"),
        "receivers": receivers,
        "sentence": sentence_of(shown),
        "formats": tuple(FORMATS),
        "note": note_begun(viewer, last, shown, now=timezone.now()) if last else shown.note,
    }
    return render(request, "briefings/handoff.html", context)


def row_context(viewer: Viewer, shown: HandoffRow, last: Week | None, rows: list[Passed]) -> dict[str, Any]:
    """Return what the rows of a handoff's accounts take."""
    person = me(viewer)
    may_arrange = may_act_for(viewer, shown.giver_id)
    people = colleagues_here(viewer, shown.first_on) if may_arrange and not shown.called_off_at else ()
    open_ones = opened(viewer, (row.of.account_id for row in rows)).heirs
    is_mine = {
        row.of.id: bool(person and viewer.may_write and row.of.receiver_id == person.id) for row in rows
    }
    return {
        "handoff": shown,
        "week": last,
        "rows": [
            {
                "row": row,
                "is_mine": is_mine[row.of.id],
                "is_open": row.of.account_id in open_ones and last is not None,
                "tone": TONES.get(row.standing, "quiet"),
                "word": STANDINGS[row.standing],
            }
            for row in rows
        ],
        "mine": sum(is_mine.values()),
        "is_giver": bool(person and person.id == shown.giver_id),
        "may_arrange": may_arrange,
        "may_call_off": may_move_accounts(viewer, [shown.giver_id]) if shown.is_role else may_arrange,
        "people": [each for each in people if each.id != shown.giver_id][:MOST_CHOICES],
        "today": today_of(viewer, timezone.now()),
    }


def found(viewer: Viewer, number: int) -> HandoffRow:
    """Return a handoff that the viewer may see, else answer that there is none."""
    shown = handoff(viewer, number)
    if shown is None:
        raise Http404("No handoff of this number that you may see.")
    return shown


def sentence_of(shown: HandoffRow) -> tuple[Part, ...]:
    """Return how far a handoff is, in a sentence."""
    accounts = counted(shown.accounts, "handed", href="#accounts")
    noun, what = plural(shown.accounts, "account"), "a role on " if shown.is_role else ""
    start = (f"{shown.giver_name} hands {what}", accounts, f" {noun} over from {day_text(shown.first_on)}")
    if shown.called_off_at:
        return (f"The handoff of {shown.giver_name} from {day_text(shown.first_on)} was called off.",)
    if shown.done_on:
        days = Figure("days", shown.days, "count", "#accounts")
        return (*start, "; all are confirmed, after ", days, f" {plural(shown.days or 0, 'day')}.")
    said = number_word(shown.confirmed) if shown.confirmed else "none"
    confirmed = Figure("confirmed", shown.confirmed, "count", "#accounts", said)
    verb = "are" if shown.confirmed > 1 else "is"
    return (*start, "; ", confirmed, f" {verb} confirmed so far.")


def _sheet(shown: HandoffRow, rows: list[Passed]) -> Sheet:
    listed = [
        [
            row.of.account_key,
            row.of.account_name,
            row.of.receiver_key,
            row.of.receiver_name,
            row.of.role,
            row.standing,
            row.of.confirmed_at,
            row.of.confirmed_by,
        ]
        for row in rows
    ]
    return Sheet(f"handoff-{shown.id}-accounts", SHEET, listed)
