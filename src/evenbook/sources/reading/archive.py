"""Zips: what they hold, and whether it is safe to unpack.

Everything is judged by the table of contents before a byte is unpacked: how many files, how many
bytes they unfold to, how much each one swells, where their names lead. A zip never writes to disk
under its own names. Its table of contents cannot lie about sizes to any effect, because unpacking
stops at the announced size.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Literal

from evenbook.sources.reading.limits import GIGABYTE, MEGABYTE, Limits
from evenbook.sources.reading.origin import Origin
from evenbook.sources.reading.sheets import Unread

PackedKind = Literal["zip", "xlsx", "ods", "xlsb", "document"]

RATIO_FROM = 16 * MEGABYTE
CONTENTS_PER_MEMBER = 1024
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
END_RECORD, END_RECORD_LENGTH, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
IGNORED = ("__MACOSX/",)


@dataclass(slots=True)
class Budget:
    """How many bytes one zip, with all zips in it, may still unfold to."""

    left: int


def is_zip(head: bytes) -> bool:
    """Return whether a file starts as a zip does (an empty one included)."""
    return head.startswith((b"PK\x03\x04", END_RECORD))


def zip_kind(origin: Origin, limits: Limits) -> PackedKind | Unread:
    """Return what kind of packed file this is, or why it is not opened at all."""
    with origin.seekable() as stream:
        refused = _contents_refused(origin, stream, limits)
        if refused is not None:
            return refused
        try:
            with zipfile.ZipFile(stream) as packed:
                return _kind(set(packed.namelist()))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return Unread(origin.name, "it is a damaged zip or workbook", "damaged")


def members_of(origin: Origin, limits: Limits, budget: Budget) -> Iterator[Origin | Unread]:
    """Return the files of a zip, sorted by name, each checked before it is opened."""
    with origin.seekable() as stream, zipfile.ZipFile(stream) as packed:
        members = sorted((m for m in packed.infolist() if _is_wanted(m)), key=lambda m: m.filename)
        total = sum(member.file_size for member in packed.infolist())
    if total > budget.left:
        allowed = in_words(limits.archive_bytes)
        reason = f"it would unfold to {in_words(total)}; at most {allowed} are unpacked"
        yield Unread(origin.name, reason, "refused")
        return
    budget.left -= total
    if not members:
        yield Unread(origin.name, "the zip holds no file", "empty")
    names = Counter(member.filename for member in members)
    for member in members:
        name = f"{origin.name}/{member.filename}"
        refused = _refused(member, limits)
        if refused is None and names[member.filename] > 1:
            refused = "its name stands twice in the zip", "damaged"
        if refused is not None:
            yield Unread(name, *refused)
        else:
            yield _member(origin, member, name)


def swells(member: zipfile.ZipInfo, limits: Limits) -> bool:
    """Return whether a file unfolds to more than its packed bytes make believable."""
    return member.file_size > max(RATIO_FROM, limits.archive_ratio * max(member.compress_size, 1))


def _contents_refused(origin: Origin, stream: IO[bytes], limits: Limits) -> Unread | None:
    """Look at the end record before the table of contents is loaded."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - END_RECORD_LENGTH - LONGEST_COMMENT))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) < at + END_RECORD_LENGTH:
        return Unread(origin.name, "it is a damaged zip or workbook: its end is missing", "damaged")
    members = int.from_bytes(tail[at + 10 : at + 12], "little")
    contents = int.from_bytes(tail[at + 12 : at + 16], "little")
    if members > limits.archive_members or contents > limits.archive_members * CONTENTS_PER_MEMBER:
        count = f"{members:,}" if members < 0xFFFF else "more than 65,000"
        reason = f"it holds {count} files; at most {limits.archive_members:,} are read"
        return Unread(origin.name, reason, "refused")
    return None


def _kind(names: set[str]) -> PackedKind:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "[Content_Types].xml" in names:
        return "document"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    return "zip"


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    hidden = any(part.startswith((".", "~$")) and part not in {".", ".."} for part in parts)
    return not member.is_dir() and not hidden and not member.filename.startswith(IGNORED)


def _refused(member: zipfile.ZipInfo, limits: Limits) -> tuple[str, Literal["refused", "damaged"]] | None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        return "its name leads outside the zip", "refused"
    if member.flag_bits & 0x1:
        return "it is locked with a password", "refused"
    if member.compress_type not in METHODS:
        return "it is packed in a way that cannot be read; use plain zip", "damaged"
    if swells(member, limits):
        times = member.file_size // max(member.compress_size, 1)
        return f"it would unfold to {in_words(member.file_size)}, {times:,} times its packed size", "refused"
    return None


def _member(origin: Origin, member: zipfile.ZipInfo, name: str) -> Origin:
    folder = PurePosixPath(member.filename).parent.name or PurePosixPath(origin.name).stem
    return Origin(name, folder, lambda: _open_member(origin, member.filename), member.file_size)


def _open_member(origin: Origin, filename: str) -> IO[bytes]:
    """Open one file of a zip. It keeps the zip below it open for as long as it is read."""
    with zipfile.ZipFile(origin.path or origin.unpacked()) as packed:
        return packed.open(filename)


def in_words(count: int) -> str:
    """Return a number of bytes for people to read."""
    if count >= GIGABYTE:
        return f"{count / GIGABYTE:,.1f} GB"
    return f"{count / MEGABYTE:,.0f} MB" if count >= MEGABYTE else f"{count:,} bytes"
