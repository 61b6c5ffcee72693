"""The days that commands are asked for: today where the organization is, a past one as it was typed."""

from __future__ import annotations

from datetime import date, datetime

import click

from evenbook.book.clock import day_here
from evenbook.kit.errors import EvenbookError
from evenbook.site.actor import Acting


class NotYet(EvenbookError):
    """A run was asked for a day that has not come."""

    kind = "not-yet"


def today_of(acting: Acting) -> date:
    """Return the day it is in the organization's zone."""
    return day_here(acting.now)


def day_given(text: str) -> date | None:
    """Return the day that an option names, or None where it was left out.

    Raises:
        click.BadParameter: it is not a day.
    """
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"'{text}' is not a day; write it as 2026-03-09.") from None
