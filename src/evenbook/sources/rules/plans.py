"""How each column of a file is read: what the cells prove, what was answered, what has to be asked.

Pure: the profile of the columns comes in, readers and questions go out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from evenbook.kit.findings import counted
from evenbook.sources.profile import ColumnProfile, SheetProfile
from evenbook.sources.rules import doubts
from evenbook.sources.rules.cells import OPEN_END_YEAR, Reader, Reading, Waits, in_currency, reader, starting
from evenbook.sources.rules.exports import letters
from evenbook.sources.rules.fields import Field, Type
from evenbook.sources.rules.headers import header
from evenbook.sources.rules.mapping import CUSTOM, MEASURE, SKIP, FileMapping
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.recognition import can_hold
from evenbook.sources.values import (
    DecimalMark,
    Problem,
    Window,
    is_blank,
    parse_boolean,
    parse_number,
    text_of,
)

Ask = Callable[[Question], str | None]
"""Registers a question and returns its answer, None where there is none yet."""

DATES = frozenset({"past", "plan", "booked", "week"})
STARTS = frozenset({"starts_on", "first_on"})
AMOUNTS = frozenset({"money", "rate"})
MARKED = AMOUNTS | {"number", "integer", "share", "minutes", "score"}
LEAST_TO_JUDGE = 5
VENDOR_MINUTES = {("hubspot", "hscallduration"): 1 / 60_000, ("pipedrive", "duration"): 60.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the organization has decided, and the load's own time.

    Args:
        home: the organization's currency.
        rates: what one unit of another currency is worth in it.
        zone: where its clocks hang.
        window: the days that are believed.
        now: the load time.
        ask: registers a question and gives its answer.
    """

    now: datetime
    ask: Ask
    home: str = "USD"
    rates: Mapping[str, float] = field(default_factory=dict)
    zone: str = "UTC"
    window: Window = Window()


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """A column, the field it fills and how its cells are read."""

    position: int
    header: str
    name: str
    type: Type
    read: Reader


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of a file are read.

    Args:
        mapping: what the columns mean, with those taken out whose cells are of another kind.
        columns: the fields.
        customs: columns kept as they are, under their plain header.
        measures: columns of a usage table that hold a measure each.
        by_currency: readers of amounts for rows whose own column names a currency.
        notes: what was decided on the way, for a person to read.
    """

    mapping: FileMapping
    columns: tuple[PlannedColumn, ...]
    customs: tuple[PlannedColumn, ...] = ()
    measures: tuple[PlannedColumn, ...] = ()
    by_currency: Callable[[str, str], Reader] | None = None
    notes: tuple[str, ...] = ()


def plan_of(
    file: str,
    mapping: FileMapping,
    profile: SheetProfile,
    settings: Settings,
    *,
    sample: Sequence[Sequence[object]] = (),
) -> Plan:
    """Return how the rows of a file are read; ``sample`` rows tell a reversed score."""
    notes: list[str] = []
    mapping, waiting = _with_guesses(file, mapping, profile, settings.ask)
    readings = _Readings(file, mapping, profile, settings, sample, notes)
    columns: list[PlannedColumn] = []
    customs: list[PlannedColumn] = []
    measures: list[PlannedColumn] = []
    targets = dict(mapping.columns)
    for column in profile.columns:
        target = mapping.columns.get(column.name, CUSTOM)
        field_ = mapping.field_of(column.name)
        if column.name in waiting:
            columns.append(waiting[column.name])
            continue
        if target == MEASURE:
            measures.append(readings.planned(column, _plain(column.name), "number"))
            continue
        planned = readings.of_field(column, field_) if field_ else None
        if planned is not None:
            columns.append(planned)
        elif target != SKIP:
            targets[column.name] = CUSTOM
            customs.append(_custom(column, readings))
    notes.extend(_formula_notes(profile))
    return Plan(
        mapping=replace(mapping, columns=targets),
        columns=tuple(columns),
        customs=tuple(customs),
        measures=tuple(measures),
        by_currency=_remembering(readings.by_currency) if "currency" in targets.values() else None,
        notes=tuple(notes),
    )


def _remembering(make: Callable[[str, str], Reader]) -> Callable[[str, str], Reader]:
    made: dict[tuple[str, str], Reader] = {}

    def once(name: str, currency: str) -> Reader:
        if (name, currency) not in made:
            made[name, currency] = make(name, currency)
        return made[name, currency]

    return once


def _with_guesses(
    file: str, mapping: FileMapping, profile: SheetProfile, ask: Ask
) -> tuple[FileMapping, dict[str, PlannedColumn]]:
    """Ask what a tool's custom columns are, and take those in that a person said yes to."""
    if not mapping.is_vendor:
        return mapping, {}
    targets = dict(mapping.columns)
    waiting: dict[str, PlannedColumn] = {}
    for column in profile.columns:
        if targets.get(column.name) != CUSTOM or column.looks_like == "empty":
            continue
        field_ = _guessed(column, mapping, targets)
        if field_ is None:
            continue
        question = doubts.guess(file, mapping, column, field_.name)
        answer = ask(question)
        if answer is None:
            read = _waiting(Waits(question.id))
            waiting[column.name] = PlannedColumn(column.position, column.name, field_.name, field_.type, read)
        elif answer == "yes":
            if field_.name.startswith("owner_"):
                owners = [name for name, target in targets.items() if target.startswith("owner_")]
                targets.update(dict.fromkeys(owners, CUSTOM))
            targets[column.name] = field_.name
    return replace(mapping, columns=targets), waiting


