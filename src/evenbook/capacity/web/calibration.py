"""Calibration: what logged hours say of the weights, what adopting it does to each load, adopting it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.capacity.actions import calibration as actions
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.calibration import (
    CalibrationRow,
    Effects,
    Load,
    calibration,
    calibrations,
    effects,
    how_many_calibrations,
    last_adopted,
)
from evenbook.capacity.rules.proposal import Weight
from evenbook.capacity.rules.told import QUALITIES, conversations, sentence
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.actions import LONGEST_NOTE
from evenbook.policy.queries import latest, may_change
from evenbook.runs.actions import ask_for
from evenbook.runs.declared import declared
from evenbook.runs.queries import week_on_or_before
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure
from evenbook.screens.shown import difference
from evenbook.screens.tables import Ask, Column, Listing

HISTORY = 12
WORK = "calibrate"
COLUMNS = (
    Column("weight", "Factor and level", sorts=False),
    Column("accounts", "Accounts", is_number=True, sorts=False, hint="Learned from, with this level"),
    Column("in_force", "In force", is_number=True, sorts=False, hint="The weight in the policy"),
    Column("fitted", "Hours say", is_number=True, sorts=False, hint="Pulled towards the weight in force"),
    Column("interval", "80% interval", sorts=False, hint="The mark is the weight in force"),
    Column(
        "pulled", "Pull", is_number=True, sorts=False, hint="The share that the weight in force has in it"
    ),
    Column("proposed", "Proposed", is_number=True, sorts=False),
)
SHEET = (
    SheetColumn("part"), SheetColumn("name"), SheetColumn("level"), SheetColumn("count", "whole"),
    SheetColumn("in_force", "number"), SheetColumn("found", "number"), SheetColumn("low", "number"),
    SheetColumn("high", "number"), SheetColumn("pulled_share", "number"), SheetColumn("proposed", "number"),
    SheetColumn("why"), SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Show the newest calibration, or how to make one; or download it."""
    return _answer(request, calibration(asking(request)))


@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show a calibration of the history, or download it."""
    return _answer(request, _found(asking(request), number))


@require_POST
def adopt(request: HttpRequest, number: int) -> HttpResponse:
    """Adopt a calibration as the next version of the policy, or say why it can't be."""
    viewer = asking(request)
    found, note = _found(viewer, number), request.POST.get("note", "")
    try:
        version = actions.adopt(found.id, by=viewer, now=timezone.now(), note=note)
    except EvenbookError as refused:
        said = f"{refused.what} {refused.fix}"
        return _answer(request, _found(viewer, number), said=said, status=refused.status)
    messages.success(request, f"Version {version} is in force; the next run counts with it.")
    return redirect("calibration")


@require_POST
def work_out(request: HttpRequest) -> HttpResponse:
    """Ask for a calibration; while one is asked for, show that one."""
    viewer, work = asking(request), declared().work(WORK)
    if work is None or not may_change(viewer):
        raise Http404
    return redirect("run", ask_for(work, by=viewer, now=timezone.now()))


def _found(viewer: Viewer, number: int) -> CalibrationRow:
    found = calibration(viewer, number)
    if found is None:
        raise Http404("There is no calibration of this number.")
    return found


