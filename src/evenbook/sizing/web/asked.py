"""What a request asks of the equation: what was typed, of which part of the base, of which week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.policy.schema import Policy
from evenbook.runs.queries import Week, week
from evenbook.sizing.queries.sized import Sized, sized
from evenbook.sizing.rules.bases import SEGMENT, TIER, Scope
from evenbook.sizing.rules.inputs import INPUTS, InputRefused, number_typed


@dataclass(frozen=True)
class Asking:
    """A request's question.

    Attributes:
        texts: what was typed, as it was typed, by the name of the input.
        typed: what of it can be.
        refused: why the rest can't, by the name of the input.
    """

    week: Week | None
    policy: Policy
    policy_version: int
    scope: Scope
    texts: Mapping[str, str]
    typed: Mapping[str, float]
    refused: Mapping[str, str]

    def answer(self, viewer: Viewer) -> Sized:
        """Return the answer to what can be.

        Raises:
            SizingNotYours, NoSuchPart: see ``queries.sized``.
        """
        return sized(viewer, self.week, self.policy, self.typed, scope=self.scope)


def asked_of(request: HttpRequest, viewer: Viewer) -> Asking:
    """Return what a request asks; what was typed and can't be is kept, with the reason."""
    given = request.POST if request.method == "POST" else request.GET
    shown = week(viewer, given.get("as_of", ""))
    newest = latest() if shown is None else None
    policy = shown.policy if shown else newest.policy if newest else None
    assert policy is not None
    texts = {name: given[name].strip()[:60] for name in INPUTS if given.get(name, "").strip()}
    typed, refused = {}, {}
    for name, text in texts.items():
        try:
            typed[name] = number_typed(name, text)
        except InputRefused as why:
            refused[name] = f"{why.what} {why.fix}"
    return Asking(
        shown,
        policy,
        shown.run.policy_version if shown else newest.number if newest else 0,
        _scope(given.get("scope", "")),
        texts,
        typed,
        refused,
    )


def _scope(text: str) -> Scope:
    kind, _, key = text[:320].partition(":")
    return Scope(kind, key) if kind in {SEGMENT, TIER} and key else Scope()


def scope_text(scope: Scope) -> str:
    """Return a part of the base as an address has it; empty for all of it."""
    return f"{scope.kind}:{scope.key}" if scope.key else ""
