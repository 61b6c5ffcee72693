"""Reading the audit trail: who did what to what, newest first, for operations.

Pages follow the ids of entries, so the thousandth page of a million entries costs as much as the
first; nothing is counted but what happened since a day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Q, QuerySet

from evenbook.kit.errors import EvenbookError
from evenbook.people.forgotten import veil
from evenbook.people.models import AuditEntry, Forgotten, ServiceToken, User
from evenbook.people.veil import Veil
from evenbook.people.viewer import SURFACES, Viewer

SYSTEM_WORD = "evenbook"
TAKEN = "export.taken"
NOTHING = "nothing"
LONGEST = 160

KINDS_SEEN = """
with recursive seen(what) as (
  select min(what) from people_auditentry
  union all
  select (select min(e.what) from people_auditentry e where e.what > seen.what) from seen
  where seen.what is not null
)
select what from seen where what is not null
"""
"""Every kind of entry, found by stepping through the index instead of reading it."""


class TrailClosed(EvenbookError):
    """Somebody who does not keep the instance asks for its audit trail."""

    kind = "trail-closed"
    status = 403


@dataclass(frozen=True)
class Changed:
    """One value that was changed, in words; ``before`` is empty for something new."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One entry. ``before`` and ``after`` are as they were recorded, ``changes`` the same in words."""

    id: int
    at: datetime
    by_name: str
    by_user: int | None
    by_token: int | None
    surface: str
    what: str
    thing_kind: str
    thing_id: str
    thing_name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    rows: int

    @property
    def said(self) -> str:
        """What was done, as words: Policy adopted."""
        return said(self.what)

    @property
    def through(self) -> str:
        """Through what they acted, as words."""
        return SURFACES.get(self.surface, self.surface)

    @property
    def changes(self) -> tuple[Changed, ...]:
        """What differs between before and after, in the order in which it was recorded."""
        before, after = self.before or {}, self.after or {}
        names = dict.fromkeys([*before, *after])
        is_new = self.before is None
        return tuple(
            Changed(
                name.replace("_", " "),
                "" if is_new else in_words(before.get(name)),
                in_words(after.get(name)),
            )
            for name in names
            if is_new or before.get(name) != after.get(name)
        )


@dataclass(frozen=True)
class Wanted:
    """Which entries. Empty means any.

    Args:
        who: ``user:`` and an id, ``token:`` and an id, ``evenbook``, or a mail address.
        what: a kind of entry, as ``policy.adopted``.
        thing: the id of a thing, or a part of its name.
        surface: one of ``people.viewer.SURFACES``.
        since: entries from this instant on; ``until``: those before this one.
    """

    who: str = ""
    what: str = ""
    thing: str = ""
    surface: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first; ``older`` and ``newer`` are the ids to go on from, None at an end."""

    entries: tuple[Entry, ...]
    older: int | None
    newer: int | None


@dataclass(frozen=True)
class Summary:
    """What happened since an instant: entries, files taken away among them, and how many people acted."""

    entries: int
    exports: int
    people: int


def may_see_trail(viewer: Viewer) -> bool:
    """Return whether the viewer may read the audit trail: operations, or a token of theirs with the scope."""
    return viewer.is_operations and viewer.allows("people")


def trail(
    viewer: Viewer, wanted: Wanted, *, limit: int, before: int | None = None, after: int | None = None
) -> Page:
    """Return a page of entries.

    Args:
        viewer: who asks.
        wanted: which entries.
        limit: how many at the most.
        before: only entries older than the one of this id.
        after: only entries newer than it; those next to it.

    Raises:
        TrailClosed: the viewer may not.
    """
    rows = _rows(viewer, wanted)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
        page = found[:limit][::-1]
        return _page(page, has_older=True, has_newer=len(found) > limit)
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found = list(rows.order_by("-pk")[: limit + 1])
    return _page(found[:limit], has_older=len(found) > limit, has_newer=before is not None)


def summary(viewer: Viewer, since: datetime) -> Summary:
    """Return what happened since an instant.

    Raises:
        TrailClosed: the viewer may not.
    """
    sums = _rows(viewer, Wanted(since=since)).aggregate(
        entries=Count("pk"),
        exports=Count("pk", filter=Q(what=TAKEN)),
        people=Count("by_user", distinct=True),
    )
    return Summary(**sums)


def kinds(viewer: Viewer) -> tuple[str, ...]:
    """Return the kinds of entries that there are, by name."""
    _require(viewer)
    with connection.cursor() as cursor:
        cursor.execute(KINDS_SEEN)
        return tuple(row[0] for row in cursor.fetchall())


def actors(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return who may have acted, as ``Wanted.who`` takes them, with their names."""
    _require(viewer)
    people = User.objects.order_by("name", "pk").values_list("pk", "name")
    tokens = ServiceToken.objects.order_by("name", "pk").values_list("pk", "name")
    return (
        *((f"user:{pk}", name) for pk, name in people),
        *((f"token:{pk}", f"token {name}") for pk, name in tokens),
        (SYSTEM_WORD, "Evenbook itself, or the machine’s owner"),
    )


def said(what: str) -> str:
    """Return a kind of entry as words: ``second-factor.set-up`` is Second factor set up."""
    words = what.replace(".", " ").replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def in_words(value: Any) -> str:
    """Return a recorded value as people read it, cut where it is long."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        text = ", ".join(map(str, value))
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _require(viewer: Viewer) -> None:
    if not may_see_trail(viewer):
        raise TrailClosed("The audit trail is for operations.", fix="Ask somebody whose role is operations.")


def _rows(viewer: Viewer, wanted: Wanted) -> QuerySet[Any]:
    """Return entries, each with whether there is anybody whose name is hidden: that costs no query."""
    _require(viewer)
    rows = AuditEntry.objects.annotate(hides=Exists(Forgotten.objects.all()))
    if wanted.who:
        rows = rows.filter(_by(wanted.who))
    if wanted.thing:
        rows = rows.filter(Q(thing_id=wanted.thing) | Q(thing_name__icontains=wanted.thing))
    plain = {"what": wanted.what, "surface": wanted.surface, "at__gte": wanted.since, "at__lt": wanted.until}
    return rows.filter(**{name: value for name, value in plain.items() if value})


def _by(who: str) -> Q:
    kind, _, number = who.partition(":")
    if kind in {"user", "token"} and number.isascii() and number.isdigit() and len(number) < 18:
        return Q(**{f"by_{kind}": int(number)})
    if who == SYSTEM_WORD:
        return Q(by_user__isnull=True, by_token__isnull=True)
    return Q(by_user__in=User.objects.filter(mail__iexact=who.strip()).values("pk"))


def _page(rows: list[AuditEntry], *, has_older: bool, has_newer: bool) -> Page:
    hides = veil() if any(getattr(row, "hides", False) for row in rows[:1]) else Veil("")
    entries = tuple(_entry(row, hides) for row in rows)
    return Page(
        entries,
        older=entries[-1].id if entries and has_older else None,
        newer=entries[0].id if entries and has_newer else None,
    )


def _entry(row: AuditEntry, hides: Veil) -> Entry:
    """Return an entry without the names of people who were forgotten: the row itself is never changed."""
    return Entry(
        id=row.pk,
        at=row.at,
        by_name=hides.text(row.by_name),
        by_user=row.by_user,
        by_token=row.by_token,
        surface=row.surface,
        what=row.what,
        thing_kind=row.thing_kind,
        thing_id=hides.text(row.thing_id),
        thing_name=hides.text(row.thing_name),
        before=hides.values(row.before),
        after=hides.values(row.after),
        rows=row.rows,
    )
