"""Reading calendar files (RFC 5545) that somebody else wrote, as events on days or at hours.

A file is never trusted: it has a longest size, a most of events and of occurrences, and what cannot be
read is left out with a reason, one event at a time. Series are unfolded between two days; see ``repetition``
for the rules that are followed. Definitions of zones in the file are not read, for they would hold
for every later file of the process: a zone that nobody knows is read as the caller's.

Of an event that stands in the file twice the version with the higher sequence is taken, of equal ones
the later. One occurrence of a series that was moved or cancelled takes that one's place.

The library is loaded when the first file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from evenbook.documents.calendar import Days, Span
from evenbook.documents.repetition import NotFollowed, repeats, rule_of
from evenbook.documents.wording import one_line
from evenbook.kit.errors import EvenbookError

MOST_BYTES = 5_000_000
MOST_EVENTS = 5_000
MOST_SERIES = 300
MOST_OCCURRENCES = 3_000
LONGEST_LINE = 2_000
LONGEST_UID = 280
MOST_MAILS = 200
UNNAMED = "An event without a name"
OLDEST_SERIES = timedelta(days=3_660)
"""How long before the first day a series may have begun."""

READ = frozenset(
    "UID DTSTART DTEND DURATION SUMMARY STATUS TRANSP X-MICROSOFT-CDO-BUSYSTATUS SEQUENCE RECURRENCE-ID "
    "RRULE RDATE EXDATE ORGANIZER ATTENDEE CREATED CATEGORIES".split()
)


class NotACalendar(EvenbookError):
    """A file that is no calendar, or one that is too large to be read."""

    kind = "not-a-calendar"


@dataclass(frozen=True)
class Written:
    """An event as a file has it; of a series one occurrence.

    Args:
        uid: the event's name in its calendar.
        occurrence: of a series the day on which the occurrence was to be, as ISO; else empty.
        when: its days, or its instants.
        summary: what it is called, with its categories.
        is_cancelled: whether the file says that it does not take place.
        busy: what the calendar shows meanwhile, in small letters: ``oof``, ``busy``, ``free``; else empty.
        is_free: whether the calendar shows its owner as free meanwhile.
        organizer: the address of who called for it, in small letters; else empty.
        asked: the addresses of who was asked.
        revision: how often it was changed.
        created_at: when it was written into its calendar, where the file says so.
    """

    uid: str
    occurrence: str
    when: Days | Span
    summary: str
    is_cancelled: bool = False
    busy: str = ""
    is_free: bool = False
    organizer: str = ""
    asked: tuple[str, ...] = ()
    revision: int = 0
    created_at: datetime | None = None

    @property
    def name(self) -> str:
        """What it is called, in a few words."""
        return self.summary[:80] or UNNAMED


@dataclass(frozen=True)
class CalendarRead:
    """What a file holds between two days, and what was left out of it: which event, and why."""

    events: tuple[Written, ...]
    left_out: tuple[tuple[str, str], ...]
    outside: int


@dataclass(frozen=True)
class _Read:
    """An event with what makes it a series, its times in the caller's zone and without one."""

    event: Written
    begins: datetime
    length: timedelta
    rule: dict[str, Any] | None
    dates: frozenset[datetime]
    without: frozenset[datetime]


def read_calendar(data: bytes, *, zone: str, first: date, last: date) -> CalendarRead:
    """Return the events of a file that touch the days from ``first`` to ``last``, in the file's order.

    Args:
        data: the file.
        zone: in whose days and hours times without a zone are read.
        first: the first day that matters.
        last: the last one.

    Raises:
        NotACalendar: it is none, or it is too large.
    """
    if len(data) > MOST_BYTES:
        raise NotACalendar(
            f"The file has more than {MOST_BYTES // 1_000_000} MB.",
            fix="Export fewer months of the calendar.",
        )
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff").replace("\x00", "")
    if "BEGIN:VCALENDAR" not in text[:2_000].upper():
        raise NotACalendar("The file is no calendar.", fix="Export the calendar as an .ics file.")
    left_out: list[tuple[str, str]] = []
    masters, moved = _versions(text, ZoneInfo(zone), left_out)
    found = list(_unfolded(masters, moved, first=first, last=last, left_out=left_out))
    inside = [each for each in found if _touches(each.when, first, last, ZoneInfo(zone))]
    return CalendarRead(tuple(inside), tuple(left_out), len(found) - len(inside))


def days_of(when: Days | Span, *, zone: str, hours: float) -> tuple[date, date] | None:
    """Return the first and the last of the days that an event takes; None where it takes no whole one.

    Args:
        when: its days, or its instants.
        zone: where days begin and end.
        hours: from how many hours of a day on the day counts as taken.
    """
    if isinstance(when, Days):
        return when.first_on, when.last_on or when.first_on
    begins, ends = (
        at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in (when.begins_at, when.ends_at)
    )
    taken: list[date] = []
    day = begins.date()
    while day <= ends.date() and len(taken) < MOST_OCCURRENCES:
        start = datetime.combine(day, time())
        held = min(ends, start + timedelta(days=1)) - max(begins, start)
        if held >= timedelta(hours=hours):
            taken.append(day)
        day += timedelta(days=1)
    return (taken[0], taken[-1]) if taken else None


