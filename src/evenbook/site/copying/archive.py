"""The file of a backup: a zip of lines a table, the instance's files, and a manifest that proves both.

``manifest.json`` says of which version everything is, and names each part with its digest; a part that
it does not name is not in a backup. Reading trusts none of it: names are checked before anything is
opened, sizes before anything is unfolded, digests before anything is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from evenbook.kit.errors import EvenbookError
from evenbook.site.copying.reading import Counted, Digest
from evenbook.site.folder import CARRIED

FORMAT = 1
KIND = "evenbook backup"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
PIECE = 1 << 20
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class BadBackup(EvenbookError):
    """A file is no backup, or not the one that was written."""

    kind = "bad-backup"


class NewerBackup(EvenbookError):
    """A backup was written by a version that this one does not know."""

    kind = "newer-backup"
    status = 409


@dataclass(frozen=True)
class Part:
    """A table or a file in a backup: its name there, and what proves it.

    ``size`` counts a table's rows, a file's bytes; ``unfolded`` is how many bytes it is, unpacked.
    """

    name: str
    size: int
    unfolded: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    evenbook: str
    made_at: str
    organization: str
    database: str
    secret: str
    migrations: dict[str, list[str]]
    columns: dict[str, list[str]]
    tables: tuple[Part, ...]
    files: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """How many rows all tables have."""
        return sum(table.size for table in self.tables)


class Writer:
    """Writes the parts of a backup into an open zip, then its manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._tables: list[Part] = []
        self._files: list[Part] = []

    def table(self, name: str, lines: Iterable[bytes]) -> Digest:
        """Write a table's lines and return what proves them."""
        counted, unfolded = Counted(lines), 0
        with self._archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as part:
            for line in counted:
                part.write(line)
                unfolded += len(line)
        digest = counted.digest
        self._tables.append(Part(name, digest.rows, unfolded, digest.sha256))
        return digest

    def file(self, name: str, source: IO[bytes]) -> None:
        """Write a file of the instance under its name in the folder."""
        size, digest = 0, hashlib.sha256()
        with self._archive.open(f"folder/{name}", "w", force_zip64=True) as part:
            while piece := source.read(PIECE):
                part.write(piece)
                digest.update(piece)
                size += len(piece)
        self._files.append(Part(name, size, size, digest.hexdigest()))

    def manifest(self, **told: Any) -> Manifest:
        """Write what the backup says of itself, and return it."""
        made = Manifest(**told, tables=tuple(self._tables), files=tuple(self._files))
        document = {"kind": KIND, "format": FORMAT, **asdict(made)}
        self._archive.writestr(MANIFEST, json.dumps(document, indent=1, ensure_ascii=False))
        return made


class Reader:
    """A backup whose manifest has been read and whose names and sizes are sound."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = _manifest(archive)
        _check_parts(archive, self.manifest)

    def lines(self, table: Part) -> Iterator[bytes]:
        """Yield a table's lines.

        Raises:
            BadBackup: it is damaged: it ends before or after it should, or other rows are in it.
        """
        counted = Counted(self._pieces(f"tables/{table.name}.jsonl", by_line=True))
        yield from counted
        if counted.digest != Digest(table.size, table.sha256):
            raise _damaged(f"the table {table.name}")

    def pieces(self, file: Part) -> Iterator[bytes]:
        """Yield what a file holds, a piece at a time; raises BadBackup as ``lines`` does."""
        digest, size = hashlib.sha256(), 0
        for piece in self._pieces(f"folder/{file.name}", by_line=False):
            digest.update(piece)
            size += len(piece)
            yield piece
        if (size, digest.hexdigest()) != (file.size, file.sha256):
            raise _damaged(f"the file {file.name}")

    def check(self, told: Any = None) -> None:
        """Read every part to its end; raises BadBackup where one is damaged."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass
            if told is not None:
                told(table.size)
        for file in self.manifest.files:
            for _ in self.pieces(file):
                pass

    def _pieces(self, name: str, *, by_line: bool) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as part:
                read = part.readline if by_line else part.read
                while piece := read(LONGEST_LINE if by_line else PIECE):
                    yield piece
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise _damaged(name) from error
        except Exception as error:
            if type(error).__module__ != "zlib":
                raise
            raise _damaged(name) from error


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Give a backup to read.

    Raises:
        BadBackup: there is none in the file, or it is damaged, or it holds what no backup holds.
        NewerBackup: its form is of a later version.
    """
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BadBackup(f"There is no file {path}.", fix="Check its name.") from error
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadBackup(
            f"{path.name} is no backup of Evenbook, or it was cut off.",
            fix="Take a file that `evenbook backup` wrote, copied whole.",
        ) from error
    with archive:
        yield Reader(archive)


@contextmanager
def made(part: Path) -> Iterator[Writer]:
    """Give a writer of a new backup; what it wrote is on the disk when the block ends."""
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            yield Writer(archive)
        file.flush()
        os.fsync(file.fileno())


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise _damaged("its manifest")
        told = json.loads(archive.read(MANIFEST))
        if told.pop("kind") != KIND:
            raise _damaged("its manifest")
        if (form := told.pop("format")) != FORMAT:
            raise NewerBackup(
                f"The backup has the form {form}; this version knows {FORMAT}.",
                fix="Restore it with the version of Evenbook that wrote it, or a later one.",
            )
        parts = {name: tuple(Part(**each) for each in told.pop(name)) for name in ("tables", "files")}
        return Manifest(**{**told, **parts})
    except (KeyError, TypeError, AttributeError, ValueError, zipfile.BadZipFile, RuntimeError) as error:
        raise _damaged("its manifest") from error


def _check_parts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Refuse a zip that holds anything but what its manifest names, or under names that lead elsewhere."""
    named = {f"tables/{part.name}.jsonl": part for part in manifest.tables if NAME.fullmatch(part.name)}
    named |= {f"folder/{part.name}": part for part in manifest.files if _stays_inside(part.name)}
    there = [info for info in archive.infolist() if info.filename != MANIFEST]
    if len(named) != len(manifest.tables) + len(manifest.files) or len(there) != len(named):
        raise BadBackup(
            "The backup holds files under names that no backup has.",
            fix="It was changed after it was made, so nothing of it is used. Take another.",
        )
    for info in there:
        part = named.get(info.filename)
        if part is None or info.file_size != part.unfolded:
            raise _damaged(info.filename[:80])


def _stays_inside(name: str) -> bool:
    """Return whether a name of a file leads into a part of the folder that is carried."""
    path = PurePosixPath(name)
    whole = bool(path.parts) and str(path) == name and not path.is_absolute()
    plain = not any(part in {"..", "."} or "\\" in part or "\x00" in part for part in path.parts)
    return whole and plain and path.parts[0] in CARRIED


def _damaged(what: str) -> BadBackup:
    return BadBackup(
        f"The backup is damaged: {what} is not what was written. Nothing of it was used.",
        fix="Copy the file again from where it was made, or take another backup.",
    )
