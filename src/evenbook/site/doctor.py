"""The doctor: looks at an instance and says what needs a person, and how to mend it.

It changes nothing and brings nothing up to date. What a slice's tables hold is looked at by the
checks of that slice; here they are gathered, run in order, and none can stop the others.
"""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module, metadata
from importlib.util import find_spec

from django.conf import settings
from django.db import DatabaseError, connection

from evenbook import __version__
from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import Check
from evenbook.site import checks

OK, ATTENTION, SKIPPED, FAILED = "ok", "attention", "skipped", "failed"
ORDER = (FAILED, ATTENTION, SKIPPED, OK)
TOLD = ("django", "duckdb", "pyarrow", "numpy", "gunicorn")


@dataclass(frozen=True)
class Line:
    """What one check found: ok, attention, skipped, or failed when the look itself did not work."""

    id: str
    status: str
    what: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the line as it is printed for programs."""
        return {"id": self.id, "status": self.status, "what": self.what, "fix": self.fix}


def examine(now: datetime) -> tuple[Line, ...]:
    """Return what every check found, what needs a person first."""
    lines = [_line(check, now) for check in checks.OF_THE_MACHINE]
    lines += _database_lines(now)
    return tuple(sorted(lines, key=lambda line: ORDER.index(line.status)))


def exit_code(lines: tuple[Line, ...]) -> int:
    """Return 0 when all is well, 1 when something needs a person, 2 when the doctor could not look."""
    found = {line.status for line in lines}
    if FAILED in found:
        return 2
    return 1 if ATTENTION in found else 0


def versions() -> dict[str, str]:
    """Return the versions of the program and of what it stands on."""
    database = f"SQLite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else "PostgreSQL"
    known = {"evenbook": __version__, "python": platform.python_version(), "database": database}
    return known | {name: metadata.version(name) for name in TOLD}


def slice_checks() -> tuple[Check, ...]:
    """Return the checks of every slice, low slices first; their ids are unlike."""
    apps = [app for app in settings.INSTALLED_APPS if app.startswith("evenbook.") and app != "evenbook.site"]
    modules = [import_module(f"{app}.checks") for app in apps if find_spec(f"{app}.checks")]
    return tuple(check for module in modules for check in module.CHECKS)


def _database_lines(now: datetime) -> Iterator[Line]:
    reachable, fits, *others = checks.OF_THE_DATABASE
    first = _line(reachable, now)
    if first.status != OK:
        yield Line(first.id, FAILED, first.what, first.fix)
        yield from _skipped((fits, *others), "the database does not answer")
        return
    yield first
    second = _line(fits, now)
    yield second
    rest = (*others, *checks.CHECKS, *slice_checks())
    if second.status != OK:
        yield from _skipped(rest, "the database does not fit the program")
        return
    for check in rest:
        yield _line(check, now)


def _line(check: Check, now: datetime) -> Line:
    try:
        found = check.look(now)
    except (DatabaseError, OSError, EvenbookError, ValueError) as error:
        said = " ".join(str(error).split())
        return Line(
            check.id, FAILED, f"This could not be looked at: {said}.", "Mend what stands above first."
        )
    if found is None:
        return Line(check.id, OK, check.fine)
    return Line(check.id, ATTENTION, found.what, found.fix)


def _skipped(left: tuple[Check, ...], why: str) -> Iterator[Line]:
    yield from (Line(check.id, SKIPPED, f"Not looked at: {why}.") for check in left)
