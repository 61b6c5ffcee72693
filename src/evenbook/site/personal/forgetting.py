"""Forgetting somebody: their name leaves every table in one transaction, and what they did stays.

Facts, loops and figures go on adding up, under a pseudonym. The audit trail is not changed; it is veiled
where it is read. A dry run does everything and takes it back, so it tells exactly what would be changed.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from evenbook.book.actions.forgetting import forget_contacts, forget_person
from evenbook.book.actions.writing import Written
from evenbook.frames.actions import note_write
from evenbook.kit.dates import BEGINNING
from evenbook.messages.actions import without_files
from evenbook.people import audit
from evenbook.people.actions import require_operations
from evenbook.people.forgetting import forget_user
from evenbook.people.forgotten import note_forgotten
from evenbook.people.veil import PERSON, Pseudonym, Spelling, Veil
from evenbook.people.viewer import Viewer
from evenbook.site import registry
from evenbook.site.personal.declared import kept_tables
from evenbook.site.personal.files import naming_files
from evenbook.site.personal.naming import parts, without_names
from evenbook.site.personal.subject import Subject, hold

MAILS = "mails_mail"
LONGEST_ALSO, MOST_ALSO = 100, 20


@dataclass(frozen=True)
class Changed:
    """How many rows of a table were changed or taken away; ``called`` is what people call its rows."""

    table: str
    called: str
    rows: int


@dataclass(frozen=True)
class Outcome:
    """What forgetting somebody did, or would do.

    Args:
        subject: whom.
        called: what they are called from now on.
        changed: each table with its rows, those with most first.
        files: files beside the database that name them; they are left as they are.
        is_dry_run: nothing was changed.
    """

    subject: Subject
    called: Pseudonym
    changed: tuple[Changed, ...]
    files: tuple[str, ...]
    is_dry_run: bool

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(each.rows for each in self.changed)


def forget(
    by: Viewer,
    whom: Subject,
    *,
    also: Sequence[str] = (),
    salt: str,
    home: Path,
    now: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Take the name of somebody out of everything, and let nobody in under it any more.

    Args:
        by: who asks; operations alone may.
        whom: as ``subject`` found them.
        also: other ways in which texts call them, as a first name; they hold wherever they stand.
        salt: not to be guessed; used for the first who is forgotten.
        home: the instance's folder.
        now: when.
        dry_run: say what would be changed, and change nothing.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: it is themselves, or nobody would be operations.
        NobodyCalled: they were forgotten meanwhile.
    """
    require_operations(by)
    also = [text.strip()[:LONGEST_ALSO] for text in also if text.strip()][:MOST_ALSO]
    files = naming_files(home, (*whom.told, *map(Spelling, also)))
    with transaction.atomic():
        hold(whom)
        called, changed = _forgotten(by, whom, also, salt=salt, now=now)
        after = {"rows": sum(changed.values()), "tables": len(changed)}
        thing = audit.Thing(whom.kind, called.key, called.name)
        audit.record(by, f"{whom.kind}.forgotten", thing, at=now, after=after)
        transaction.set_rollback(dry_run)
    if not dry_run:
        for made_again in ("frames", "reviews"):
            shutil.rmtree(home / "cache" / made_again, ignore_errors=True)
    return Outcome(whom, called, _told(changed), files, dry_run)


def _forgotten(
    by: Viewer, whom: Subject, also: Sequence[str], *, salt: str, now: datetime
) -> tuple[Pseudonym, Counter[str]]:
    called, veil = note_forgotten(whom.kind, whom.told, also=also, ids=whom.ids, salt=salt, now=now)
    wanted = parts((*whom.told, *map(Spelling, also)))
    changed: Counter[str] = Counter()
    changed.update(_goes(whom, wanted))
    written = Written()
    if whom.user is not None:
        changed.update(forget_user(by, whom.user, called, now=now))
    if whom.person is not None:
        changed.update(forget_person(whom.person, called, veil, written=written))
    if whom.kind != PERSON:
        changed.update(forget_contacts(whom.contacts, called, written=written))
    written.flush(now)
    changed.update(_veiled(wanted, veil, now))
    return called, +changed


def _goes(whom: Subject, wanted: Sequence[str]) -> Counter[str]:
    """Take away the rows that are theirs alone, and mails that wait to go to them."""
    gone: Counter[str] = Counter()
    for kept in kept_tables():
        if kept.goes and whom.user is not None:
            gone[kept.table] = kept.model._default_manager.filter(**{kept.goes: whom.user}).delete()[0]
        if kept.table == MAILS:
            waiting = kept.model._default_manager.filter(standing="waiting", to__in=whom.mails)
            gone[kept.table] = waiting.delete()[0] + without_files()
    return gone


def _veiled(wanted: Sequence[str], veil: Veil, now: datetime) -> Counter[str]:
    read = {table for each in registry.tables() for table in each.written}
    changed: Counter[str] = Counter()
    for kept in kept_tables():
        rows = without_names(kept, wanted, veil)
        changed[kept.table] = rows
        if kept.table in read:
            note_write(kept.table, rows, earliest_at=BEGINNING, now=now)
    return changed


def _told(changed: Counter[str]) -> tuple[Changed, ...]:
    called = {kept.table: kept.called for kept in kept_tables()}
    return tuple(Changed(table, called.get(table, table), rows) for table, rows in changed.most_common())
