"""From when each version of a record counts as known.

A record is loaded as a source shows it today. What it says splits in three: what was so from the
start, what is only *present* (a stage, an amount: known when somebody saw it), and what *closed*
it (won, lost, solved: known at its own closing date). A first load of a closed record therefore
becomes two versions, so that no past week knows how it ended.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """How the fields of a kind of record become known.

    Args:
        blanks: the present and closing fields, each with what it holds before it is known.
        closing: the fields that hold a closing instant.
        masked: closing fields that rules cut at the as-of day by themselves, so that they may
            stand in the first version.
        beside: fields that change along with a closing one, such as the answer to a survey.
    """

    blanks: Mapping[str, Any] = field(default_factory=dict)
    closing: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A record as its source shows it now.

    Args:
        source: who says so.
        external_id: what the source calls it.
        values: the model's fields by name.
        happened_at: when it began; the load where nobody says.
        known_at: when the source came to know it; None where it doesn't say.
        modified_at: when the source last changed it; None where it doesn't say.
        fingerprint: digest of what the source gave.
        is_deleted: whether the source has taken it back.
        weak: fields that were only inferred, so that they never replace what is known already.
    """

    source: str
    external_id: str
    values: Mapping[str, Any]
    happened_at: datetime
    known_at: datetime | None
    modified_at: datetime | None
    fingerprint: str
    is_deleted: bool = False
    weak: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Version:
    """One version to store: its fields, and the time in which it held."""

    values: Mapping[str, Any]
    known_at: datetime
    known_until: datetime | None
    assumed: bool


def first_versions(fact: Fact, shape: Shape, now: datetime) -> list[Version]:
    """Return the versions of a record that was never loaded before, oldest first."""
    known_at = fact.known_at or min(fact.happened_at, now)
    assumed = fact.known_at is None and known_at != now
    later_at = _seen_at(fact, shape, now)
    blanks = {name: blank for name, blank in shape.blanks.items() if name in fact.values}
    open_values = {**fact.values, **blanks}
    if not _differ(open_values, fact.values) or later_at <= known_at:
        return [Version(fact.values, known_at, None, assumed)]
    return [
        Version(open_values, known_at, later_at, assumed),
        Version(fact.values, later_at, None, assumed and later_at != now),
    ]


def merged(old: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    """Return what a record says after a fact that may speak of some of its fields only.

    Custom fields add up, and what was only inferred fills gaps but replaces nothing.
    """
    values: dict[str, Any] = {}
    for name, value in fact.values.items():
        before = old.get(name)
        if name in fact.weak and before is not None:
            value = before
        elif name == "custom" and isinstance(before, dict):
            value = {**before, **value}
        values[name] = value
    return values


def known_again_at(
    old: Mapping[str, Any], old_known_at: datetime, fact: Fact, shape: Shape, *, now: datetime
) -> datetime:
    """Return when a changed record became known: the instant at which the new version starts."""
    changed = {name for name, value in fact.values.items() if old.get(name) != value}
    closings = {name for name in changed if name in shape.closing and old.get(name) is None}
    if closings and changed <= closings | set(shape.blanks) | set(shape.beside):
        closed_at: datetime = max(fact.values[name] for name in closings)
        if old_known_at < closed_at <= now:
            return closed_at
    if fact.modified_at and old_known_at < fact.modified_at <= now:
        return fact.modified_at
    return max(now, old_known_at)


def _seen_at(fact: Fact, shape: Shape, now: datetime) -> datetime:
    """Return when the present and closing values of a first load became known."""
    dated = [fact.values.get(name) for name in shape.closing if name not in shape.masked]
    closed = [at for at in dated if at and at <= now]
    if closed:
        latest: datetime = max(closed)
        return latest
    return min(fact.modified_at, now) if fact.modified_at else now


def _differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(one.get(name) != value for name, value in other.items())
