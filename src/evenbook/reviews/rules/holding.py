"""Which reviews are held back, each for reasons in words; which are looked at before approval.

Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from evenbook.reviews.rules.deck import Deck
from evenbook.reviews.rules.facts import Facts, Known


@dataclass(frozen=True)
class Hold:
    """A rule that holds a review back, and why in words."""

    rule: str
    says: str


def holds(
    facts: Facts, *, says_something: bool, reader: Known | None, rules: Collection[str]
) -> tuple[Hold, ...]:
    """Return why a review is held back; nothing where it may go."""
    found = {
        "open_escalation": "An escalation is open: settle it before a review is sent."
        if facts.escalated
        else "",
        "opted_out": f"The customer does not want reviews: {facts.opted_out}" if facts.opted_out else "",
        "no_contact": "" if reader else "Nobody with a mail address is known at this customer.",
        "nothing_to_tell": "" if says_something else "Every slide would be empty.",
    }
    return tuple(Hold(rule, says) for rule, says in found.items() if says and rule in rules)


def reader_of(people: Iterable[Known]) -> Known | None:
    """Return to whom a review goes: a champion before others, by name; None where nobody has an address."""
    reached = [each for each in people if each.mail and each.left_at is None]
    return min(reached, key=lambda each: (not each.is_champion, each.name, each.mail), default=None)


def sample_of(rows: Sequence[tuple[int, object]], *, count: int, seed: str) -> frozenset[int]:
    """Return which reviews are looked at: of each kind in turn, chance decides within it.

    Args:
        rows: a number and its kind, such as the tier and how many slides it has.
        count: how many.
        seed: the same seed chooses the same.
    """
    kinds: dict[object, list[int]] = {}
    for number, kind in sorted(rows, key=lambda row: _drawn(seed, row[0])):
        kinds.setdefault(kind, []).append(number)
    found: list[int] = []
    while len(found) < min(count, len(rows)):
        for numbers in kinds.values():
            if numbers and len(found) < count:
                found.append(numbers.pop(0))
    return frozenset(found)


def kind_of(facts: Facts, deck: Deck) -> tuple[int, int]:
    """Return what kind of review it is, so that a sample holds several: its tier and its slides."""
    return facts.tier, deck.pages


def _drawn(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
