"""Where bytes come from: a file on disk or a member of a zip, openable again and again.

Only bytes and names; what the bytes mean is decided by the readers.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

CHUNK = 1024 * 1024
SPOOL = 32 * CHUNK


@dataclass(frozen=True, slots=True)
class Given:
    """A file that lies under another name than the one to show, such as an upload.

    A name with a folder ("export/Accounts.json") says which files belong together; ``folder`` says it
    where the name does not.
    """

    path: Path
    name: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """One file.

    Args:
        name: name to show, with the zip it lies in.
        folder: last folder the file lies in ('' where unknown); keeps apart what two exports call alike.
        open: gives a new stream of the bytes from the start.
        size: bytes of the file.
        path: where it lies on disk; None inside a zip.
    """

    name: str
    folder: str
    open: Callable[[], IO[bytes]]
    size: int
    path: Path | None = None

    @property
    def extension(self) -> str:
        """The ending of the name in lower case, without its dot."""
        return PurePosixPath(self.name).suffix[1:].lower()

    def head(self, size: int = 64 * 1024) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def sha256(self) -> str:
        """Return the digest of all bytes, in hexadecimal."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Return all bytes from the start in pieces."""
        with self.open() as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """Give a stream that can go back cheaply; a member of a zip is unpacked for it."""
        with self.open() if self.path is not None else self.unpacked() as stream:
            yield stream

    def unpacked(self) -> IO[bytes]:
        """Return a copy of the bytes, in memory or in a temporary file, that goes when it is closed."""
        copy = tempfile.SpooledTemporaryFile(max_size=SPOOL)
        with self.open() as stream:
            shutil.copyfileobj(stream, copy, CHUNK)
        copy.seek(0)
        return cast(IO[bytes], copy)


def on_disk(path: Path, name: str, folder: str) -> Origin:
    """Return the origin of a file on disk, shown as ``name``."""
    shown = name.encode("utf-8", "replace").decode()
    return Origin(shown, folder, lambda: path.open("rb"), path.stat().st_size, path)
