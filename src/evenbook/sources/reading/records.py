"""Tables out of JSON: one record a line, a list of records, or an answer of an API around such a list.

The file is read once to learn its kinds of records and their columns, and again for each reading of a
table. A line that is no record is rejected alone; a document that breaks off is refused whole, since
nobody can say what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evenbook.sources.reading.encoding import TextSurvey, odd_reason, open_text, printable, survey_text
from evenbook.sources.reading.flattening import flattened, header_of, odd_name
from evenbook.sources.reading.json_stream import decoder, values_of
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Origin
from evenbook.sources.reading.salesforce import is_plan, typed_records
from evenbook.sources.reading.sheets import Batch, Cell, Kind, RejectedRow, Sheet, Unread

WRAPPERS = frozenset({"", *"records results result data items rows value values list entries".split()})
IDENTITIES = frozenset({"id", "Id", "ID", "name", "Name"})
KEPT_CHARACTERS = 64 * 1024

GroupKey = tuple[str, str]
"""The list a record stands in and the type it says it has."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One value of the file: a record, or text that is none (with the reason)."""

    key: str
    number: int
    record: Any
    reason: str | None = None


Reader = Callable[[], Iterator[_Item]]


@dataclass(frozen=True, slots=True)
class _File:
    """One JSON file, and how its values are read."""

    origin: Origin
    survey: TextSurvey
    kind: Kind
    read: Reader
    limits: Limits


@dataclass(slots=True)
class _Group:
    """Records of one kind: their columns in order, each with whether it ever held a value."""

    columns: dict[str, bool] = field(default_factory=dict)
    count: int = 0

    def see(self, cells: dict[str, Cell]) -> None:
        self.count += 1
        columns = self.columns
        for name, cell in cells.items():
            if not columns.get(name):
                columns[name] = cell is not None


@dataclass(slots=True)
class _Contents:
    """What one pass over the file found."""

    groups: dict[GroupKey, _Group] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)
    rejected: int = 0
    first_rejected: str = ""
    plans: int = 0


def read_json(origin: Origin, limits: Limits) -> Iterator[Sheet | Unread]:
    """Return the tables of a JSON file, or why there are none."""
    survey = survey_text(origin)
    refusal = survey.refused_lines(limits) if _has_lines(origin) else survey.refusal
    if refusal:
        yield Unread(origin.name, refusal, "damaged", sha256=survey.sha256)
        return
    kind: Kind = "jsonl" if _has_lines(origin) or _looks_like_lines(origin, survey, limits) else "json"
    read = _line_reader(origin, survey) if kind == "jsonl" else _document_reader(origin, survey, limits)
    contents = _contents(read, origin, limits)
    if kind == "json" and origin.size <= limits.record_bytes and _is_one_record(contents):
        read = _single_reader(origin, survey)
        contents = _contents(read, origin, limits)
    unread = _unread(origin, contents, limits)
    if unread is not None:
        yield Unread(unread.file, unread.reason, unread.cause, sha256=survey.sha256)
        return
    file = _File(origin, survey, kind, read, limits)
    for key in contents.groups:
        yield _sheet(file, contents, key)


def _has_lines(origin: Origin) -> bool:
    return origin.extension in {"jsonl", "ndjson"}


def _looks_like_lines(origin: Origin, survey: TextSurvey, limits: Limits) -> bool:
    """Whether a .json file holds one whole object a line."""
    with open_text(origin, survey) as text:
        first, second = text.readline(limits.record_bytes), text.readline(limits.record_bytes).strip()
    if not second.startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _line_reader(origin: Origin, survey: TextSurvey) -> Reader:
    decode = decoder().decode

    def read() -> Iterator[_Item]:
        with open_text(origin, survey, newline="\n") as text:
            for number, line in enumerate(text, start=1):
                if line.isspace():
                    continue
                try:
                    record = decode(line.strip())
                except json.JSONDecodeError as error:
                    yield _Item("", number, line, f"is not JSON ({error.msg} at character {error.pos + 1:,})")
                except (RecursionError, ValueError):
                    yield _Item("", number, line, "is not JSON (nested too deeply, or an endless number)")
                else:
                    yield _Item("", number, record)

    return read


def _document_reader(origin: Origin, survey: TextSurvey, limits: Limits) -> Reader:
    def read() -> Iterator[_Item]:
        with open_text(origin, survey) as text:
            for found in values_of(text, limits.record_bytes):
                yield _Item(found.key, found.place, found.value)

    return read


def _single_reader(origin: Origin, survey: TextSurvey) -> Reader:
    def read() -> Iterator[_Item]:
        with open_text(origin, survey) as text:
            yield _Item("", 1, decoder().decode(text.read().strip()))

    return read


