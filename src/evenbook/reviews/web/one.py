"""One review: what it says, its files, the sample, the hold, its links; and what an account's would say."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.book.access import answers_for
from evenbook.book.queries import account
from evenbook.capacity.queries import account_row
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions import deciding, links
from evenbook.reviews.decks import MEDIA_TYPES, file_of, file_of_review, master_of
from evenbook.reviews.jobs import new_token
from evenbook.reviews.queries.batches import ReviewRow, batch, deck, may_draw_up, review, reviews_of
from evenbook.reviews.queries.gathering import drawn_reviews
from evenbook.reviews.queries.written import master
from evenbook.reviews.web.customer import drawn
from evenbook.runs.queries import week
from evenbook.screens.exports import TakenAway, taken


@require_GET
def review_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a review of a batch as its reader will see it, with what can be done with it."""
    viewer = asking(request)
    found = _found(viewer, number)
    says = deck(viewer, number)
    of = batch(viewer, found.batch_id)
    waiting = [each for each in reviews_of(viewer, found.batch_id, state="sample") if each.looked_at is None]
    context = {
        "review": found,
        "batch": of,
        "deck": says,
        "slides": [(slide, drawn(slide.plot)) for slide in says.slides] if says else [],
        "may": may_draw_up(viewer),
        "may_link": answers_for(viewer, found.account_id) and found.state in {"sent", "made"},
        "waiting": len(waiting),
        "kinds": tuple(MEDIA_TYPES),
    }
    return render(request, "reviews/review.html", context)


@require_POST
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one has looked at a review of the sample, and go on to the next."""
    viewer = asking(request)
    found = _found(viewer, number)
    try:
        left = deciding.look_at(number, by=viewer, now=timezone.now())
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
        return redirect("review", number)
    if not left:
        messages.success(request, "The whole sample was looked at; the batch can be approved.")
        return redirect("reviews-batch", found.batch_id)
    sample = reviews_of(viewer, found.batch_id, state="sample")
    return redirect("review", next((each.id for each in sample if each.looked_at is None), number))


@require_POST
def let_go(request: HttpRequest, number: int) -> HttpResponse:
    """Override what holds a review back."""

    def does() -> str:
        reason = request.POST.get("reason", "").replace("\x00", "")
        deciding.override(number, reason, by=asking(request), now=timezone.now())
        return "It goes with the batch."

    return _done(request, number, does)


@require_POST
def link(request: HttpRequest, number: int) -> HttpResponse:
    """Make a new link and show it, this once."""
    viewer = asking(request)
    found = _found(viewer, number)
    secret = new_token()
    try:
        ends_at = links.new_link(number, secret=secret, by=viewer, now=timezone.now())
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
        return redirect("review", number)
    address = request.build_absolute_uri(f"{links.PATH}{secret}")
    answer = render(request, "reviews/link.html", {"review": found, "address": address, "ends_at": ends_at})
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def end_links(request: HttpRequest, number: int) -> HttpResponse:
    """End the links of a review."""

    def does() -> str:
        ended = links.revoke(number, by=asking(request), now=timezone.now())
        return f"{ended} ended." if ended else "No link was open."

    return _done(request, number, does)


@require_GET
def review_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Give a review as a file; that it was taken is recorded."""
    found = _found(asking(request), number)
    if kind not in MEDIA_TYPES:
        raise Http404("There is no such form.")
    try:
        made = file_of_review(found.id, kind)
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
        return redirect("review", number)
    return _file(made.name, made.media_type, made.contents, kind)


@require_GET
def account_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the review of an account would say now, or give it as a file; nothing is kept."""
    viewer = asking(request)
    shown, facts = week(viewer), account(viewer, key)
    row = account_row(viewer, shown.run.id, facts.id) if shown and facts else None
    if shown is None or row is None:
        raise Http404("No account of the base that you may open.")
    (found,) = drawn_reviews(viewer, shown, [row])
    kind, now = request.GET.get("format", ""), timezone.now()
    if kind in MEDIA_TYPES:
        own = master(viewer)
        made = file_of(found.deck, kind, made_at=now, master=master_of(own.id if own else None))
        return _file(made.name, made.media_type, made.contents, kind)
    context = {
        "week": shown,
        "key": row.key,
        "found": found,
        "deck": found.deck,
        "slides": [(slide, drawn(slide.plot)) for slide in found.deck.slides],
        "kinds": tuple(MEDIA_TYPES),
    }
    return render(request, "reviews/preview.html", context)


def _file(name: str, media_type: str, contents: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(contents, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return taken(answer, TakenAway(name.rpartition(".")[0], kind, 1))


def _found(viewer: Viewer, number: int) -> ReviewRow:
    found = review(viewer, number)
    if found is None:
        raise Http404("No review of this number that you may see.")
    return found


def _done(request: HttpRequest, number: int, does: Callable[[], str]) -> HttpResponse:
    _found(asking(request), number)
    try:
        messages.success(request, does())
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    return redirect("review", number)
