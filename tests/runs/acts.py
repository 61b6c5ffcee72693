"""Durable work for the tests, and a worker that does it in a process of its own.

Each act writes what it does into a file, so that a test can tell what happened how often.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evenbook.runs.declared import IMPORTS, Declared, Doing, Work

ROOT = Path(__file__).resolve().parent.parent.parent


def write(folder: str, line: str) -> None:
    with (Path(folder) / "acts").open("a") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def three(doing: Doing, *, folder: str, name: str) -> str:
    """Do three steps; the second waits in its midst until it may go on."""
    doing.step("First", lambda: write(folder, f"{name} first"))
    doing.step("Second", lambda: second(doing, folder, name))
    doing.step("Third", lambda: write(folder, f"{name} third"))
    return f"{name} is done."


def second(doing: Doing, folder: str, name: str) -> None:
    write(folder, f"{name} second begins in {os.getpid()}")
    while not (Path(folder) / "go").exists():
        doing.count(1, 3, "waiting")
        time.sleep(0.05)
    write(folder, f"{name} second ends")


def declared() -> Declared:
    return Declared((Work("three", "Three steps", IMPORTS, three),), ())


@contextmanager
def worker(home: Path, database: str) -> Iterator[subprocess.Popen[str]]:
    """Start a worker and wait until it is at work; it is killed at the end, if it is still there."""
    words = [sys.executable, "-c", "from tests.runs import acts; acts.main()", database]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)])
    env = {**os.environ, "EVENBOOK_HOME": str(home), "PYTHONPATH": paths}
    process = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main() -> None:
    """Be a worker on the database named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    import django

    django.setup()
    from evenbook.runs.jobs.worker import Worker

    Worker(declared()).run(ready=lambda: print("ready", flush=True))
    print("left", flush=True)
    os._exit(0)
