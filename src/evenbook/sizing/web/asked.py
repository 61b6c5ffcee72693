"""What a request asks of the equation: what was typed, of which part of the base, of which week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from evenbook.capacity.queries import values_of
from evenbook.kit.keys import slug
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
        _scope(viewer, shown, given.get("scope", "")),
        texts,
        typed,
        refused,
    )


def _scope(viewer: Viewer, shown: Week | None, text: str) -> Scope:
    """Return the part that an address names: a segment by its plain letters, a tier by its number."""
    kind, _, key = text[:320].partition(":")
    if kind not in {SEGMENT, TIER} or not key:
        return Scope()
    if kind == SEGMENT and shown is not None:
        names = values_of(viewer, shown.run.id, "segment")
        alike = [name for name in names if slug(name) == slug(key)]
        key = key if key in names or not alike else alike[0]
    return Scope(kind, key)


def scope_text(scope: Scope) -> str:
    """Return a part of the base as an address has it; empty for all of it.

    What a segment is called comes from outside: an address holds its plain letters alone,
    where it has any.
    """
    if not scope.key:
        return ""
    has_letters = scope.kind == SEGMENT and slug(scope.key) != slug("")
    return f"{scope.kind}:{slug(scope.key) if has_letters else scope.key}"