def _answer(
    request: HttpRequest, found: CalibrationRow | None, *, said: str = "", status: int = 200
) -> HttpResponse:
    viewer = asking(request)
    ask = Ask.of(request.GET, columns=COLUMNS, sort="weight")
    if found is None:
        return render(request, "capacity/calibration.html", {"found": None, "may_change": may_change(viewer)})
    effect = effects(viewer, found.id)
    if ask.export:
        return download(_sheet(found, effect), ask.export)
    numbers = latest().policy.of(CapacityNumbers)
    proposal, run = found.proposal, week_on_or_before(viewer, found.as_of)
    opens = run is not None and (run.as_of, run.policy_version) == (found.as_of, found.policy_version)
    listing = Listing(
        "calibration", "Weights of the taxonomy", COLUMNS, ask, len(proposal.weights), noun="weight"
    )
    context = {
        "found": found,
        "said": said,
        "typed": request.POST.get("note", ""),
        "sentence": sentence(proposal),
        **_split(proposal.weights),
        "inputs": _groups(proposal.inputs),
        "conversations": conversations(proposal.errors),
        "listing": listing,
        "effect": effect,
        "loads": [
            (each, _load_now(found, each, opens=opens), _change(each), _tone(each, numbers))
            for each in effect.people
        ],
        "numbers": numbers,
        "overlaps": last_adopted(viewer, found),
        "qualities": QUALITIES,
        "longest_note": LONGEST_NOTE,
        "next": latest().number + 1,
        "history": calibrations(viewer, limit=HISTORY),
        "total": how_many_calibrations(viewer),
        "may_change": may_change(viewer),
    }
    return render(request, "capacity/calibration.html", context, status=status)


def _split(weights: Sequence[Weight]) -> dict[str, Any]:
    """Return the factors of which a weight would change, and the others with how many weights they have."""
    changed = {each.factor for each in weights if each.is_changed}
    kept = [each for each in weights if each.factor not in changed]
    return {
        "changed": _groups(each for each in weights if each.factor in changed),
        "kept": _groups(kept),
        "kept_count": len(kept),
    }


def _change(each: Load) -> str:
    return "" if each.now is None or each.then is None else difference(each.then - each.now, "share")


def _groups(weights: Iterable[Weight]) -> list[tuple[str, list[Weight]]]:
    return [(title, list(rows)) for title, rows in groupby(weights, key=lambda each: each.title)]


def _load_now(found: CalibrationRow, each: Load, *, opens: bool) -> Figure:
    """Return the load now; it opens where the stored week of the day is of the same policy."""
    asked = {"kind": "csm", "subject": each.key, "as_of": found.as_of.isoformat()}
    href = f"{address('figure', 'effort_load')}?{urlencode(asked)}" if opens else ""
    return Figure("effort_load", each.now, "share", href)


def _tone(each: Load, numbers: CapacityNumbers) -> str:
    percent = (each.then or 0.0) * 100
    return (
        "bad" if percent > numbers.load_red_above else "warn" if percent >= numbers.load_green_below else ""
    )


def _sheet(found: CalibrationRow, effect: Effects) -> Sheet:
    end = [found.as_of, found.policy_version]
    rows = [[*row, *end] for row in (*_weight_rows(found), *_other_rows(found), *_load_rows(effect))]
    return Sheet(f"calibration-{found.as_of.isoformat()}", SHEET, rows)


def _weight_rows(found: CalibrationRow) -> Iterable[Sequence[Any]]:
    parts = (("weight", found.proposal.weights), ("conversation", found.proposal.inputs))
    for part, weights in parts:
        for each in weights:
            yield (
                part, each.factor, each.level, each.accounts, each.in_force, each.fitted, each.low, each.high,
                each.pulled, each.proposed, None,
            )  # fmt: skip


def _other_rows(found: CalibrationRow) -> Iterable[Sequence[Any]]:
    for each in found.proposal.base_hours:
        yield (
            "base hours", "tier", str(each.tier), each.accounts, each.in_force, each.mean, each.low,
            each.high, None, each.proposed, None,
        )  # fmt: skip
    for row in found.proposal.ceilings:
        yield (
            "ceiling", row.role, row.quality, row.weeks, row.in_force, row.found, row.low, row.high, None,
            row.proposed, row.why,
        )  # fmt: skip


def _load_rows(effect: Effects) -> Iterable[Sequence[Any]]:
    for part, loads in (("load", effect.people), ("load of team", effect.teams)):
        for each in loads:
            yield (
                part, each.name, each.key, each.accounts, each.now, None, None, None, None, each.then, None,
            )  # fmt: skip
