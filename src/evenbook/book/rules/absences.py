"""Which events of a calendar are leave, and what that changes in the leave that is known.

An event is leave where its calendar shows it as out of office, or where its name or its categories hold
one of the words of policy. What is called for by others alone, shows its owner as working, or fills no day
is none. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from evenbook.documents.calendar import Days, Span
from evenbook.documents.calendar_reading import Written, days_of

OUT_OF_OFFICE = "oof"
AT_WORK = frozenset({"free", "workingelsewhere", "tentative"})
LONGEST_DAYS = 1_200
OCCURRENCE = re.compile(r"#\d{4}-\d\d-\d\d$")


@dataclass(frozen=True)
class Told:
    """Leave as a calendar has it; ``external_id`` names it for ever. What is none has no days."""

    external_id: str
    days: tuple[date, date] | None
    revision: int
    created_at: datetime | None = None


@dataclass(frozen=True)
class Judged:
    """What a calendar says of leave: each event with its days, and which are none, and why."""

    leave: tuple[Told, ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """Leave that is known from a calendar."""

    row: int
    external_id: str
    first_on: date
    last_on: date
    revision: int


@dataclass(frozen=True)
class Change:
    """What a calendar changes: leave to add, rows that it replaces or withdraws, what stays."""

    added: tuple[Told, ...]
    replaced: tuple[tuple[int, Told], ...]
    withdrawn: tuple[int, ...]
    unchanged: int


def is_of(event: Written, mail: str, team: frozenset[str]) -> bool:
    """Return whether an event is somebody's: who of the team called for it, else whoever was asked.

    What names nobody is of whoever's calendar it stands in, and so is all where their address is not known.
    """
    if not mail or not (event.organizer or event.asked):
        return True
    if event.organizer in team:
        return event.organizer == mail
    return mail == event.organizer or mail in event.asked


def judged(
    events: Iterable[Written],
    *,
    words: Sequence[str],
    zone: str,
    hours: float,
    mail: str = "",
    team: frozenset[str] = frozenset(),
) -> Judged:
    """Return which events are leave of one person.

    Args:
        events: what the file holds.
        words: of policy, in any letters.
        zone: where days begin and end.
        hours: from how many hours on an event takes a day.
        mail: the person's address, in small letters, or empty.
        team: the addresses of the team.
    """
    told = []
    left_out = []
    for each in events:
        why = "" if is_of(each, mail, team) else "it is somebody else's"
        why = why or _why_not(each, words)
        days = None if why or each.is_cancelled else days_of(each.when, zone=zone, hours=hours)
        if not why and not each.is_cancelled and days is None:
            why = "it fills no day"
        if days is not None and (days[1] - days[0]).days > LONGEST_DAYS:
            why = "it is longer than any leave"
        if why:
            left_out.append((each.name, why))
        told.append(Told(_name_of(each), None if why else days, each.revision, each.created_at))
    return Judged(tuple(told), tuple(left_out))


def change(told: Sequence[Told], known: Sequence[Kept], *, first: date) -> Change:
    """Return what the leave of a file changes in that which is known.

    A lower revision than is known changes nothing. Of a series that the file has, occurrences from
    ``first`` on that it does not have any more are withdrawn; of anything else what the file does not
    name stays.
    """
    by_id = {each.external_id: each for each in known}
    added, replaced, withdrawn, unchanged = [], [], [], 0
    for each in {row.external_id: row for row in told}.values():
        old = by_id.get(each.external_id)
        if old is None:
            if each.days is not None:
                added.append(each)
        elif each.revision < old.revision or each.days == (old.first_on, old.last_on):
            unchanged += 1
        elif each.days is None:
            withdrawn.append(old.row)
        else:
            replaced.append((old.row, each))
    named = {row.external_id for row in told}
    series = {_series(row.external_id): row.revision for row in told}
    gone = [
        each.row
        for each in known
        if each.external_id not in named
        and each.first_on >= first
        and each.revision <= series.get(_series(each.external_id), -1)
    ]
    return Change(tuple(added), tuple(replaced), (*withdrawn, *gone), unchanged)


def _why_not(event: Written, words: Sequence[str]) -> str:
    if event.busy == OUT_OF_OFFICE:
        return ""
    if event.busy in AT_WORK and not (event.busy == "free" and isinstance(event.when, Days)):
        return "its calendar shows them at work"
    if event.is_free and isinstance(event.when, Span):
        return "its calendar shows them as free"
    said = event.summary.casefold()
    if any(re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", said) for word in words if word.strip()):
        return ""
    return "it is not called leave"


def _name_of(event: Written) -> str:
    return f"{event.uid}#{event.occurrence}" if event.occurrence else event.uid


def _series(external_id: str) -> str:
    return OCCURRENCE.sub("", external_id)
