"""The answer of the sizing equation as one document, for programs and pages alike.

Pure. Money is in major units; shares are 0 to 1; None is no value.
"""

from __future__ import annotations

from typing import Any

from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.rules.equation import Inputs, Pair, outputs
from evenbook.sizing.rules.inputs import INPUTS, PROVENANCE, Settled, inputs_of
from evenbook.sizing.rules.told import (
    boundary_said,
    meetings_said,
    needed,
    needed_said,
    plans_said,
    reasons,
    together_said,
    verdict_said,
    verdicts,
)
from evenbook.sizing.rules.verdict import (
    DOES,
    NAMES,
    Boundary,
    Sensitivity,
    boundaries,
    nearest,
    sensitivity,
    staffing,
    verdict,
)

DIGITS = 6


def document(rows: tuple[Settled, ...], numbers: SizingNumbers, currency: str) -> dict[str, Any]:
    """Return what follows from settled inputs."""
    given = inputs_of(rows)
    return {
        **_figures(given, numbers),
        **_verdict(given, numbers, currency),
        "inputs": [_input(row) for row in rows],
        "currency": currency,
    }


def _figures(given: Inputs, numbers: SizingNumbers) -> dict[str, Any]:
    out = outputs(given, numbers)
    return {
        "accounts_per_csm": _round(out.accounts_per_csm),
        "meetings_per_day": _pair(out.meetings_per_day),
        "hours_share": _pair(out.hours_share),
        "cost_share_of_arr": _round(out.cost_share_of_arr),
        "cost_per_account": _round(out.cost_per_account),
        "acv": _round(given.acv),
        "meetings_a_month": _pair(out.meetings_a_month),
        "fundable_accounts_per_csm": _round(out.fundable_book),
        "cost_share_at_split_book": _round(out.split_cost_share),
        "csms_funded": _round(out.csms_funded),
        "csms_needed": {
            "csms": needed(given, numbers),
            "full_time": _round(out.csms_needed),
            "text": needed_said(given, numbers),
        },
    }


def _verdict(given: Inputs, numbers: SizingNumbers, currency: str) -> dict[str, Any]:
    found, near = verdict(given, numbers), nearest(given, numbers)
    return {
        "verdict": found,
        "verdict_name": NAMES[found],
        "verdict_text": verdict_said(given, numbers),
        "does": DOES[found],
        "reasons": reasons(given, numbers, currency),
        "nearest_boundary": {**_boundary(near[0]), "text": together_said(near)},
        "boundaries": [_boundary(each) for each in boundaries(given, numbers)],
        "verdicts": verdicts(given, numbers),
        "staffing": staffing(given, numbers),
        "meetings_text": meetings_said(given, numbers),
        "plans": plans_said(given, numbers, currency),
        "sensitivity": [_sensitivity(each) for each in sensitivity(given, numbers)],
    }


def _input(row: Settled) -> dict[str, Any]:
    return {
        "input": row.name,
        "input_name": INPUTS[row.name].title,
        "value": _round(row.value),
        "provenance": row.provenance,
        "provenance_name": PROVENANCE[row.provenance],
        "measured": _round(row.measured),
        "default": row.default,
    }


def _boundary(each: Boundary) -> dict[str, Any]:
    return {
        "input": each.input,
        "input_name": INPUTS[each.input].title,
        "value": _round(each.value),
        "bound": _round(each.bound),
        "gap": _round(each.gap),
        "verdict": each.verdict,
        "verdict_name": NAMES[each.verdict],
        "text": boundary_said(each),
    }


def _sensitivity(each: Sensitivity) -> dict[str, Any]:
    return {
        "input": each.input,
        "input_name": INPUTS[each.input].title,
        "nearest_boundary": None if each.nearest is None else _boundary(each.nearest),
        "up": {name: _round(by) for name, by in each.up.items()},
        "down": {name: _round(by) for name, by in each.down.items()},
    }


def _pair(pair: Pair) -> dict[str, float | None]:
    return {"planned": _round(pair.planned), "reachable": _round(pair.reachable)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
