"""Databases with all their tables: made by the migrations once, kept while nothing changes that they rest on.

To go through all migrations takes five seconds of a processor; to copy what came of them, none to speak
of. What is about the migrations themselves starts from nothing, as `site/test_start.py` does.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import postgres_server

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "ready"
TEMPLATE = "ready"
"""The database on a PostgreSQL of ``postgresql`` that others are made like."""

MIGRATE = "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0)"


def instance(home: Path) -> Path:
    """Make an instance's folder with a SQLite database in which nothing was written yet; return the folder."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(_kept("sqlite", _make_sqlite) / "evenbook.sqlite3", home / "evenbook.sqlite3")
    return home


def sqlite(path: Path) -> None:
    """Make a SQLite file with all tables."""
    shutil.copyfile(_kept("sqlite", _make_sqlite) / "evenbook.sqlite3", path)


def postgresql(folder: Path) -> postgres_server.Server:
    """Start a PostgreSQL that keeps its data in ``folder`` and has a database with all tables, ``TEMPLATE``."""
    subprocess.run(["cp", "-a", str(_kept("postgresql", _make_postgresql)), str(folder)], check=True)
    return postgres_server.start(folder)


def _make_sqlite(folder: Path) -> None:
    _migrate(EVENBOOK_HOME=str(folder))


def _make_postgresql(folder: Path) -> None:
    server = postgres_server.start(folder)
    try:
        postgres_server.ask(server, f"create database {TEMPLATE}")
        _migrate(EVENBOOK_HOME=str(KEPT), EVENBOOK_DATABASE_URL=postgres_server.address(server.url, TEMPLATE))
    finally:
        server.stop()


def _migrate(**variables: str) -> None:
    named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
    variables |= {"DJANGO_SETTINGS_MODULE": "evenbook.site.settings", "EVENBOOK_SECRET_KEY": "only-for-tests"}
    variables["PYTHONPATH"] = str(ROOT / "src")
    subprocess.run([sys.executable, "-c", MIGRATE], env={**named, **variables}, check=True)


def _kept(kind: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of what ``make`` makes; whoever asks first makes it, and the others wait."""
    folder = KEPT / kind / fingerprint()
    with _alone(kind):
        if not folder.exists():
            shutil.rmtree(folder.parent, ignore_errors=True)
            begun = folder.with_name("begun")
            begun.mkdir(parents=True)
            make(begun)
            begun.rename(folder)
    return folder


@contextmanager
def _alone(kind: str) -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{kind}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def fingerprint() -> str:
    """Return a digest of all that tables and what stands in them at first depend on."""
    package = ROOT / "src" / "evenbook"
    told = hashlib.sha256(sys.version.encode())
    named = ("migrations/*.py", "models.py", "models/*.py", "apps.py", "append_only.py")
    files = {path for name in named for path in package.glob(f"*/{name}")}
    files |= {package / "site" / "settings.py", ROOT / "requirements" / "runtime.txt", Path(__file__)}
    for path in sorted(files):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]
