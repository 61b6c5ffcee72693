"""A promise beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: what is asked, the floor, and what was measured.

    Attributes:
        ask, floor: the floor is the ask where there is none of its own.
        at_most: whether less is better; otherwise more is.
    """

    name: str
    ask: float
    floor: float
    measured: float
    at_most: bool = True

    @property
    def verdict(self) -> str:
        """Say whether the ask, only the floor, or neither is met."""
        sign = 1.0 if self.at_most else -1.0
        if sign * self.measured <= sign * self.ask:
            return "ask met"
        return "floor met" if sign * self.measured <= sign * self.floor else "not met"


def promise_table(promises: Iterable[Promise]) -> Iterator[str]:
    """Yield the promises as Markdown."""
    yield "| promise | ask | floor | measured | |"
    yield "|---|---|---|---|---|"
    for each in promises:
        said = "≤" if each.at_most else "≥"
        yield (
            f"| {each.name} | {said} {each.ask:g} | {said} {each.floor:g} "
            f"| {each.measured:.3f} | {each.verdict} |"
        )
