"""A fault of the disk or the database is said in one sentence, stores nothing, and needs no restart.

The faults are real: the database's own limit of pages, a lock that another connection holds, a
database that is not there. The server stays the same before, during and after.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection
from django.test import Client

from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.screens.models import SavedView
from evenbook.site.cli import run
from evenbook.site.faults import fault_of

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
NO_LIMIT, WAIT_MS = 1_073_741_823, 20_000
MOST_KEPT = 2_000
"""Far more views than fit into what is free of the last page."""
FULL = "The disk that holds this instance is full; nothing was stored."
BUSY = "Something else is writing to the database and did not end in time; nothing of yours was stored."
GONE = "The database does not answer, or its file can&#x27;t be written; nothing was stored."

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ben() -> Client:
    ensure_first(NOW)
    client = Client(raise_request_exception=False)
    client.force_login(add_user(SYSTEM, mail="ben@example.com", name="Ben", role="csm", now=NOW))
    return client


@pytest.fixture
def on_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a fault of SQLite's file")


def keep(client: Client, name: str) -> int:
    sent = {"name": name, "query": f"q={name}", "back": "/accounts"}
    answer = client.post("/views/accounts", sent)
    if answer.status_code == 503:
        assert answer["Retry-After"] and "script-src 'self'" in answer["Content-Security-Policy"]
        assert "what you typed is still there" in answer.text
    return int(answer.status_code)


def pragma(text: str) -> int:
    row = run_sql(f"pragma {text}")
    return int(row[0]) if row else 0


def run_sql(text: str) -> tuple[object, ...] | None:
    with connection.cursor() as cursor:
        return cursor.execute(text).fetchone()


@contextmanager
def gone(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[None]:
    """Let the database be somewhere where there is none."""
    connection.close()
    name = "NAME" if connection.vendor == "sqlite" else "HOST"
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, name, f"{tmp_path}/nowhere/at-all")
        yield
        connection.close()


def test_a_full_database_keeps_all_that_it_said_yes_to_and_goes_on_when_there_is_room(
    ben: Client, on_sqlite: None
) -> None:
    run_sql("vacuum")  # the pages that tests before this one left free would be room
    pragma(f"max_page_count = {pragma('page_count')}")
    try:
        kept = 0
        while (status := keep(ben, f"view {kept} {'x' * 60}")) == 302 and kept < MOST_KEPT:
            kept += 1
        assert status == 503
        assert FULL in ben.post("/views/accounts", {"name": "y" * 60, "query": f"q={'y' * 1900}"}).text
        assert ben.get("/accounts").status_code == 200
        assert SavedView.objects.count() == kept
    finally:
        pragma(f"max_page_count = {NO_LIMIT}")
    assert keep(ben, "after") == 302
    assert SavedView.objects.count() == kept + 1


def test_a_locked_file_can_be_read_and_a_write_is_told_to_come_again(ben: Client, on_sqlite: None) -> None:
    pragma("busy_timeout = 50")
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("begin immediate")
            assert keep(ben, "mine") == 503
            assert BUSY in ben.post("/views/accounts", {"name": "mine", "query": ""}).text
            assert ben.get("/accounts").status_code == 200
            other.execute("rollback")
    finally:
        pragma(f"busy_timeout = {WAIT_MS}")
    assert (SavedView.objects.count(), keep(ben, "mine"), SavedView.objects.count()) == (0, 302, 1)


def test_a_database_that_went_is_said_on_every_surface_and_is_used_again_when_it_is_back(
    ben: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ben.get("/accounts").status_code == 200
    with gone(monkeypatch, tmp_path):
        page, program = ben.get("/accounts"), ben.get("/api/v1/accounts")
        assert keep(ben, "lost") == 503
        assert run(["user", "list"]) == 2
    assert page.status_code == program.status_code == 503
    assert GONE in page.text and 'href="/accounts"' in page.text
    assert program["Content-Type"] == "application/problem+json"
    assert (program.json()["status"], program.json()["type"]) == (503, "/errors/database-gone")
    assert re.search(r"The .*database.* (does not answer|can't be opened)", capsys.readouterr().err)
    assert ben.get("/accounts").status_code == 200
    assert not SavedView.objects.exists()


def test_what_is_no_fault_of_the_database_stays_a_bug() -> None:
    def raised(error: Exception, under: Exception | None = None) -> Exception:
        error.__cause__ = under
        return error

    assert fault_of(OperationalError("no such table: people_user")) is None
    assert fault_of(ValueError("disk is full of jokes")) is None
    told: Callable[[Exception], str] = lambda error: getattr(fault_of(error), "kind", "")  # noqa: E731
    assert told(OSError(errno.ENOSPC, "No space left on device")) == "disk-full"
    assert told(raised(RuntimeError("the run"), OperationalError("database or disk is full"))) == "disk-full"
    assert told(OperationalError("deadlock detected")) == "database-busy"
    assert told(OperationalError("terminating connection due to administrator command")) == "database-gone"
