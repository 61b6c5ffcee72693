"""Two processes on one SQLite file: what one has stored after reading its frames is there for the other."""

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
from datetime import UTC, datetime
from django.conf import settings
from django.core.management import call_command
from evenbook.frames import reader
from evenbook.frames.actions import note_write
from evenbook.frames.models import Write
from evenbook.site import registry
call_command("migrate", verbosity=0)
reader.serves = {serves}
now = datetime(2026, 3, 9, tzinfo=UTC)
note_write("book_account", 1, earliest_at=now, now=now)
for table in registry.tables()[:2]:
    list(reader.read(table))
note_write("book_account", 1, earliest_at=now, now=now)
others = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('select count(*) from frames_write').fetchone()[0]); c.close()"
path = str(settings.DATABASES["default"]["NAME"])
for expected in (2, 3, 4):
    seen = int(subprocess.run([sys.executable, "-c", others, path], capture_output=True, text=True, check=True).stdout)
    assert seen == Write.objects.count() == expected, (seen, expected)
    note_write("book_account", 1, earliest_at=now, now=now)
"""


@pytest.mark.parametrize("serves", [False, True])
def test_what_is_written_after_frames_were_read_is_seen_by_other_processes(
    tmp_path: Path, serves: bool
) -> None:
    named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
    done = subprocess.run(
        [sys.executable, "-c", READS_THEN_WRITES.replace("{serves}", str(serves))],
        env={**named, "EVENBOOK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
