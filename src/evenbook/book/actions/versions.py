"""Landing records that change: a repeated one writes nothing, a changed one gets a new version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeVar

from evenbook.book.actions.writing import Written, chunks, insert
from evenbook.book.models import Versioned
from evenbook.book.rules.versions import Fact, Shape, Version, first_versions, known_again_at, merged

OF_A_VERSION = frozenset(
    {"id", "source", "external_id", "fingerprint", "happened_at", "known_at", "known_until", "assumed"}
)
Outcome = Literal["created", "changed", "unchanged", "absent"]
Kind = TypeVar("Kind", bound=Versioned)


def land_facts(
    model: type[Kind], facts: Sequence[Fact], *, shape: Shape, now: datetime, written: Written
) -> list[Outcome]:
    """Land records of one source and return what became of each, in order.

    Args:
        model: the table.
        facts: the records, each external id at most once.
        shape: how their fields become known.
        now: the load time.
        written: takes the note of what was written.

    Returns:
        ``created``, ``changed``, ``unchanged``; ``absent`` for a deletion of what was never loaded.
    """
    outcomes: list[Outcome] = []
    for piece in chunks(facts):
        outcomes.extend(_land_piece(model, piece, shape, now=now, written=written))
    return outcomes


def _land_piece(
    model: type[Kind], facts: Sequence[Fact], shape: Shape, *, now: datetime, written: Written
) -> list[Outcome]:
    current, gone = _stored(model, facts)
    new: list[Kind] = []
    ended: list[Kind] = []
    found = (current, gone, new, ended)
    outcomes = [_land_one(model, fact, shape, found=found, now=now) for fact in facts]
    if ended:
        model._default_manager.bulk_update(ended, ["known_until"], batch_size=500)
        written.add(model, [row.known_until for row in ended if row.known_until])
    insert(new)
    written.add(model, [max(row.happened_at, row.known_at) for row in new])
    return outcomes


def _stored(model: type[Kind], facts: Sequence[Fact]) -> tuple[dict[str, Kind], dict[str, datetime]]:
    """Return the versions that hold, and when versions that no longer hold ended, by external id."""
    wanted = [fact.external_id for fact in facts]
    rows = model._default_manager.filter(source=facts[0].source, external_id__in=wanted)
    current: dict[str, Kind] = {}
    gone: dict[str, datetime] = {}
    for row in rows:
        if row.known_until is None:
            current[row.external_id] = row
        else:
            gone[row.external_id] = max(row.known_until, gone.get(row.external_id, row.known_until))
    return current, gone


def _land_one(
    model: type[Kind],
    fact: Fact,
    shape: Shape,
    *,
    found: tuple[dict[str, Kind], dict[str, datetime], list[Kind], list[Kind]],
    now: datetime,
) -> Outcome:
    current, gone, new, ended = found
    old = current.get(fact.external_id)
    if fact.is_deleted:
        return _take_back(old, fact, ended, now)
    if old is None:
        back_at = max(gone[fact.external_id], fact.modified_at or now) if fact.external_id in gone else None
        versions = (
            [Version(fact.values, back_at, None, False)] if back_at else first_versions(fact, shape, now)
        )
        new.extend(_row(model, fact, version) for version in versions)
        return "changed" if back_at else "created"
    if old.fingerprint == fact.fingerprint:
        return "unchanged"
    before = {field.attname: getattr(old, field.attname) for field in model._meta.concrete_fields}
    now_said = replace(fact, values=merged(before, fact))
    if all(before.get(name) == value for name, value in now_said.values.items()):
        return "unchanged"
    known_at = known_again_at(before, old.known_at, now_said, shape, now=now)
    old.known_until = known_at
    ended.append(old)
    kept = {name: value for name, value in before.items() if name not in OF_A_VERSION}
    new.append(_row(model, fact, Version({**kept, **now_said.values}, known_at, None, False)))
    return "changed"


def _take_back(old: Kind | None, fact: Fact, ended: list[Kind], now: datetime) -> Outcome:
    if old is None:
        return "absent"
    at = fact.modified_at if fact.modified_at and fact.modified_at > old.known_at else now
    old.known_until = max(at, old.known_at)
    ended.append(old)
    return "changed"


def _row(model: type[Kind], fact: Fact, version: Version) -> Kind:
    return model(
        source=fact.source,
        external_id=fact.external_id,
        fingerprint=fact.fingerprint,
        happened_at=fact.happened_at,
        known_at=version.known_at,
        known_until=version.known_until,
        assumed=version.assumed,
        **version.values,
    )
