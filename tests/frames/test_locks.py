"""Two processes on one SQLite file: what one has stored after reading its frames is there for the other.

Two copies of SQLite in one process undo each other's locks, whichever thread holds them; then another
process takes away the log that this one goes on writing to, and what it stores is lost.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

READS_THEN_WRITES = """
import os, subprocess, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "evenbook.site.settings"
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from django.conf import settings
from django.core.management import call_command
from evenbook.frames import reader
from evenbook.frames.actions import note_write
from evenbook.frames.models import Write
from evenbook.site import registry
call_command("migrate", verbosity=0)
now = datetime(2026, 3, 9, tzinfo=UTC)
beside = ThreadPoolExecutor(1)  # as in a worker, which says from another thread that it is there
def written():
    note_write("book_account", 1, earliest_at=now, now=now)
    return Write.objects.count()
def do(which):
    return beside.submit(written).result() if which == "thread" else written()
do("{writer}")
for table in registry.tables()[:2]:
    list(reader.read(table))
others = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('select count(*) from frames_write').fetchone()[0]); c.close()"
path = str(settings.DATABASES["default"]["NAME"])
for expected in (2, 3, 4):
    assert do("{writer}") == expected
    seen = int(subprocess.run([sys.executable, "-c", others, path], capture_output=True, text=True, check=True).stdout)
    assert seen == expected, (seen, expected)
"""


@pytest.mark.parametrize("writer", ["same", "thread"])
def test_what_is_written_after_frames_were_read_is_seen_by_other_processes(
    tmp_path: Path, writer: str
) -> None:
    named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
    done = subprocess.run(
        [sys.executable, "-c", READS_THEN_WRITES.replace("{writer}", writer)],
        env={**named, "EVENBOOK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
