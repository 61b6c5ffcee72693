"""One loop: what opened it, the form that closes it, and what was written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenbook.capacity.queries import account_row
from evenbook.closures.actions import closing, deciding
from evenbook.closures.actions.owed import LoopDone, LoopNotYours
from evenbook.closures.queries import forms
from evenbook.closures.queries.briefs import BriefRow, brief_of
from evenbook.closures.queries.causes import causes
from evenbook.closures.queries.closing_weeks import BATCH
from evenbook.closures.queries.loops import LoopRow, loop
from evenbook.closures.queries.touchpoints import touchpoints_of
from evenbook.closures.queries.written import (
    Written,
    may_correct,
    may_take,
    may_waive,
    stands_with,
    written,
)
from evenbook.closures.web.back import back_of
from evenbook.closures.web.filling import asked, posted, told
from evenbook.closures.web.opened import opened_at, stamp
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week

REFUSED = 422
PART = "X-Evenbook-Part"


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show a loop with its form; close it with what was posted, or say what that lacks."""
    viewer = asking(request)
    shown, row = _found(viewer, number)
    if request.method == "POST":
        return _closed(request, viewer, shown, row)
    found = forms.form(viewer, shown, row, now=timezone.now())
    return _page(request, viewer, shown, row, form=found)


@require_POST
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what was typed so far."""
    viewer = asking(request)
    shown, row = _found(viewer, number)
    answers = posted(forms.questions_of(viewer, row.artifact_kind), request.POST)
    try:
        began = opened_at(request, row.id)
        kept = closing.save_draft(row.key, answers, by=viewer, opened_at=began, now=timezone.now())
    except EvenbookError as refused:
        return JsonResponse({"kept": False, "what": refused.what}, status=refused.status)
    return JsonResponse({"kept": kept})


@require_POST
def waive(request: HttpRequest, number: int) -> HttpResponse:
    """Let a loop go with a reason."""
    return _decided(
        request,
        number,
        "The loop is waived. It is counted, and covers nothing.",
        lambda row, by, now: deciding.waive(
            row.key, request.POST.get("reason", ""), request.POST.get("note", ""), by=by, now=now
        ),
    )


@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a pool's loop onto one's own week."""
    return _decided(
        request,
        number,
        "The loop is on your week.",
        lambda row, by, now: deciding.take(row.key, by=by, now=now),
    )


@require_POST
def follow_up(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a follow-up is done, or take that back."""
    is_done = request.POST.get("done", "yes") == "yes"
    try:
        deciding.settle_follow_up(number, is_done=is_done, by=asking(request), now=timezone.now())
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, "The follow-up is done." if is_done else "The follow-up is open again.")
    return redirect(back_of(request))


def _closed(request: HttpRequest, viewer: Viewer, shown: Week, row: LoopRow) -> HttpResponse:
    answers = posted(forms.questions_of(viewer, row.artifact_kind), request.POST)
    stands = account_row(viewer, shown.run.id, row.account_id)
    try:
        found = closing.close(
            row.key,
            answers,
            by=viewer,
            tier=stands.tier if stands else None,
            opened_at=opened_at(request, row.id),
            now=timezone.now(),
        )
    except (LoopDone, LoopNotYours) as refused:
        return _refused(request, viewer, shown, row, answers=answers, said=refused)
    if found.refusals:
        form = forms.Form(forms.questions_of(viewer, row.artifact_kind), answers)
        return _page(request, viewer, shown, row, form=form, refused=found.refusals, status=REFUSED)
    if _is_fragment(request):
        return JsonResponse({"closed": found.is_closed, "waits": bool(found.waits_for)})
    said = f"The loop with {row.account_name} is closed."
    if found.waits_for:
        said = f"It is written, and waits for {' and '.join(found.waits_for)} to read it."
    messages.success(request, said)
    return redirect(back_of(request))


def _refused(
    request: HttpRequest,
    viewer: Viewer,
    shown: Week,
    row: LoopRow,
    *,
    answers: dict[str, Any],
    said: EvenbookError,
) -> HttpResponse:
    """Say why nothing was closed, with what was typed kept in the form."""
    form = forms.Form(forms.questions_of(viewer, row.artifact_kind), answers)
    typed = told(form.questions, answers)
    return _page(
        request,
        viewer,
        shown,
        row,
        form=form,
        said=f"{said.what} {said.fix}",
        typed=typed,
        status=said.status,
    )


def _page(
    request: HttpRequest,
    viewer: Viewer,
    shown: Week,
    row: LoopRow,
    *,
    form: forms.Form,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    brief = brief_of(viewer, row.id, today=shown.today(timezone.now()))
    context = {
        **_of_brief(request, brief, form),
        **_of_artifact(viewer, shown, row, form),
        "week": shown,
        "loop": row,
        "why": causes(viewer, shown.policy, [row])[row.key],
        "form": form,
        "questions": asked(form.questions, form.answers, more.get("refused", ())),
        "said": more.get("said", ""),
        "refused": more.get("refused", ()),
        "stands_with": stands_with(viewer, row),
        "typed": more.get("typed", ()),
        "may_waive": may_waive(viewer, row),
        "may_take": may_take(viewer, row),
        "reasons": deciding.WAIVERS,
        "opened": stamp(request, row.id, now=timezone.now()),
        "back": back_of(request),
        "is_fragment": _is_fragment(request),
    }
    if not _is_fragment(request):
        return render(request, "closures/loop.html", context, status=status)
    part = render(request, "closures/_closing.html", context, status=status)
    part[PART] = "form"  # a script tells it from the page of a door that closed meanwhile
    return part


def _of_brief(request: HttpRequest, brief: BriefRow | None, form: forms.Form) -> dict[str, Any]:
    """Return what the page shows of a brief that leaders are to see, and whether it is written anew."""
    if brief is None:
        return {"brief": None}
    waits = not brief.is_recorded and request.method != "POST" and not request.GET.get("anew")
    return {"brief": brief, "brief_told": told(form.questions, brief.answers), "brief_waits": waits}


def _of_artifact(viewer: Viewer, shown: Week, row: LoopRow, form: forms.Form) -> dict[str, Any]:
    """Return what the page shows of the artifact that closed a loop: its text, versions and days."""
    found = written(viewer, row)
    if found is None:
        return {"written": None}
    return {
        "written": found,
        "told": told(form.questions, _apart(found)),
        "earlier": [(each, told(form.questions, each.answers)) for each in found.earlier],
        "touchpoints": touchpoints_of(viewer, shown.policy, row, found),
        "may_correct": may_correct(viewer, row, found),
        "log": found.versions[0].answers.get(BATCH),
    }


def _apart(found: Written) -> dict[str, Any]:
    """Return the answers of an artifact without those that stand elsewhere: follow-ups, and its log."""
    return {
        field: value
        for field, value in found.answers.items()
        if not (found.follow_ups and isinstance(value, list)) and field != BATCH
    }


def _decided(request: HttpRequest, number: int, done: str, does: Any) -> HttpResponse:
    viewer = asking(request)
    _, row = _found(viewer, number)
    try:
        does(row, viewer, timezone.now())
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, done)
    return redirect(back_of(request))


def _found(viewer: Viewer, number: int) -> tuple[Week, LoopRow]:
    shown = week(viewer)
    row = loop(viewer, shown.policy, shown.today(timezone.now()), number) if shown else None
    if shown is None or row is None:
        raise Http404("No loop of this number that you may see.")
    return shown, row


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get(PART) == "form"
