"""Keeping the loops that a run derived from the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from evenbook.closures.models import Loop
from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.runs.actions import Keeping, is_newest

CHANGED = """
select
  key, loop, account, role, artifact, event_at, opened_at, due_on, cohort_on, closed_at, closed_by,
  withdrawn_at, person, pool
from loop
qualify row_number() over (partition by key order by as_of desc) = 1
order by opened_at, key
"""
FIRST = f"""
select
  key, loop as kind, account as account_id, role, artifact as artifact_kind, event_at, opened_at, due_on,
  cohort_on, closed_at, closed_by as closed_by_id, withdrawn_at, person as person_id, pool as pool_id
from ({CHANGED})
"""
BATCH = 2_000
DERIVED = (
    "kind",
    "account",
    "role",
    "artifact_kind",
    "event_at",
    "opened_at",
    "due_on",
    "cohort_on",
    "withdrawn_at",
    "person",
    "pool",
)
CLOSING = ("closed_at", "closed_by")


def keep_loops(session: Session, keeping: Keeping) -> int:
    """Store what changed of loops; return how many did.

    Loops are not of one run: a day that was run after later ones tells nothing new of them. What people
    decided is left alone, and a loop that was closed while the run was under way stays closed.
    """
    if not is_newest(keeping.as_of):
        return 0
    kept = _keep_changed(session) if Loop.objects.exists() else _keep_first(session)
    return kept + _withdraw_others(session) + _pass_on(session)


def _keep_first(session: Session) -> int:
    """Write the loops of a history into an empty table, as columns: a first load has dozens an account."""
    return bulk.insert("closures_loop", session.stream(FIRST))


def _keep_changed(session: Session) -> int:
    kept = 0
    for rows in _batches(_changed(session)):
        loops = [_loop(row) for row in rows]
        _upsert(loops, DERIVED)
        _upsert([each for each in loops if each.closed_at], (*DERIVED, *CLOSING))
        kept += len(loops)
    return kept


def _changed(session: Session) -> Iterator[dict[str, Any]]:
    for batch in session.stream(CHANGED):
        yield from batch.to_pylist()


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def _loop(row: dict[str, Any]) -> Loop:
    return Loop(
        key=row["key"],
        kind=row["loop"],
        account_id=row["account"],
        role=row["role"],
        artifact_kind=row["artifact"],
        event_at=row["event_at"].replace(tzinfo=UTC),
        opened_at=row["opened_at"].replace(tzinfo=UTC),
        due_on=row["due_on"],
        cohort_on=row["cohort_on"],
        closed_at=_instant(row["closed_at"]),
        closed_by_id=row["closed_by"],
        withdrawn_at=_instant(row["withdrawn_at"]),
        person_id=row["person"],
        pool_id=row["pool"],
    )


def _instant(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None else None


def _upsert(loops: list[Loop], fields: tuple[str, ...]) -> None:
    """Write loops: new ones whole, of those that are known the fields named."""
    if loops:
        Loop.objects.bulk_create(loops, update_conflicts=True, unique_fields=["key"], update_fields=fields)


def _withdraw_others(session: Session) -> int:
    """Withdraw loops that the records do not open any more; known only where all of them were derived."""
    if not session.rows("select $is_whole as is_whole").to_pylist()[0]["is_whole"]:
        return 0
    ends_at = session.rows("select max(ends_at) as ends_at from weeks").to_pylist()[0]["ends_at"]
    derived = {row["key"] for batch in session.stream("select key from loop") for row in batch.to_pylist()}
    owed = Loop.objects.filter(closed_at=None, withdrawn_at=None, opened_at__lt=_instant(ends_at))
    gone = [pk for pk, key in owed.values_list("pk", "key").iterator() if key not in derived]
    for place in range(0, len(gone), BATCH):
        Loop.objects.filter(pk__in=gone[place : place + BATCH]).update(withdrawn_at=_instant(ends_at))
    return len(gone)


def _pass_on(session: Session) -> int:
    """Write down who owes each open loop now; return how many changed hands."""
    owed = {
        row["key"]: (row["person"], row["pool"])
        for batch in session.stream("select key, person, pool from loop_open")
        for row in batch.to_pylist()
    }
    stored = Loop.objects.filter(closed_at=None, withdrawn_at=None).only("key", "person", "pool")
    moved = [
        each
        for each in stored.iterator()
        if (each.person_id, each.pool_id) != owed.get(each.key, (each.person_id, each.pool_id))
    ]
    for each in moved:
        each.person_id, each.pool_id = owed[each.key]
    Loop.objects.bulk_update(moved, ["person", "pool"], batch_size=BATCH)
    return len(moved)
