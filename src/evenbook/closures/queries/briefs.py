"""Briefs that the leaders above an owner are to see: who has, who has not yet, what waits for the viewer.

Who is above an owner is asked of the present moment, as access is: a leader who has left is not waited
for, and one who came since is. While a leader is away, whoever covers them may read in their place. An
owner without a leader above waits for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from evenbook.book.access import may_see_of_others, person_of
from evenbook.book.queries import stand_ins
from evenbook.closures.models import Brief, Loop
from evenbook.closures.queries.loops import of_visible
from evenbook.closures.queries.written import leads
from evenbook.people.queries import leaders
from evenbook.people.viewer import Viewer

LEADERS, COVERED = "closures.queries.briefs.leaders", "closures.queries.briefs.covered"


@dataclass(frozen=True)
class Reader:
    """A leader who is to see a brief: since when they have, and how; None where they have not yet.

    ``by_name`` is who said so, ``stand_in`` says that the viewer may, for the leader is away.
    """

    user_id: int
    name: str
    mail: str
    seen_at: datetime | None = None
    how: str = ""
    by_name: str = ""
    stand_in: bool = False


@dataclass(frozen=True)
class BriefRow:
    """A brief with its readers. ``is_recorded`` says that all have seen it and its loop is closed."""

    id: int
    loop_id: int
    loop_key: str
    kind: str
    account_key: str
    account_name: str
    due_on: date
    written_by: str
    written_at: datetime
    answers: dict[str, Any]
    is_recorded: bool
    readers: tuple[Reader, ...]
    is_for_viewer: bool = False

    @property
    def seen(self) -> int:
        """How many of the readers have seen it."""
        return sum(each.seen_at is not None for each in self.readers)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The names of the readers who have not."""
        return tuple(each.name for each in self.readers if each.seen_at is None)

    @property
    def said(self) -> str:
        """How far it has come, in words."""
        if not self.readers:
            return "no leader is above its owner; nothing to wait for"
        count = f"seen by {self.seen} of {len(self.readers)}"
        return f"{count}, waiting for {' and '.join(self.waits_for)}" if self.waits_for else count


def chain_of(viewer: Viewer, loop: Loop) -> tuple[Viewer, ...]:
    """Return the leaders above whoever owes a loop, the owner apart, by name."""
    if LEADERS not in viewer.worked_out:
        viewer.worked_out[LEADERS] = leaders(viewer)
    owner = loop.taken_by_id or loop.person_id
    return tuple(each for each in viewer.worked_out[LEADERS] if leads(each, loop) and _person(each) != owner)


def readers_of(viewer: Viewer, brief: Brief) -> tuple[Reader, ...]:
    """Return who is to see a brief and who has: the chain of now, and whoever saw it before."""
    chain = () if brief.recorded_at else chain_of(viewer, brief.loop)
    rows = sorted(brief.acknowledgements.all(), key=lambda row: (row.at, row.pk))
    seen = {row.leader_id: row for row in rows}
    waiting = [Reader(each.user_id or 0, each.name, each.mail) for each in chain if each.user_id not in seen]
    done = [
        Reader(key, row.leader.name, row.leader.mail, row.at, row.how, row.by_name)
        for key, row in seen.items()
    ]
    return (*done, *waiting)


def brief_of(viewer: Viewer, loop_id: int, *, today: date) -> BriefRow | None:
    """Return the brief of a loop that the viewer may see; where artifacts of others are closed, their own."""
    row = _current(viewer).filter(loop_id=loop_id).first()
    found = _row(viewer, row, today) if row else None
    opens = found is not None and (may_see_of_others(viewer, "artifacts") or found.is_for_viewer)
    return found if opens or (row is not None and row.writer_id == viewer.user_id) else None


def briefs_to_read(viewer: Viewer, *, today: date) -> tuple[BriefRow, ...]:
    """Return the briefs that wait for the viewer, or for somebody whom they cover, the first due first."""
    if not viewer.may_write or not (viewer.role == "leader" or _covered(viewer, today)):
        return ()
    rows = (_row(viewer, each, today) for each in _waiting(viewer))
    return tuple(each for each in rows if each.is_for_viewer)


def briefs_waiting(viewer: Viewer, loops: Iterable[int], *, today: date) -> dict[int, BriefRow]:
    """Return by loop the briefs of these loops that wait for a leader."""
    rows = _waiting(viewer).filter(loop__in=list(loops))
    return {each.loop_id: _row(viewer, each, today) for each in rows}


def _current(viewer: Viewer) -> QuerySet[Brief]:
    rows = of_visible(viewer, Brief.objects.filter(replaced_at=None))
    rows = rows.select_related("loop__account", "loop__person", "loop__taken_by")
    return rows.prefetch_related("acknowledgements__leader")


def _waiting(viewer: Viewer) -> QuerySet[Brief]:
    is_open = Q(loop__closed_at=None, loop__withdrawn_at=None, loop__waived_at=None)
    return _current(viewer).filter(is_open, recorded_at=None).order_by("loop__due_on", "pk")


def _row(viewer: Viewer, brief: Brief, today: date) -> BriefRow:
    covered = _covered(viewer, today) if brief.writer_id != viewer.user_id else frozenset()
    readers = tuple(
        replace(each, stand_in=each.seen_at is None and each.user_id in covered)
        for each in readers_of(viewer, brief)
    )
    mine = any(each.seen_at is None and each.user_id == viewer.user_id for each in readers)
    is_open = brief.recorded_at is None and brief.loop.closed_at is None
    return BriefRow(
        id=brief.pk,
        loop_id=brief.loop_id,
        loop_key=brief.loop.key,
        kind=brief.loop.artifact_kind,
        account_key=brief.loop.account.key,
        account_name=brief.loop.account.name,
        due_on=brief.loop.due_on,
        written_by=brief.written_by,
        written_at=brief.written_at,
        answers=brief.answers,
        is_recorded=brief.recorded_at is not None,
        readers=readers,
        is_for_viewer=is_open and viewer.may_write and (mine or any(each.stand_in for each in readers)),
    )


def _covered(viewer: Viewer, today: date) -> frozenset[int]:
    """Return the users among the leaders who are away and whom the viewer covers."""
    if COVERED not in viewer.worked_out:
        own = _person(viewer)
        away = {person for person, cover in stand_ins(viewer, today).items() if own and cover == own}
        those = leaders(viewer) if away else ()
        viewer.worked_out[COVERED] = frozenset(each.user_id or 0 for each in those if _person(each) in away)
    found: frozenset[int] = viewer.worked_out[COVERED]
    return found


def _person(viewer: Viewer) -> int | None:
    person = person_of(viewer)
    return person.pk if person else None
