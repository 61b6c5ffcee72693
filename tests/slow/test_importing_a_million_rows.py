"""A million rows are imported, not only read, in bounded memory: usage with its users, and interactions.

Each import is a process of its own, as on the command line, so that its peak is its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROWS, ACCOUNTS = 1_000_000, 1_000
ROOM_MB = 200
IMPORT = """
import json, resource, sys
from evenbook.site.cli import main
try:
    code = main()
except SystemExit as stop:
    code = stop.code
print(json.dumps({"code": code, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), file=sys.stderr)
"""


def usage() -> Iterator[str]:
    yield "account_id,user_id,date,sessions\n"
    for at in range(ROWS):
        day, user = divmod(at, ACCOUNTS * 10)
        date = f"2025-{1 + day // 28:02}-{1 + day % 28:02}"
        yield f"A-{user // 10},u-{user},{date},{at % 9}\n"


def interactions() -> Iterator[str]:
    yield "interaction_id,account_id,happened_at,type,minutes\n"
    for at in range(ROWS):
        day = at * 300 // ROWS
        stamp = f"2025-{1 + day // 28:02}-{1 + day % 28:02} {at % 24:02}:00"
        yield f"I-{at},A-{at % ACCOUNTS},{stamp},{'call' if at % 2 else 'meeting'},{at % 60}\n"


def imported(home: Path, *paths: Path) -> tuple[dict[str, int], float]:
    """Return what became of the last file, and how many megabytes the import took at most."""
    command = [sys.executable, "-c", IMPORT, "import", *map(str, paths), "--json"]
    env = {**os.environ, "EVENBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "evenbook.site.settings"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    measured = json.loads(done.stderr.splitlines()[-1])
    assert measured["code"] == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["files"][-1], measured["peak_mb"]


@pytest.mark.slow
@pytest.mark.parametrize("rows", [usage, interactions])
def test_a_million_rows_are_imported_in_bounded_memory(rows: Callable[[], Iterator[str]], tmp_path: Path):
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "account_id,account_name\n" + "".join(f"A-{at},Firm {at}\n" for at in range(ACCOUNTS))
    )
    path = tmp_path / "facts.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(rows())
    _, before = imported(tmp_path / "home", accounts)
    report, peak = imported(tmp_path / "home", path)
    print(rows.__name__, {"before_mb": before, "peak_mb": peak})

    assert report["created"] == ROWS
    assert peak - before < ROOM_MB
