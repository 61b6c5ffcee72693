"""What a file's columns mean: proposed by recognition, edited by people, remembered.

A mapping belongs to a layout, the set of a file's headers, so that next month's file of the same
layout needs none of it again. Written as YAML it looks like this::

    table: accounts
    source: generic
    columns:
      Acct No: account_id
      Customer: account_name
      Notes: custom
      Internal ref: skip

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from evenbook.sources.rules.fields import Field, Table
from evenbook.sources.rules.generic_facts import all_tables

CUSTOM, SKIP, MEASURE = "custom", "skip", "measure"
REST = (CUSTOM, SKIP, MEASURE)


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What a file is and what its columns mean.

    Args:
        table: the kind of table; "" where nobody knows.
        source: whose ids these are: ``salesforce``, ``generic`` …
        label: what to call the file: "Salesforce accounts".
        columns: each header to a field, ``custom``, ``measure`` or ``skip``.
        constants: fields whose value is the same in every row.
        is_vendor: whether the layout is a tool's own, so that it need not be asked about.
    """

    table: str
    source: str
    label: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    is_vendor: bool = False

    @property
    def kind(self) -> Table:
        """Return the kind of table."""
        return all_tables()[self.table]

    def header_of(self, name: str) -> str:
        """Return the header that is mapped to a field, or "" where none is."""
        return next((header for header, target in self.columns.items() if target == name), "")

    def has(self, *names: str) -> bool:
        """Return whether one of the fields is mapped or constant."""
        return any(name in self.constants or name in self.columns.values() for name in names)

    def field_of(self, header: str) -> Field | None:
        """Return the field a header is mapped to."""
        target = self.columns.get(header, CUSTOM)
        return None if target in REST else self.kind.field(target)

    def as_document(self) -> dict[str, Any]:
        """Return the mapping as it is written to YAML and stored."""
        document: dict[str, Any] = {"table": self.table, "source": self.source, "columns": dict(self.columns)}
        if self.constants:
            document["constants"] = dict(self.constants)
        if self.is_vendor:
            document["export"] = self.label
        return document


class MappingFault(ValueError):
    """A mapping file says something that can't be, told in a sentence."""


def layout_of(headers: Iterable[str]) -> str:
    """Return the id of a layout: the digest of a file's headers, whatever their order."""
    return blake2b("\x1f".join(sorted(headers)).encode(), digest_size=8).hexdigest()


def mapping_of(document: Mapping[str, Any], headers: Sequence[str], *, where: str) -> FileMapping:
    """Return the mapping that a document describes, for a file with these headers.

    Columns that it does not name become custom fields.

    Raises:
        MappingFault: it names a table or field that there is not, or one field twice.
    """
    tables = all_tables()
    table = str(document.get("table") or "")
    if table == SKIP:
        return FileMapping(SKIP, "", "left out, as the mapping says", dict.fromkeys(headers, SKIP))
    if table not in tables:
        raise MappingFault(f"{where}: there is no table '{table}'; use one of {', '.join(tables)}")
    columns = document.get("columns") or {}
    if not isinstance(columns, Mapping):
        raise MappingFault(f"{where}: 'columns' lists headers with their fields")
    names = {each.name for each in tables[table].fields}
    targets = {str(header): str(target) for header, target in columns.items()}
    for header, target in targets.items():
        if target not in names and target not in REST:
            known = ", ".join(sorted(names))
            raise MappingFault(f"{where}: {table} has no field '{target}' (for '{header}'); it has {known}")
    _check_once(targets, where)
    source = str(document.get("source") or "generic")
    constants = {str(key): str(value) for key, value in (document.get("constants") or {}).items()}
    complete = {header: targets.get(header, CUSTOM) for header in headers}
    export = str(document.get("export") or "")
    label = export or tables[table].label
    return FileMapping(table, source, label, complete, constants, is_vendor=bool(export))


def _check_once(targets: Mapping[str, str], where: str) -> None:
    seen: dict[str, str] = {}
    for header, target in targets.items():
        if target in REST:
            continue
        if target in seen:
            raise MappingFault(f"{where}: '{seen[target]}' and '{header}' are both mapped to {target}")
        seen[target] = header
