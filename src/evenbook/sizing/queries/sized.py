"""The sizing equation answered for a viewer: of the whole base, of each segment and tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.schema import Policy
from evenbook.runs.queries import Week
from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.queries.measured import base, require
from evenbook.sizing.rules.bases import SEGMENT, TIER, WHOLE, Base, Scope, measured, scopes_of, within
from evenbook.sizing.rules.document import document
from evenbook.sizing.rules.inputs import NOTHING, Measured, Typed, checked, settled
from evenbook.tiers.queries import tier_titles


class NoSuchPart(EvenbookError):
    """There is no such segment or tier among the accounts that the viewer may open."""

    kind = "no-such-part"
    status = 404


WHOLE_BASE = Scope()


@dataclass(frozen=True)
class Sized:
    """An answer of the equation.

    Attributes:
        week: what it is of; None where no week is stored.
        scope: of which part of the base.
        found: what was measured of it.
        said: the answer, as ``rules.document`` tells it.
        base: the accounts and people that it was measured on.
        typed: what was typed.
    """

    week: Week | None
    scope: Scope
    found: Measured
    said: Mapping[str, Any]
    base: Base
    typed: Typed


@dataclass(frozen=True)
class Part:
    """A segment or a tier, with its own answer from what was measured of it."""

    scope: Scope
    title: str
    accounts: int
    found: Measured
    said: Mapping[str, Any]


def sized(
    viewer: Viewer, week: Week | None, policy: Policy, typed: Typed, *, scope: Scope = WHOLE_BASE
) -> Sized:
    """Return the answer for what was typed, measured where nothing was, else assumed.

    Raises:
        SizingNotYours: the viewer may not see it.
        NoSuchPart: there is no such segment or tier.
        InputRefused: something typed can't be.
    """
    require(viewer)
    numbers = policy.of(SizingNumbers)
    cadence = numbers.meetings_per_quarter
    if "meetings_per_quarter" in typed:
        cadence = checked("meetings_per_quarter", typed["meetings_per_quarter"])
    held = Base() if week is None else base(viewer, week, meetings_per_quarter=cadence)
    if scope.kind != WHOLE and not within(held, scope):
        raise NoSuchPart(f"No account is of the {scope.kind} '{scope.key[:40]}'.", fix="Choose another one.")
    found = NOTHING if week is None else measured(held, scope)
    currency = policy.of(OrganizationNumbers).currency
    said = document(settled(typed, found, numbers), numbers, currency)
    return Sized(week, scope, found, said, held, typed)


def parts(viewer: Viewer, answer: Sized, policy: Policy, kind: str) -> tuple[Part, ...]:
    """Return each segment, or each tier, with its own verdict: which of them buys what.

    Each is measured by itself; the cost of a CSM and the planned meetings are those of the answer.
    """
    numbers = policy.of(SizingNumbers)
    kept = {name: answer.typed[name] for name in ("csm_cost", "meetings_per_quarter") if name in answer.typed}
    titles = tier_titles(viewer, answer.week) if kind == TIER and answer.week else {}
    rows = []
    for scope in scopes_of(answer.base, kind):
        found = measured(answer.base, scope)
        said = document(settled(kept, found, numbers), numbers, answer.said["currency"])
        title = titles.get(int(scope.key), scope.key) if kind == TIER else scope.key or "no segment"
        rows.append(Part(scope, title, found.accounts or 0, found, said))
    return tuple(rows)


def full_document(viewer: Viewer, answer: Sized, policy: Policy, *, version: int) -> dict[str, Any]:
    """Return an answer with what it is of, and with each segment and tier, for programs."""
    week = answer.week
    by_kind = {kind: parts(viewer, answer, policy, kind) for kind in (SEGMENT, TIER)} if week else {}
    whole = answer.scope.kind == WHOLE
    return {
        **answer.said,
        "as_of": week.run.as_of.isoformat() if week else None,
        "policy_version": version,
        "scope": {"kind": answer.scope.kind, "key": answer.scope.key or None},
        "meetings_on_calendar_per_quarter": answer.found.scheduled,
        "cycle_days": answer.found.cycle_days or None,
        "segments": [_line(row) for row in by_kind.get(SEGMENT, ())] if whole else [],
        "tiers": [_line(row) for row in by_kind.get(TIER, ())] if whole else [],
    }


def _line(row: Part) -> dict[str, Any]:
    said = row.said
    return {
        "key": row.scope.key,
        "name": row.title,
        "accounts": row.accounts,
        "csms": row.found.csms,
        "completed_share": row.found.completed_share,
        "acv": row.found.acv,
        "accounts_per_csm": said["accounts_per_csm"],
        "fundable_accounts_per_csm": said["fundable_accounts_per_csm"],
        "cost_share_of_arr": said["cost_share_of_arr"],
        "verdict": said["verdict"],
        "verdict_name": said["verdict_name"],
        "staffing": said["staffing"],
        "text": said["verdict_text"],
    }
