"""Openings on pages: those under way, one with what became of it, the pipeline, the form that opens one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenbook.book.queries import colleagues_here
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.expansion.actions.opening import Wanted, open_for
from evenbook.expansion.actions.working import currencies, give, move, release
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.openings import (
    LATE,
    OPEN,
    ROLES,
    SHOWN,
    SOURCES,
    Clock,
    OpeningRow,
    OpeningsWanted,
    events_of,
    how_many_openings,
    opening,
    openings,
)
from evenbook.expansion.queries.pipeline import ALL, BY, TITLES, Group, title_of, within
from evenbook.expansion.queries.pipeline import pipeline as pipeline_of
from evenbook.expansion.rules.moving import CALLED, ENDS, WON, Move
from evenbook.expansion.web.back import back_to
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Choice, Column, Filter, Listing

MOST_DIGITS = 15
COLUMNS = (
    Column("account", "Account", sorts=False),
    Column("what", "What, and who opened it", sorts=False),
    Column("state", "Stands", sorts=False),
    Column("owner", "Closes", sorts=False),
    Column("next", "Next", sorts=False),
)
SHEET = (
    SheetColumn("id", "whole"), SheetColumn("account"), SheetColumn("account_name"), SheetColumn("product"),
    SheetColumn("wants"), SheetColumn("opener_role"), SheetColumn("source"), SheetColumn("opened_by"),
    SheetColumn("opened_at", "instant"), SheetColumn("note"), SheetColumn("contact"),
    SheetColumn("owner_name"), SheetColumn("state"), SheetColumn("held", "flag"),
    SheetColumn("answer_due_on", "day"), SheetColumn("answered_at", "instant"),
    SheetColumn("closed_at", "instant"), SheetColumn("amount", "number"), SheetColumn("currency"),
    SheetColumn("reason"),
)  # fmt: skip


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what is under way, what waits first, and the pipeline; or download the openings."""
    viewer = asking(request)
    clock = clock_now(viewer, timezone.now())
    filters = _filters(viewer)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="account")
    wanted = OpeningsWanted(
        state=ask.get("state"),
        role=ask.get("role"),
        source=ask.get("source"),
        product=ask.get("product"),
        owner=ask.get("owner"),
    )
    if ask.export:
        return download(_sheet(openings(viewer, clock, wanted=wanted)), ask.export)
    shown = wanted if wanted.state else replace(wanted, state=OPEN)
    total = how_many_openings(viewer, clock, wanted=shown)
    listing = Listing("openings", SHOWN[shown.state], COLUMNS, ask, total, filters, noun="opening")
    start = max(listing.first - 1, 0)
    found = pipeline_of(viewer, clock, until=timezone.now())
    context = {
        "listing": listing,
        "rows": openings(viewer, clock, wanted=shown, offset=start, limit=PAGE_SIZE),
        "currencies": currencies(),
        "pipeline": found,
        "lines": [_line(each, clock) for each in (found.all, *found.groups)],
        "currency": clock.policy.of(OrganizationNumbers).currency,
        "sentence": _sentence(viewer, clock),
    }
    return render(request, "expansion/openings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show an opening with what became of it; move it on, give it on or release it with what was posted."""
    viewer = asking(request)
    clock = clock_now(viewer, timezone.now())
    _found(viewer, clock, number)
    if request.method != "POST":
        return _one(request, viewer, clock, number)
    try:
        said = DOES.get(request.POST.get("do", ""), _moved)(request, viewer, number)
    except EvenbookError as refused:
        return _one(request, viewer, clock, number, said=f"{refused.what} {refused.fix}", status=422)
    messages.success(request, said)
    return redirect(back_to(request, address("opening", number)))


@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """Open what was posted, and go back to where it was seen."""
    viewer, given = asking(request), request.POST
    wanted = Wanted(
        source=given.get("source", ""),
        role=given.get("role", ""),
        product=given.get("product", ""),
        note=given.get("note", ""),
        contact=given.get("contact", ""),
        about=given.get("about", ""),
        wants=given.get("wants", "") or "expansion",
    )
    back = back_to(request, address("expansion"))
    try:
        opened = open_for(
            given.get("account", ""), wanted, key=given.get("key", ""), by=viewer, now=timezone.now()
        )
    except EvenbookError as refused:
        messages.error(request, f"Nothing was opened. {refused.what} {refused.fix}")
        return redirect(back)
    whose = f"{opened.owner} takes it to yes or no" if opened.owner else "nobody is there to close it yet"
    held = "; it is held until the save is closed" if opened.held else ""
    messages.success(request, f"Opened: {whose}{held}.")
    return redirect(back)


@require_GET
def group(request: HttpRequest) -> HttpResponse:
    """Show the openings behind one line of the pipeline."""
    viewer = asking(request)
    clock = clock_now(viewer, timezone.now())
    by, of = request.GET.get("by", ALL), request.GET.get("of", "")
    if by not in BY:
        raise Http404("There is no such split.")
    stood = within(viewer, clock, until=timezone.now(), by=by, of=of)
    names = {each.id: each for each in openings(viewer, clock, wanted=OpeningsWanted())}
    context = {
        "title": title_of(viewer, by, of),
        "by": TITLES[by],
        "rows": [(names[each.fact.id], each, CALLED[each.state], each.state in ENDS) for each in stood],
        "ended": [each for each in stood if each.state in ENDS],
        "won": [each for each in stood if each.state == WON],
        "cents": sum(each.amount_cents or 0 for each in stood if each.state == WON),
        "rate": _rate_of(stood),
        "currency": clock.policy.of(OrganizationNumbers).currency,
    }
    return render(request, "expansion/group.html", context)


def _rate_of(stood: list[Any]) -> float | None:
    ended = [each for each in stood if each.state in ENDS]
    return sum(each.state == WON for each in ended) / len(ended) if ended else None


def _moved(request: HttpRequest, viewer: Viewer, number: int) -> str:
    given = request.POST
    amount, currency = given.get("amount", "").strip(), given.get("currency", "")
    wanted = Move(given.get("to", ""), cents_of(amount), currency, given.get("reason", ""))
    move(number, wanted, by=viewer, now=timezone.now())
    return f"{CALLED[wanted.to]}."


def _given(request: HttpRequest, viewer: Viewer, number: int) -> str:
    given = request.POST
    give(number, given.get("person", ""), given.get("reason", ""), by=viewer, now=timezone.now())
    return "It is given on."


def _released(request: HttpRequest, viewer: Viewer, number: int) -> str:
    release(number, request.POST.get("reason", ""), by=viewer, now=timezone.now())
    return "It is released: its owner may reach out."


DOES: dict[str, Callable[[HttpRequest, Viewer, int], str]] = {
    "move": _moved,
    "give": _given,
    "release": _released,
}


def cents_of(text: str) -> int | None:
    """Return an amount that somebody typed, in minor units; None where nothing was typed.

    Raises:
        AmountRefused: it is no amount.
    """
    plain = text.replace(",", "").replace(" ", "").replace("\u00a0", "")
    if not plain:
        return None
    whole, _, rest = plain.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= MOST_DIGITS):
        raise AmountRefused(f"'{text[:30]}' is no amount.", fix="Write it like 12000 or 12000.50.")
    if rest and not (rest.isascii() and rest.isdigit() and len(rest) <= 2):
        raise AmountRefused(f"'{text[:30]}' is no amount.", fix="Write it like 12000 or 12000.50.")
    return int(whole) * 100 + int((rest or "0").ljust(2, "0"))


