"""What one weekly run leaves for the next, so that it need not start from the beginning.

A carry holds the detector's state, each account's standing as of a day, and the facts known by then,
folded as the steps fold them (`Step.carried`). It holds for the run a week later if the policy and
the program are the same and nothing was written since that could have been seen by its day. Otherwise
the run works out the whole history again; carries may be deleted at any time.

The detector's states lie in a file a week: a run adds one and takes the older ones over as they are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from evenbook import __version__
from evenbook.frames.queries import last_write, written_before
from evenbook.frames.session import Session, empty
from evenbook.kit.dates import day_ends_at
from evenbook.signals.rules.usage import StaleCarry
from evenbook.signals.rules.usage_carry import AFTER, NOTHING_SEEN, WEEK
from evenbook.signals.rules.usage_carry import stored as stored_usage
from evenbook.site import registry
from evenbook.states.rules import NO_STANDINGS

Stale = StaleCarry
FIRST_MONDAY = date(1970, 1, 5)
KEPT = 8
"""How many carries are kept: enough to run each of the last weeks again."""

STATES = "state_carry_after"

Held: TypeAlias = "pa.Table | tuple[Path, ...]"
"""A table, or the Parquet files that hold it."""


@dataclass(frozen=True)
class Carry:
    """What a run as of ``as_of`` left behind."""

    as_of: date
    ends_at: datetime
    usage: Held
    states: Held
    folds: Mapping[str, Held]


def left() -> tuple[str, ...]:
    """Return the tables of a run that the next one's carry is made of."""
    return ("usage_state", STATES, *registry.carried())


def find(as_of: date, *, home: Path, policy_version: int, zone: str) -> Carry | None:
    """Return the carry of the run a week before ``as_of``, if it still holds."""
    day = as_of - timedelta(weeks=1)
    folder = _folder(home) / day.isoformat()
    try:
        said = json.loads((folder / "carry.json").read_text(encoding="utf-8"))
        ends_at = day_ends_at(day, zone)
        if said["made_by"] != _made_by(policy_version, zone) or written_before(ends_at, since=said["write"]):
            return None
        whole = all(_file(folder, name).exists() for name in (STATES, *registry.carried()))
        return taken(folder, day, ends_at) if whole else None
    except (OSError, ValueError, KeyError):
        return None


def _made_by(policy_version: int, zone: str) -> list[object]:
    """Return what a carry rests on beside the facts: the program, with the columns that its folds have."""
    folds = {name: list(columns) for name, columns in registry.carried().items()}
    return [__version__, policy_version, zone, folds]


def taken(folder: Path, day: date, ends_at: datetime) -> Carry:
    """Return the carry that ``put`` left in a folder."""
    usage = tuple(sorted(folder.glob("usage-*.parquet")))
    folds = {name: (_file(folder, name),) for name in registry.carried()}
    return Carry(day, ends_at, usage, (_file(folder, STATES),), folds)


def hold(session: Session, kept: Carry | None) -> None:
    """Register the carry's tables, or empty ones for a run over the whole history."""
    _hold(session, "usage_carry", kept.usage if kept else (), empty=stored_usage([]))
    _hold(session, "state_carry", kept.states if kept else (), empty=NO_STANDINGS)
    for name, columns in registry.carried().items():
        _hold(session, f"{name}_carry", kept.folds[name] if kept else (), empty=empty(columns))
    seen = dict(NOTHING_SEEN)
    oldest = session.rows(f"select min({WEEK}) as week from usage_carry").to_pylist()[0]["week"]
    if kept:
        seen["carried_until"] = kept.ends_at.astimezone(UTC).replace(tzinfo=None)
    if oldest is not None:
        seen["carried_week_on"] = FIRST_MONDAY + timedelta(weeks=oldest)
    session.tell(**seen)


def _hold(session: Session, name: str, held: Held, *, empty: pa.Table) -> None:
    if not isinstance(held, tuple):
        session.hold(name, held)
    elif held:
        session.hold_file(name, *held)
    else:
        session.hold(name, empty)


def onward(session: Session, as_of: date, *, zone: str) -> Carry:
    """Return what the rules run for days up to ``as_of`` carry on to the days after."""
    ends_at = day_ends_at(as_of, zone)
    folds = {name: session.table(name) for name in registry.carried()}
    return Carry(as_of, ends_at, session.rows(AFTER), session.table(STATES), folds)


def keep(session: Session, as_of: date, *, home: Path, policy_version: int, zone: str, went_on: bool) -> None:
    """Put away what a run as of ``as_of`` leaves for the next; ``went_on``: from the carry a week before."""
    folder = _folder(home) / as_of.isoformat()
    shutil.rmtree(folder, ignore_errors=True)
    before = _folder(home) / (as_of - timedelta(weeks=1)).isoformat()
    put(session, folder, before=before if went_on else None)
    said = {"made_by": _made_by(policy_version, zone), "write": last_write()}
    (folder / "carry.json").write_text(json.dumps(said), encoding="utf-8")
    _forget(home)


def put(session: Session, folder: Path, *, before: Path | None) -> None:
    """Write the carry of a run into a folder; ``before`` holds the one that the run went on from."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (STATES, *registry.carried()):
        session.save(f"select * from {name}", _file(folder, name), small=False)
    made = _weeks(session, "usage_state")
    for week in _weeks(session, f"({AFTER})"):
        file = folder / f"usage-{week}.parquet"
        if before is not None and week not in made:
            shutil.copyfile(before / file.name, file)
        else:
            session.save(f"select * from ({AFTER}) where {WEEK} = {week}", file, small=False)


def _weeks(session: Session, table: str) -> list[int]:
    return [
        int(row["week"]) for row in session.rows(f"select distinct {WEEK} as week from {table}").to_pylist()
    ]


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def _folder(home: Path) -> Path:
    return home / "cache" / "carries"


def _forget(home: Path) -> None:
    for old in sorted(_folder(home).iterdir())[:-KEPT]:
        for file in old.iterdir():
            file.unlink(missing_ok=True)
        old.rmdir()
