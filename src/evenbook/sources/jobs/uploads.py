"""What a browser sent and nobody has loaded yet: files in a folder of the instance, with a note beside.

An upload is a folder ``<home>/imports/uploads/<token>``. Its files are numbered; the name that the
browser gave is only ever shown, never opened. The note (``upload.json``) says who sent it and when,
what was answered so far, what a dry run found, and which load came of it. One lock a folder lets one
request at a time work on it, so that a form sent twice loads once; it falls with its process.
"""

from __future__ import annotations

import fcntl
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from evenbook.sources.reading import Given
from evenbook.sources.reading.opening import is_hidden_name

KEPT = timedelta(days=7)
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
NOTE, LOCK, SAID, REJECTS = "upload.json", "lock", "said", "rejects.csv"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Sent:
    """One file of an upload: its name as shown, the folder it was in, the file that holds it, its bytes."""

    name: str
    folder: str
    stored: str
    size: int


@dataclass(frozen=True)
class Stored:
    """One file as it came: its name, the folder it was in, where it lies now, its bytes."""

    name: str
    folder: str
    path: Path
    size: int


@dataclass(frozen=True)
class Failure:
    """Why a dry run or a load came to nothing."""

    what: str
    fix: str


@dataclass(frozen=True)
class Upload:
    """Files that wait for a person to look at them and load them.

    Args:
        folder: where they lie.
        by: the user who sent them; only they see it.
        at: when.
        files: what was sent.
        refused: sentences about what was not taken.
        answers: what was answered, by question.
        asked: every question of a dry run so far, by id.
        preview: what the last dry run found; empty where it has to be done.
        basis: what that dry run stood on.
        doing: ``preview`` or ``load`` while that is under way.
        failed: why the last one came to nothing.
        load: the load that came of it.
        waits: bytes of kept files, where no file was sent and answers alone are to be loaded.
        job: the run of durable work that looks at it or loads it, if a worker does.
    """

    folder: Path
    by: str
    at: datetime
    files: tuple[Sent, ...]
    refused: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    preview: Mapping[str, Any] = field(default_factory=dict)
    basis: str = ""
    doing: str = ""
    failed: Failure | None = None
    load: int | None = None
    waits: int = 0
    job: int | None = None

    @property
    def token(self) -> str:
        """Return what its address is made of."""
        return self.folder.name

    @property
    def size(self) -> int:
        """Return its bytes."""
        return self.waits + sum(each.size for each in self.files)

    def given(self) -> list[Given]:
        """Return its files as imports take them."""
        return [Given(self.folder / each.stored, each.name, each.folder) for each in self.files]

    def save(self, **changes: Any) -> Upload:
        """Write the note, whole or not at all, and return the upload with ``changes``."""
        changed = replace(self, **changes)
        document = {key: value for key, value in asdict(changed).items() if key != "folder"}
        document["at"] = changed.at.isoformat()
        beside = self.folder / f".{secrets.token_hex(4)}"
        beside.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        beside.replace(self.folder / NOTE)
        return changed


def folder_of(home: Path) -> Path:
    """Return where uploads lie."""
    return home / "imports" / "uploads"


def fresh_folder(home: Path) -> Path:
    """Return a folder for a new upload; it is made with its first file."""
    return folder_of(home) / secrets.token_urlsafe(16)


def keep(folder: Path, files: Sequence[Stored], *, by: str, at: datetime, refused: Sequence[str]) -> Upload:
    """Write down what was sent."""
    names = unlike([each.name for each in files])
    sent = tuple(
        Sent(name, each.folder, each.path.name, each.size) for name, each in zip(names, files, strict=True)
    )
    return Upload(folder=folder, by=by, at=at, files=sent, refused=tuple(refused)).save()


def keep_answers(
    home: Path, token: str, answers: Mapping[str, str], *, by: str, at: datetime, waits: int
) -> Upload | None:
    """Write down answers to be loaded, under the token of their form; None where they are already."""
    folder = folder_of(home) / token if TOKEN.fullmatch(token) else fresh_folder(home)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return None
    return Upload(folder=folder, by=by, at=at, files=(), answers=dict(answers), waits=waits).save()


def find(home: Path, token: str, *, by: str) -> Upload | None:
    """Return an upload of this user, None where there is none."""
    if not TOKEN.fullmatch(token):
        return None
    folder = folder_of(home) / token
    try:
        upload = _read(folder, json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None  # there is none, or another version of the program wrote it
    return upload if upload.by == by else None


def waiting(home: Path, *, by: str) -> list[Upload]:
    """Return the uploads of this user that were not loaded yet, the newest first."""
    folder = folder_of(home)
    tokens = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    found = [upload for upload in (find(home, token, by=by) for token in tokens) if upload]
    return sorted(
        (each for each in found if each.load is None and each.files), key=lambda each: each.at, reverse=True
    )


def drop(upload: Upload) -> None:
    """Take an upload away."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def finish(upload: Upload, load: int | None) -> Upload:
    """Say which load came of an upload and take its files away; the note stays for the second click."""
    done = upload.save(load=load, doing="", failed=None, preview={}, asked={})
    for name in (*(each.stored for each in done.files), REJECTS):
        (done.folder / name).unlink(missing_ok=True)
    return done


def sweep(home: Path, *, now: datetime) -> None:
    """Take away what was sent more than a week ago and never loaded."""
    folder = folder_of(home)
    for path in folder.iterdir() if folder.is_dir() else ():
        if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds():
            shutil.rmtree(path, ignore_errors=True)


def say(upload: Upload, words: str) -> None:
    """Write down how far the work on an upload has come."""
    (upload.folder / SAID).write_text(words, encoding="utf-8")


def said(upload: Upload) -> str:
    """Return how far the work on an upload has come, "" where nobody said yet."""
    try:
        return (upload.folder / SAID).read_text(encoding="utf-8")
    except OSError:
        return ""


@contextmanager
def alone(upload: Upload) -> Iterator[bool]:
    """Say whether nobody else works on the upload; nobody else does until the end of the block."""
    try:
        file = (upload.folder / LOCK).open("w")
    except OSError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def clean_name(given: str) -> str:
    """Return a file's name, with its folders, as it may be shown and kept; "" where none is left.

    What leads out of a folder, can't be printed or turns the direction of writing is left out.
    """
    parts = [_printable(part) for part in re.split(r"[/\\]", given)]
    kept = [part for part in parts if part.strip(" .")]
    return str(PurePosixPath(*kept))[-LONGEST_NAME:].lstrip("/") if kept else ""


def is_wanted(name: str) -> bool:
    """Return whether a file is one that a person put there, not the system."""
    return bool(name) and not any(is_hidden_name(part) for part in PurePosixPath(name).parts)


def unlike(names: Sequence[str]) -> list[str]:
    """Return the names with those that repeat told apart by a number."""
    taken: set[str] = set()
    found = []
    for name in names:
        free, number = name, 2
        while free in taken:
            path = PurePosixPath(name)
            free, number = str(path.with_name(f"{path.stem} ({number}){path.suffix}")), number + 1
        taken.add(free)
        found.append(free)
    return found


def _printable(part: str) -> str:
    return "".join(letter for letter in part if letter.isprintable()).strip()


def _read(folder: Path, document: dict[str, Any]) -> Upload:
    failed = document.pop("failed")
    files = tuple(Sent(**each) for each in document.pop("files"))
    at = datetime.fromisoformat(document.pop("at"))
    refused = tuple(document.pop("refused"))
    return Upload(
        folder=folder, files=files, at=at, refused=refused,
        failed=Failure(**failed) if failed else None, **document,
    )  # fmt: skip
