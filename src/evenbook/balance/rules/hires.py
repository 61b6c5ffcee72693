"""Whom one would hire: people who are not there yet, as balancing would see them.

A *template* is somebody of a role with the hours of a full person, past their ramp. They speak one language
of those that accounts require, know as many industries as most of the team, those with the most effort, and
work where most of the effort is.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from evenbook.balance.rules.books import Client, Holder


@dataclass(frozen=True)
class Template:
    """A role that accounts are given to: hours a month of a full person, and down to which tier."""

    role: str
    hours: float
    lowest_tier: int


@dataclass(frozen=True)
class Hire:
    """Somebody to be hired; without a language where accounts require none."""

    role: str
    language: str
    hours: float
    lowest_tier: int

    @property
    def languages(self) -> tuple[str, ...]:
        """What they must speak."""
        return (self.language,) if self.language else ()


def kinds(clients: Sequence[Client], holders: Sequence[Holder], roles: Sequence[Template]) -> list[Hire]:
    """Return whom one could hire, the languages that lack most hours first.

    Somebody with a language can do all that somebody without one can, so that nobody is without one where
    an account requires any.
    """
    lacks = short_of(clients, holders) or {"": 0.0}
    able = [each for each in roles if each.hours > 0 and each.lowest_tier > 0]
    ranked = sorted(able, key=lambda each: (-each.lowest_tier, each.role))
    return [
        Hire(each.role, language, each.hours, each.lowest_tier)
        for language in sorted(lacks, key=lambda name: (-lacks[name], name))
        for each in ranked
    ]


def short_of(clients: Sequence[Client], holders: Sequence[Holder]) -> dict[str, float]:
    """Return by required language its hours a month less those of people who speak it; above 0 they lack."""
    asked: dict[str, float] = {}
    for each in clients:
        if each.language:
            asked[each.language] = asked.get(each.language, 0.0) + each.effort
    return {
        language: hours - sum(each.hours for each in holders if language in each.languages)
        for language, hours in asked.items()
    }


def hired(hires: Sequence[Hire], clients: Sequence[Client], holders: Sequence[Holder]) -> list[Holder]:
    """Return these hires as people; their ids are below 0, for nobody there has such a one."""
    industries, zone = _known(clients, holders), _zone(clients)
    return [
        Holder(
            id=-1 - place,
            hours=each.hours,
            lowest_tier=each.lowest_tier,
            languages=frozenset(each.languages),
            industries=industries,
            zone=zone,
        )
        for place, each in enumerate(hires)
    ]


def _known(clients: Sequence[Client], holders: Sequence[Holder]) -> frozenset[str]:
    many = median_low(len(each.industries) for each in holders) if holders else 0
    hours: dict[str, float] = {}
    for each in clients:
        if each.industry:
            hours[each.industry] = hours.get(each.industry, 0.0) + each.effort
    return frozenset(sorted(hours, key=lambda name: (-hours[name], name))[:many])


def _zone(clients: Sequence[Client]) -> float | None:
    hours: dict[float, float] = {}
    for each in clients:
        if each.zone is not None:
            hours[each.zone] = hours.get(each.zone, 0.0) + each.effort
    return min(hours, key=lambda zone: (-hours[zone], zone)) if hours else None
