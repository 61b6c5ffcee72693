"""What a calibration found, in a sentence.

Pure.
"""

from __future__ import annotations

from evenbook.capacity.rules.proposal import Errors, Proposal

QUALITIES = {"score": "Call score", "on_time": "Loops and follow-ups on time"}
"""The measures of quality that a ceiling is looked for in."""


def sentence(found: Proposal) -> str:
    """Return the sentence that a calibration opens with."""
    ceilings = sum(each.is_changed for each in found.ceilings)
    more = f" {_count(ceilings, 'ceiling', 'ceilings')} would change too." if ceilings else ""
    if found.why:
        return f"{found.why}{more}"
    changed = sum(each.is_changed for each in found.weights)
    learned = f"Logged hours of {_count(found.with_hours, 'account', 'accounts')} over {found.weeks} weeks"
    error = _error(found.errors)
    if changed:
        return f"{learned} suggest a change of {changed} of {len(found.weights)} weights{error}.{more}"
    if any(each.is_changed for each in found.base_hours):
        return f"{learned} suggest other base hours and the same weights{error}.{more}"
    return f"{learned} leave all {len(found.weights)} weights as they are{error}.{more}"


def _error(errors: Errors | None) -> str:
    if errors is None or errors.in_force is None or errors.fitted is None:
        return ""
    return f"; error per account {errors.in_force:.2f} → {errors.fitted:.2f}"


def conversations(errors: Errors | None) -> str:
    """Return what knowing conversations brings to the fit, in a sentence; empty where it is not known."""
    if errors is None or None in (
        errors.fitted,
        errors.without_conversations,
        errors.with_conversations,
    ):
        return ""
    assert errors.with_conversations is not None and errors.without_conversations is not None
    gain = errors.without_conversations - errors.with_conversations
    said = (
        f"{errors.without_conversations:.3f} without them, {errors.with_conversations:.3f} with all of them"
    )
    if gain > 0:
        return f"What was said in calls brings the error per account from {said}."
    return f"What was said in calls makes hours no easier to tell: the error per account is {said}."


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
