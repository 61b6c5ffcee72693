"""The page that a link opens: one review, without signing in, and nothing else.

No cookie is set, nothing runs, nothing is fetched from elsewhere, no search engine is let in. A link that is
wrong, has ended or was taken back gives the same answer. Whoever tries many is held off; a link that opens is
not, however many others were tried from the same address.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from evenbook.book.clock import day_here
from evenbook.documents.drawing import PAGE, TELEPHONE, as_svg
from evenbook.documents.parts import Chart, Series
from evenbook.expansion.queries.trials import trials_of
from evenbook.people import doors
from evenbook.people.viewer import SYSTEM
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.rest.problems import TooManyRequests
from evenbook.rest.rates import count
from evenbook.reviews.actions.hands import raise_and_route
from evenbook.reviews.actions.links import OpenedReview, note_opened, opened_by
from evenbook.reviews.actions.refusals import ReviewsRefused
from evenbook.reviews.actions.trials import end_trial_by_link
from evenbook.reviews.decks import MEDIA_TYPES, file_of_review
from evenbook.reviews.models import RaisedHand
from evenbook.reviews.rules.deck import NEXT, Plot
from evenbook.reviews.rules.visits import counts_as_opened

DOOR = "review"
FILES_A_MINUTE = 20
"""Of one review; a file takes a processor a tenth of a second."""
ENDS_A_MINUTE = 20
"""Of one review: more than a customer has trials."""
LARGEST = 2**31
"""Past every number that a trial can have."""
WAIT_SECONDS = 900
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@login_not_required
@csrf_exempt
@require_safe
def review(request: HttpRequest, token: str) -> HttpResponse:
    """Show the review that a link opens."""
    now = timezone.now()
    found = opened_by(token, now=now)
    if found is None:
        return _nowhere(request, token)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if counts_as_opened(request.method or "", headers, is_ours=request.user.is_authenticated):
        note_opened(found.review_id, today=day_here(now), now=now)
    return _page(found, token)


@login_not_required
@csrf_exempt
@require_POST
def hand(request: HttpRequest, token: str) -> HttpResponse:
    """Raise a hand: whoever has the link may, and a form on another site has not."""
    found = opened_by(token, now=timezone.now())
    if found is None:
        return _nowhere(request, token)
    if not _is_from_here(request):
        return _strict(
            HttpResponse("Raise a hand on the page itself.", status=403, content_type="text/plain")
        )
    given = {name: request.POST.get(name, "") for name in ("wants", "note", "contact")}
    try:
        raise_and_route(found, **given, now=timezone.now())
    except ReviewsRefused as refused:
        return _page(found, token, said=f"{refused.what} {refused.fix}", given=given, status=refused.status)
    return _strict(HttpResponseRedirect(f"/r/{token}#hand", status=303))


@login_not_required
@csrf_exempt
@require_POST
def end_trial(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """End a trial that the page names; any other number gets the same answer and changes nothing."""
    now = timezone.now()
    found = opened_by(token, now=now)
    if found is None:
        return _nowhere(request, token)
    if not _is_from_here(request):
        return _strict(HttpResponse("End a trial on the page itself.", status=403, content_type="text/plain"))
    try:
        count(f"review-trials:{found.review_id}", limit=ENDS_A_MINUTE, now=now)
    except TooManyRequests as refused:
        return _held_off(refused.seconds)
    if number < LARGEST:
        end_trial_by_link(found, number, today=day_here(now), now=now)
    return _strict(HttpResponseRedirect(f"/r/{token}#trials", status=303))


@login_not_required
@csrf_exempt
@require_safe
def file(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Give the review that a link opens as slides or PDF."""
    now = timezone.now()
    found = opened_by(token, now=now)
    if found is None or kind not in MEDIA_TYPES:
        return _nowhere(request, token)
    try:
        count(f"review:{found.review_id}", limit=FILES_A_MINUTE, now=now)
    except TooManyRequests as refused:
        return _held_off(refused.seconds)
    made = file_of_review(found.review_id, kind, link=request.build_absolute_uri(f"/r/{token}"))
    answer = HttpResponse(made.contents, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return _strict(answer)


def _page(
    found: OpenedReview, token: str, *, said: str = "", given: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    trials = trials_of(SYSTEM, found.account_id, today=day_here(timezone.now()))
    context = {
        **shown(found),
        "trials": trials,
        "may_end": any(each.ended_on is None for each in trials),
        "token": token,
        "kinds": RaisedHand.Wants.choices,
        "said": said,
        "given": given or {},
        "style": static("reviews/review.css"),
        "organization": latest().policy.of(OrganizationNumbers).called,
    }
    return _strict(HttpResponse(render_to_string("reviews/customer.html", context), status=status))


def shown(found: OpenedReview) -> dict[str, object]:
    """Return what the page of a review shows besides its form."""
    slides = [(slide, drawn(slide.plot)) for slide in found.deck.slides]
    return {"found": found, "deck": found.deck, "slides": slides, "last": NEXT}


def drawn(plot: Plot | None) -> SafeString:
    """Return a chart as two drawings, of which a page shows one; texts were escaped by who drew them.

    On a telephone it is drawn narrow, so that nobody has to push it sideways.
    """
    if plot is None:
        return SafeString("")
    series = [Series(name, values) for name, values in plot.series]
    chart = Chart("line", plot.title, plot.labels, series, "number", 0)
    wide, narrow = (as_svg(chart, frame=frame) for frame in (PAGE, TELEPHONE))
    return SafeString(f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>')


def _nowhere(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a link that opens nothing, the same whatever is wrong with it; hold off who tries many."""
    address, now = doors.address_of(request), timezone.now()
    if doors.is_closed(token, address, now=now, door=DOOR):
        return _held_off(WAIT_SECONDS)
    doors.record_failure(token, address, now=now, door=DOOR)
    context = {"style": static("reviews/review.css")}
    return _strict(HttpResponse(render_to_string("reviews/nowhere.html", context), status=404))


def _held_off(seconds: int) -> HttpResponse:
    text = "Too many tries. Please come back in a while."
    answer = HttpResponse(text, status=429, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(seconds)
    return _strict(answer)


def _is_from_here(request: HttpRequest) -> bool:
    """Return whether a form was sent from our own page, as far as the browser says where it stood."""
    origin, site = request.headers.get("Origin", ""), request.headers.get("Sec-Fetch-Site", "same-origin")
    ours = f"{request.scheme}://{request.get_host()}"
    return site in {"same-origin", "none"} and origin in {"", "null", ours}


def _strict(answer: HttpResponse) -> HttpResponse:
    answer["Content-Security-Policy"] = POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
