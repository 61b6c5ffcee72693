"""Leave as people type it or bring it in a calendar's file, and taking it back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from evenbook.book.access import may_act_for
from evenbook.book.actions.forgetting import AWAY
from evenbook.book.actions.people import Absence, end_leave, keep_leave
from evenbook.book.actions.writing import Written
from evenbook.book.clock import day_here
from evenbook.book.models import Leave, Person
from evenbook.book.numbers import BookNumbers
from evenbook.book.profiles import NoSuchEntry, ProfileNotYours, ProfileRefused, fitting_day, person_called
from evenbook.book.rules.absences import Change, Judged, Kept, change, judged
from evenbook.documents.calendar_reading import CalendarRead, read_calendar
from evenbook.documents.calendar_reading import Written as Event
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.runs.actions import happened
from evenbook.screens.shown import day_text

KINDS = {
    "leave": "Leave",
    "parental": "Parental leave",
    "training": "Training",
}
"""What somebody may call an absence; an illness is leave, for why is nobody's business."""

LONGEST = timedelta(days=1_200)
BACK, AHEAD = timedelta(days=400), timedelta(days=800)
"""How far around today a calendar's file is read."""


@dataclass(frozen=True)
class CalendarLanded:
    """What a calendar's file changed in somebody's leave, and which events are none of it, and why."""

    person: str
    person_name: str
    added: int
    changed: int
    withdrawn: int
    unchanged: int
    outside: int
    left_out: tuple[tuple[str, str], ...]


def type_leave(
    person: str,
    first_on: date,
    last_on: date,
    *,
    kind: str = AWAY,
    cover: str = "",
    by: Viewer,
    now: datetime,
) -> int:
    """Write down a leave, known from now on, and return its number. The same one again changes nothing.

    Args:
        person: their key.
        first_on: the first day away.
        last_on: the last one, itself included.
        kind: one of ``KINDS``.
        cover: the key of whoever covers, or empty.
        by: who writes it: the person, who leads them, or operations.
        now: when.

    Raises:
        ProfileNotYours: it is not theirs to write.
        ProfileRefused: the days, the kind or the cover can't be.
    """
    with transaction.atomic():
        who = _whose(person, by)
        covers = _covering(cover, who, first_on)
        _must_be_a_leave(who, first_on, last_on, kind)
        days = {"first_on": first_on, "last_on": last_on}
        same = Leave.objects.filter(person=who, kind=kind, cover=covers, withdrawn_at=None, **days).first()
        if same is not None:
            return same.pk
        written = Written()
        absence = Absence(who.pk, first_on, last_on, kind, covers.pk if covers else None, now)
        row = keep_leave(absence, now=now, written=written)
        written.flush(now)
        record(by, "leave.typed", thing_of(row), at=now, after=_said(row))
        happened("leave.typed", by=by.name, now=now)
        return row.pk


def withdraw_leave(number: int, *, by: Viewer, now: datetime) -> None:
    """Take a leave back from now on; of one that has begun the days up to yesterday stay. Twice does no harm.

    Raises:
        NoSuchEntry: there is none.
        ProfileNotYours: it is not theirs to take back.
    """
    with transaction.atomic():
        row = (
            Leave.objects.select_for_update(of=("self",))
            .select_related("person", "cover")
            .filter(pk=number)
            .first()
        )
        if row is None or not may_act_for(by, row.person_id):
            raise NoSuchEntry(
                "There is no such leave that you may take back.", fix="Look at the person's profile."
            )
        if row.withdrawn_at is not None:
            return
        written = Written()
        end_leave(row, today=day_here(now), now=now, written=written)
        written.flush(now)
        record(by, "leave.withdrawn", thing_of(row), at=now, before=_said(row))
        happened("leave.withdrawn", by=by.name, now=now)


def land_calendar(person: str, data: bytes, *, by: Viewer, now: datetime) -> CalendarLanded:
    """Take the leave of one person out of a calendar's file. The same file again changes nothing.

    The words of events are not kept, only their days and ids.

    Raises:
        NotACalendar: the file is none.
        ProfileNotYours: the person's leave is not theirs to write.
    """
    who = _whose(person, by)
    read = _read(data, now)
    return _landed(who, read, by=by, now=now)


def land_calendars(
    data: bytes, *, by: Viewer, now: datetime
) -> tuple[list[CalendarLanded], list[tuple[str, str]]]:
    """Take the leave of everybody out of a calendar's file, by the addresses that its events name.

    Returns what changed, a person each, and the events that name nobody of the team, and why.

    Raises:
        NotACalendar: the file is none.
        ProfileNotYours: who asks is not operations.
    """
    if not (by.is_operations and by.may_write):
        raise ProfileNotYours("Only operations brings in the leave of everybody.", fix="Bring in your own.")
    read = _read(data, now)
    team = _team()
    own: dict[str, list[Event]] = defaultdict(list)
    strange = []
    for event in read.events:
        named = (
            [event.organizer] if event.organizer in team else [mail for mail in event.asked if mail in team]
        )
        for mail in named:
            own[mail].append(event)
        if not named:
            strange.append((event.name, "it names nobody of the team"))
    with transaction.atomic():
        landed = [
            _landed(team[mail], CalendarRead(tuple(events), (), 0), by=by, now=now)
            for mail, events in sorted(own.items())
        ]
    return landed, [*read.left_out, *strange]


