"""Events as a calendar file (RFC 5545), for feeds that calendars subscribe to and for single invitations.

An event keeps its ``uid`` for ever: a calendar that reads the file again changes the event it knows
instead of adding one, and takes it out when its status is ``cancelled``. Instants of any zone are
written in UTC, and each calendar shows them in the zone of who reads it: a zone of its own would need
its rules in the file, and those that the library writes end in 2038. The hour of writing comes from
the caller.

The library is loaded when the first file is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from evenbook.documents import wording

if TYPE_CHECKING:
    import icalendar

STATUSES = ("confirmed", "tentative", "cancelled")
MADE_BY = "-//Evenbook//Evenbook//EN"


@dataclass(frozen=True)
class Days:
    """Whole days, both of them included; one day without a last."""

    first_on: date
    last_on: date | None = None

    def __post_init__(self) -> None:
        if isinstance(self.first_on, datetime) or isinstance(self.last_on, datetime):
            raise ValueError("Whole days are days, not instants.")
        if self.last_on is not None and self.last_on < self.first_on:
            raise ValueError(f"The last day, {self.last_on}, is before the first, {self.first_on}.")


@dataclass(frozen=True)
class Span:
    """From an instant to an instant, each with its zone."""

    begins_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.begins_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("Instants of an event need a zone.")
        if self.ends_at < self.begins_at:
            raise ValueError(f"The end, {self.ends_at}, is before the beginning, {self.begins_at}.")


@dataclass(frozen=True)
class Event:
    """Something on a day or at an hour.

    Args:
        uid: the event's name for ever and everywhere, such as ``closure-12@`` and the instance's name.
        when: its days, or its instants.
        summary: a few words, on one line.
        description: more words, on several lines if need be.
        url: the page that tells more; only addresses of the web are written.
        status: one of ``STATUSES``.
        revision: how often it was changed; calendars hold on to the highest.
    """

    uid: str
    when: Days | Span
    summary: str
    description: str = ""
    url: str = ""
    status: str = "confirmed"
    revision: int = 0

    def __post_init__(self) -> None:
        if not self.uid or wording.one_line(self.uid) != self.uid:
            raise ValueError(f"An event's uid is one line of text and not empty: {self.uid!r}.")
        if self.status not in STATUSES:
            raise ValueError(f"An event is {', '.join(STATUSES)}, not {self.status!r}.")


def as_ics(name: str, events: Sequence[Event], *, written_at: datetime) -> bytes:
    """Return the events as a calendar file, in the order given.

    Args:
        name: what calendars call the feed.
        events: each ``uid`` once.
        written_at: the instant of writing, with its zone.

    Raises:
        ValueError: two events share a uid, or ``written_at`` has no zone.
    """
    from icalendar import Calendar

    if written_at.tzinfo is None:
        raise ValueError("The instant of writing needs a zone.")
    if len({event.uid for event in events}) != len(events):
        raise ValueError("Two events have the same uid: calendars would keep one of them.")
    calendar = Calendar()
    for key, said in (("prodid", MADE_BY), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(key, said)
    calendar.add("name", wording.one_line(name))
    calendar.add("x-wr-calname", wording.one_line(name))
    for event in events:
        calendar.add_component(_component(event, written_at.astimezone(UTC)))
    written: bytes = calendar.to_ical()
    return written


def _component(event: Event, written_at: datetime) -> icalendar.Event:
    from icalendar import Event as Component

    begins, ends = _ends(event.when)
    made = Component()
    made.add("uid", event.uid)
    made.add("dtstamp", written_at)
    made.add("dtstart", begins)
    if ends > begins:
        made.add("dtend", ends)
    made.add("summary", wording.one_line(event.summary))
    made.add("status", event.status.upper())
    made.add("sequence", event.revision)
    made.add("transp", "TRANSPARENT" if isinstance(event.when, Days) else "OPAQUE")
    if event.description:
        made.add("description", wording.clean(event.description))
    if url := wording.address(event.url):
        made.add("url", url)
    return made


def _ends(when: Days | Span) -> tuple[date, date]:
    """Return beginning and end as the format counts them: the end of days is the day after."""
    if isinstance(when, Days):
        return when.first_on, (when.last_on or when.first_on) + timedelta(days=1)
    return when.begins_at.astimezone(UTC), when.ends_at.astimezone(UTC)
