"""What was written of a loop, and what the viewer may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F

from evenbook.book.access import (
    Opened,
    may_see_load_of,
    narrowed,
    person_of,
    pools_of,
    pools_seen_by,
)
from evenbook.book.among import Among
from evenbook.book.queries import me
from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.queries.loops import LoopRow
from evenbook.people.viewer import Viewer
from evenbook.records.queries import ArtifactTold, artifact_versions

FOLLOW_UP = ("pk", "what", "who", "due_on", "done_at", "artifact__account__key", "artifact__account__name")


@dataclass(frozen=True)
class FollowUpRow:
    """Something that an artifact says will be done."""

    id: int
    what: str
    who: str
    due_on: date
    done_at: datetime | None
    account_key: str
    account_name: str


@dataclass(frozen=True)
class Written:
    """An artifact: when it was written and by whom, its answers as they stand now, and all its versions."""

    at: datetime
    author: str
    answers: dict[str, Any]
    follow_ups: tuple[FollowUpRow, ...]
    versions: tuple[ArtifactTold, ...] = ()

    @property
    def latest(self) -> ArtifactTold:
        """The version that holds."""
        return self.versions[-1]

    def known_on(self, ends_at: datetime) -> ArtifactTold | None:
        """Return what it told at an instant: the last version known before it; None before the first."""
        return next((each for each in reversed(self.versions) if each.known_at < ends_at), None)

    @property
    def earlier(self) -> tuple[ArtifactTold, ...]:
        """The versions that were replaced, the last one first."""
        return self.versions[-2::-1]


def written(viewer: Viewer, row: LoopRow) -> Written | None:
    """Return the artifact that closed a loop; artifacts are open to read as loops are."""
    versions = artifact_versions(viewer, row.artifact_id) if row.artifact_id else ()
    if not versions:
        return None
    first, last = versions[0], versions[-1]
    promised = FollowUp.objects.filter(artifact__in=[each.id for each in versions], is_dropped=False)
    return Written(first.at, first.author, last.answers, _follow_ups(promised), versions)


def may_correct(viewer: Viewer, row: LoopRow, told: Written) -> bool:
    """Return whether the viewer wrote the artifact, if it is ours, or may close such a loop."""
    found = Loop.objects.filter(pk=row.id).first() if viewer.may_write else None
    if found is None or not told.versions[0].is_ours:
        return False
    person = person_of(viewer)
    is_writer = person is not None and person.pk in {each.author_id for each in told.versions}
    return is_writer or may_close(viewer, found)


def follow_ups_owed(viewer: Viewer, person_id: int) -> tuple[FollowUpRow, ...]:
    """Return what a person has promised to do and not done, the first due first."""
    rows = FollowUp.objects.filter(person_id=person_id, done_at=None)
    own = me(viewer)
    if own is None or own.id != person_id:
        rows = narrowed(rows, viewer, "artifact__account")
    return _follow_ups(rows)


def promises_of(viewer: Viewer, accounts: Opened) -> dict[int, tuple[FollowUpRow, ...]]:
    """Return of each account what was promised in its artifacts and is not done, the first due first."""
    rows = FollowUp.objects.filter(Among(F("artifact__account"), accounts.ids), done_at=None)
    listed = rows.order_by("due_on", "pk").values_list("artifact__account_id", *FOLLOW_UP)
    found: dict[int, tuple[FollowUpRow, ...]] = {}
    for account_id, *values in listed:
        heir = accounts.heirs[account_id]
        found[heir] = (*found.get(heir, ()), FollowUpRow(*values))
    return found


def stands_with(viewer: Viewer, row: LoopRow) -> str:
    """Return what keeps the viewer from closing a loop, as one word; empty where nothing does."""
    if not row.is_owed:
        return row.state
    found = Loop.objects.filter(pk=row.id).first()
    if found is None or not may_close(viewer, found):
        return "others"
    return ""


def may_close(viewer: Viewer, loop: Loop) -> bool:
    """Return whether the viewer owes the loop, stands in for who does, or leads them or their pool."""
    if not viewer.may_write:
        return False
    if viewer.is_operations or leads(viewer, loop):
        return True
    person = person_of(viewer)
    if person is None:
        return False
    if loop.taken_by_id is not None:
        return loop.taken_by_id == person.pk
    return loop.person_id == person.pk or is_of_their_pool(viewer, loop)


def is_of_their_pool(viewer: Viewer, loop: Loop) -> bool:
    """Return whether a loop is owed by a pool that the viewer is in, or leads."""
    person = person_of(viewer)
    if person is None or loop.pool is None:
        return False
    return loop.pool.lead_id == person.pk or loop.pool_id in set(pools_of(person))


def leads(viewer: Viewer, loop: Loop) -> bool:
    """Return whether the viewer leads whoever owes the loop; what nobody owes, whoever would notice it."""
    if viewer.role != "leader" or not viewer.may_write:
        return False
    owner = loop.taken_by or loop.person
    if owner is not None and owner.is_person:
        return may_see_load_of(viewer, owner.pk)
    if loop.pool_id is not None:
        return pools_seen_by(viewer).filter(pk=loop.pool_id).exists()
    return narrowed(Loop.objects.filter(pk=loop.pk), viewer).exists()


def may_waive(viewer: Viewer, row: LoopRow) -> bool:
    """Return whether the viewer leads whoever owes an open loop."""
    found = Loop.objects.filter(pk=row.id).first() if row.is_owed else None
    return found is not None and leads(viewer, found)


def may_take(viewer: Viewer, row: LoopRow) -> bool:
    """Return whether the viewer is in, or leads, the pool that owes an open loop, and nobody took it."""
    found = Loop.objects.filter(pk=row.id, taken_by=None).first() if row.is_owed else None
    return found is not None and viewer.may_write and is_of_their_pool(viewer, found)


def _follow_ups(rows: Any) -> tuple[FollowUpRow, ...]:
    return tuple(FollowUpRow(*values) for values in rows.order_by("due_on", "pk").values_list(*FOLLOW_UP))
