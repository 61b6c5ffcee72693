"""From the rows of a usage file to a fold: what each says, which repeat, which can't be read.

Needs no database, so that it runs before the transaction that lands the fold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b

import numpy as np

from evenbook.sources.rules.cells import Waits
from evenbook.sources.rules.folding import (
    ACTIVE_USERS,
    EVENTS,
    Fold,
    Ints,
    measure_name,
    shifted,
    starts_on_sunday,
)
from evenbook.sources.rules.mapping import FileMapping
from evenbook.sources.rules.plans import Plan, PlannedColumn
from evenbook.sources.rules.rows import Held, Refusal
from evenbook.sources.rules.seen import Seen
from evenbook.sources.values import Problem, is_blank

REMEMBERED = 50_000
KEYS = ("account_id", "account_name", "account_domain", "contract_id")
Said = tuple[str, date, list[tuple[str, float]], str]
"""What a row says: its key, its day, its measures, its user."""


@dataclass(slots=True)
class Folded:
    """A file of usage, folded: what it says, and the rows that it can't say."""

    mapping: FileMapping
    fold: Fold
    fields: tuple[str, ...]
    repeated: int = 0
    held: Counter[str] = field(default_factory=Counter)


class UsageRows:
    """Reads the rows of a usage file into a fold."""

    def __init__(self, plan: Plan, sample: Sequence[Sequence[object]]) -> None:
        self.plan = plan
        self.columns = {column.name: column for column in plan.columns}
        self.when = self.columns.get("week") or self.columns.get("day") or self.columns.get("month")
        self.keys = [self.columns[name] for name in KEYS if name in self.columns]
        fold = Fold(by_week=self.when is not None and self.when.name == "week")
        self.folded = Folded(plan.mapping, fold, tuple(column.name for column in self.keys))
        self.measures = [(measure_name(column.name), column) for column in plan.measures]
        self.seen = Seen()
        self.known: dict[int, dict[object, object]] = {}
        self.has_others = any(name in self.columns for name in ("event", "user_id", "event_id"))
        self.has_others = self.has_others or any(_is_label(column, sample) for column in plan.customs)
        self.by_sunday = self._names_sundays(sample)

    def read(
        self, numbers: Sequence[int], rows: Sequence[Sequence[object]]
    ) -> Iterator[tuple[int, Sequence[object], Refusal]]:
        """Fold rows and yield those that can't be."""
        taken: list[tuple[int, Sequence[object], Said]] = []
        for number, row, found in zip(numbers, rows, self._all(rows), strict=True):
            if isinstance(found, tuple):
                taken.append((number, row, found))
            elif isinstance(found, Refusal):
                yield number, row, found
            else:
                self.folded.held[found.question] += 1
        fresh: list[Said] = []
        for (number, row, said), before in zip(taken, self._repeats(taken), strict=True):
            if before is None:
                fresh.append(said)
            elif before[1]:
                self.folded.repeated += 1
            else:
                yield number, row, Refusal("", f"row {before[0]} says something else under the same key")
        self._fold(fresh)

    def _all(self, rows: Sequence[Sequence[object]]) -> Sequence[Said | Refusal | Held]:
        """Return what rows say: column by column where all can be read that way, else row by row."""
        return self._by_column(rows) or [self._row(row) for row in rows]

    def _by_column(self, rows: Sequence[Sequence[object]]) -> list[Said] | None:
        """Return what rows say, or None where a cell is blank, can't be read, or waits."""
        if not rows or self.when is None or self.when.name == "month" or self._is_long:
            return None
        columns = list(zip(*rows, strict=True))
        first = self.keys[0]
        keys = [self._read(first, cell) for cell in columns[first.position]]
        days = [self._read(self.when, cell) for cell in columns[self.when.position]]
        carriers = self._carriers(())
        values = [[self._read(column, cell) for cell in columns[column.position]] for _, column in carriers]
        instants = [each for each in days if isinstance(each, datetime)]
        if len(instants) < len(rows) or not all(type(each) is str for each in keys):
            return None
        if not all(type(each) is float and each >= 0 for column in values for each in column):
            return None
        user = self.columns.get("user_id")
        users = [str(cell or "") for cell in columns[user.position]] if user else [""] * len(rows)
        names = [measure for measure, _ in carriers]
        lists = ([list(zip(names, row, strict=True)) for row in zip(*values, strict=True)] if values
                 else [[] for _ in rows])  # fmt: skip
        return [
            (f"{first.name}:{key}", shifted(at.date(), by_sunday=self.by_sunday), said, who)
            for key, at, said, who in zip(keys, instants, lists, users, strict=True)
        ]

    def _read(self, column: PlannedColumn, cell: object) -> object:
        """Return what a cell says; cells repeat, so each text is read once."""
        known = self.known.setdefault(column.position, {})
        try:
            return known[cell]
        except (KeyError, TypeError):
            value = column.read(cell)
        if isinstance(cell, str):
            if len(known) >= REMEMBERED:
                known.clear()
            known[cell] = value
        return value

    def was_folded(self, row: Sequence[object]) -> bool:
        """Return whether a row could be read, so that only its account stopped it."""
        return not isinstance(self._row(row), Refusal | Held)

    def _row(self, row: Sequence[object]) -> Said | Refusal | Held:
        key = self._key(row)
        if isinstance(key, Refusal | Held):
            return key
        day = self._day(row)
        if isinstance(day, Refusal | Held):
            return day
        values = self._values(row)
        if isinstance(values, Refusal | Held):
            return values
        user = self.columns.get("user_id")
        return key, day, values, str(row[user.position] or "") if user else ""

    def _key(self, row: Sequence[object]) -> str | Refusal | Held:
        for column in self.keys:
            value = self._read(column, row[column.position])
            stopped = _stopped(value, column)
            if stopped is not None:
                return stopped
            if value is not None:
                return f"{column.name}:{value}"
        return Refusal("", "no account is named")

    def _day(self, row: Sequence[object]) -> date | Refusal | Held:
        if self.when is None or self.when.name == "month":
            return Refusal(self.when.header if self.when else "", "usage by month can't be told by week")
        value = self._read(self.when, row[self.when.position])
        stopped = _stopped(value, self.when)
        if stopped is not None:
            return stopped
        if not isinstance(value, datetime):
            return Refusal(self.when.header, "it has no date")
        return shifted(value.date(), by_sunday=self.by_sunday)

    def _values(self, row: Sequence[object]) -> list[tuple[str, float]] | Refusal | Held:
        found: list[tuple[str, float]] = []
        for measure, column in self._carriers(row):
            value = self._read(column, row[column.position])
            stopped = _stopped(value, column)
            if stopped is not None:
                return stopped
            if isinstance(value, float):
                if value < 0:
                    return Refusal(column.header, "usage can't be negative")
                found.append((measure, value))
        return found

    def _carriers(self, row: Sequence[object]) -> list[tuple[str, PlannedColumn]]:
        """Return the columns of a row that hold a measure, each with the measure's name."""
        name, value = self.columns.get("measure_name"), self.columns.get("value")
        if name is None or value is None:
            single = [("value", value)] if value is not None else []
            return [*self.measures, *single]
        said = row[name.position]
        plain = "" if is_blank(said) else str(said).strip().lower().replace(" ", "_").replace("-", "_")
        return [(measure_name(plain or "value"), value)]

    def _repeats(self, taken: Sequence[tuple[int, Sequence[object], Said]]) -> list[tuple[int, bool] | None]:
        """Return which rows were seen before: by their id, else by account and day."""
        event = self.columns.get("event_id")
        if event is None and self.has_others:
            return [None] * len(taken)
        keys = [self._identity(number, row, said, event) for number, row, said in taken]
        contents = [(key, day, tuple(values), user) for _, _, (key, day, values, user) in taken]
        return self.seen.look(keys, contents, [number for number, *_ in taken])

    def _identity(
        self, number: int, row: Sequence[object], said: Said, event: PlannedColumn | None
    ) -> Hashable:
        if event is not None:
            cell = row[event.position]
            return ("row", number) if is_blank(cell) else str(cell)
        key, day, values, _ = said
        return (key, day, values[0][0] if values and self._is_long else "")

    @property
    def _is_long(self) -> bool:
        return "measure_name" in self.columns

    def _fold(self, rows: Sequence[Said]) -> None:
        if not rows:
            return
        fold = self.folded.fold
        keys = np.array([fold.key_of(key) for key, *_ in rows], dtype=np.int64)
        days = np.array([day.toordinal() for _, day, *_ in rows], dtype=np.int64)
        fold.count_rows(keys, days)
        by_measure: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for place, (_, _, values, _) in enumerate(rows):
            for measure, value in values:
                places, numbers = by_measure[measure]
                places.append(place)
                numbers.append(value)
        for measure, (places, numbers) in by_measure.items():
            fold.add(measure, keys[places], days[places], np.array(numbers, dtype=np.float64))
        if "user_id" in self.columns:
            self._fold_people(rows, keys, days)
        if not self.plan.measures and "value" not in self.columns:
            fold.add(EVENTS, keys, days, np.ones(len(rows)))

    def _fold_people(self, rows: Sequence[Said], keys: Ints, days: Ints) -> None:
        named = [place for place, (*_, user) in enumerate(rows) if user]
        if named and not any(measure == ACTIVE_USERS for measure, _ in self.measures):
            users = b"".join(blake2b(rows[place][3].encode(), digest_size=8).digest() for place in named)
            self.folded.fold.add_people(keys[named], days[named], np.frombuffer(users, dtype=np.uint64))

    def _names_sundays(self, sample: Sequence[Sequence[object]]) -> bool:
        if self.when is None or self.when.name != "week":
            return False
        read = [self.when.read(row[self.when.position]) for row in sample]
        return starts_on_sunday(
            [each.date() for each in read if isinstance(each, datetime)], self.when.header
        )


def _stopped(value: object, column: PlannedColumn) -> Refusal | Held | None:
    if isinstance(value, Problem):
        return Refusal(column.header, value.reason)
    return Held(value.question) if isinstance(value, Waits) else None


def _is_label(column: PlannedColumn, sample: Sequence[Sequence[object]]) -> bool:
    """Return whether a column tells rows of one account and day apart: text, and not all the same."""
    values = {str(row[column.position]) for row in sample if not is_blank(row[column.position])}
    return len(values) > 1 and not all(value.replace(".", "", 1).isdigit() for value in values)


def key_of_row(folded: Folded, columns: Sequence[PlannedColumn], row: Sequence[object]) -> int | None:
    """Return the number of the key of a row that was folded."""
    for column in columns:
        value = column.read(row[column.position])
        if value is not None and not isinstance(value, Problem | Waits):
            return folded.fold.keys.get(f"{column.name}:{value}")
    return None