def _versions(
    text: str, zone: ZoneInfo, left_out: list[tuple[str, str]]
) -> tuple[dict[str, _Read], dict[str, dict[str, _Read]]]:
    """Return the newest version of each event by its uid, and of each occurrence that was changed."""
    masters: dict[str, _Read] = {}
    moved: dict[str, dict[str, _Read]] = {}
    for number, lines in enumerate(_blocks(text)):
        if number >= MOST_EVENTS:
            left_out.append(("The rest of the file", f"it has more than {MOST_EVENTS:,} events"))
            break
        try:
            read = _event(lines, zone)
        except _LeftOut as why:
            left_out.append((_named(lines), str(why)))
            continue
        except Exception:  # the library may raise anything on a broken line
            left_out.append((_named(lines), "it cannot be read"))
            continue
        held = moved.setdefault(read.event.uid, {}) if read.event.occurrence else masters
        key = read.event.occurrence or read.event.uid
        if key not in held or held[key].event.revision <= read.event.revision:
            held[key] = read
    return masters, moved


class _LeftOut(ValueError):
    """Why one event is left out."""


def _blocks(text: str) -> Iterator[list[str]]:
    """Return the lines of each event that are read, unfolded; of what stands inside an event nothing."""
    lines: list[str] | None = None
    depth = 0
    for line in _unfolded_lines(text):
        mark = line[:40].upper().strip()
        if mark == "BEGIN:VEVENT":
            lines, depth = [], 0
        elif lines is None:
            continue
        elif mark == "END:VEVENT":
            yield lines
            lines = None
        elif mark.startswith(("BEGIN:", "END:")):
            depth += 1 if mark.startswith("BEGIN:") else -1
        elif not depth and _is_read(line):
            lines.append(line)


def _is_read(line: str) -> bool:
    return len(line) <= LONGEST_LINE and _name(line) in READ


def _unfolded_lines(text: str) -> Iterator[str]:
    """Return lines with their continuations, each cut where it gets too long to matter."""
    held: list[str] = []
    size = 0
    for line in text.splitlines():
        if line[:1] in {" ", "\t"} and held:
            if size <= LONGEST_LINE:
                held.append(line[1:])
                size += len(line)
            continue
        if held:
            yield "".join(held)
        held, size = [line], len(line)
    if held:
        yield "".join(held)


def _name(line: str) -> str:
    return line.split(":", 1)[0].split(";", 1)[0].strip().upper()


def _named(lines: Sequence[str]) -> str:
    summary = next((line.split(":", 1)[1] for line in lines if _name(line) == "SUMMARY" and ":" in line), "")
    return one_line(summary)[:80] or UNNAMED


def _event(lines: list[str], zone: ZoneInfo) -> _Read:
    """Return an event of its lines; addresses are read by hand, for files hold many that are broken."""
    from icalendar import Event

    organizer, asked = (
        tuple(dict.fromkeys(_mail(line) for line in lines if _name(line) == name))[:MOST_MAILS]
        for name in ("ORGANIZER", "ATTENDEE")
    )
    rest = [line for line in lines if _name(line) not in {"ORGANIZER", "ATTENDEE"}]
    found: Any = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *rest, "END:VEVENT", ""]))
    if found.errors:
        raise _LeftOut("it has a line that cannot be read")
    uid = one_line(str(found.get("UID", "")))
    if not uid or len(uid) > LONGEST_UID:
        raise _LeftOut("it has no id by which it could be told again" if not uid else "its id is too long")
    begins, when, length = _when(found, zone)
    moved_from = found.get("RECURRENCE-ID")
    occurrence = _local(moved_from.dt, zone).date().isoformat() if moved_from is not None else ""
    categories = " ".join(line.split(":", 1)[1] for line in rest if _name(line) == "CATEGORIES")
    created = found.get("CREATED")
    event = Written(
        uid=uid,
        occurrence=occurrence,
        when=when,
        summary=one_line(f"{found.get('SUMMARY', '')} {categories}").strip(),
        is_cancelled=str(found.get("STATUS", "")).strip().upper() == "CANCELLED",
        busy=str(found.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).strip().lower(),
        is_free=str(found.get("TRANSP", "")).strip().upper() == "TRANSPARENT",
        organizer=organizer[0] if organizer else "",
        asked=tuple(mail for mail in asked if mail),
        revision=_revision(found.get("SEQUENCE", 0)),
        created_at=_local(created.dt, zone).replace(tzinfo=zone) if created is not None else None,
    )
    dates, without = (_dates(found.get(name), zone) for name in ("RDATE", "EXDATE"))
    return _Read(event, begins, length, found.get("RRULE"), dates, without)


