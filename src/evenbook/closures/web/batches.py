"""Stable health reviews: the list that is signed together; and all that was signed together."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from evenbook.book.queries import TeamMember, me, member
from evenbook.closures.actions.batches import acknowledge_reviews
from evenbook.closures.queries.batches import batch_log, batch_logs
from evenbook.closures.queries.forms import questions_of
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.closures.queries.stable import Review, reviews_owed
from evenbook.closures.web.filling import told
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.places import address
from evenbook.screens.shown import plural


@require_http_methods(["GET", "HEAD", "POST"])
def stable(request: HttpRequest) -> HttpResponse:
    """List the health reviews that somebody owes, and sign those that are chosen."""
    viewer, now = asking(request), timezone.now()
    shown = week(viewer)
    if shown is None:
        return render(request, "runs/no_run.html", {"page": "Stable reviews", "what": "reviews to sign"})
    person = _person(request, viewer)
    if request.method != "POST":
        return render(request, "closures/stable.html", _listed(viewer, shown, person))
    try:
        found = acknowledge_reviews(
            request.POST.getlist("loop"), by=viewer, week=shown, today=shown.today(now), now=now
        )
    except EvenbookError as refused:
        context = {**_listed(viewer, shown, person), "said": f"{refused.what} {refused.fix}"}
        return render(request, "closures/stable.html", context, status=refused.status)
    refusals = [each for each in found if not each.is_closed]
    closed = len(found) - len(refusals)
    if closed:
        said = f"{closed} {plural(closed, 'review')} {plural(closed, 'is', 'are')} signed and closed."
        messages.success(request, said)
    if not refusals:
        return redirect(_back(person, viewer))
    return render(request, "closures/stable.html", {**_listed(viewer, shown, person), "refusals": refusals})


@require_GET
def logs(request: HttpRequest) -> HttpResponse:
    """List the signed logs."""
    return render(request, "closures/review_logs.html", {"logs": batch_logs(asking(request))})


@require_GET
def log(request: HttpRequest, number: int) -> HttpResponse:
    """Show one signed log with its accounts."""
    viewer = asking(request)
    found = batch_log(viewer, number)
    if found is None:
        raise Http404("No log of this number that you may see.")
    written = told(questions_of(viewer, found.kind), found.answers)
    return render(request, "closures/review_log.html", {"log": found, "told": written})


def _person(request: HttpRequest, viewer: Viewer) -> TeamMember | None:
    key = request.GET.get("person", "")
    person = member(viewer, key) if key else me(viewer)
    if key and person is None:
        raise Http404("No person of this name whose week you may see.")
    return person


def _listed(viewer: Viewer, shown: Week, person: TeamMember | None) -> dict[str, object]:
    owed: tuple[Review, ...] = ()
    if person is not None:
        wanted = LoopsWanted(person_id=person.id, pools=person.pools, as_they_are=True)
        owed = reviews_owed(viewer, shown, wanted=wanted, today=shown.today(timezone.now()))
    return {
        "week": shown,
        "person": person,
        "reviews": [each for each in owed if each.is_stable],
        "others": [each for each in owed if not each.is_stable],
        "back": _back(person, viewer),
    }


def _back(person: TeamMember | None, viewer: Viewer) -> str:
    own = me(viewer)
    is_own = person is None or (own is not None and own.id == person.id)
    return address("my-week") if is_own or person is None else f"{address('my-week')}?person={person.key}"
