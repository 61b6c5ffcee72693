"""Reviews as those who send them see them: batches, coverage of the base, raised hands; one batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenbook.book.queries import members, teams_seen
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions import deciding, links
from evenbook.reviews.actions.drawing import Chosen, draw_up
from evenbook.reviews.jobs import DRAWING, SENDING
from evenbook.reviews.queries.batches import (
    BatchRow,
    ReviewRow,
    batch,
    batches,
    hands,
    how_many_hands_wait,
    how_many_reviews,
    may_draw_up,
    reviews_of,
)
from evenbook.reviews.queries.coverage import reviewed, reviewed_accounts
from evenbook.reviews.queries.written import master
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week, week, worker_is_here
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

TIERS = ("1", "2", "3", "4")
WHAT = "the business reviews that customers read without a meeting"
PAGE = 100
STATES = (
    Choice("sample", "In the sample"), Choice("ready", "Ready"), Choice("held", "Held back"),
    Choice("sent", "Mailed"), Choice("made", "Made, not mailed"), Choice("opened", "Opened"),
    Choice("hands", "Hand raised"), Choice("dropped", "Cancelled"),
)  # fmt: skip
FILTERS = (Filter("state", "Show", STATES, any_label="All"), Filter("text", "Account", kind="text"))
COLUMNS = (
    Column("account", "Account", sorts=False),
    Column("state", "State", sorts=False),
    Column("reader", "Goes to", sorts=False),
    Column("slides", "Slides", is_number=True, sorts=False),
    Column("opened", "Opened", is_number=True, sorts=False, hint="On how many days"),
    Column("hand", "Hand raised", sorts=False),
)
SHEET = (
    SheetColumn("account"), SheetColumn("account_name"), SheetColumn("state"), SheetColumn("slides", "whole"),
    SheetColumn("goes_to_name"), SheetColumn("goes_to"), SheetColumn("held_by"), SheetColumn("override"),
    SheetColumn("overridden_by"), SheetColumn("done_at", "instant"), SheetColumn("why"),
    SheetColumn("opened_days", "whole"), SheetColumn("hand"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def every(request: HttpRequest) -> HttpResponse:
    """List batches, raised hands and how much of the base was reviewed; draw a new batch up."""
    viewer = asking(request)
    shown = week(viewer)
    if shown is None:
        return render(request, "runs/no_run.html", {"page": "Reviews", "what": WHAT})
    if request.method != "POST":
        return render(request, "reviews/every.html", _every(viewer, shown))
    given = {name: request.POST.get(name, "").replace("\x00", "")[:200] for name in ("tier", "owner", "team")}
    title = request.POST.get("title", "").replace("\x00", "")[:120]
    try:
        chosen = Chosen(**{**given, "tier": given["tier"] if given["tier"] in TIERS else ""})
        number = draw_up(chosen, week=shown, by=viewer, now=timezone.now(), title=title, work=DRAWING)
    except EvenbookError as refused:
        said = f"{refused.what} {refused.fix}"
        context = {**_every(viewer, shown), "said": said, "given": {**given, "title": title}}
        return render(request, "reviews/every.html", context, status=refused.status)
    messages.success(request, "The reviews are being drawn up.")
    return redirect("reviews-batch", number)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """List the accounts of the base with their last review."""
    viewer, now = asking(request), timezone.now()
    shown = week(viewer)
    if shown is None:
        return render(request, "runs/no_run.html", {"page": "Reviews", "what": WHAT})
    found = reviewed(viewer, shown, now=now)
    rows = reviewed_accounts(viewer, shown, now=now)
    return render(request, "reviews/coverage.html", {"week": shown, "found": found, "rows": rows})


@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show a batch with its reviews, or download its log."""
    viewer = asking(request)
    found = _found(viewer, number)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=FILTERS, sort="account")
    state, text = ask.get("state"), ask.get("text")
    if ask.export:
        return download(_sheet(found, reviews_of(viewer, number, state=state, text=text)), ask.export)
    total = how_many_reviews(viewer, number, state=state, text=text)
    listing = Listing("reviews", f"Reviews of {found.title}", COLUMNS, ask, total, FILTERS, size=PAGE)
    context = {
        "batch": found,
        "sentence": _sentence(found),
        "rows": reviews_of(
            viewer, number, state=state, text=text, offset=(listing.page - 1) * PAGE, limit=PAGE
        ),
        "sample": [each for each in reviews_of(viewer, number, state="sample")],
        "listing": listing,
        "hands": hands(viewer, batch_number=number),
        "may": may_draw_up(viewer),
        "has_worker": worker_is_here(viewer, now=timezone.now()),
    }
    return render(request, "reviews/batch.html", context)


