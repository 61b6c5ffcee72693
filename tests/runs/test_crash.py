"""A worker may be killed at any instant: another goes on where it stopped, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from tests.runs import acts

from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.runs import actions, queries
from evenbook.runs.models import Job, JobLine, JobStep, Worker
from evenbook.site.copying.backup import back_up
from evenbook.site.copying.restore import restore

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
WORK = acts.declared().works[0]

pytestmark = pytest.mark.django_db(transaction=True)


def until(is_so: Callable[[], Any], seconds: float = 180) -> Any:
    """Return what is there once it is; fail when it does not come."""
    ends = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.05)
    return found


def ask(name: str, folder: Path) -> int:
    given = {"folder": str(folder), "name": name}
    return actions.begin(WORK, key=f"three:{name}", by="Amara", now=datetime.now(UTC), given=given)


def story(killed: int, left: int) -> list[str]:
    """Return what is done when one worker is killed in the midst of the second step."""
    return [
        "one first",
        f"one second begins in {killed}",
        f"one second begins in {left}",
        "one second ends",
        "one third",
        "two first",
        f"two second begins in {left}",
        "two second ends",
        "two third",
    ]


def test_two_workers_and_one_is_killed_in_the_midst_of_a_step(tmp_path: Path, settings: Any) -> None:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(NOW)
    written = tmp_path / "acts"
    written.touch()
    one, two, gone = (ask(name, tmp_path) for name in ("one", "two", "gone"))
    assert ask("one", tmp_path) == one, "the same is not asked for twice"
    actions.cancel(gone, by=SYSTEM, now=datetime.now(UTC))
    database = str(connection.settings_dict["NAME"])

    with acts.worker(tmp_path, database) as first, acts.worker(tmp_path, database) as other:
        assert first.stdout.readline() == other.stdout.readline() == "ready\n"
        begun = until(lambda: [line for line in written.read_text().splitlines() if "begins" in line])
        assert len(begun) == 1, "imports are done one at a time, by all workers together"
        assert until(lambda: queries.job(SYSTEM, one).doing) == "waiting"
        killed = int(begun[0].rpartition(" ")[2])
        os.kill(killed, signal.SIGKILL)
        left = other if killed == first.pid else first
        until(lambda: f"one second begins in {left.pid}" in written.read_text())
        (tmp_path / "go").touch()
        until(lambda: Job.objects.filter(state="done").count() == 2)
        until(lambda: len(queries.workers(SYSTEM, now=datetime.now(UTC))) == 1)
        left.send_signal(signal.SIGTERM)
        assert left.stdout.readline() == "left\n"

    assert written.read_text().splitlines() == story(killed, left.pid)
    done = queries.job(SYSTEM, one)
    assert (done.state, done.says, done.restarts) == ("done", "one is done.", 1)
    times = JobStep.objects.filter(job=one).order_by("number").values_list("title", "times")
    assert list(times) == [("First", 1), ("Second", 2), ("Third", 1)]
    assert JobLine.objects.filter(job=one, says__startswith="Taken up again").count() == 1
    assert not Worker.objects.filter(ended_at=None).exists()
    assert (
        queries.job(SYSTEM, gone).says == "Cancelled by Evenbook." and queries.job(SYSTEM, two).restarts == 0
    )


def test_a_worker_that_is_told_to_go_leaves_its_run_to_the_next_which_can_be_cancelled_and_begun_anew(
    tmp_path: Path, settings: Any
) -> None:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(NOW)
    database, written = str(connection.settings_dict["NAME"]), tmp_path / "acts"
    job = ask("one", tmp_path)
    Job.objects.update(handed=True)

    with acts.worker(tmp_path, database) as process:
        assert process.stdout.readline() == "ready\n"
        until(lambda: queries.job(SYSTEM, job).doing == "waiting")  # no engine knew of it: handed over anew
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "left\n"
    assert queries.job(SYSTEM, job).state == "running"
    with acts.worker(tmp_path, database) as process:
        until(lambda: f"begins in {process.pid}" in written.read_text())
        actions.cancel(job, by=SYSTEM, now=datetime.now(UTC))
        until(lambda: queries.job(SYSTEM, job).state == "cancelled")
        assert queries.job(SYSTEM, job).restarts == 1
        (tmp_path / "go").touch()
        actions.retry(job, by=SYSTEM, now=datetime.now(UTC))
        until(lambda: queries.job(SYSTEM, job).state == "done")

    assert queries.job(SYSTEM, job).attempt == 2
    assert written.read_text().count("one first") == 2, "once in each attempt"


def test_what_was_under_way_when_a_backup_was_made_is_done_where_it_is_restored(
    tmp_path: Path, settings: Any
) -> None:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(NOW)
    job, database = ask("one", tmp_path), str(connection.settings_dict["NAME"])
    Job.objects.update(handed=True)
    kept = {"database": connection.settings_dict, "home": tmp_path, "organization": "", "now": NOW}
    back_up(tmp_path / "it.zip", **kept)
    call_command("flush", interactive=False, verbosity=0)
    there = tmp_path / "there"
    there.mkdir()
    restore(tmp_path / "it.zip", connection=connection, home=there)

    settings.EVENBOOK_HOME = there
    (tmp_path / "go").touch()
    with acts.worker(there, database):
        until(lambda: queries.job(SYSTEM, job).state == "done")
    assert (tmp_path / "acts").read_text().count("one third") == 1
