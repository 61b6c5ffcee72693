"""Why an account should move to another tier, and why it may not yet, in words.

Pure: plain values in, sentences out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

UP, DOWN = "up", "down"
STRATEGIC, ARR, EXPANSION = "strategic", "arr", "expansion"
ACTIVE = frozenset({"escalation_open", "red", "ticket_open"})
"""Hindrances that are active issues."""

HINDRANCES = {
    "locked": "its tier is locked",
    "escalation_open": "an escalation is open",
    "red": "it is red",
    "ticket_open": "a severe ticket is open",
    "escalation": "an escalation",
    "red_lately": "it was red",
    "contraction": "its revenue was cut",
    "detractor": "a survey answer of a detractor",
    "unsettled": "it was red or yellow",
    "complex": "it is more complex than a lower tier can serve",
    "growing": "an expansion is open",
    "young": "it came to its tier",
    "declined": "the move was declined",
}
"""What hinders a move, by kind, in the order in which pages say it."""

ORDER = tuple(HINDRANCES)
LASTING = frozenset({"escalation_open", "red", "ticket_open", "locked"})


@dataclass(frozen=True)
class Found:
    """A move as a run found it. Money in minor units; ``expansions`` are the open ones."""

    direction: str
    from_tier: int
    to_tier: int
    grounds: tuple[str, ...]
    arr_cents: int | None
    border_cents: int | None
    since_on: date | None
    expansions: int
    expansion_cents: int
    complexity: int | None
    unsettled_on: date | None


@dataclass(frozen=True)
class Hindrance:
    """What keeps a move from being made: since when it is there, and until when, None where that is open."""

    kind: str
    since_on: date | None
    until_on: date | None

    @property
    def said(self) -> str:
        """Say what it is, since when, and until when it holds."""
        what = HINDRANCES[self.kind]
        if self.since_on is not None:
            what += f" since {_day(self.since_on)}" if self.kind in LASTING else f" on {_day(self.since_on)}"
        return f"{what}: until {_day(self.until_on)}" if self.until_on else what


@dataclass(frozen=True)
class Words:
    """How an organization says amounts and tiers, and what it asks of a move.

    ``margin`` is a share of the border; ``stable_weeks`` are weeks.
    """

    currency: str
    titles: Mapping[int, str]
    margin: float
    stable_weeks: int

    def money(self, cents: int) -> str:
        """Say an amount a year."""
        return f"{cents / 100:,.0f} {self.currency}"

    def tier(self, number: int) -> str:
        """Say a tier: by its number and its name."""
        title = self.titles.get(number, "")
        return f"tier {number} {title}".strip()


def reasons(found: Found, words: Words) -> tuple[str, ...]:
    """Return why an account should move, a sentence a ground."""
    said = []
    if STRATEGIC in found.grounds:
        said.append("It is marked as strategic, and that counts as tier 1.")
    if ARR in found.grounds:
        said.append(_passed(found, words))
    if EXPANSION in found.grounds:
        said.append(_growing(found, words))
    if found.direction == DOWN:
        said.append(_quiet(found, words))
    return tuple(said)


def figures(found: Found) -> tuple[Mapping[str, str | int | None], ...]:
    """Return the figures that a move rests on: name, value, unit. Money in minor units."""
    rows: list[tuple[str, int | None, str]] = [
        ("ARR", found.arr_cents, "money"),
        ("Border", found.border_cents, "money"),
    ]
    if found.expansions:
        rows.append(("Open expansions", found.expansion_cents, "money"))
    if found.direction == DOWN:
        rows.append(("Complexity, 1 to 5", found.complexity, "count"))
    return tuple({"name": name, "value": value, "unit": unit} for name, value, unit in rows)


def hindered(given: Iterable[Hindrance]) -> tuple[tuple[Hindrance, ...], date | None]:
    """Return hindrances in the order in which they are said, and the first day without any, where known."""
    ordered = tuple(sorted(given, key=lambda each: ORDER.index(each.kind)))
    ends = [each.until_on for each in ordered]
    known = [end for end in ends if end is not None]
    return ordered, (max(known) if known and len(known) == len(ends) else None)


def waits_for(said: Sequence[str], until: date | None) -> str:
    """Say what a move waits for, given what each hindrance says and the first day without any."""
    text = "; ".join(said)
    text = f"{text[:1].upper()}{text[1:]}."
    return f"{text} It may move from {_day(until)}." if until is not None and len(said) > 1 else text


def _passed(found: Found, words: Words) -> str:
    border = words.money(found.border_cents or 0)
    since = f" since {_day(found.since_on)}" if found.since_on else ""
    if found.direction == UP:
        return (
            f"ARR of {words.money(found.arr_cents or 0)} has been above the border of "
            f"{words.tier(found.to_tier)} ({border} now) by {words.margin:.0%} or more{since}."
        )
    return (
        f"ARR of {words.money(found.arr_cents or 0)} has been below the border of "
        f"{words.tier(found.to_tier - 1)} ({border} now) by more than {words.margin:.0%}{since}."
    )


def _growing(found: Found, words: Words) -> str:
    many = "an open expansion" if found.expansions == 1 else f"{found.expansions} open expansions"
    sum_cents = (found.arr_cents or 0) + found.expansion_cents
    return (
        f"With {many} of {words.money(found.expansion_cents)} its ARR would be {words.money(sum_cents)}, "
        f"past the border of {words.tier(found.from_tier - 1)}."
    )


def _quiet(found: Found, words: Words) -> str:
    complexity = f"complexity {found.complexity} of 5" if found.complexity else "no complexity set"
    if found.unsettled_on is None:
        return f"Neither red nor yellow in the last {words.stable_weeks} weeks; {complexity}."
    return f"Last red or yellow on {_day(found.unsettled_on)}; {complexity}."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
