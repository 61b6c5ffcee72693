"""From the cells of a row to the values of its fields: whole, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from evenbook.people.veil import Veil
from evenbook.sources.rules.cells import Amount, Waits
from evenbook.sources.rules.plans import Plan, PlannedColumn
from evenbook.sources.values import Problem

AMOUNTS = frozenset({"money", "rate"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is not taken."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """The question that a row waits for, and those that it waits for besides."""

    question: str
    also: tuple[str, ...] = ()

    @classmethod
    def by(cls, questions: Iterable[str]) -> Held | None:
        """Return what waits for these questions, None where there is none."""
        first, *rest = dict.fromkeys(questions) or [""]
        return cls(first, tuple(rest)) if first else None

    @property
    def questions(self) -> tuple[str, ...]:
        """Return all of them."""
        return (self.question, *self.also)


@dataclass(slots=True)
class Record:
    """The values of a row, by field; blank ones are left out.

    Args:
        number: the row, as a spreadsheet shows it.
        values: field to value.
        custom: columns that are kept as they are.
        cells: the row as the file has it.
        said: the digest of what the row said before the names of forgotten people were taken out of it.
    """

    number: int
    values: dict[str, Any]
    custom: dict[str, Any] = field(default_factory=dict)
    cells: Sequence[object] = ()
    said: str = ""

    def get(self, name: str) -> Any:
        """Return a value, or None."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return a value as text, or ""."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def instant(self, name: str) -> datetime | None:
        """Return a value that is an instant, or None."""
        value = self.values.get(name)
        return value if isinstance(value, datetime) else None

    def day(self, name: str) -> date | None:
        """Return a value that is a day, or None."""
        value = self.values.get(name)
        return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None

    def amount(self, name: str) -> Amount | None:
        """Return a value that is money, or None."""
        value = self.values.get(name)
        return value if isinstance(value, Amount) else None


def records(
    plan: Plan, numbers: Sequence[int], rows: Sequence[Sequence[object]]
) -> Iterator[Record | tuple[int, Sequence[object], Refusal | Held]]:
    """Yield each row as a record, or why it is none."""
    fields = [column for column in plan.columns if plan.by_currency is None or column.type not in AMOUNTS]
    amounts = (
        [] if plan.by_currency is None else [column for column in plan.columns if column.type in AMOUNTS]
    )
    constants = {name: value for name, value in plan.mapping.constants.items()}
    for number, row in zip(numbers, rows, strict=True):
        values: dict[str, Any] = dict(constants)
        stopped = _both(_read(fields, row, values), _read_amounts(plan, amounts, row, values))
        if stopped is not None:
            yield number, row, stopped
            continue
        custom: dict[str, Any] = {}
        _read(plan.customs, row, custom)
        yield Record(number, values, custom, row)


def missing(record: Record, plan: Plan) -> Refusal | None:
    """Return why a row that lacks what its table needs is not taken.

    What no column of the file could hold is not missed.
    """
    for group in plan.mapping.kind.must:
        carriers = [column for name in group if (column := plan.mapping.header_of(name))]
        if carriers and not any(record.values.get(name) is not None for name in group):
            return Refusal(carriers[0], f"it has no {' and no '.join(carriers)}")
    return None


def fingerprint(record: Record) -> str:
    """Return a digest of what a row says, whatever its spelling and the order of its columns."""
    if record.said:
        return record.said
    said = sorted((name, _canonical(value)) for name, value in record.values.items())
    kept = sorted((name, _canonical(value)) for name, value in record.custom.items())
    return blake2b(repr((said, kept)).encode(), digest_size=16).hexdigest()


def veiled(record: Record, veil: Veil) -> Record:
    """Return a record without the names of people who were forgotten.

    It keeps the digest of what the row says, so that a row which says the same again is still known; the
    names of accounts are no names of people.
    """
    said = fingerprint(record)
    kept = {name: value for name, value in record.values.items() if name in IDENTITY}
    return replace(
        record,
        values=veil.values(record.values) | kept,
        custom=veil.values(record.custom),
        cells=veil.values(list(record.cells)),
        said=said,
    )


def _read(
    columns: Sequence[PlannedColumn], row: Sequence[object], values: dict[str, Any]
) -> Refusal | Held | None:
    """Read cells into ``values``; return the first fault, else every question that the row waits for."""
    waits: list[str] = []
    for column in columns:
        value = column.read(row[column.position])
        if value is None:
            continue
        if isinstance(value, Problem):
            return Refusal(column.header, value.reason)
        if isinstance(value, Waits):
            waits.append(value.question)
        else:
            values[column.name] = value
    return Held.by(waits)


def _both(first: Refusal | Held | None, second: Refusal | Held | None) -> Refusal | Held | None:
    """Return why a row is stopped: a fault before a question, and all questions together."""
    if isinstance(first, Held) and isinstance(second, Held):
        return Held.by([*first.questions, *second.questions])
    faults = (each for each in (first, second) if isinstance(each, Refusal))
    return next(faults, None) or first or second


def _read_amounts(
    plan: Plan, columns: Sequence[PlannedColumn], row: Sequence[object], values: dict[str, Any]
) -> Refusal | Held | None:
    currency = values.get("currency")
    if currency is None or plan.by_currency is None:
        return _read(columns, row, values)
    by = [replace(column, read=plan.by_currency(column.header, currency)) for column in columns]
    return _read(by, row, values)


def _canonical(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


IDENTITY = ("account_id", "account_name", "account_domain", "contract_id")


def identity(plan: Plan, row: Sequence[object], *, also: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a row says of who it is about, also where the rest of it can't be read."""
    wanted = {*IDENTITY, *also}
    found = {
        column.name: column.read(row[column.position]) for column in plan.columns if column.name in wanted
    }
    return {
        name: value
        for name, value in found.items()
        if value is not None and not isinstance(value, Problem | Waits)
    }
