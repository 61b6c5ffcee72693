"""Records as Salesforce writes them in JSON: with their type, with references instead of ids, in trees.

A tree export has no ids. Its records are called "AccountRef1" and point to each other as "@AccountRef1".
Such a name is only unique within one export, so it gets the export's folder in front; the same files
give the same ids again, and two exports do not get mixed up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PLAN_KEYS = frozenset({"sobject", "files"})
_REFERENCE = re.compile(r"@(\w{1,80})$")
_NAMED_REFERENCE = re.compile(r"@\w{1,75}Ref\d+$")


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """One record without its ``attributes``; ``type`` is '' where the file does not say."""

    type: str
    fields: dict[str, Any]


def is_plan(record: Any) -> bool:
    """Return whether this is an entry of an import plan, which lists files and holds no records."""
    return isinstance(record, dict) and record.keys() >= PLAN_KEYS and isinstance(record["files"], list)


def typed_records(record: dict[str, Any], folder: str) -> Iterator[TypedRecord]:
    """Give a record and the records nested in it.

    Args:
        record: one object of the file, of Salesforce or not.
        folder: put in front of references.
    """
    attributes = record.get("attributes")
    if not isinstance(attributes, dict) or not isinstance(attributes.get("type"), str):
        yield TypedRecord("", record)
        return
    own, nested = _apart(record)
    fields = {key: _resolved(key, value, folder) for key, value in own.items()}
    identity = own.get("Id") or _identity(attributes, folder)
    if identity and not own.get("Id"):
        fields = {"Id": identity, **fields}
    yield TypedRecord(attributes["type"], fields)
    for child in nested:
        link = {f"{attributes['type']}Id": identity} if identity else {}
        for inner in typed_records(child, folder):
            yield TypedRecord(inner.type, {**link, **inner.fields})


def _apart(record: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The fields of a record, and the records that stand in it as lists."""
    own: dict[str, Any] = {}
    nested: list[dict[str, Any]] = []
    for key, value in record.items():
        inner = value.get("records") if isinstance(value, dict) else None
        if isinstance(inner, list):
            nested += [child for child in inner if isinstance(child, dict)]
        elif key != "attributes":
            own[key] = _without_attributes(value)
    return own, nested


def _without_attributes(value: Any) -> Any:
    if isinstance(value, dict) and "attributes" in value:
        return {key: inner for key, inner in value.items() if key != "attributes"}
    return value


def _identity(attributes: dict[str, Any], folder: str) -> str | None:
    url, reference = attributes.get("url"), attributes.get("referenceId")
    if isinstance(url, str) and "/" in url:
        return url.rsplit("/", 1)[1] or None
    return _reference(reference, folder) if isinstance(reference, str) and reference else None


def _resolved(key: str, value: Any, folder: str) -> Any:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    found = _REFERENCE.match(value) if key.endswith("Id") else _NAMED_REFERENCE.match(value)
    return _reference(value[1:], folder) if found else value


def _reference(name: str, folder: str) -> str:
    return f"{folder}/{name}" if folder else name
