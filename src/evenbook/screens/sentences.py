"""The sentence that a page opens with, and the figures inside it.

A sentence is parts in order: plain text, or a figure that opens. It is made from facts by the
page's own queries; nothing here knows what it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.screens.shown import Shown, number_word, shown


@dataclass(frozen=True)
class Figure:
    """A number that opens.

    Args:
        name: what it counts; the page it opens holds a fold of the same name.
        value: the exact value, in the unit.
        unit: see ``screens.shown``.
        href: where its rows, formula and policy version are.
        text: how it is said, where not as ``shown`` says it.
    """

    name: str
    value: float | None
    unit: str = "number"
    href: str = ""
    text: str = ""
    currency: str = ""

    @property
    def shown(self) -> Shown:
        """Return how the figure is said."""
        plain = shown(self.value, self.unit, currency=self.currency)
        return Shown(self.text, plain.exact, plain.value) if self.text else plain


Part = str | Figure


def counted(count: int, name: str, *, href: str = "", start: bool = False) -> Figure:
    """Return a count as prose says it, as a figure that opens."""
    return Figure(name, count, "count", href, number_word(count, start=start))