def thing_of(row: Leave) -> Thing:
    """Return a leave as the audit trail names it."""
    return Thing("leave", str(row.pk), f"{row.person} away {row.first_on} to {row.last_on}")


def _team() -> dict[str, Person]:
    return {row.mail.lower(): row for row in Person.objects.filter(is_person=True).exclude(mail="")}


def _read(data: bytes, now: datetime) -> CalendarRead:
    zone, today = latest().policy.of(OrganizationNumbers).time_zone, day_here(now)
    return read_calendar(data, zone=zone, first=today - BACK, last=today + AHEAD)


def _landed(who: Person, read: CalendarRead, *, by: Viewer, now: datetime) -> CalendarLanded:
    numbers, zone = latest().policy.of(BookNumbers), latest().policy.of(OrganizationNumbers).time_zone
    found = judged(
        read.events,
        words=numbers.leave_words,
        zone=who.time_zone if _is_zone(who.time_zone) else zone,
        hours=numbers.leave_day_hours,
        mail=who.mail.lower(),
        team=frozenset(_team()),
    )
    with transaction.atomic():
        rows = Leave.objects.select_for_update().filter(person=who, withdrawn_at=None).exclude(external_id="")
        known = {row.pk: row for row in rows}
        kept = [
            Kept(row.pk, row.external_id, row.first_on, row.last_on, row.revision) for row in known.values()
        ]
        made = change(found.leave, kept, first=day_here(now) - BACK)
        _write(who, made, known, now=now)
        if made.added or made.replaced or made.withdrawn:
            _tell(who, made, by=by, now=now)
    return _counted(who, made, found, read)


def _write(who: Person, made: Change, known: dict[int, Leave], *, now: datetime) -> None:
    written = Written()
    for old, told in (*((None, each) for each in made.added), *made.replaced):
        assert told.days is not None
        created_at = told.created_at if old is None else now
        before = known[old] if old is not None else None
        absence = Absence(
            person=who.pk,
            first_on=told.days[0],
            last_on=told.days[1],
            kind=before.kind if before else AWAY,
            cover=before.cover_id if before else None,
            known_at=min(created_at, now) if created_at else None,
        )
        keep_leave(absence, now=now, written=written, external_id=told.external_id, revision=told.revision)
    for number in (*(old for old, _ in made.replaced), *made.withdrawn):
        known[number].withdrawn_at = now
        known[number].save(update_fields=["withdrawn_at"])
        written.add(Leave, [now])
    written.flush(now)


def _tell(who: Person, made: Change, *, by: Viewer, now: datetime) -> None:
    counts = {"added": len(made.added), "changed": len(made.replaced), "withdrawn": len(made.withdrawn)}
    record(
        by,
        "leave.imported",
        Thing("person", who.key, who.name),
        at=now,
        after=counts,
        rows=sum(counts.values()),
    )
    happened("leave.imported", by=by.name, now=now)


def _counted(who: Person, made: Change, found: Judged, read: CalendarRead) -> CalendarLanded:
    return CalendarLanded(
        person=who.key,
        person_name=who.name,
        added=len(made.added),
        changed=len(made.replaced),
        withdrawn=len(made.withdrawn),
        unchanged=made.unchanged,
        outside=read.outside,
        left_out=(*read.left_out, *found.left_out),
    )


def _whose(key: str, by: Viewer) -> Person:
    who = person_called(key)
    if not may_act_for(by, who.pk):
        raise ProfileNotYours(
            f"The leave of {who.name} is not yours to write.",
            fix="They do it themselves, or who leads them, or operations.",
        )
    return who


def _covering(key: str, who: Person, first_on: date) -> Person | None:
    if not key:
        return None
    cover = person_called(key)
    if cover.pk == who.pk:
        raise ProfileRefused("Nobody covers for themselves.", fix="Name somebody else, or nobody.")
    if cover.left_on is not None and cover.left_on < first_on:
        raise ProfileRefused(f"{cover.name} is no longer here then.", fix="Name somebody who is.")
    return cover


def _must_be_a_leave(who: Person, first_on: date, last_on: date, kind: str) -> None:
    fitting_day(first_on)
    fitting_day(last_on)
    if kind not in KINDS:
        raise ProfileRefused(f"'{kind[:40]}' is no kind of leave.", fix=f"Choose of {', '.join(KINDS)}.")
    if last_on < first_on:
        raise ProfileRefused(
            "The leave ends before it begins.", fix="Name the last day away, itself included."
        )
    if last_on - first_on > LONGEST:
        raise ProfileRefused(
            f"A leave of {(last_on - first_on).days:,} days is none.", fix="Write down a departure instead."
        )
    if who.left_on is not None and first_on > who.left_on:
        raise ProfileRefused(f"{who.name} left on {day_text(who.left_on)}.", fix="Choose days before it.")


def _said(row: Leave) -> dict[str, str | None]:
    return {
        "first_on": row.first_on.isoformat(),
        "last_on": row.last_on.isoformat(),
        "kind": row.kind,
        "cover": row.cover.key if row.cover else None,
    }


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (ValueError, OSError, KeyError):
        return False
