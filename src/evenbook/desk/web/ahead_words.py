"""What stands out in the weeks ahead, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evenbook.desk.queries.weeks_ahead import ABSENCES, OVER, RENEWALS, StandsOut, WeeksAhead
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import number_word, percent_text, plural

NAMED = 3
FIRST = (OVER, ABSENCES, RENEWALS)
"""What the sentence names first."""


def said(each: StandsOut) -> str:
    """Return one thing that stands out, as the list has it."""
    share = percent_text(100 * each.share)
    if each.kind == RENEWALS:
        return f"{each.count} renewals of one book close together, {share} of its accounts"
    if each.kind == ABSENCES:
        who = f": {', '.join(each.names)}" if each.names else ""
        return f"{each.count} people away in one week, {share} of the team's days{who}"
    return f"over for {each.count} {plural(each.count, 'week')}, up to {share} of capacity"


def sentence(found: WeeksAhead) -> Sequence[Part]:
    """Return the sentence of the page: how much stands out, and the first of it by name."""
    out = found.stands_out
    weeks = len(found.days)
    if not found.rows:
        return ("Nobody whose load you may see carries anything in the weeks ahead.",)
    if not out:
        return (f"Nothing stands out in the next {number_word(weeks)} weeks.",)
    verb = plural(len(out), "thing stands", "things stand")
    head = (
        counted(len(out), "stands_out", href="#stands-out", start=True),
        f" {verb} out in the next {weeks} weeks",
    )
    named = sorted(out, key=lambda each: (FIRST.index(each.kind), each.first_on))
    first = [next((each for each in named if each.kind == kind), None) for kind in FIRST]
    told = "; ".join(_told(each) for each in first[:NAMED] if each is not None)
    return (*head, f": {told}.")


def _told(each: StandsOut) -> str:
    if each.kind == OVER:
        days = _span(each.first_on, each.last_on)
        return f"{each.of} is over what they can sustain from {days}"
    if each.kind == ABSENCES:
        return f"{number_word(each.count)} people of {each.of} are away in the week to {_short(each.last_on)}"
    days = f"{_short(each.first_on)} and {_short(each.last_on)}"
    return f"{number_word(each.count)} renewals of {each.of} lie between {days}"


def _span(first: date, last: date) -> str:
    return f"{_short(first)} to {_short(last)}"


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"
