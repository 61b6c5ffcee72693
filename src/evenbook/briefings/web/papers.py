"""The pack of a handoff and the transfer brief of one account: read in the page, or taken away as a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from evenbook.book.access import opened
from evenbook.briefings.actions.announcing import NoSuchHandoff
from evenbook.briefings.files import FORMATS, paper
from evenbook.briefings.queries.assembled import assembled
from evenbook.briefings.queries.handoffs import HandoffRow
from evenbook.briefings.queries.passing import Passing, PassingWanted, passing
from evenbook.briefings.rules.pack import account_parts, overview, under
from evenbook.briefings.web.handoffs import found
from evenbook.documents.html import as_html_part
from evenbook.documents.parts import Document, PageBreak, Part
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import week
from evenbook.screens.exports import TakenAway, taken
from evenbook.screens.tables import Ask, Listing

PAGE = 25
"""Accounts on one page: what prints as so many sheets, and loads at once."""


@require_safe
def pack(request: HttpRequest, number: int) -> HttpResponse:
    """Show the pack of a handoff, or give it as a file."""
    viewer = asking(request)
    shown = found(viewer, number)
    last = week(viewer)
    if last is None:
        return render(request, "runs/no_run.html", {"page": "Handoff pack", "what": "each account on a page"})
    if request.GET.get("format"):
        return _file(request, viewer, shown)
    rows = _opened(viewer, shown)
    ask = Ask.of(request.GET, columns=(), sort="account")
    listing = Listing("pack", "", (), ask, len(rows), size=PAGE, exports=False, noun="account")
    first = (listing.page - 1) * PAGE
    ids = frozenset(row.id for row in rows[first : first + PAGE]) if first else frozenset()
    wanted = PassingWanted(sort="account", ids=ids)
    told = assembled(viewer, last, shown, now=timezone.now(), wanted=wanted)
    parts = [] if first else overview(told.head, told.accounts)
    for each in told.accounts[:PAGE]:
        parts += [PageBreak(), *account_parts(told.head, each)]
    context = {
        "handoff": shown,
        "listing": listing,
        "title": f"Handoff of {shown.giver_name}",
        "under": under(told.head),
        "formats": tuple(FORMATS),
        "pack": _written(shown, parts),
    }
    return render(request, "briefings/pack.html", context)


@require_safe
def brief(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Show the transfer brief of one account, or give it as a file."""
    viewer = asking(request)
    shown = found(viewer, number)
    last = week(viewer)
    if last is None:
        return render(
            request, "runs/no_run.html", {"page": "Transfer brief", "what": "one account on a page"}
        )
    if request.GET.get("format"):
        return _file(request, viewer, shown, key)
    try:
        made = paper(viewer, number, account=key, now=timezone.now())
    except NoSuchHandoff as refused:
        raise Http404(refused.what) from refused
    context = {
        "handoff": shown,
        "under": made.document.under,
        "title": made.document.title,
        "formats": tuple(FORMATS),
        "pack": _written(shown, list(made.document.parts)),
    }
    return render(request, "briefings/pack.html", context)


def _opened(viewer: Viewer, shown: HandoffRow) -> list[Passing]:
    """Return the accounts of a handoff that the viewer may open, in the order of the pack."""
    rows = passing(viewer, shown, PassingWanted(sort="account"))
    heirs = opened(viewer, (row.account_id for row in rows)).heirs
    return [row for row in rows if row.account_id in heirs]


def _written(shown: HandoffRow, parts: list[Part]) -> SafeString:
    """Return parts as HTML; their writer has escaped every text in them."""
    return SafeString(as_html_part(Document(f"Handoff of {shown.giver_name}", parts=parts)))


def _file(request: HttpRequest, viewer: Viewer, shown: HandoffRow, key: str = "") -> HttpResponse:
    kind = request.GET["format"]
    try:
        made = paper(viewer, shown.id, account=key, now=timezone.now())
        written = made.written(kind)
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
        return redirect("handoff", shown.id)
    response = HttpResponse(written, content_type=FORMATS[kind][0])
    response["Content-Disposition"] = f'attachment; filename="{made.name}.{kind}"'
    return taken(response, TakenAway(made.name, kind, made.accounts))