def _contents(read: Reader, origin: Origin, limits: Limits) -> _Contents:
    contents = _Contents()
    for item in read():
        if item.number == 0:
            contents.plain[item.key] = item.record
        elif is_plan(item.record):
            contents.plans += 1
        elif item.reason or not isinstance(item.record, dict):
            contents.rejected += 1
            contents.first_rejected = contents.first_rejected or _reason(item)
        else:
            for typed in typed_records(item.record, origin.folder):
                group = contents.groups.setdefault((item.key, typed.type), _Group())
                group.see(flattened(typed.fields))
        if any(len(group.columns) > limits.columns for group in contents.groups.values()):
            break
        if len(contents.groups) > limits.sheets:
            break
    return contents


def _is_one_record(contents: _Contents) -> bool:
    """Whether a top-level object is itself the record, and the lists in it are parts of it."""
    scalars = {key for key, value in contents.plain.items() if not isinstance(value, dict)}
    return bool(scalars & IDENTITIES) or (bool(contents.plain) and not contents.groups and not contents.plans)


def _unread(origin: Origin, contents: _Contents, limits: Limits) -> Unread | None:
    widest = max((len(group.columns) for group in contents.groups.values()), default=0)
    if widest > limits.columns:
        return Unread(origin.name, f"its records have more than {limits.columns:,} fields", "refused")
    if len(contents.groups) > limits.sheets:
        reason = f"it holds more than {limits.sheets:,} different lists, not one table"
        return Unread(origin.name, reason, "documentation")
    if contents.groups:
        return None
    if contents.plans:
        reason = "it is an import plan of Salesforce: it lists files and holds no records"
        return Unread(origin.name, reason, "documentation")
    if contents.rejected:
        return Unread(
            origin.name, f"no value in it is a record; the first {contents.first_rejected}", "damaged"
        )
    return Unread(origin.name, "it holds no records", "empty")


def _reason(item: _Item) -> str:
    return item.reason or f"is {_kind_of(item.record)}, not an object with fields"


def _kind_of(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else f"a single value ({str(value)[:40]})"


def _sheet(file: _File, contents: _Contents, key: GroupKey) -> Sheet:
    several = len(contents.groups) > 1
    label = key[1] or key[0]
    header = header_of(contents.groups[key].columns.items())
    first = next(iter(contents.groups))
    table = _Table(file.origin.folder, key, header, file.read, holds_rejects=key == first)
    return Sheet(
        file=f"{file.origin.name}#{label}" if several and label else file.origin.name,
        kind=file.kind,
        header=header,
        sha256=file.survey.sha256,
        stream=lambda size: _batches(table, size),
        batch_rows=file.limits.batch_rows,
        object_type=key[1] or (key[0] if key[0] not in WRAPPERS else None),
        notes=list(file.survey.notes),
        facts={"encoding": file.survey.encoding_name},
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """All that is needed to read the records of one kind again."""

    folder: str
    key: GroupKey
    header: list[str]
    read: Reader
    holds_rejects: bool


def _batches(table: _Table, size: int) -> Iterator[Batch]:
    numbers: list[int] = []
    batch = Batch(numbers, [])
    for item in table.read():
        if item.number == 0:
            continue
        if item.reason or not isinstance(item.record, dict):
            if table.holds_rejects and not is_plan(item.record):
                batch.rejected.append(_rejected(item, _reason(item), None))
        elif item.key == table.key[0]:
            _take(table, item, batch, numbers)
        if len(numbers) + len(batch.rejected) >= size:
            yield batch
            numbers = []
            batch = Batch(numbers, [])
    if numbers or batch.rejected:
        yield batch


def _take(table: _Table, item: _Item, batch: Batch, numbers: list[int]) -> None:
    """Add the rows of one kind that a record holds."""
    for typed in typed_records(item.record, table.folder):
        if typed.type != table.key[1]:
            continue
        cells = flattened(typed.fields)
        odd = odd_name(cells)
        if odd is not None:
            reason = odd_reason(str(cells[odd]), "text") or ""
            batch.rejected.append(_rejected(item, reason, odd))
            continue
        numbers.append(item.number)
        batch.rows.append([cells.get(name) for name in table.header])


def _rejected(item: _Item, reason: str, column: str | None) -> RejectedRow:
    text = item.record if isinstance(item.record, str) else json.dumps(item.record, ensure_ascii=False)
    return RejectedRow(item.number, reason, (printable(text.strip()[:KEPT_CHARACTERS]),), column)
