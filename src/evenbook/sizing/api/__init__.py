"""Sizing for programs: the equation, scenarios, the headcount plan, the roll-out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query

from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.policy.schema import Policy
from evenbook.rest.router import Router
from evenbook.rest.shapes import AsOf, instant, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week, week
from evenbook.sizing.actions import rollout as steps_done
from evenbook.sizing.actions import scenarios as actions
from evenbook.sizing.actions.keeping import require_keeper
from evenbook.sizing.actions.plans import keep_plan
from evenbook.sizing.api.shapes import (
    DroppingScenario,
    HeadcountPlanOut,
    MarkingStep,
    Planning,
    PlanRun,
    RolloutStepOut,
    RolloutStepsOut,
    SavingScenario,
    ScenarioOut,
    ScenariosOut,
    SizingAsked,
    SizingOut,
    SizingScopeOut,
)
from evenbook.sizing.jobs import ask
from evenbook.sizing.queries.planned import Asked, planned, refuse
from evenbook.sizing.queries.rollout import rollout
from evenbook.sizing.queries.scenarios import PlanRow, ScenarioRow, last_plan, scenarios
from evenbook.sizing.queries.sized import full_document, sized
from evenbook.sizing.rules.bases import SEGMENT, TIER, Scope
from evenbook.sizing.rules.inputs import INPUTS, InputRefused
from evenbook.sizing.rules.rollout import Step

router = Router("Sizing")


@router.reads("/sizing", SizingOut)
def get_sizing(request: HttpRequest, asked: Query[SizingAsked]) -> SizingOut:
    """Give the verdict of the equation with its reasons, on what is typed, measured or assumed."""
    viewer = asking(request)
    shown, policy, version = _basis(viewer, asked.as_of)
    typed = {name: value for name in INPUTS if (value := getattr(asked, name)) is not None}
    answer = sized(viewer, shown, policy, typed, scope=_scope(asked.segment, asked.tier))
    return SizingOut(**full_document(viewer, answer, policy, version=version))


@router.reads("/sizing/scenarios", ScenariosOut)
def list_scenarios(request: HttpRequest) -> ScenariosOut:
    """List the scenarios that are kept."""
    return ScenariosOut(items=[_scenario(each) for each in scenarios(asking(request))])


@router.writes("POST", "/sizing/scenarios", ScenarioOut, status=201)
def save_scenario(request: HttpRequest, given: SavingScenario) -> ScenarioOut:
    """Save what is typed, and what is measured now of the rest, under a name."""
    viewer = asking(request)
    require_keeper(viewer)
    if unknown := sorted(set(given.inputs) - set(INPUTS)):
        raise InputRefused(f"There is no input '{unknown[0][:40]}'.", fix=f"Name: {', '.join(INPUTS)}.")
    shown, policy, version = _basis(viewer, None)
    answer = sized(viewer, shown, policy, given.inputs, scope=_scope(given.segment, given.tier))
    number = actions.save(given.name, answer, policy_version=version, by=viewer, now=timezone.now())
    return _scenario(next(each for each in scenarios(viewer) if each.id == number))


@router.writes("POST", "/sizing/scenarios/{int:number}/drop", ScenariosOut)
def drop_scenario(request: HttpRequest, number: int, given: DroppingScenario) -> ScenariosOut:
    """Take a scenario out of the list."""
    viewer = asking(request)
    actions.drop(number, by=viewer, now=timezone.now())
    return ScenariosOut(items=[_scenario(each) for each in scenarios(viewer)])


@router.reads("/sizing/plan", HeadcountPlanOut)
def get_plan(request: HttpRequest) -> HeadcountPlanOut:
    """Give the newest headcount plan that was kept."""
    found = last_plan(asking(request))
    if found is None:
        raise actions.ScenarioGone("No headcount plan is kept yet.", fix="Ask for one: POST /sizing/plan.")
    return _plan(found)


@router.writes("POST", "/sizing/plan", HeadcountPlanOut, status=201)
def make_plan(request: HttpRequest, given: Planning) -> HeadcountPlanOut:
    """Work a headcount plan out from the newest week, and keep it."""
    viewer = asking(request)
    require_keeper(viewer)
    said = planned(viewer, week_asked(viewer, None), Asked.of(given.model_dump()))
    number = keep_plan(said, by=viewer, now=timezone.now())
    found = last_plan(viewer, number)
    assert found is not None, "it was just kept"
    return _plan(found)


@router.writes("POST", "/sizing/plan/run", PlanRun, status=202)
def ask_for_plan(request: HttpRequest, given: Planning) -> PlanRun:
    """Ask for a headcount plan that a worker works out: of a large base it takes a while."""
    viewer, asked = asking(request), Asked.of(given.model_dump())
    require_keeper(viewer)
    refuse(viewer, week_asked(viewer, None), asked)
    return PlanRun(run=ask(asked, by=viewer, now=timezone.now()))


@router.reads("/sizing/steps", RolloutStepsOut)
def list_rollout_steps(request: HttpRequest, asked: Query[AsOf]) -> RolloutStepsOut:
    """List the seven steps of the roll-out, each with what the records show."""
    return _steps(asking(request), asked.as_of)


@router.writes("POST", "/sizing/steps/{slug:step}", RolloutStepsOut)
def mark_rollout_step(request: HttpRequest, step: str, given: MarkingStep) -> RolloutStepsOut:
    """Say that a step is done, or take that back."""
    viewer, now = asking(request), timezone.now()
    if given.done:
        steps_done.mark(step, choice=given.choice, note=given.note, by=viewer, now=now)
    else:
        steps_done.unmark(step, by=viewer, now=now)
    return _steps(viewer, None)


def _basis(viewer: Viewer, day: date | None) -> tuple[Week | None, Policy, int]:
    shown = week_asked(viewer, day) if day else week(viewer)
    if shown is None:
        newest = latest()
        return None, newest.policy, newest.number
    return shown, shown.policy, shown.run.policy_version


def _scope(segment: str, tier: str) -> Scope:
    if segment and tier:
        raise InputRefused("A segment and a tier are two questions.", fix="Ask one of them.")
    return Scope(SEGMENT, segment) if segment else Scope(TIER, tier) if tier else Scope()


def _scenario(row: ScenarioRow) -> ScenarioOut:
    said: Mapping[str, Any] = row.answer
    kept = (
        "verdict",
        "verdict_name",
        "accounts_per_csm",
        "meetings_per_day",
        "hours_share",
        "cost_share_of_arr",
    )
    return ScenarioOut(
        id=row.id,
        name=row.name,
        scope=SizingScopeOut(kind=row.scope_kind, key=said_or_none(row.scope_key)),
        inputs=dict(row.inputs),
        as_of=row.as_of,
        policy_version=row.policy_version,
        made_by=row.made_by,
        made_at=instant(row.made_at),
        **{name: said[name] for name in kept},
    )


def _plan(row: PlanRow) -> HeadcountPlanOut:
    return HeadcountPlanOut(**{**row.contents, "id": row.id})


def _steps(viewer: Viewer, day: date | None) -> RolloutStepsOut:
    shown = week_asked(viewer, day)
    answer = sized(viewer, shown, shown.policy, {})
    return RolloutStepsOut(items=[_step(each) for each in rollout(viewer, shown, answer)])


def _step(each: Step) -> RolloutStepOut:
    marked = each.marked
    return RolloutStepOut(
        step=each.key,
        step_name=each.title,
        is_done=each.is_done,
        is_seen=each.is_seen,
        text=each.said,
        choice=said_or_none(marked.choice) if marked else None,
        note=said_or_none(marked.note) if marked else None,
        done_by=marked.done_by if marked else None,
        done_on=marked.done_on if marked else None,
    )
