"""What one weekly run leaves for the next, so that it need not start from the beginning.

A carry holds the detector's state and each account's standing as of a day. It holds for the run
a week later if the policy and the program are the same and nothing was written since that could
have been seen by its day. Otherwise the run works out the whole history again; carries may be
deleted at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from evenbook import __version__
from evenbook.frames.queries import last_write, written_before
from evenbook.frames.session import Session
from evenbook.kit.dates import day_ends_at
from evenbook.signals.rules.usage import StaleCarry
from evenbook.signals.rules.usage_carry import NOTHING_SEEN, WEEK
from evenbook.signals.rules.usage_carry import stored as stored_usage
from evenbook.states.rules import NO_STANDINGS

Stale = StaleCarry
FIRST_MONDAY = date(1970, 1, 5)
KEPT = 8
"""How many carries are kept: enough to run each of the last weeks again."""

NOTHING = {"usage_carry": stored_usage([]), "state_carry": NO_STANDINGS}
PARTS = tuple(NOTHING)
LEFT = tuple(f"{part}_after" for part in PARTS)
"""The tables that a run leaves for the next."""


@dataclass(frozen=True)
class Carry:
    """What a run as of ``as_of`` left behind: tables, or the Parquet files that hold them."""

    as_of: date
    ends_at: datetime
    tables: Mapping[str, pa.Table | Path]


def find(as_of: date, *, home: Path, policy_version: int, zone: str) -> Carry | None:
    """Return the carry of the run a week before ``as_of``, if it still holds."""
    day = as_of - timedelta(weeks=1)
    folder = _folder(home) / day.isoformat()
    try:
        said = json.loads((folder / "carry.json").read_text(encoding="utf-8"))
        ends_at = day_ends_at(day, zone)
        if said["made_by"] != [__version__, policy_version, zone] or written_before(
            ends_at, since=said["write"]
        ):
            return None
        files = {part: folder / f"{part}.parquet" for part in PARTS}
        return Carry(day, ends_at, files) if all(file.exists() for file in files.values()) else None
    except (OSError, ValueError, KeyError):
        return None


def hold(session: Session, kept: Carry | None) -> None:
    """Register the carry's tables, or empty ones for a run over the whole history."""
    tables: Mapping[str, pa.Table | Path] = kept.tables if kept else NOTHING
    for name, table in tables.items():
        if isinstance(table, Path):
            session.hold_file(name, table)
        else:
            session.hold(name, table)
    seen = dict(NOTHING_SEEN)
    oldest = session.rows(f"select min({WEEK}) as week from usage_carry").to_pylist()[0]["week"]
    if kept and oldest is not None:
        seen["carried_week_on"] = FIRST_MONDAY + timedelta(weeks=oldest)
        seen["carried_until"] = kept.ends_at.astimezone(UTC).replace(tzinfo=None)
    session.tell(**seen)


def onward(session: Session, as_of: date, *, zone: str) -> Carry:
    """Return what the rules run for days up to ``as_of`` carry on to the days after."""
    return Carry(
        as_of,
        day_ends_at(as_of, zone),
        {part: session.table(left) for part, left in zip(PARTS, LEFT, strict=True)},
    )


def keep(session: Session, as_of: date, *, home: Path, policy_version: int, zone: str) -> None:
    """Put away what a run as of ``as_of`` leaves for the next."""
    folder = _folder(home) / as_of.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    for part, left in zip(PARTS, LEFT, strict=True):
        session.save(left, folder / f"{part}.parquet")
    said = {"made_by": [__version__, policy_version, zone], "write": last_write()}
    (folder / "carry.json").write_text(json.dumps(said), encoding="utf-8")
    _forget(home)


def _folder(home: Path) -> Path:
    return home / "cache" / "carries"


def _forget(home: Path) -> None:
    for old in sorted(_folder(home).iterdir())[:-KEPT]:
        for file in old.iterdir():
            file.unlink(missing_ok=True)
        old.rmdir()
