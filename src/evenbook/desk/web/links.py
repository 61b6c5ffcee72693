"""Where figures open: a measure's own page, or the list of accounts that a figure counts; and titles."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.runs.queries import Week
from evenbook.screens.places import address, figure_address


def opened(week: Week, measure: str, kind: str, subject: str) -> str:
    """Return where a measure's value for a subject opens."""
    return figure_address(measure, kind, subject, as_of=week.run.as_of)


def accounts(week: Week, **filters: str) -> str:
    """Return the list of accounts with these filters, on the week's own day where it was asked for."""
    return _listed("accounts", week.asked, filters)


def sheet(week: Week, **filters: str) -> str:
    """Return the hot sheet with these filters."""
    return _listed("hot-sheet", week.asked, filters)


def coverage(week: Week, **filters: str) -> str:
    """Return the coverage matrix with these filters."""
    return _listed("coverage", week.asked, filters)


def account(key: str, part: str = "") -> str:
    """Return an account's page, or a part of it."""
    return f"{address('account', key)}{f'#{part}' if part else ''}"


def person_week(key: str) -> str:
    """Return the week of a person."""
    return f"{address('my-week')}?{urlencode({'person': key})}"


def artifact_titles(week: Week) -> dict[str, str]:
    """Return what policy calls each kind of artifact."""
    return {row.kind: row.title for row in week.policy.of(ClosuresNumbers).kinds}


def _listed(name: str, day: date | None, filters: dict[str, str]) -> str:
    given = {**filters, **({"as_of": day.isoformat()} if day else {})}
    asked = urlencode({key: value for key, value in given.items() if value})
    return f"{address(name)}{f'?{asked}' if asked else ''}"
