"""What changed between two policies, value by value, with the unit beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.policy.schema import FieldCard, Policy, Row, Section


@dataclass(frozen=True)
class Change:
    """One value that differs. ``old`` is None for a row that is new, ``new`` for one that is gone."""

    path: str
    old: Any
    new: Any
    unit: str

    def as_json(self) -> dict[str, Any]:
        """Return the change as plain values."""
        return {"path": self.path, "old": self.old, "new": self.new, "unit": self.unit}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Change:
        """Return the change that ``as_json`` wrote."""
        return cls(path=value["path"], old=value["old"], new=value["new"], unit=value["unit"])


def difference(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Return what differs, in the order of the sections. The order of rows does not count."""
    return tuple(
        change for section in new.sections for change in _section_difference(old.of(type(section)), section)
    )


def release_difference(stored: Mapping[str, Mapping[str, Any]], policy: Policy) -> tuple[Change, ...]:
    """Return the numbers that a stored document lacks, and those that only it still has."""
    now = {section.name: section.model_dump(mode="json") for section in policy.sections}
    added = [
        Change(f"{section.name}.{card.name}", None, now[section.name][card.name], card.unit)
        for section in policy.sections
        for card in section.cards()
        if card.name not in stored.get(section.name, {})
    ]
    gone = [
        Change(f"{name}.{field}", value, None, "no longer read")
        for name, fields in stored.items()
        for field, value in fields.items()
        if field not in now.get(name, {})
    ]
    return (*added, *gone)


def _section_difference(old: Section, new: Section) -> Iterator[Change]:
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    for card in new.cards():
        path = f"{new.name}.{card.name}"
        if card.kind == "rows":
            yield from _row_differences(path, card, getattr(old, card.name), getattr(new, card.name))
        elif before[card.name] != after[card.name]:
            yield Change(path, before[card.name], after[card.name], card.unit)


def _row_differences(
    path: str, card: FieldCard, old: tuple[Row, ...], new: tuple[Row, ...]
) -> Iterator[Change]:
    before = {row.key_text(): row.model_dump(mode="json") for row in old}
    after = {row.key_text(): row.model_dump(mode="json") for row in new}
    for key, row in after.items():
        if key not in before:
            yield Change(f"{path}[{key}]", None, row, card.unit)
            continue
        for column in card.columns:
            if before[key][column.name] != row[column.name]:
                yield Change(
                    f"{path}[{key}].{column.name}", before[key][column.name], row[column.name], column.unit
                )
    for key, row in before.items():
        if key not in after:
            yield Change(f"{path}[{key}]", row, None, card.unit)
