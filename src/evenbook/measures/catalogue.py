"""All measures that the slices bring, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evenbook.kit.errors import EvenbookError
from evenbook.measures.card import Card, cards_in


class UnknownMeasure(EvenbookError):
    """There is no measure of this name."""

    kind = "unknown-measure"
    status = 404


@dataclass(frozen=True)
class Catalogue:
    """The cards of all measures, in the order of the slices, then by name."""

    cards: tuple[Card, ...]

    def card(self, name: str) -> Card:
        """Return the card of one measure.

        Raises:
            UnknownMeasure: there is none of this name.
        """
        for card in self.cards:
            if card.name == name:
                return card
        raise UnknownMeasure(
            f"There is no measure '{name}'.",
            fix=f"Choose from {', '.join(card.name for card in self.cards)}.",
        )


def catalogue_of(packages: Iterable[str]) -> Catalogue:
    """Return the catalogue of the measures that stand in the rules of ``packages``.

    Raises:
        ValueError: two files bring a measure of the same name.
    """
    cards = tuple(card for package in packages for card in cards_in(package))
    names = [card.name for card in cards]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"measures that stand twice: {', '.join(twice)}")
    return Catalogue(cards)
