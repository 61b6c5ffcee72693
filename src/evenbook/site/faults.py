"""What to tell people when the database or the disk says no: full, locked, gone.

Nothing here mends anything: a transaction that could not end was undone by the database. What is
not known to be such a fault is a bug, and is left to crash. What an error means is in ``database``.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError

from evenbook.kit.errors import EvenbookError
from evenbook.site.database import fault

AWAY = {"away", "shut", "crowded", "forbidden", "credentials", "absent"}
"""Faults that a page can only tell as: not here just now."""


class StorageFault(EvenbookError):
    """What the instance is kept in can't be used just now."""

    kind = "storage-fault"
    status = 503
    retry = True


class DiskFull(StorageFault):
    """There is no room for what was to be written."""

    kind = "disk-full"


class DatabaseBusy(StorageFault):
    """Somebody else writes, and did not end in time."""

    kind = "database-busy"


class DatabaseGone(StorageFault):
    """The database does not answer, or its file can't be opened or written."""

    kind = "database-gone"


UNCLEAR = {"shut", "forbidden"}
"""What SQLite says as well when its log beside the file has no room to grow."""

ROOM_BYTES = 2_000_000
"""Less than this is a full disk: the log and its index need more."""


def fault_of(error: BaseException | None) -> StorageFault | None:
    """Return what to tell of an error, or None where it is no fault of the disk or the database."""
    for each in _chain(error):
        if isinstance(each, StorageFault):
            return each
        if isinstance(each, OSError) and each.errno in {errno.ENOSPC, errno.EDQUOT}:
            return _disk_full()
        if isinstance(each, OperationalError | InterfaceError) and (found := _of_database(each)):
            return found
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _of_database(error: Exception) -> StorageFault | None:
    kind = fault(error)
    if kind == "full" or (kind in UNCLEAR and not _has_room()):
        return _disk_full()
    if kind == "locked":
        return DatabaseBusy(
            "Something else is writing to the database and did not end in time; nothing of yours was stored.",
            fix="Wait a minute and do it again.",
        )
    if kind in AWAY:
        return DatabaseGone(
            "The database does not answer, or its file can't be written; nothing was stored.",
            fix="Do it again in a minute. If it stays so: `evenbook doctor` says what is wrong.",
        )
    return None


def _has_room() -> bool:
    """Return whether there is room where the instance lies."""
    try:
        return shutil.disk_usage(settings.EVENBOOK_HOME).free >= ROOM_BYTES
    except OSError:
        return True


def _disk_full() -> DiskFull:
    return DiskFull(
        "The disk that holds this instance is full; nothing was stored.",
        fix="Make room on it, then do it again. Nothing has to be restarted.",
    )
