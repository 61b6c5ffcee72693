"""The real command in processes of its own: a demo is made, looked at, served; refusals are sentences."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ready
from evenbook.site.cli.examine import measures

EVENBOOK = [sys.executable, "-c", "from evenbook.site.cli import main; main()"]


def environment(home: Path, **more: str) -> dict[str, str]:
    named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
    return {**named, "EVENBOOK_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def evenbook(home: Path, *words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*EVENBOOK, *words],
        env=environment(home, **variables),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def document(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demo, made by the command and chosen by its option."""
    home = tmp_path_factory.mktemp("instances") / "demo"
    done = evenbook(home.parent / "elsewhere", "demo", "--no-serve", "--accounts", "40", f"--home={home}")
    assert done.returncode == 0, done.stderr
    assert not (home.parent / "elsewhere").exists()
    said = done.stdout.splitlines()
    assert re.match(r"The sample company is made: 40 accounts, as of \d{4}-\d\d-\d\d\.$", said[0])
    assert said[-1] == f"demo: ready in {home}. Next: EVENBOOK_HOME={home} evenbook serve"
    assert [line.split()[0] for line in said[3:7]] == ["leader", "csm", "csm", "operations"]
    return home


def test_a_demo_that_is_there_is_shown_again_and_not_made_again(demo: Path) -> None:
    made_at = json.loads((demo / "demo.json").read_text())["made_at"]
    done = evenbook(demo, "demo", "--no-serve")
    assert done.returncode == 0 and "is there: 40 accounts" in done.stdout
    assert json.loads((demo / "demo.json").read_text())["made_at"] == made_at


def test_another_company_than_the_one_that_is_there_has_to_be_asked_for(demo: Path) -> None:
    done = evenbook(demo, "demo", "--no-serve", "--accounts", "70")
    assert done.returncode == 2 and "has 40 accounts and the seed 1" in done.stderr


def test_a_real_instance_is_never_made_a_demo(tmp_path: Path) -> None:
    added = evenbook(
        ready.instance(tmp_path),
        *("user", "add", "olu@evenbook.example", "--name", "Olu", "--role", "operations", "--password-stdin"),
        typed="plain-harbor-7731\n",
    )
    assert added.returncode == 0, added.stderr
    done = evenbook(tmp_path, "demo", "--no-serve", "--reset")
    assert done.returncode == 2 and "people or customers of its own" in done.stderr
    assert not (tmp_path / "demo.json").exists()


def test_too_few_accounts_for_the_story_are_refused(tmp_path: Path) -> None:
    done = evenbook(tmp_path, "demo", "--no-serve", "--accounts", "3")
    assert done.returncode == 2 and "Fix:" in done.stderr
    assert not (tmp_path / "demo.json").exists()


def test_the_week_of_the_demo_is_there_to_be_looked_at(demo: Path) -> None:
    sheet, audited = (evenbook(demo, word, "--json") for word in ("hotsheet", "audit"))
    assert (sheet.returncode, audited.returncode) == (0, 1)
    first = document(sheet)["hotsheet"][0]
    why = evenbook(demo, "why", first["account"], "--json")
    assert why.returncode == 0
    assert document(why)["hotsheet"]["rank"] == 1
    assert document(why)["owner"] == first["owner"]
    week = document(evenbook(demo, "week", "--json"))
    assert document(audited)["covered"] == week["coverage"]["covered"]
    assert document(audited)["accounts"] == week["coverage"]["accounts"]
    assert [row["account"] for row in week["hotsheet"]] == [
        row["account"] for row in document(sheet)["hotsheet"]
    ]


def test_a_person_is_named_behind_the_command_and_sees_their_own_book(demo: Path) -> None:
    mail = json.loads((demo / "demo.json").read_text())["sign_ins"][1]["mail"]
    everything, own = (document(evenbook(demo, "audit", "--json", *more)) for more in ([], ["--as", mail]))
    assert 0 < own["accounts"] < everything["accounts"]
    stranger = evenbook(demo, "audit", "--as", "nobody@evenbook.example", "--json")
    assert stranger.returncode == 2 and document(stranger)["error"] == "nobody-acts"


def test_refusals_are_sentences_on_the_screen_and_documents_for_programs(demo: Path) -> None:
    on_screen, for_programs = evenbook(demo, "why", "zzz"), evenbook(demo, "why", "zzz", "--json")
    assert (on_screen.returncode, for_programs.returncode) == (2, 2)
    assert on_screen.stderr.splitlines()[1].startswith("  Fix:  ")
    assert set(document(for_programs)) == {"error", "what", "fix"}
    assert evenbook(demo, "nonsense").returncode == 2


def test_the_doctor_says_what_the_demo_has_to_be_looked_at_for(demo: Path) -> None:
    done = evenbook(demo, "doctor", "--json", EVENBOOK_HOSTNAMES="x")
    lines = {line["id"]: line for line in document(done)["checks"]}
    assert done.returncode == 1
    assert lines["variables-known"]["fix"] == "EVENBOOK_HOSTNAMES is probably EVENBOOK_HOSTS."
    assert lines["usage-feeds"]["status"] == "attention"
    assert lines["database-writable"]["status"] == lines["database-wal"]["status"] == "ok"
    assert not any(line["status"] == "failed" for line in lines.values())


