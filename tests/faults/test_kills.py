"""Processes that are killed while they write: what was said to be stored is there, and nothing by halves."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.faults.served import Instance, Served, keep_view, serving, until

pytestmark = pytest.mark.slow

KILLS = 6


def names_kept(instance: Instance) -> set[str]:
    return {name for (name,) in instance.rows("select name from screens_savedview")}


def is_sound(instance: Instance) -> bool:
    return bool(
        instance.rows("pragma integrity_check") == [("ok",)] and not instance.rows("pragma foreign_key_check")
    )


def test_a_web_process_that_is_killed_while_it_writes_loses_nothing_and_another_answers(
    instance: Instance,
) -> None:
    yes: set[str] = set()
    with serving(instance) as server:
        client = server.signed_in(*instance.keeper)
        for round_ in range(KILLS):
            for number in range(7):
                name = f"view {round_}-{number}"
                if number == 3:
                    os.kill(server.workers()[round_ % 2], signal.SIGKILL)
                if keep_view(client, name) == 302:
                    yes.add(name)
            until(lambda: len(server.workers()) == 2 and client.get("/accounts").status_code == 200)
        assert server.process.poll() is None
    kept = names_kept(instance)
    assert yes <= kept and len(yes) >= 5 * KILLS
    assert is_sound(instance)


def test_a_server_that_is_killed_whole_starts_again_with_all_it_said_yes_to(instance: Instance) -> None:
    yes: set[str] = set()
    for round_ in range(3):
        with serving(instance) as server:
            client = server.signed_in(*instance.keeper)
            for number in range(8):
                name = f"view {round_}-{number}"
                if keep_view(client, name) == 302:
                    yes.add(name)
            server.kill()
            with pytest.raises(httpx.TransportError):
                client.get("/accounts")
    assert len(yes) == 24 and yes == names_kept(instance)
    assert is_sound(instance)


def loaded(instance: Instance) -> tuple[int, int]:
    sql = "select count(*) from {} where {} like '{}%'"
    accounts = instance.rows(sql.format("book_account", "key", "N-"))[0][0]
    tickets = instance.rows(sql.format("records_ticket", "external_id", "T-N-"))[0][0]
    return accounts, tickets


@pytest.mark.parametrize("share", [0.35, 0.55, 0.75, 0.9])
def test_an_import_that_is_killed_anywhere_stores_all_or_nothing_and_can_be_repeated(
    instance: Instance, company_files: Callable[[int], list[str]], made: Instance, share: float, tmp_path
) -> None:
    files = company_files(1_500)
    whole = made.copied(tmp_path / "whole")
    began = time.monotonic()
    code, said = whole.run("--as", whole.keeper[0], "import", *files)
    seconds = time.monotonic() - began
    assert code in {0, 1}, said
    assert loaded(whole) == (1_500, 6_000)

    killed = instance.begin("--as", instance.keeper[0], "import", *files)
    time.sleep(seconds * share)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(timeout=30)
    assert loaded(instance) in {(0, 0), (1_500, 6_000)}
    assert is_sound(instance)

    code, said = instance.run("--as", instance.keeper[0], "import", *files)
    assert code in {0, 1}, said
    assert loaded(instance) == (1_500, 6_000)


def runs(instance: Instance) -> list[tuple[int, int]]:
    """Return each weekly run with the rows of load that it left."""
    return instance.rows(
        "select r.id, (select count(*) from capacity_accountweek w where w.run_id = r.id)"
        " from runs_run r where r.kind = 'week' order by r.id"
    )


@pytest.mark.parametrize("seconds", [1.5, 4.0, 8.0])
def test_a_week_that_is_killed_leaves_the_stored_one_in_force_and_runs_anew(
    instance: Instance, seconds: float
) -> None:
    before = runs(instance)
    week = ("--as", instance.keeper[0], "week", "--restate")
    killed = instance.begin(*week)
    time.sleep(seconds)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(timeout=30)
    after = runs(instance)
    assert after[: len(before)] == before
    assert all(rows for _, rows in after) and is_sound(instance)

    code, said = instance.run(*week)
    assert code == 0, said
    assert len(runs(instance)) == len(after) + 1 and is_sound(instance)
    with serving(instance, workers=1) as server:
        assert server.signed_in(*instance.keeper).get("/hot-sheet").status_code == 200


def worker_of(server: Served, *, but: int = 0) -> int:
    """Return the process of the worker beside a server, once there is one that is not ``but``."""

    def found() -> int:
        rows = server.instance.rows("select process from runs_worker where ended_at is null")
        return next((number for (number,) in rows if number != but and _lives(number)), 0)

    until(lambda: bool(found()), seconds=120)
    return found()


def _lives(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def jobs(instance: Instance) -> dict[str, tuple[str, int]]:
    """Return the state of each kind of work, and how often another worker went on with it."""
    rows = instance.rows("select work, state, restarts from runs_job order by id")
    return {work: (state, restarts) for work, state, restarts in rows}


@pytest.mark.timeout(900)
def test_an_import_and_the_week_upon_it_are_done_once_however_often_their_worker_is_killed(
    instance: Instance, company_files: Callable[[int], list[str]], tmp_path: Path
) -> None:
    """Killed twice in each, at different moments: all is loaded once, and one week is in force."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    instance.environment["EVENBOOK_INBOX"] = str(inbox)
    sooner = ("policy", "set", "runs.refresh_after_minutes", "0", "--note", "Sooner, for this test.")
    code, said = instance.run("--as", instance.keeper[0], *sooner)
    assert code == 0, said
    files, before = company_files(1_500), runs(instance)
    with serving(instance, workers=1) as server:
        killed = worker_of(server)
        for file in files:
            shutil.move(file, inbox)
        for work in ("import-inbox", "refresh"):
            for seconds in (0.5, 2.0):
                until(lambda work=work: jobs(instance).get(work, ("",))[0] == "running", seconds=200)
                killed = worker_of(server)
                time.sleep(seconds)
                os.kill(killed, signal.SIGKILL)
                worker_of(server, but=killed)
            until(lambda work=work: jobs(instance)[work][0] == "done", seconds=200)

        found = jobs(instance)
        assert all(
            found[work][0] == "done" and found[work][1] >= 1 for work in ("import-inbox", "refresh")
        ), found
        assert loaded(instance) == (1_500, 6_000)
        assert instance.rows("select count(*) from sources_load") == [(2,)]
        weeks = [rows for _, rows in before]
        assert [rows for _, rows in runs(instance)] == [*weeks[:-1], weeks[-1] + 1_500] and is_sound(instance)
        assert server.signed_in(*instance.keeper).get("/hot-sheet").status_code == 200
