"""Whether a process of this machine and this folder still lives: by a lock that falls with it."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from evenbook.runs.aside import folder
from evenbook.runs.models import Worker

LOST_AFTER = timedelta(seconds=60)


def host() -> str:
    """Return the name of this machine."""
    return socket.gethostname()[:200]


def place() -> str:
    """Return the mark of this folder, made once; two instances have two."""
    kept = folder() / "place"
    try:
        return kept.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        beside = kept.with_name(f"place.{os.getpid()}")
        beside.write_text(os.urandom(16).hex(), encoding="ascii")
        with suppress(FileExistsError):
            os.link(beside, kept)
        beside.unlink()
        return kept.read_text(encoding="ascii").strip()


def is_lost(worker: Worker, now: datetime) -> bool:
    """Return whether a worker that did not say that it goes is gone."""
    if worker.host == host() and worker.place == place():
        return not is_held(worker.name)
    return now - worker.seen_at > LOST_AFTER


def hold(name: str) -> IO[bytes]:
    """Return the held lock of a worker; it falls with the process or when it is closed."""
    file = _path(name).open("wb")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def is_held(name: str) -> bool:
    """Return whether the process that holds a worker's lock lives."""
    try:
        with _path(name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def forget(name: str) -> None:
    """Take away the lock of a worker that is gone."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    workers = folder() / "workers"
    workers.mkdir(exist_ok=True)
    return workers / f"{name}.lock"