def _guessed(column: ColumnProfile, mapping: FileMapping, targets: Mapping[str, str]) -> Field | None:
    plain = _plain(column.name)
    for field_ in mapping.kind.fields:
        if field_.name in doubts.GUESSES and field_.name not in targets.values() and field_.fits(plain):
            return field_ if can_hold(field_, column) else None
    return None


@dataclass(frozen=True, slots=True)
class _Readings:
    """Finds out how one column after the other is read."""

    file: str
    mapping: FileMapping
    profile: SheetProfile
    settings: Settings
    sample: Sequence[Sequence[object]]
    notes: list[str]

    def of_field(self, column: ColumnProfile, field_: Field) -> PlannedColumn | None:
        """Return how a field's column is read; None where it is kept as a custom field instead."""
        meant = doubts.meaning(self.file, self.mapping, column, field_, ask=self.settings.ask)
        if isinstance(meant, Waits):
            return PlannedColumn(column.position, column.name, field_.name, field_.type, _waiting(meant))
        target = self.mapping.kind.field(meant) if meant else None
        if target is None:
            return None
        planned = self.planned(column, target.name, target.type)
        if self._holds_something_else(column, target, planned.read):
            self.notes.append(
                f"No cell of {column.name} can be read as {_spoken(target)}; it is kept as a custom field."
            )
            return None
        return planned

    def planned(self, column: ColumnProfile, name: str, kind: Type) -> PlannedColumn:
        """Return how a column is read as this type."""
        reading = self._reading(column, name, kind)
        read = _waiting(reading) if isinstance(reading, Waits) else reader(kind, reading)
        return PlannedColumn(
            column.position, column.name, name, kind, starting(read) if name in STARTS else read
        )

    def by_currency(self, header_: str, currency: str) -> Reader:
        """Return the reader of an amount in a row whose own column names the currency."""
        column = self.profile.column(header_)
        field_ = self.mapping.field_of(header_)
        kind: Type = field_.type if field_ else "money"
        marked = self._marked(column, kind)
        if isinstance(marked, Waits):
            return _waiting(marked)
        return reader(kind, in_currency(self._amount(column, marked, [currency]), currency))

    def _reading(self, column: ColumnProfile, name: str, kind: Type) -> Reading | Waits:
        if kind in DATES:
            return self._dated(column)
        if kind == "score":
            return self._score(column, name)
        reading = self._marked(column, kind)
        if isinstance(reading, Waits):
            return reading
        if kind in AMOUNTS:
            return self._amount(column, reading, self._currencies(column))
        if kind == "minutes":
            unit = self._unit(column)
            return unit if isinstance(unit, Waits) else replace(reading, unit_minutes=unit)
        if kind == "share":
            largest = float(column.numbers.maximum) if column.numbers else 0.0
            return replace(reading, is_percent=largest > 1)
        return reading

    def _base(self) -> Reading:
        settings = self.settings
        return Reading(
            currency=settings.home, home=settings.home, rates=settings.rates, zone=settings.zone,
            window=settings.window, now=settings.now,
        )  # fmt: skip

    def _dated(self, column: ColumnProfile) -> Reading:
        dates = column.dates
        base = self._base()
        if dates is None or (dates.order == "ymd" and "numeric" in dates.forms):
            return replace(base, order=None, order_question="") if dates else base
        if dates.order is not None:
            return replace(base, order=dates.order)
        if dates.verdict == "ambiguous" and dates.likely in {"dmy", "mdy"}:
            first = "day" if dates.likely == "dmy" else "month"
            self.notes.append(
                f"{column.name} is read with the {first} first, as another column of the file proves."
            )
            return replace(base, order=dates.likely)
        question = doubts.date_order(self.file, column, self.mapping)
        answer = self.settings.ask(question)
        if answer in {"dmy", "mdy"}:
            return replace(base, order="dmy" if answer == "dmy" else "mdy")
        return replace(base, order=None, order_question=question.id)

    def _marked(self, column: ColumnProfile, kind: Type) -> Reading | Waits:
        """Return how numbers are read; "1.250" alone is asked about, "1,250" alone is a thousand."""
        numbers = column.numbers
        base = self._base()
        if numbers is None or kind not in MARKED or numbers.decimal is not None:
            return replace(base, decimal=numbers.decimal if numbers and numbers.decimal else "point")
        proved = self._mark_of_others(column)
        if proved is not None:
            return replace(base, decimal=proved)
        if not any("." in value for value in column.distinct):
            return base
        question = doubts.decimal_mark(self.file, column, self.mapping)
        answer = self.settings.ask(question)
        if answer is None:
            return Waits(question.id)
        return replace(base, decimal="comma" if answer == "comma" else "point")

    def _mark_of_others(self, column: ColumnProfile) -> DecimalMark | None:
        """Return the mark that the other columns of the file prove, None where they prove none or both."""
        proofs: set[DecimalMark] = set()
        for each in self.profile.columns:
            if each is not column and each.numbers is not None:
                proofs |= {"comma"} if each.numbers.comma else set()
                proofs |= {"point"} if each.numbers.point else set()
        return next(iter(proofs)) if len(proofs) == 1 else None

    def _amount(self, column: ColumnProfile, reading: Reading, currencies: Sequence[str]) -> Reading:
        named = header(column.name).currency
        questions: dict[str, str] = {}
        rates = dict(self.settings.rates)
        for currency in currencies:
            if currency == self.settings.home or currency in rates:
                continue
            question = doubts.exchange_rate(self.file, column.name, currency, self.settings.home)
            answer = self.settings.ask(question)
            if answer is None:
                questions[currency] = question.id
            elif answer.startswith("rate="):
                rates[currency] = float(answer.removeprefix("rate=").replace(",", "."))
        own = named or self.settings.home
        return replace(reading, currency=own, rates=rates, rate_questions=questions)

    def _currencies(self, column: ColumnProfile) -> list[str]:
        named = header(column.name).currency
        inside = column.numbers.currencies if column.numbers else ()
        found = [named] if named else []
        return found + [each for each in inside if each not in found and not (named and each == "USD")]

    def _unit(self, column: ColumnProfile) -> float | Waits:
        told = VENDOR_MINUTES.get((self.mapping.source, letters(column.name)), header(column.name).minutes)
        if told is not None:
            return told
        return doubts.unit(self.file, column, self.mapping, self.settings.ask)

    def _score(self, column: ColumnProfile, name: str) -> Reading | Waits:
        is_reversed = doubts.speaks_reversed(column, self.profile, self.sample)
        found = doubts.scale(
            self.file, column, name, self.mapping, is_reversed=is_reversed, ask=self.settings.ask
        )
        if isinstance(found, Waits):
            return found
        scale, high_is_good = found
        marked = self._marked(column, "score")
        return (
            marked if isinstance(marked, Waits) else replace(marked, scale=scale, high_is_good=high_is_good)
        )

    def _holds_something_else(self, column: ColumnProfile, target: Field, read: Reader) -> bool:
        """Return whether no cell of an optional field is of its kind, so that it is another column."""
        filled = column.rows - column.blanks
        is_needed = any(target.name in group and len(group) == 1 for group in self.mapping.kind.needs)
        if filled < LEAST_TO_JUDGE or is_needed or target.type in {"name", "text", "word", "id", "json"}:
            return False
        return bool(column.distinct) and all(isinstance(read(value), Problem) for value in column.distinct)


