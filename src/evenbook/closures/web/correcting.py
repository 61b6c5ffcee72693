"""The form that corrects an artifact, filled with the version that holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenbook.capacity.queries import account_row
from evenbook.closures.actions.correcting import correct
from evenbook.closures.queries.forms import questions_of
from evenbook.closures.queries.loops import loop
from evenbook.closures.queries.written import may_correct, written
from evenbook.closures.web.filling import asked, posted
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import week

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: int) -> HttpResponse:
    """Show the artifact of a closed loop in its form; keep what was posted as a new version."""
    viewer, now = asking(request), timezone.now()
    shown = week(viewer)
    row = loop(viewer, shown.policy, shown.today(now), number) if shown else None
    told = written(viewer, row) if row else None
    if shown is None or row is None or told is None or not may_correct(viewer, row, told):
        raise Http404("No artifact of this number that you may correct.")
    questions = questions_of(viewer, row.artifact_kind)
    context: dict[str, Any] = {"week": shown, "loop": row, "written": told, "version": len(told.versions)}
    if request.method != "POST":
        context["questions"] = asked(questions, told.answers)
        return render(request, "closures/correction.html", context)
    answers, stands = posted(questions, request.POST), account_row(viewer, shown.run.id, row.account_id)
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 6 else 0
    try:
        tier = stands.tier if stands else None
        found = correct(row.key, answers, version=version, by=viewer, tier=tier, now=now)
    except EvenbookError as refused:
        context |= {"questions": asked(questions, answers), "said": f"{refused.what} {refused.fix}"}
        return render(request, "closures/correction.html", context, status=refused.status)
    if found.refusals:
        context |= {"questions": asked(questions, answers, found.refusals), "refused": found.refusals}
        return render(request, "closures/correction.html", context, status=REFUSED)
    said = f"Version {found.version} holds now." if found.is_new else "Nothing was other than before."
    messages.success(request, said)
    return redirect("loop", row.id)
