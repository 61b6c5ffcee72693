"""Tables that sort, filter, page, save as a view and export: one description for all of them.

A page describes its ``columns`` and ``filters``; ``Ask.of`` reads from the address what is asked
of them, leaving out what makes no sense and saying so; the page's query answers it; ``Listing``
holds both for the template tags. Everything is in the address, so a table can be sent as a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

PAGE_SIZE = 50
FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
OWN = ("sort", "page", "export")


@dataclass(frozen=True)
class Column:
    """A column: its heading with the unit, whether it can be sorted, and what the heading explains."""

    key: str
    label: str
    is_number: bool = False
    sorts: bool = True
    hint: str = ""
    starts_down: bool = False
    is_aside: bool = False
    """Whether a narrow screen may leave the column out."""


@dataclass(frozen=True)
class Choice:
    """One value of a filter and what it is called."""

    value: str
    label: str


@dataclass(frozen=True)
class Filter:
    """A filter: a list of choices, or free text where there are none; ``kind`` is choice, text or day."""

    key: str
    label: str
    choices: tuple[Choice, ...] = ()
    kind: str = "choice"
    any_label: str = "Any"
    is_more: bool = False
    """Whether it is folded away until somebody asks for more."""


@dataclass(frozen=True)
class Ask:
    """What an address asks of a table."""

    values: Mapping[str, str]
    sort: str
    descending: bool
    page: int
    export: str = ""
    refused: tuple[str, ...] = ()

    def get(self, key: str) -> str:
        """Return the value of a filter, empty where it is not set."""
        return self.values.get(key, "")

    @classmethod
    def of(
        cls,
        query: Mapping[str, str],
        *,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        sort: str,
    ) -> Ask:
        """Return what ``query`` asks; ``sort`` is the order without one, ``-key`` for downward."""
        values, refused = _filter_values(query, filters)
        wanted, is_down = _sort(query.get("sort", ""), columns) or _sort(sort, columns) or (sort, False)
        number = query.get("page", "1")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
        export = query.get("export", "")
        if export and export not in FORMATS:
            refused.append(f"There is no export as '{export[:40]}'; use {', '.join(FORMATS)}.")
        return cls(
            values=values,
            sort=wanted,
            descending=is_down,
            page=max(page, 1),
            export=export if export in FORMATS else "",
            refused=tuple(refused),
        )

    def query(self, **changes: str) -> str:
        """Return the address part that asks the same, with ``changes``; an empty one leaves out."""
        asked = {**self.values, "sort": f"-{self.sort}" if self.descending else self.sort, **changes}
        return urlencode({key: value for key, value in asked.items() if value})


@dataclass(frozen=True)
class Listing:
    """A table as asked for: what the template tags take. ``size`` is the rows a page holds."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    ask: Ask
    total: int
    filters: tuple[Filter, ...] = ()
    size: int = PAGE_SIZE
    exports: bool = True
    noun: str = "row"

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        """The page shown: the one asked for, or the last."""
        return min(self.ask.page, self.pages)

    @property
    def first(self) -> int:
        """The number of the first row shown, 0 where there is none."""
        return min((self.page - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.size, self.total)

    @property
    def previous_query(self) -> str:
        """The address part of the page before, empty on the first."""
        return self.ask.query(page=str(self.page - 1)) if self.page > 1 else ""

    @property
    def next_query(self) -> str:
        """The address part of the page after, empty on the last."""
        return self.ask.query(page=str(self.page + 1)) if self.page < self.pages else ""

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.ask.values.values())

    @property
    def heads(self) -> tuple[Head, ...]:
        """The headings with their links."""
        return tuple(self._head(column) for column in self.columns)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The filters with what is set."""
        return tuple(Field(each, self.ask.get(each.key)) for each in self.filters if not each.is_more)

    @property
    def more_fields(self) -> tuple[Field, ...]:
        """The filters that are folded away, with what is set."""
        return tuple(Field(each, self.ask.get(each.key)) for each in self.filters if each.is_more)

    @property
    def has_more_set(self) -> bool:
        """Whether a filter is set that would be folded away."""
        return any(field.value for field in self.more_fields)

    @property
    def export_links(self) -> tuple[Choice, ...]:
        """The address part of each format, and its name."""
        if not self.exports:
            return ()
        return tuple(Choice(self.ask.query(export=key), label) for key, label in FORMATS.items())

    def _head(self, column: Column) -> Head:
        is_sorted = column.key == self.ask.sort
        down = not self.ask.descending if is_sorted else column.starts_down
        order = f"-{column.key}" if down else column.key
        aria = ("descending" if self.ask.descending else "ascending") if is_sorted else ""
        return Head(column, self.ask.query(sort=order) if column.sorts else "", aria)


@dataclass(frozen=True)
class Head:
    """A heading: the address part that sorts by it, and how it is sorted now."""

    column: Column
    query: str
    aria: str


@dataclass(frozen=True)
class Field:
    """A filter and what it is set to."""

    filter: Filter
    value: str


def _filter_values(query: Mapping[str, str], filters: Sequence[Filter]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    refused: list[str] = []
    for each in filters:
        given = query.get(each.key, "").strip()[:200].replace("\x00", "")
        known = {choice.value for choice in each.choices}
        if given and each.kind == "choice" and given not in known:
            refused.append(f"{each.label} '{given[:40]}' is not known; the filter was left out.")
            continue
        if given:
            values[each.key] = given
    return values, refused


def _sort(wanted: str, columns: Sequence[Column]) -> tuple[str, bool] | None:
    key = wanted.removeprefix("-")
    if any(column.key == key and column.sorts for column in columns):
        return key, wanted.startswith("-")
    return None
