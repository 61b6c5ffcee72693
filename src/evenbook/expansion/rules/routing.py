"""To whom an opening goes: the closest route of the policy, else whoever is staffed to expansion.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenbook.expansion.numbers import Route


@dataclass(frozen=True)
class Closer:
    """Somebody who may close: their id, key and name, and the region that they work in."""

    id: int
    key: str
    name: str
    region: str = ""


@dataclass(frozen=True)
class Routed:
    """Who closes, None where nobody does, and why in a sentence."""

    owner: Closer | None
    why: str


def route(
    product: str,
    region: str,
    *,
    routes: Sequence[Route],
    here: Mapping[str, Closer],
    staffed: Sequence[Closer],
) -> Routed:
    """Return who takes an opening to yes or no.

    Args:
        product: what it is for; empty where that was not said.
        region: that of the account; empty where none is known.
        routes: those of the policy.
        here: everybody who is in the team today, by key.
        staffed: who is staffed to expansion, longest first.

    A route whose owner is not here any more is passed over: the next closest holds.
    """
    left = []
    for each in sorted(routes, key=_closest_first):
        if not _fits(each, product, region):
            continue
        if each.owner in here:
            return Routed(here[each.owner], f"By the route for {_said(each)}.")
        left.append(_said(each))
    gone = f" The route for {left[0]} names nobody who is here." if left else ""
    near = [each for each in staffed if region and each.region.casefold() == region.casefold()]
    if near:
        return Routed(near[0], f"Staffed to expansion, and works in {region}.{gone}")
    if staffed:
        return Routed(staffed[0], f"Staffed to expansion the longest.{gone}")
    return Routed(None, f"Nobody is staffed to expansion, and no route fits.{gone}")


def _fits(each: Route, product: str, region: str) -> bool:
    return _same(each.product, product) and _same(each.region, region)


def _same(wanted: str, given: str) -> bool:
    return not wanted or wanted.casefold() == given.casefold()


def _closest_first(each: Route) -> tuple[bool, bool]:
    return (not each.product, not each.region)


def _said(each: Route) -> str:
    return " in ".join(part for part in (each.product, each.region) if part) or "all openings"
