"""Mappings: given in a file, proposed for one that nobody knows, remembered by layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.sources.models import Mapping as Remembered
from evenbook.sources.rules.generic_facts import all_tables
from evenbook.sources.rules.mapping import FileMapping, MappingFault, layout_of, mapping_of
from evenbook.sources.rules.recognition import stem_of

FOLDER = "mappings"


class MappingRefused(EvenbookError):
    """A mapping file can't be used."""

    kind = "mapping-refused"


@dataclass(frozen=True, slots=True)
class Given:
    """The mappings of a file: documents, each for the files that its ``file`` pattern fits."""

    documents: tuple[Mapping[str, Any], ...]
    where: str

    def for_file(self, file: str, headers: Sequence[str]) -> FileMapping | None:
        """Return the mapping of a file, or None where none speaks of it.

        Raises:
            MappingRefused: it names a table or field that there is not.
        """
        for document in self.documents:
            pattern = str(document.get("file") or "")
            named = fnmatch(file, pattern) or fnmatch(Path(file).name, pattern) if pattern else False
            columns = document.get("columns")
            fits = bool(columns) and set(columns or ()) <= set(headers) if not pattern else named
            if fits:
                return _read(document, headers, where=self.where)
        return None


def read_mappings(path: Path | None) -> Given:
    """Return the mappings of a YAML or JSON file.

    Raises:
        MappingRefused: it can't be read.
    """
    if path is None:
        return Given((), "")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise MappingRefused(
            f"The mapping {path.name} can't be read: {type(error).__name__}.",
            fix="Write it as YAML; see the guide.",
        ) from error
    listed = document.get("files", document) if isinstance(document, Mapping) else document
    documents = listed if isinstance(listed, list) else [listed]
    if not documents or not all(isinstance(each, Mapping) for each in documents):
        raise MappingRefused(
            f"The mapping {path.name} holds no mapping.", fix="Give 'table' and 'columns'; see the guide."
        )
    return Given(tuple(documents), path.name)


def remembered(headers: Sequence[str]) -> FileMapping | None:
    """Return what a person said of this layout before, or None."""
    row = Remembered.objects.filter(layout=layout_of(headers)).first()
    if row is None:
        return None
    try:
        return mapping_of(row.document, headers, where="the remembered mapping")
    except MappingFault:
        return None


@transaction.atomic
def remember_mapping(
    file: str, headers: Sequence[str], document: Mapping[str, Any], *, by: Viewer, now: datetime
) -> FileMapping:
    """Keep what a person says of a layout; the last word counts.

    Raises:
        MappingRefused: the viewer may not, or it names a table or field that there is not.
    """
    if not by.is_operations:
        raise MappingRefused("Only operations may say what columns mean.", fix="Ask somebody in operations.")
    mapping = _read(document, headers, where=file)
    keep_mapping(file, headers, document, by=by, now=now)
    return mapping


def keep_mapping(
    file: str, headers: Sequence[str], document: Mapping[str, Any], *, by: Viewer, now: datetime
) -> None:
    """Keep a mapping that is known to be right for the next file of its layout."""
    layout = layout_of(headers)
    old = Remembered.objects.filter(layout=layout).first()
    before = _means(old.document) if old else None
    Remembered.objects.update_or_create(
        layout=layout,
        defaults={"file": file, "document": dict(document), "changed_at": now, "changed_by": by.name},
    )
    if before != _means(document):
        thing = audit.Thing("mapping", layout, file)
        audit.record(by, "mapping.kept", thing, at=now, before=before, after=_means(document))


def _means(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"table": document.get("table"), **(document.get("columns") or {})}


def _read(document: Mapping[str, Any], headers: Sequence[str], *, where: str) -> FileMapping:
    try:
        return mapping_of(document, headers, where=where)
    except MappingFault as fault:
        raise MappingRefused(
            f"{str(fault)[0].upper()}{str(fault)[1:]}.", fix="Correct the mapping."
        ) from fault


def propose(home: Path, file: str, mapping: FileMapping) -> str:
    """Write a mapping to edit for a file that nobody knows, and return where it is.

    One that is there for the same columns stays as it is: somebody may have edited it.
    """
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        path = folder / f"{stem_of(file)}{f'-{number}' if number > 1 else ''}.yaml"
        if not path.exists():
            path.write_text(proposal(file, mapping), encoding="utf-8")
        elif not _speaks_of(path, file, mapping):
            continue
        break
    return str(path)


def _speaks_of(path: Path, file: str, mapping: FileMapping) -> bool:
    """Return whether a mapping file is for a file of this name and these columns."""
    try:
        (document,) = read_mappings(path).documents
    except (MappingRefused, ValueError):
        return False
    columns = document.get("columns")
    is_same = isinstance(columns, Mapping) and set(columns) == set(mapping.columns)
    return is_same and document.get("file") == Path(file).name


def proposal(file: str, mapping: FileMapping) -> str:
    """Return a mapping to edit, with what may be filled in."""
    tables = all_tables()
    fields = [each.name for each in tables[mapping.table].fields] if mapping.table in tables else []
    document = {
        "file": Path(file).name,
        "table": mapping.table or "skip",
        "source": mapping.source or "generic",
        "columns": dict(mapping.columns),
    }
    lines = [
        f"# What the columns of {Path(file).name} mean. Edit, then: evenbook import FILE --mapping THIS",
        f"# table: skip, or one of {', '.join(name for name in tables)}",
        "# columns: a field of the table, custom (kept as it is) or skip",
    ]
    if fields:
        lines.append(f"# fields of {mapping.table}: {', '.join(dict.fromkeys(fields))}")
    return "\n".join(lines) + "\n" + yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
