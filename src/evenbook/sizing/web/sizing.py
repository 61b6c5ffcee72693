"""The page of sizing: the verdict and what would change it, scenarios, the plan, the roll-out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.records.worked import KIND_TITLES
from evenbook.runs.queries import last_asked, worker_is_here
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import machine, number_word, plural
from evenbook.sizing.actions.keeping import LONGEST_NOTE, may_keep, may_roll_out
from evenbook.sizing.actions.scenarios import LONGEST_NAME
from evenbook.sizing.jobs import PLAN
from evenbook.sizing.numbers import SizingNumbers, StaffingNumbers
from evenbook.sizing.queries.measured import SizingNotYours, csm_names
from evenbook.sizing.queries.rollout import closers, rollout
from evenbook.sizing.queries.scenarios import PlanRow, ScenarioRow, last_plan, scenarios
from evenbook.sizing.queries.sized import NoSuchPart, Sized, parts
from evenbook.sizing.queries.sized import Part as PartOf
from evenbook.sizing.rules.bases import SEGMENT, TIER, WHOLE, Scope
from evenbook.sizing.rules.rollout import CLOSER, PICK, Step
from evenbook.sizing.rules.told import bought_said
from evenbook.sizing.rules.verdict import NAMES
from evenbook.sizing.web.asked import Asking, asked_of, scope_text
from evenbook.sizing.web.fields import boxes, lines, nudges
from evenbook.sizing.web.planned import plan_shown
from evenbook.tiers.queries import tier_titles

DOT = "%2E"
"""Names come from outside and may look like another site: a dot of theirs is written out in an address."""

TONES = {"white_glove": "good", "split_machine": "warn", "pooled_leverage": "quiet"}


@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Show sizing of the whole base or of a part of it, with what was typed."""
    return page(request)


@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    """Show the answer alone, for inputs that are moved."""
    viewer = asking(request)
    question = asked_of(request, viewer)
    answer = _answer(question, viewer)
    context = _told(question, answer, viewer)
    return render(request, "sizing/_answer.html", context, status=422 if question.refused else 200)


def page(request: HttpRequest, *, said: str = "", status: int = 200, **typed: Any) -> HttpResponse:
    """Return the page; ``typed`` is what was refused, and ``said`` why."""
    viewer = asking(request)
    question = asked_of(request, viewer)
    answer = _answer(question, viewer)
    found = last_plan(viewer)
    context = {
        **_told(question, answer, viewer),
        "week": question.week,
        "boxes": list(boxes(viewer, question, answer)),
        "scope": scope_text(question.scope),
        "now": {row["input"]: row["value"] for row in answer.said["inputs"]},
        "scopes": _scopes(viewer, answer),
        "scenarios": [(row, TONES[row.answer["verdict"]], _address(row)) for row in scenarios(viewer)],
        "may_keep": may_keep(viewer),
        "longest_name": LONGEST_NAME,
        "said": said,
        **typed,
        **_plan(viewer, question, found),
        **_steps(viewer, question, answer),
    }
    if question.refused and status == 200:
        status = 422
    return render(request, "sizing/sizing.html", context, status=status)


def _answer(question: Asking, viewer: Viewer) -> Sized:
    try:
        return question.answer(viewer)
    except (SizingNotYours, NoSuchPart) as gone:
        raise Http404(gone.what) from gone


def _told(question: Asking, answer: Sized, viewer: Viewer) -> dict[str, Any]:
    numbers = question.policy.of(SizingNumbers)
    said = answer.said
    return {
        "answer": answer,
        "given": said,
        "currency": said["currency"],
        "sentence": _sentence(answer),
        "tone": TONES[said["verdict"]],
        "lines": lines(answer, numbers),
        "sensitivity": list(nudges(answer)),
        "refused": list(question.refused.values()),
        "numbers": numbers,
        "bought": [_bought(viewer, question, answer, kind) for kind in (SEGMENT, TIER)]
        if answer.scope.kind == WHOLE and answer.week
        else [],
    }


def _sentence(answer: Sized) -> tuple[Part, ...]:
    return (answer.said["verdict_text"],)


def _bought(viewer: Viewer, question: Asking, answer: Sized, kind: str) -> dict[str, Any]:
    rows = parts(viewer, answer, question.policy, kind)
    return {
        "kind": kind,
        "title": "By segment" if kind == SEGMENT else "By tier",
        "said": bought_said([(row.title, row.said["verdict"]) for row in rows]),
        "rows": [_part_row(question, row) for row in rows],
    }


