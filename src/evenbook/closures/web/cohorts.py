"""A cohort of silent accounts: the list of them, and the one record that closes their loops."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenbook.closures.actions.cohorts import Recorded, record_cohort
from evenbook.closures.queries.cohorts import Cohort, cohort_called, looked_at
from evenbook.closures.queries.forms import form, questions_of
from evenbook.closures.web.back import back_of
from evenbook.closures.web.filling import asked, posted
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.shown import plural

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: HttpRequest, key: str) -> HttpResponse:
    """List what is open of a cohort with the form of its record; record those that are chosen."""
    viewer, now = asking(request), timezone.now()
    shown = week(viewer)
    found = cohort_called(viewer, shown, key, today=shown.today(now)) if shown else None
    if shown is None or found is None:
        raise Http404("Nothing of such a cohort is open that you may see.")
    questions = questions_of(viewer, found.artifact_kind)
    if request.method != "POST":
        known = form(viewer, shown, found.silent[0], now=now)
        return _page(request, viewer, shown, found, questions=asked(questions, known.answers))
    answers = posted(questions, request.POST)
    chosen = request.POST.getlist("loop")
    try:
        done = record_cohort(
            key, answers, chosen=chosen, by=viewer, week=shown, today=shown.today(now), now=now
        )
    except EvenbookError as refused:
        more = {"questions": asked(questions, answers), "said": f"{refused.what} {refused.fix}"}
        return _page(request, viewer, shown, found, chosen=chosen, status=refused.status, **more)
    if done.closed or not done.refusals:
        return _told(request, viewer, shown, done, key=key)
    more = {"questions": asked(questions, answers, done.refusals), "refused": done.refusals}
    return _page(request, viewer, shown, found, chosen=chosen, status=REFUSED, **more)


def _told(request: HttpRequest, viewer: Viewer, shown: Week, done: Recorded, *, key: str) -> HttpResponse:
    """Say what was recorded, and where some was not, why."""
    if done.closed:
        count = f"{done.closed} silent {plural(done.closed, 'account')} {plural(done.closed, 'is', 'are')}"
        messages.success(request, f"{count} recorded and closed.")
    for each in done.others:
        messages.error(request, f"{each.account or each.key}: {each.why_not}")
    left = cohort_called(viewer, shown, key, today=shown.today(timezone.now())) if done.others else None
    return redirect("cohort", key) if left else redirect(back_of(request))


def _page(
    request: HttpRequest,
    viewer: Viewer,
    shown: Week,
    found: Cohort,
    *,
    chosen: list[str] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    silent = looked_at(viewer, shown, found)
    context = {
        "week": shown,
        "cohort": found,
        "loop": found.silent[0],
        "silent": [
            (each.loop, chosen is None or each.loop.key in chosen) for each in silent if not each.why_not
        ],
        "others": [each for each in silent if each.why_not],
        "back": back_of(request),
        **more,
    }
    return render(request, "closures/cohort.html", context, status=status)