def _custom(column: ColumnProfile, readings: _Readings) -> PlannedColumn:
    name = _plain(column.name)
    if column.looks_like == "boolean":
        read: Reader = _kept(parse_boolean)
    elif column.looks_like in {"number", "money"} and _is_plain_number(column):
        mark = column.numbers.decimal if column.numbers else None
        read = _kept(lambda value: parse_number(value, mark or "point"), number=True)
    elif column.looks_like == "date" and column.dates and column.dates.order:
        order = column.dates.order
        past = reader("plan", replace(readings._base(), order=order, window=Window()))
        read = _kept(past, date=not column.dates.has_times)
    else:
        read = text_of
    return PlannedColumn(column.position, column.name, name, "text", read)


def _is_plain_number(column: ColumnProfile) -> bool:
    numbers = column.numbers
    return numbers is not None and numbers.decimal is not None and not numbers.currencies


def _kept(read: Reader, *, number: bool = False, date: bool = False) -> Reader:
    """Return a reader for a custom field: what can't be read stays as it is written."""

    def keep(value: object) -> object:
        if is_blank(value):
            return None
        found = read(value)
        if found is None or isinstance(found, Problem | Waits):
            return text_of(value)
        if number:
            as_float = float(str(found))
            return int(as_float) if as_float.is_integer() else as_float
        return str(found) if date or not isinstance(found, bool) else found

    return keep


def _waiting(waits: Waits) -> Reader:
    return lambda value: None if is_blank(value) else waits


def _plain(name: str) -> str:
    return header(name).plain or name


def _spoken(target: Field) -> str:
    kinds = {"mail": "a mail address", "domain": "a web domain", "boolean": "yes or no", "score": "a score"}
    return kinds.get(target.type, "a date" if target.type in DATES else "a number")


def without_day(header_: str, cells: int) -> str:
    """Return what is said of days that lie so far ahead that they stand for none."""
    lie = counted(cells, "day", "days") + (" lies" if cells == 1 else " lie")
    return f"{lie} in {OPEN_END_YEAR} or later in {header_}: taken for no day at all."


def _formula_notes(profile: SheetProfile) -> list[str]:
    return [
        f"{counted(column.formulas, 'cell', 'cells')} of {column.name} may be "
        f"{'a formula' if column.formulas == 1 else 'formulas'} (the first is in row "
        f"{column.first_formula.row}): kept as text, never worked out."
        for column in profile.columns
        if column.formulas and column.first_formula
    ]
