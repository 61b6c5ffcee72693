"""Which parent links can stand: a company is never its own parent, however far up. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def links_in_a_circle(parents: Mapping[int, int], links: Sequence[tuple[int, int]]) -> list[int]:
    """Return the positions of the links that would close a circle, taken in order.

    Args:
        parents: the links that stand, child to parent.
        links: the new links (child, parent); a later one replaces the child's earlier one.
    """
    standing, refused = dict(parents), []
    for position, (child, parent) in enumerate(links):
        if _leads_to(standing, parent, child):
            refused.append(position)
        else:
            standing[child] = parent
    return refused


def _leads_to(parents: Mapping[int, int], start: int, goal: int) -> bool:
    at: int | None = start
    seen: set[int] = set()
    while at is not None and at not in seen:
        if at == goal:
            return True
        seen.add(at)
        at = parents.get(at)
    return False
