"""When work is done by itself, how often it is tried, when waiting becomes an alarm."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.numbers import WEEKDAYS
from evenbook.policy.schema import Section, choice, flag, number


class RunsNumbers(Section):
    """Work that is done by itself."""

    name: ClassVar[str] = "runs"
    title: ClassVar[str] = "Work that is done by itself"

    weekly: bool = flag(True, reason="A week that nobody has to remember is a week that is there.")
    weekly_day: str = choice(
        "mon", options=WEEKDAYS, reason="The list of the week is there when the week begins."
    )
    weekly_hour: int = number(
        5,
        unit="hour of the day where the organization is",
        reason="Before the first person looks.",
        at_least=0,
        at_most=23,
    )
    refresh: bool = flag(
        True, reason="Who has just loaded data expects to see it; without it, figures wait for the next week."
    )
    refresh_after_minutes: int = number(
        2,
        unit="minutes of quiet",
        reason="Five files loaded one after another are one refresh, not five.",
        at_least=0,
        at_most=240,
    )
    step_tries: int = number(
        4,
        unit="tries of one step",
        reason="A database or a server that is away for a moment is back by then.",
        at_least=1,
        at_most=20,
    )
    first_pause_seconds: int = number(
        5,
        unit="seconds, doubled each time",
        reason="Short enough to go unnoticed, long enough to let pass.",
        at_least=0,
        at_most=600,
    )
    mail_tries: int = number(
        10,
        unit="tries of one mail",
        reason="Eight hours of a mail server that is away.",
        at_least=1,
        at_most=50,
    )
    alarm_minutes: int = number(
        15,
        unit="minutes",
        reason="Work that waits longer while no worker runs is forgotten, not slow.",
        at_least=1,
        at_most=1440,
    )
    keep_days: int = number(
        90, unit="days", reason="A quarter to look back on; weekly results are kept apart.", at_least=1
    )