def _part_row(question: Asking, row: PartOf) -> dict[str, Any]:
    assert question.week is not None
    day = question.week.run.as_of.isoformat()
    scope, key = row.scope, row.scope.key
    opens = f"{address('accounts')}?{urlencode({'as_of': day, scope.kind: key})}" if key else ""
    return {
        "row": row,
        "accounts": Figure("accounts", row.accounts, "count", opens.replace(".", DOT)),
        "href": f"{address('sizing')}?{urlencode({'scope': scope_text(scope), 'as_of': day})}" if key else "",
        "tone": TONES[row.said["verdict"]],
        "staffing": row.said["staffing"].replace("_", " "),
    }


def _scopes(viewer: Viewer, answer: Sized) -> list[tuple[str, str]]:
    """Return the parts of the base that can be asked of: (as an address has it, in words)."""
    segments = sorted({each.segment for each in answer.base.facts if each.segment})
    tiers = sorted({each.tier for each in answer.base.facts})
    titles = tier_titles(viewer, answer.week) if answer.week else {}
    return [
        ("", "The whole base"),
        *((scope_text(Scope(SEGMENT, name)), name) for name in segments),
        *((f"{TIER}:{tier}", f"Tier {tier}, {titles.get(tier, tier)}") for tier in tiers),
    ]


def _plan(viewer: Viewer, question: Asking, found: PlanRow | None) -> dict[str, Any]:
    numbers = question.policy.of(StaffingNumbers)
    titles = tier_titles(viewer, question.week) if question.week else {}
    asked = last_asked(viewer, PLAN.name) if may_keep(viewer) else None
    return {
        "plan": plan_shown(found) if found else None,
        "is_old": found is not None and question.week is not None and found.as_of < question.week.run.as_of,
        "leavers": csm_names(viewer, question.week) if question.week else (),
        "asked": asked,
        "has_worker": asked is not None and asked.is_open and worker_is_here(viewer, now=timezone.now()),
        "may_plan": may_keep(viewer) and question.week is not None,
        "plan_tiers": [
            (tier, title) for tier, title in sorted(titles.items()) if tier != numbers.digital_tier
        ],
        "every_tier": sorted(titles.items()),
        "kinds": _kinds(found),
        "staffing": numbers,
    }


def _kinds(found: PlanRow | None) -> list[tuple[str, str]]:
    """Return the kinds of work with what the last plan measured of each, those that take most first."""
    work = found.contents.get("work") if found else None
    measured = {row["kind"]: row["hours"] for row in work["kinds"]} if work else {}
    ranked = sorted(KIND_TITLES, key=lambda kind: -(measured.get(kind) or 0.0))
    return [(kind, _kind_said(KIND_TITLES[kind], measured.get(kind))) for kind in ranked]


def _kind_said(title: str, hours: float | None) -> str:
    return title if hours is None else f"{title}: {hours:,.0f} hours a month"


def _address(row: ScenarioRow) -> str:
    """Return where the inputs of a scenario stand in the fields."""
    asked = {name: machine(value) for name, value in row.inputs.items()}
    scope = scope_text(Scope(row.scope_kind, row.scope_key))
    return f"{address('sizing')}?{urlencode({**asked, 'scope': scope})}"


def _steps(viewer: Viewer, question: Asking, answer: Sized) -> dict[str, Any]:
    if question.week is None:
        return {"steps": []}
    found = rollout(viewer, question.week, answer)
    return {
        "steps": [_step(each) for each in found],
        "steps_said": _steps_said(found),
        "may_roll_out": may_roll_out(viewer),
        "verdict_names": NAMES,
        "closers": closers(viewer, question.week),
        "pick": PICK,
        "closer": CLOSER,
        "longest_note": LONGEST_NOTE,
    }


def _step(each: Step) -> dict[str, Any]:
    marked = each.marked
    chosen = "" if marked is None else NAMES.get(marked.choice, marked.choice)
    return {"step": each, "href": address(each.opens) if each.opens else "", "chosen": chosen}


def _steps_said(found: tuple[Step, ...]) -> str:
    done, claimed = (
        sum(each.is_done for each in found),
        sum(each.is_done and not each.is_seen for each in found),
    )
    said = f"{number_word(done)} of {number_word(len(found))} {plural(done, 'is', 'are')} done"
    return f"{said}; the records do not show {number_word(claimed)} of them" if claimed else said
