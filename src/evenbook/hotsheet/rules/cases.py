"""The work on an account of the sheet: when it begins, what its first action is, how it ends.

Pure. Facts end it: a loss, a renewal, weeks of calm. What people say by hand shows as claimed until facts
say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

NEW, WORKING, CLAIMED = "new", "working", "claimed"
SAVED, LOST, FALSE_ALARM = "saved", "lost", "false_alarm"
STATES = {
    NEW: "New",
    WORKING: "In work",
    CLAIMED: "Claimed saved",
    SAVED: "Saved",
    LOST: "Lost",
    FALSE_ALARM: "False alarm",
}
"""Where the work on an account stands: how people read it."""

TAKE_BACK = "take-back"
MARKS = {
    "working": "I am on it",
    "saved": "It is saved",
    "false-alarm": "It is a false alarm",
    TAKE_BACK: "Take back what was said",
}
"""What people may say of a row, in words."""

SAID = {
    "working": "you are on it",
    "saved": "it is held saved, and shown as claimed until a renewal or weeks of calm confirm it",
    "false-alarm": "it is a false alarm, and its work is over",
    TAKE_BACK: "what was said is taken back",
}
"""What is so then, after the account's name."""


@dataclass(frozen=True)
class Case:
    """The work on an account since it came onto a sheet; see ``models.HotCase``.

    ``renews_on`` is the renewal that was ahead when it began. What happened is told by its own day, and
    as it was known: a call that was logged a week later was no call on that day's sheet.
    """

    account: int
    began_on: date
    renews_on: date | None = None
    acted_on: date | None = None
    acted_known_on: date | None = None
    act: str = ""
    claimed_on: date | None = None
    calm_on: date | None = None
    ended_on: date | None = None
    ended_known_on: date | None = None
    ending: str = ""
    why: str = ""

    def state_on(self, day: date) -> str:
        """Return where it stood on a day, as was known then."""
        if _by(self.ended_known_on, day):
            return self.ending
        if _by(self.claimed_on, day):
            return CLAIMED
        return WORKING if _by(self.acted_known_on, day) else NEW


@dataclass(frozen=True)
class Fact:
    """What is known of an account on a day; see ``hot_fact.sql``."""

    acted_on: date | None
    act: str
    lost_on: date | None
    is_churn: bool
    is_bad: bool
    is_listed: bool
    renews_on: date | None


def moved(case: Case, fact: Fact, *, day: date, calm_weeks: int) -> Case:
    """Return the work as it stands on a day, ended where a fact has ended it.

    Args:
        case: open work.
        fact: what is known on the day.
        day: the day.
        calm_weeks: so many weeks neither on a sheet nor in a bad state end it.
    """
    now = case
    if now.acted_on is None and fact.acted_on is not None:
        now = replace(now, acted_on=fact.acted_on, acted_known_on=day, act=fact.act)
    is_calm = not (fact.is_bad or fact.is_listed)
    now = replace(now, calm_on=(now.calm_on or day) if is_calm else None)
    if fact.lost_on is not None:
        how = "the customer left" if fact.is_churn else "revenue was cut"
        return _ended(now, day, LOST, f"{how} on {_said(fact.lost_on)}", on=fact.lost_on)
    if now.renews_on is not None and fact.renews_on is not None and fact.renews_on > now.renews_on:
        return _ended(now, day, SAVED, f"renewed to {_said(fact.renews_on)}")
    if now.calm_on is not None and day - now.calm_on >= timedelta(weeks=calm_weeks):
        weeks = f"{calm_weeks} weeks off the sheet and in no bad state"
        if now.acted_on is None and now.claimed_on is None:
            return _ended(now, day, FALSE_ALARM, f"{weeks}, and nobody had done anything")
        return _ended(now, day, SAVED, weeks)
    return now


def begins(
    account: int, before: Mapping[int, date], earlier: frozenset[int], *, day: date, rest_weeks: int
) -> bool:
    """Return whether new work begins on an account that is on the sheet and has none open.

    After work has ended, it begins again only once the account was off a sheet, or the policy's weeks are
    over: what was saved or called a false alarm is not new the week after.

    Args:
        account: on the sheet.
        before: when the last work on each account ended.
        earlier: the accounts on the sheet before.
        day: day of the sheet.
        rest_weeks: weeks of rest after an end.
    """
    ended_on = before.get(account)
    if ended_on is None:
        return True
    if ended_on >= day:
        return False
    return account not in earlier or day - ended_on >= timedelta(weeks=rest_weeks)


def _ended(case: Case, day: date, ending: str, why: str, *, on: date | None = None) -> Case:
    return replace(case, ended_on=on or day, ended_known_on=day, ending=ending, why=why)


def _by(known_on: date | None, day: date) -> bool:
    return known_on is not None and known_on <= day


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