@require_POST
def approve_batch(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a batch, and let it be sent."""

    def does() -> str:
        going = deciding.approve(number, by=asking(request), now=timezone.now(), work=SENDING)
        return f"Approved: {going} {plural(going, 'review is', 'reviews are')} on the way."

    return _done(request, number, does)


@require_POST
def cancel_batch(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel what has not gone out."""

    def does() -> str:
        dropped = deciding.cancel(number, by=asking(request), now=timezone.now())
        return f"Cancelled: {dropped} {plural(dropped, 'review does', 'reviews do')} not go out."

    return _done(request, number, does)


@require_POST
def end_links(request: HttpRequest, number: int) -> HttpResponse:
    """End every link of a batch."""

    def does() -> str:
        ended = links.revoke_all(number, by=asking(request), now=timezone.now())
        return f"{ended} {plural(ended, 'link has', 'links have')} ended."

    return _done(request, number, does)


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a raised hand was answered."""
    try:
        links.answer_hand(number, by=asking(request), now=timezone.now())
    except EvenbookError as refused:
        if refused.status == 404:
            raise Http404(refused.what) from refused
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, "The hand is answered.")
    return redirect("reviews")


def _done(request: HttpRequest, number: int, does: Callable[[], str]) -> HttpResponse:
    _found(asking(request), number)
    try:
        messages.success(request, does())
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    return redirect("reviews-batch", number)


def _found(viewer: Viewer, number: int) -> BatchRow:
    found = batch(viewer, number)
    if found is None:
        raise Http404("No batch of this number that you may see.")
    return found


def _every(viewer: Viewer, shown: Week) -> dict[str, Any]:
    now = timezone.now()
    found = reviewed(viewer, shown, now=now)
    people = members(viewer)
    return {
        "week": week_asked(viewer, None),
        "sentence": _covered(found.accounts, found.went, found.days),
        "found": found,
        "batches": batches(viewer),
        "hands": hands(viewer),
        "waiting": how_many_hands_wait(viewer),
        "may": may_draw_up(viewer),
        "tiers": TIERS,
        "teams": teams_seen(viewer),
        "owners": [each for each in people if each.is_person],
        "master": master(viewer),
        "given": {},
    }


def _covered(accounts: int, went: int, days: int) -> tuple[Part, ...]:
    if not accounts:
        return ("There is no account to review.",)
    where = address("reviews-coverage")
    share = Figure("reviewed", went / accounts, "share", where)
    return (share, f" of the base had a review in the last {days} days: ", counted(went, "went", href=where),
            f" {plural(went, 'account')}.")  # fmt: skip


def _sentence(found: BatchRow) -> tuple[Part, ...]:
    counts, here = found.counts, address("reviews-batch", found.id)

    def of(name: str, count: int, *, start: bool = False) -> Figure:
        return counted(count, name, href=f"{here}?state={name}", start=start)

    if found.state == "drawing":
        return ("The reviews are being drawn up.",)
    if found.waits:
        return (
            of("ready", counts.ready, start=True),
            " wait for approval, ",
            of("held", counts.held),
            " are held back.",
        )
    if found.state == "approved":
        wait = plural(counts.ready, " waits", " wait")
        return (of("ready", counts.ready, start=True), f"{wait} to go out.")
    if found.state == "cancelled":
        return (of("dropped", counts.dropped, start=True), " were cancelled.")
    raised = f" {plural(counts.hands, 'hand was', 'hands were')} raised."
    said = number_word(counts.opened, start=True) if counts.opened else "None"
    opened = Figure("opened", counts.opened, "count", f"{here}?state=opened", said)
    return (opened, f" of {counts.went} ", "were opened, ", of("hands", counts.hands), raised)


def _sheet(found: BatchRow, rows: tuple[ReviewRow, ...]) -> Sheet:
    cells = [
        [
            row.account_key, row.account_name, row.state_name, row.slides, row.reader_name, row.reader_mail,
            "; ".join(row.holds), row.override, row.overridden_by, row.done_at, row.why,
            row.opened_days, row.hand,
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet(f"reviews-{found.id}", SHEET, cells)