def _revision(said: Any) -> int:
    return max(0, min(int(said), 2_000_000_000))


def _mail(line: str) -> str:
    value = line.rpartition(":")[2] if "mailto:" in line.lower() else ""
    return value.strip().lower()[:254]


def _when(found: Any, zone: ZoneInfo) -> tuple[datetime, Days | Span, timedelta]:
    """Return the local beginning, the days or instants, and the length."""
    if found.get("DTSTART") is None:
        raise _LeftOut("it has no beginning")
    start = found["DTSTART"].dt
    end = found["DTEND"].dt if found.get("DTEND") is not None else None
    if end is None and found.get("DURATION") is not None:
        end = start + found["DURATION"].dt
    begins = _local(start, zone)
    if not isinstance(start, datetime):
        last = (_local(end, zone).date() if end is not None else start + timedelta(days=1)) - timedelta(
            days=1
        )
        last = max(start, last)  # some write the same day as the end
        return begins, Days(start, last), last - start
    ends = _local(end, zone) if end is not None else begins
    if ends < begins:
        raise _LeftOut("it ends before it begins")
    return begins, Span(begins.replace(tzinfo=zone), ends.replace(tzinfo=zone)), ends - begins


def _local(value: date, zone: ZoneInfo) -> datetime:
    """Return an instant or a day as the caller's clock has it, without a zone."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return (value.astimezone(zone) if value.tzinfo is not None else value).replace(tzinfo=None)


def _dates(given: Any, zone: ZoneInfo) -> frozenset[datetime]:
    rows = given if isinstance(given, list) else [given] if given is not None else []
    values = [each.dt for row in rows for each in row.dts]
    return frozenset(_local(value, zone) for value in values if isinstance(value, date))


def _unfolded(
    masters: dict[str, _Read],
    moved: dict[str, dict[str, _Read]],
    *,
    first: date,
    last: date,
    left_out: list[tuple[str, str]],
) -> Iterator[Written]:
    """Return every event, of series each occurrence that can touch the days."""
    series, days = 0, 0
    for uid, read in masters.items():
        if read.rule is None and not read.dates:
            yield read.event
            continue
        series += 1
        try:
            if series > MOST_SERIES or days > MOST_OCCURRENCES:
                raise _LeftOut("the file has too many series")
            found = [_at(read, at) for at in _occurrences(read, first=first, last=last)]
        except _LeftOut as why:
            left_out.append((read.event.name, str(why)))
        except (ArithmeticError, ValueError, TypeError):
            left_out.append((read.event.name, "its rule of repetition cannot be read"))
        else:
            days += len(found)
            yield from (each for each in found if each.occurrence not in moved.get(uid, {}))
    for changed in moved.values():
        yield from (each.event for each in changed.values())


def _occurrences(read: _Read, *, first: date, last: date) -> list[datetime]:
    """Return the local beginnings of a series, oldest first, that can touch the days."""
    if read.begins.date() < first - OLDEST_SERIES:
        raise _LeftOut("the series began too long ago")
    edge = datetime.combine(last, time.max)
    found = {read.begins, *read.dates}
    if read.rule is not None:
        found |= set(_repeated(read, edge))
    earliest = datetime.combine(first, time()) - read.length - timedelta(days=1)
    days_out = {each.date() for each in read.without if each.time() == time()}
    return sorted(
        at for at in found if earliest <= at <= edge and at not in read.without and at.date() not in days_out
    )


def _repeated(read: _Read, edge: datetime) -> list[datetime]:
    """Return the local beginnings that a rule gives, up to its end and never past the edge."""
    zone = read.event.when.begins_at.tzinfo if isinstance(read.event.when, Span) else UTC
    given = read.rule or {}
    try:
        rule = rule_of(given)
    except NotFollowed:
        raise _LeftOut("its rule of repetition is not followed") from None
    until = min([edge, *(_until(each, zone) for each in given.get("UNTIL", ()))])
    begun = (
        datetime.combine(day, read.begins.time()) for day in repeats(rule, read.begins.date(), until.date())
    )
    return [at for at in begun if at <= until]


def _until(value: Any, zone: tzinfo | None) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time.max)
    return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value


def _at(read: _Read, begins: datetime) -> Written:
    """Return the occurrence of a series that begins at a local time."""
    when: Days | Span = Days(begins.date(), begins.date() + read.length)
    if isinstance(read.event.when, Span):
        zone = read.event.when.begins_at.tzinfo
        when = Span(begins.replace(tzinfo=zone), (begins + read.length).replace(tzinfo=zone))
    return replace(read.event, occurrence=begins.date().isoformat(), when=when)


def _touches(when: Days | Span, first: date, last: date, zone: ZoneInfo) -> bool:
    if isinstance(when, Days):
        return when.first_on <= last and (when.last_on or when.first_on) >= first
    return when.begins_at.astimezone(zone).date() <= last and when.ends_at.astimezone(zone).date() >= first
