"""A worker in a process of its own that sends reviews, slowly enough to be killed in their midst."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def worker(home: Path, database: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker; it is killed at the end, if it is still there."""
    words = [sys.executable, "-c", "from tests.reviews import sender; sender.main()", database]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)])
    env = {
        **os.environ, "EVENBOOK_HOME": str(home), "PYTHONPATH": paths,
        "EVENBOOK_MAIL_URL": "smtp://127.0.0.1:9", "EVENBOOK_MAIL_FROM": "cs@example.com",
        "EVENBOOK_URL": "https://evenbook.example",
    }  # fmt: skip
    process = subprocess.Popen(words, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Be a worker on the database named; each deck takes a tenth of a second more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    import django

    django.setup()
    from evenbook.reviews.actions import sending
    from evenbook.reviews.jobs import WORKS
    from evenbook.runs.declared import Declared
    from evenbook.runs.jobs.worker import Worker

    lay = sending._lay

    def slowly(place: Path, contents: bytes) -> None:
        lay(place, contents)
        time.sleep(0.1)

    sending._lay = slowly
    Worker(Declared(WORKS, ())).run(ready=lambda: None)
    os._exit(0)
