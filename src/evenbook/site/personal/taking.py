"""Everything stored that is of one person or names them, written into one file for them to have.

A JSON file for each table, and a page of plain words. What opens a door (passwords, keys of sessions, codes)
is left out: it would let whoever has the file in.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db import models
from django.db.models import Q

from evenbook.people import audit
from evenbook.people.actions import require_operations
from evenbook.people.veil import Forgot, Pseudonym, Veil, marks
from evenbook.people.viewer import Viewer
from evenbook.site.personal.declared import OWN, SECRET, TEXT, TRAIL, Kept, kept_tables
from evenbook.site.personal.naming import naming, parts
from evenbook.site.personal.subject import Subject

TAKEN = "personal-data.taken"
CHUNK = 2_000
README = """What Evenbook keeps of {name}
{line}

Made at {at:%Y-%m-%d %H:%M} UTC by {by}.

Each file holds the rows of one table that are theirs or name them, as JSON: a list of objects, whose names
are those of the columns. Numbers that end in _id point at rows of other tables. Instants are in UTC.

{tables}

Not in it: passwords, keys of sessions, codes and what else opens a door, of which digests are kept at the
most; files of imports that wait or were rejected, and backups, which lie beside the database.
A row that names several people is here whole: before you hand this on, look for others in it.
"""


@dataclass(frozen=True)
class Taken:
    """How many rows of each table went into a file, those with most first."""

    subject: Subject
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.rows.values())


def take(by: Viewer, whom: Subject, to: IO[bytes], *, now: datetime) -> Taken:
    """Write all that is stored of somebody into a ZIP file, and say so in the audit trail.

    Args:
        by: who asks; operations alone may.
        whom: as ``subject`` found them.
        to: where the file is written.
        now: when.

    Raises:
        NotOperations: who asks is not operations.
    """
    require_operations(by)
    veil = Veil.over("", [Forgot(Pseudonym(whom.kind, 0), marks("", whom.told))])
    counts: dict[str, int] = {}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for kept in kept_tables():
            ids = _ids(kept, whom, veil)
            if ids:
                counts[kept.label] = len(ids)
                _write(archive, kept, sorted(ids))
        archive.writestr("README.txt", _readme(whom, counts, by=by, now=now))
    told = dict(sorted(counts.items(), key=lambda each: -each[1]))
    thing = audit.Thing(whom.kind, str(whom.user or whom.person or whom.contacts[0]), whom.name)
    audit.record(by, TAKEN, thing, at=now, rows=sum(counts.values()), after={"tables": len(counts)})
    return Taken(whom, told)


def _ids(kept: Kept, whom: Subject, veil: Veil) -> set[Any]:
    """Return the ids of the rows of a table that are somebody's or name them."""
    found = set(kept.model._default_manager.filter(_theirs(kept.model, whom)).values_list("pk", flat=True))
    columns = kept.having(TEXT, OWN, TRAIL)
    found |= {pk for pk, _ in naming(kept, columns, parts(whom.told), veil)}
    return found


def _theirs(model: type[models.Model], whom: Subject) -> Q:
    """Return the condition that a row points at somebody, or is their own."""
    holds = Q(pk__in=())
    label = f"{model._meta.app_label}.{model.__name__}"
    own = {"people.User": whom.user, "book.Person": whom.person, "people.AuditEntry": None}
    if own.get(label):
        holds |= Q(pk=own[label])
    for field in model._meta.concrete_fields:
        target = {"User": whom.user, "Person": whom.person}.get(getattr(field.related_model, "__name__", ""))
        if target:
            holds |= Q(**{field.name: target})
    if label == "people.AuditEntry" and whom.user:
        holds |= Q(by_user=whom.user) | Q(thing_kind="user", thing_id=str(whom.user))
    return holds | _as_contact(model, label, whom)


def _as_contact(model: type[models.Model], label: str, whom: Subject) -> Q:
    holds = Q(pk__in=())
    if label == "book.Contact":
        return Q(pk__in=whom.contacts)
    if whom.contacts and any(field.name == "contact_id_text" for field in model._meta.concrete_fields):
        for source, external_id in whom.ids:
            holds |= Q(source=source, contact_id_text=external_id)
    return holds


def _write(archive: zipfile.ZipFile, kept: Kept, ids: list[Any]) -> None:
    """Write rows as one JSON list, a piece at a time."""
    secret = set(kept.having(SECRET))
    names = [field.attname for field in kept.model._meta.concrete_fields if field.name not in secret]
    with archive.open(f"{kept.label}.json", "w") as raw, io.TextIOWrapper(raw, encoding="utf-8") as file:
        begin = "[\n"
        for row in _rows(kept, names, ids):
            file.write(begin + json.dumps(row, ensure_ascii=False, default=_plain))
            begin = ",\n"
        file.write("\n]\n")


def _rows(kept: Kept, names: list[str], ids: list[Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(ids), CHUNK):
        piece = kept.model._default_manager.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
        yield from piece.values(*names)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _readme(whom: Subject, counts: Mapping[str, int], *, by: Viewer, now: datetime) -> str:
    title = f"What Evenbook keeps of {whom.name}"
    lines = "\n".join(f"{rows:>9,}  {label}.json" for label, rows in counts.items())
    return README.format(name=whom.name, line="=" * len(title), at=now, by=by.name, tables=lines)