class AmountRefused(EvenbookError):
    """What was typed as an amount is none."""

    kind = "amount-refused"
    status = 422


def _one(
    request: HttpRequest, viewer: Viewer, clock: Clock, number: int, *, said: str = "", status: int = 200
) -> HttpResponse:
    row = _found(viewer, clock, number)
    context = {
        "row": row,
        "events": events_of(viewer, number),
        "said": said,
        "typed": request.POST if said else {},
        "currencies": currencies(),
        "people": colleagues_here(viewer, clock.today) if row.may_lead else (),
        "back": address("opening", number),
    }
    return render(request, "expansion/opening.html", context, status=status)


def _found(viewer: Viewer, clock: Clock, number: int) -> OpeningRow:
    found = opening(viewer, clock, number) if number < 2**62 else None
    if found is None:
        raise Http404("No opening of this number that you may see.")
    return found


def _filters(viewer: Viewer) -> tuple[Filter, ...]:
    shown = tuple(Choice(*each) for each in SHOWN.items() if each[0] != OPEN)
    return (
        Filter("state", "Stands", shown, any_label=SHOWN[OPEN]),
        Filter("role", "Opener", tuple(Choice(*each) for each in ROLES.items())),
        Filter("source", "Source", tuple(Choice(*each) for each in SOURCES.items()), is_more=True),
        Filter("product", "Product", kind="text", is_more=True),
        Filter("owner", "Closer's key, or nobody", kind="text", is_more=True),
    )


def _line(each: Group, clock: Clock) -> dict[str, Any]:
    """Return a line of the pipeline: its group, and its figures, each opening into its rows."""
    asked = urlencode({"by": each.by, "of": "" if each.by == ALL else each.of})
    href = f"{address('expansion-pipeline')}?{asked}"
    currency = clock.policy.of(OrganizationNumbers).currency
    return {
        "group": each,
        "split": TITLES[each.by],
        "opened": Figure("openings", each.rate.opened, "count", href),
        "ended": Figure("ended", each.rate.ended, "count", href),
        "won": Figure("won", each.rate.won, "count", href),
        "rate": Figure("close-rate", each.rate.value, "share", href),
        "cents": Figure("won-amount", each.rate.won_cents, "money", href, currency=currency),
    }


def _sentence(viewer: Viewer, clock: Clock) -> tuple[Part, ...]:
    waiting = how_many_openings(viewer, clock, wanted=OpeningsWanted(state="opened"))
    over = how_many_openings(viewer, clock, wanted=OpeningsWanted(state=LATE))
    here = address("expansion")
    if not waiting:
        return ("No opening waits for a first answer.",)
    first = counted(waiting, "openings", href=f"{here}?state=opened", start=True)
    wait = f" {plural(waiting, 'opening waits', 'openings wait')} for a first answer"
    if not over:
        return (first, f"{wait}, none past its day.")
    return (first, f"{wait}, ", counted(over, "openings", href=f"{here}?state={LATE}"), " past the day.")


def _sheet(rows: tuple[OpeningRow, ...]) -> Sheet:
    cells = [
        [
            row.id, row.account_key, row.account_name, row.product, row.wants, row.role, row.source,
            row.opened_by, row.opened_at, row.note, row.contact, row.owner_name, row.state, row.is_held,
            row.due_on, row.answered_at, row.closed_at,
            None if row.amount_cents is None else row.amount_cents / 100, row.currency, row.reason,
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet("openings", SHEET, cells)
