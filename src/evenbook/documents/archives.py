"""A ZIP without the hour of its making, which office files are: the same document gives the same bytes."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The day that a ZIP's clock starts with; without it each file inside would carry the hour of writing."""


def without_clock(archive: bytes) -> bytes:
    """Return the archive with the same files in their order, each of them at the earliest day."""
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as read, ZipFile(out, "w", ZIP_DEFLATED) as write:
        for name in read.namelist():
            entry = ZipInfo(name, EARLIEST)
            entry.compress_type = ZIP_DEFLATED
            write.writestr(entry, read.read(name))
    return out.getvalue()
