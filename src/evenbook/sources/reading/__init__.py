"""From files and folders to streams of rows.

``open_paths`` is the door. It gives a ``Sheet`` for every table and an ``Unread`` for everything else,
in a fixed order; no file makes it fail. Tables are read again from their file each time, so that
memory stays bounded however long they are.
"""

from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.opening import open_paths
from evenbook.sources.reading.origin import Given
from evenbook.sources.reading.sheets import (
    Batch,
    Cause,
    Cell,
    Kind,
    ReadingStopped,
    RejectedRow,
    Row,
    Sheet,
    Unread,
    reason_of,
)

__all__ = [
    "Batch",
    "Cause",
    "Cell",
    "Given",
    "Kind",
    "Limits",
    "ReadingStopped",
    "RejectedRow",
    "Row",
    "Sheet",
    "Unread",
    "open_paths",
    "reason_of",
]
