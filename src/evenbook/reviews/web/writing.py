"""What the organization writes into reviews: news, shipped requests, words, its slides; who wants none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.documents.masters import MOST_BYTES, MasterRefused
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions import editing
from evenbook.reviews.actions.refusals import require_may_draw_up
from evenbook.reviews.queries.batches import may_draw_up, opted_out
from evenbook.reviews.queries.written import master as master_in_force
from evenbook.reviews.queries.written import news as all_news
from evenbook.reviews.queries.written import shipped as all_shipped
from evenbook.reviews.queries.written import wordings
from evenbook.reviews.rules.deck import NEXT, SLIDES
from evenbook.reviews.rules.wording import BUILT_IN, PLACES, TITLES

PARTS = {
    "title": "Title", "greeting": "Under the title", "ask": "The button", "subject": "Subject of the mail",
    "mail": "The mail", **{f"title_{kind}": f"Slide: {title}" for kind, title in TITLES.items()},
}  # fmt: skip


@require_GET
def written(request: HttpRequest) -> HttpResponse:
    """Show all that is written into reviews, with the forms to change it."""
    return render(request, "reviews/written.html", _context(asking(request), request))


@require_POST
def news(request: HttpRequest) -> HttpResponse:
    """Write what is new."""

    def does(viewer: Viewer) -> str:
        require_may_draw_up(viewer)
        editing.write_news(
            title=_given(request, "title"), says=_given(request, "says"), product=_given(request, "product"),
            released_on=_day(_given(request, "on")), by=viewer, now=timezone.now(),
        )  # fmt: skip
        return "It stands in reviews drawn up from now on."

    return _done(request, does)


@require_POST
def shipped(request: HttpRequest) -> HttpResponse:
    """Write that a request shipped."""

    def does(viewer: Viewer) -> str:
        require_may_draw_up(viewer)
        asked_by = _given(request, "accounts").replace(",", "\n").split("\n")
        editing.write_shipped(
            title=_given(request, "title"), says=_given(request, "says"),
            shipped_on=_day(_given(request, "on")), asked_by=asked_by, by=viewer, now=timezone.now(),
        )  # fmt: skip
        return "It stands in the reviews of those who asked."

    return _done(request, does)


@require_POST
def withdrawn(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Take news or a request back."""

    def does(viewer: Viewer) -> str:
        editing.withdraw(kind, number, by=viewer, now=timezone.now())
        return "Later reviews do not tell it."

    return _done(request, does)


@require_POST
def words(request: HttpRequest) -> HttpResponse:
    """Write a new version of the words for a tier and a segment."""

    def does(viewer: Viewer) -> str:
        tier = _given(request, "tier")
        number = editing.write_wording(
            tier=int(tier) if tier.isascii() and tier.isdigit() and len(tier) < 3 else 0,
            segment=_given(request, "segment"),
            texts={name: _given(request, name) for name in PARTS},
            left_out=[kind for kind in SLIDES if kind != NEXT and not request.POST.get(f"shows_{kind}")],
            note=_given(request, "note"),
            by=viewer,
            now=timezone.now(),
        )
        return f"Version {number} words the reviews drawn up from now on."

    return _done(request, does)


@require_POST
def master(request: HttpRequest) -> HttpResponse:
    """Take the organization's own slides as the master, or go back to ours."""

    def does(viewer: Viewer) -> str:
        require_may_draw_up(viewer)
        if request.POST.get("withdraw"):
            editing.withdraw_master(by=viewer, now=timezone.now())
            return "Decks stand on the plain slides again."
        uploaded = request.FILES.get("file")
        if uploaded is None:
            raise MasterRefused("No file was chosen.", fix="Choose a .pptx file.")
        if (uploaded.size or 0) > MOST_BYTES:
            raise MasterRefused("The file is larger than 20 MB.", fix="Make its pictures smaller.")
        found = editing.upload_master(uploaded.name or "", uploaded.read(), by=viewer, now=timezone.now())
        return " ".join(["The next batch stands on these slides.", *found.findings])

    return _done(request, does)


@require_POST
def opt_outs(request: HttpRequest) -> HttpResponse:
    """Keep that an account does not want reviews, or take it back."""

    def does(viewer: Viewer) -> str:
        key, now = _given(request, "account"), timezone.now()
        if request.POST.get("undo"):
            editing.opt_in(key, by=viewer, now=now)
            return "The account gets reviews again."
        editing.opt_out(key, _given(request, "reason"), by=viewer, now=now)
        return "The account gets no reviews."

    return _done(request, does)


def _done(request: HttpRequest, does: Callable[[Viewer], str]) -> HttpResponse:
    viewer = asking(request)
    try:
        messages.success(request, does(viewer))
    except EvenbookError as refused:
        context = {
            **_context(viewer, request),
            "said": f"{refused.what} {refused.fix}",
            "given": request.POST,
        }
        return render(request, "reviews/written.html", context, status=refused.status)
    return redirect("reviews-written")


def _context(viewer: Viewer, request: HttpRequest) -> dict[str, object]:
    return {
        "may": may_draw_up(viewer),
        "news": all_news(viewer),
        "shipped": all_shipped(viewer),
        "wordings": wordings(viewer),
        "master": master_in_force(viewer),
        "opted_out": opted_out(viewer),
        "parts": [(name, title, BUILT_IN[name]) for name, title in PARTS.items()],
        "shows": [(kind, TITLES[kind]) for kind in SLIDES if kind != NEXT],
        "fillings": PLACES,
        "given": {},
    }


def _given(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise editing.NewsRefused("That is no day.", fix="Write it as 2026-03-09.") from None
