"""The week that a program asks for: there, or refused; never another one without a word."""

from __future__ import annotations

from datetime import date

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.runs.queries import Week, latest_week, week_on_or_before


class NoWeek(EvenbookError):
    """No week is stored on or before the day asked for."""

    kind = "no-week"
    status = 404


def week_asked(viewer: Viewer, as_of: date | None) -> Week:
    """Return the last week stored by ``as_of``, or the newest.

    Raises:
        NoWeek: there is none.
    """
    run = week_on_or_before(viewer, as_of) if as_of else latest_week(viewer)
    if run is None:
        when = f"on or before {as_of.isoformat()}" if as_of else "yet"
        raise NoWeek(f"No week is stored {when}.", fix="Ask for a later day, or run: evenbook week")
    return Week(run, in_force(run.as_of).policy, as_of)