def test_the_doctor_of_no_instance_could_not_look_and_makes_none(tmp_path: Path) -> None:
    done = evenbook(tmp_path, "doctor")
    assert done.returncode == 2 and "There is no instance in" in done.stdout
    assert not (tmp_path / "evenbook.sqlite3").exists()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "evenbook.sqlite3").write_text("not a database " * 100)
    done = evenbook(tmp_path, "doctor", "--json")
    lines = {line["id"]: line for line in document(done)["checks"]}
    assert done.returncode == 2 and "does not answer" in lines["database-reachable"]["what"]
    assert evenbook(tmp_path, "hotsheet").returncode == 2


def test_a_database_of_a_newer_evenbook_is_not_served(tmp_path: Path) -> None:
    ready.instance(tmp_path)
    with sqlite3.connect(tmp_path / "evenbook.sqlite3") as database:
        database.execute(
            "insert into django_migrations (app, name, applied) values ('book', '0999_later', '2030-01-01')"
        )
    done = evenbook(tmp_path, "serve", "--port", "0")
    assert done.returncode == 2 and "written by a newer Evenbook: book 0999_later" in done.stderr


def test_a_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = evenbook(tmp_path / "file" / "deeper", "hotsheet")
    assert done.returncode == 2 and "can't be read or written" in done.stderr


@pytest.mark.parametrize("words", [["hotsheet"], ["audit"], ["why", "acme"], ["week", "--json"]])
def test_a_command_that_looks_makes_no_instance(tmp_path: Path, words: list[str]) -> None:
    done = evenbook(tmp_path, *words)
    assert done.returncode == 2 and "There is no instance in" in done.stdout + done.stderr
    assert not (tmp_path / "evenbook.sqlite3").exists()


def test_measures_are_listed_and_shown() -> None:
    def told(*words: str) -> Any:
        done = CliRunner().invoke(measures, [*words, "--json"], standalone_mode=False)
        assert done.exception is None
        return json.loads(done.output)

    assert {"nrr", "grr", "logo", "unmonitored"} <= {card["measure"] for card in told()}
    assert told("nrr")["better"] == "up"
    shown = CliRunner().invoke(measures, ["nrr"], standalone_mode=False).output
    assert shown.startswith("Net revenue retention (nrr)")
    unknown = CliRunner().invoke(measures, ["nonsense"], standalone_mode=False).exception
    assert "There is no measure 'nonsense'" in str(unknown)


class Serving:
    """A server that was started, with the address that it printed."""

    def __init__(self, home: Path, *words: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            [*EVENBOOK, *words],
            env=environment(home, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                return
        raise AssertionError("\n".join(self.said))

    def get(self, path: str) -> tuple[int, str, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read()

    def stop(self) -> tuple[int, list[str]]:
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=90)
        return self.process.returncode, rest.splitlines()


@pytest.fixture
def served(demo: Path) -> Iterator[Serving]:
    serving = Serving(demo, "demo")
    yield serving
    if serving.process.poll() is None:
        serving.stop()


def test_the_demo_is_served_on_a_free_port_with_its_sign_ins_and_stops_when_told(served: Serving) -> None:
    assert [line.split()[0] for line in served.said[-5:-1]] == ["leader", "csm", "csm", "operations"]
    assert served.said[-1].endswith("(Ctrl+C stops it).")
    status, where, _ = served.get("/")
    assert status == 302 and where.startswith("/sign-in")
    assert served.get("/sign-in")[0] == 200
    status, _, style = served.get("/static/screens/evenbook.css")
    assert status == 200 and b"--" in style


def worker_beside(home: Path, *, but: int = 0) -> int:
    """Return the process of the worker that is there, once it is."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with closing(sqlite3.connect(home / "evenbook.sqlite3")) as database:
            rows = database.execute("select process from runs_worker where ended_at is null").fetchall()
        if found := [number for (number,) in rows if number != but]:
            return int(found[0])
        time.sleep(0.1)
    raise AssertionError("no worker came")


def test_a_server_keeps_a_worker_and_takes_it_along_when_it_stops(served: Serving, demo: Path) -> None:
    first = worker_beside(demo)
    os.kill(first, signal.SIGKILL)
    second = worker_beside(demo, but=first)
    code, rest = served.stop()
    assert (code, rest) == (0, ["serve: stopped."])
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_a_demo_is_never_served_to_others(demo: Path) -> None:
    done = evenbook(demo, "serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2 and "served to this machine alone" in done.stderr


def test_a_port_that_is_taken_and_a_host_that_is_not_here_are_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = evenbook(tmp_path, "serve", "--port", str(port))
    assert taken.returncode == 2 and f"port {port} can't be had: address already in use" in taken.stderr
    absent = evenbook(tmp_path, "serve", "--host", "203.0.113.9", "--port", "0")
    assert absent.returncode == 2 and "Fix:" in absent.stderr
    assert not (tmp_path / "evenbook.sqlite3").exists()


def test_an_instance_of_ones_own_is_made_ready_and_says_that_nobody_can_sign_in(tmp_path: Path) -> None:
    serving = Serving(tmp_path, "serve", "--port", "0", "--workers", "1")
    try:
        assert serving.said[0].startswith("Nobody can sign in yet")
        assert serving.get("/set-up")[0] == 200 and serving.get("/team-week")[0] == 302
    finally:
        code, _ = serving.stop()
    assert code == 0
