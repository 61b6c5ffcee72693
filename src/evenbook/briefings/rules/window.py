"""What a handoff asks for: its reasons, its days, and how many of them were taken until it was done.

A leave of fewer working days than policy says asks for one cover note for the whole book; a longer
one, a departure and a change of role ask for a transfer brief of each account. A role on an account that
passes from one person to another asks for a brief as well.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from statistics import median

from evenbook.book.rules.working_days import DAYS_OF_WEEK
from evenbook.closures.rules.standard import FARTHEST_DAYS

LEAVE, DEPARTURE, ROLE_CHANGE = "leave", "departure", "role_change"
REASONS = {LEAVE: "Leave", DEPARTURE: "Departure", ROLE_CHANGE: "Change of role"}
ROLE_PASSED = "role_passed"
TITLES = {**REASONS, ROLE_PASSED: "Role passed on"}
"""Why a handoff is there, in words: of a book one of ``REASONS``, of a role by itself that it passes on."""
FORESEEN_DAYS = 30
"""So many days after its first one a handover still explains a change of hands, as for its loops."""
BRIEFS, NOTE = "transfer_briefs", "cover_note"
ASKS = {BRIEFS: "Transfer briefs", NOTE: "Cover note"}


def asked_for(reason: str, days: int | None, *, long_days: int) -> str:
    """Return what a handoff asks for; ``days`` are the working days of a leave."""
    return NOTE if reason == LEAVE and days is not None and days < long_days else BRIEFS


def fault_of(reason: str, first_on: date, back_on: date | None, *, today: date) -> tuple[str, str]:
    """Return what is wrong with reason and days of a handoff, and how to mend it; empty where nothing is."""
    if reason not in REASONS:
        return f"'{reason[:40]}' is no reason to hand a book over.", f"The reasons are: {', '.join(REASONS)}."
    if first_on < today:
        return f"The first day away, {first_on}, is past.", "Name today or a later day."
    if (first_on - today).days > FARTHEST_DAYS:
        return f"The first day away, {first_on}, is more than two years ahead.", "Name a nearer day."
    if reason == LEAVE:
        return _fault_of_back(first_on, back_on)
    if back_on is not None:
        return (
            f"A {REASONS[reason].lower()} has no day back.",
            "Leave the day back empty, or call it a leave.",
        )
    return "", ""


def _fault_of_back(first_on: date, back_on: date | None) -> tuple[str, str]:
    if back_on is None:
        return "A leave needs the day back.", "Name the first day on which they work again."
    if back_on <= first_on:
        return f"The day back, {back_on}, is not after the first day away, {first_on}.", "Name a later day."
    if (back_on - first_on).days > FARTHEST_DAYS:
        return f"The day back, {back_on}, is more than two years after the first.", "Name a nearer day."
    return "", ""


def overlap(first_on: date, back_on: date | None, other_on: date, other_back_on: date | None) -> bool:
    """Return whether two absences have a day in common; without a day back they go on for ever."""
    return first_on < (other_back_on or date.max) and other_on < (back_on or date.max)


def usual_day(today: date, days: int, *, works: Collection[str]) -> date:
    """Return the first working day after so many of them: whoever has a role until then can write its brief.

    Args:
        today: from which the days count; it is none of them.
        days: how many.
        works: days of the week that are worked, as ``mon``; where it is none, every day is.
    """
    day, left = today, days
    while left >= 0:
        day += timedelta(days=1)
        left -= not works or DAYS_OF_WEEK[day.weekday()] in works
    return day


def days_taken(announced_on: date, done_on: date | None) -> int | None:
    """Return how many days a handoff took from its announcement until every account was confirmed."""
    return (done_on - announced_on).days if done_on else None


def middle(days: Iterable[int]) -> float | None:
    """Return the median; None of none."""
    known = list(days)
    return float(median(known)) if known else None
