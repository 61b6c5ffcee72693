"""Keeping scenarios, plans and steps of the roll-out, as the page posts them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.places import address
from evenbook.sizing.actions import rollout as steps
from evenbook.sizing.actions import scenarios
from evenbook.sizing.actions.keeping import require_keeper
from evenbook.sizing.actions.plans import keep_plan
from evenbook.sizing.actions.scenarios import ScenarioGone
from evenbook.sizing.jobs import ask
from evenbook.sizing.numbers import StaffingNumbers
from evenbook.sizing.queries.measured import SizingNotYours
from evenbook.sizing.queries.planned import Asked, is_large, planned, refuse
from evenbook.sizing.rules.pushed import PlanRefused, Push
from evenbook.sizing.web.asked import asked_of
from evenbook.sizing.web.sizing import page


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the inputs under a name; what can't be stays as it was typed."""
    viewer = asking(request)
    question = asked_of(request, viewer)
    name = request.POST.get("name", "")
    try:
        require_keeper(viewer)
        if question.refused:
            return page(request, name=name, status=422)
        answer = question.answer(viewer)
        scenarios.save(name, answer, policy_version=question.policy_version, by=viewer, now=timezone.now())
    except SizingNotYours as gone:
        raise Http404(gone.what) from gone
    except EvenbookError as refused:
        return page(request, said=f"{refused.what} {refused.fix}", name=name, status=refused.status)
    messages.success(request, "The scenario is saved.")
    return redirect(f"{address('sizing')}#scenarios")


@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Take a scenario out of the list."""
    try:
        scenarios.drop(number, by=asking(request), now=timezone.now())
    except ScenarioGone as gone:
        raise Http404(gone.what) from gone
    except EvenbookError as refused:
        return page(request, said=f"{refused.what} {refused.fix}", status=refused.status)
    messages.success(request, "The scenario is dropped.")
    return redirect(f"{address('sizing')}#scenarios")


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Work a headcount plan out and keep it; of a large base a worker does it beside the page."""
    viewer = asking(request)
    try:
        require_keeper(viewer)
        shown = week(viewer)
        if shown is None:
            raise Http404("No week is stored yet.")
        asked = _asked(request, shown)
        if is_large(viewer):
            refuse(viewer, shown, asked)
            ask(asked, by=viewer, now=timezone.now())
            return redirect(f"{address('sizing')}#plan")
        keep_plan(planned(viewer, shown, asked), by=viewer, now=timezone.now())
    except SizingNotYours as gone:
        raise Http404(gone.what) from gone
    except EvenbookError as refused:
        said = f"{refused.what} {refused.fix}"
        return page(request, said=said, planning=request.POST, status=refused.status)
    messages.success(request, "The plan is worked out.")
    return redirect(f"{address('sizing')}#plan")


@require_POST
def step(request: HttpRequest, step: str) -> HttpResponse:
    """Say that a step of the roll-out is done, or take that back."""
    viewer, now, given = asking(request), timezone.now(), request.POST
    try:
        if given.get("done") == "no":
            steps.unmark(step, by=viewer, now=now)
        else:
            choice, note = given.get("choice", ""), given.get("note", "").replace("\x00", "")
            steps.mark(step, choice=choice.replace("\x00", ""), note=note, by=viewer, now=now)
    except EvenbookError as refused:
        return page(request, said=f"{refused.what} {refused.fix}", status=refused.status)
    return redirect(f"{address('sizing')}#steps")


def _asked(request: HttpRequest, shown: Week) -> Asked:
    given = request.POST
    kind = given.get("layer_kind", "").strip()[:30]
    try:
        layer = _share(given.get("layer_percent", ""))
        return Asked(
            hires=_whole(given.get("hires", ""), 1),
            hired_in=_whole(given.get("hired_in", ""), 0),
            leaver=given.get("leaver", "").replace("\x00", "")[:80],
            from_tier=_whole(given.get("from_tier", ""), 0) or None,
            layer_share=None if kind else layer,
            pushes=(_push(kind, layer, given, shown),) if kind else (),
        )
    except ValueError:
        raise PlanRefused("That is no number.", fix="Type whole numbers, and a percent such as 20.") from None


def _push(kind: str, share: float | None, given: QueryDict, shown: Week) -> Push:
    hours = given.get("layer_hours", "").strip().replace(",", "")
    return Push(
        kind,
        shown.policy.of(StaffingNumbers).layer_share if share is None else share,
        _whole(given.get("layer_tier", ""), 0) or None,
        float(hours) if hours else None,
    )


def _share(text: str) -> float | None:
    plain = text.strip().removesuffix("%")
    return float(plain) / 100 if plain else None


def _whole(text: str, default: int) -> int:
    plain = text.strip()
    if not plain:
        return default
    if not (plain.isascii() and plain.isdigit() and len(plain) < 6):
        raise ValueError(plain)
    return int(plain)
