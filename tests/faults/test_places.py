"""A disk that is full, a database that stops, two people at one record, a clock that is set back.

Each on a running server, which goes on by itself once the fault is over.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.faults.served import Instance, keep_view, send, serving, until

import postgres_server

pytestmark = pytest.mark.slow

SMALL, LARGER = "24m", "64m"
PEOPLE = 8


@pytest.fixture
def small_disk(made: Instance, tmp_path: Path) -> Iterator[Instance]:
    """Return an instance that lies on a file system of its own with little room."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small file system here")
    try:
        home = place / "home"
        home.mkdir()
        for name in ("demo.json", "secret", "evenbook.sqlite3"):
            shutil.copy(made.home / name, home / name)
        yield Instance(home)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_said_and_with_room_again_the_same_server_goes_on(small_disk: Instance) -> None:
    place = small_disk.home.parent
    with serving(small_disk, workers=1) as server:
        client = server.signed_in(*small_disk.keeper)
        assert keep_view(client, "before") == 302
        filler = place / "filler"
        with filler.open("wb") as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(b"x" * 65_536)
                file.flush()
        yes = {"before"}
        for number in range(400):
            name = f"v{number} {'x' * 60}"
            answer = send(client, "/views/accounts", name=name, query="q=" + "x" * 1_900)
            if answer.status_code != 302:
                break
            yes.add(name)
        assert answer.status_code == 503 and "The disk that holds this instance is full" in answer.text
        assert client.get("/accounts").status_code in {200, 503}
        code, said = small_disk.run("--as", small_disk.keeper[0], "week", "--restate")
        assert code == 2 and "full" in said and "Traceback" not in said

        filler.unlink()
        subprocess.run(["mount", "-o", f"remount,size={LARGER}", str(place)], check=True)
        assert keep_view(client, "after") == 302
        assert server.process.poll() is None
    kept = {name for (name,) in small_disk.rows("select name from screens_savedview")}
    assert kept == yes | {"after"}
    assert small_disk.rows("pragma integrity_check") == [("ok",)]


def test_a_postgresql_that_stops_and_starts_again_is_said_and_used_again(tmp_path: Path) -> None:
    database = postgres_server.start(tmp_path / "postgresql")
    stopped = False
    try:
        instance = Instance(tmp_path / "home", url=database.url)
        mail, password = "olu@evenbook.example", "plain-harbor-7731"
        adding = subprocess.run(
            [*_evenbook(), "user", "add", mail, "--name", "Olu", "--role", "operations", "--password-stdin"],
            env=instance.environment,
            input=password + "\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert adding.returncode == 0, adding.stderr
        with serving(instance) as server:
            client = server.signed_in(mail, password)
            assert keep_view(client, "before") == 302
            database.stop()
            stopped = True
            away = client.get("/policy")
            assert away.status_code == 503 and "The database does not answer" in away.text
            assert keep_view(client, "lost") == 503
            code, said = instance.run("user", "list")
            assert code == 2 and "does not answer" in said and "Traceback" not in said

            database = postgres_server.start(tmp_path / "postgresql")
            stopped = False
            until(lambda: client.get("/policy").status_code == 200)
            assert keep_view(client, "after") == 302
            assert server.process.poll() is None
    finally:
        if not stopped:
            database.stop()


def _evenbook() -> list[str]:
    from tests.faults.served import EVENBOOK

    return EVENBOOK


def adopt(client: httpx.Client, hours: int) -> str:
    """Change the hours of a month as one did who saw the first policy; return what was answered."""
    change = {"text": f"capacity: {{monthly_hours: {hours}}}", "note": f"{hours} hours, as agreed."}
    answer = send(client, "/policy/load", **change, expected="1", step="adopt")
    return f"{answer.status_code} {answer.text}"


def test_of_people_who_save_one_record_at_once_one_does_and_all_others_are_told(instance: Instance) -> None:
    with serving(instance) as server:
        clients = [server.signed_in(*instance.keeper) for _ in range(PEOPLE)]
        with ThreadPoolExecutor(PEOPLE) as people:
            answers = list(people.map(adopt, clients, range(101, 101 + PEOPLE)))
    versions = instance.rows("select count(*) from policy_policyversion")[0][0]
    saved = [each for each in answers if each.startswith("302")]
    told = [
        each for each in answers if "was adopted by" in each and "since you began, from version 1" in each
    ]
    assert (versions, len(saved), len(told)) == (2, 1, PEOPLE - 1)


def test_a_clock_set_back_and_files_from_the_future_lose_nothing(instance: Instance) -> None:
    """What decides is the order in which things were written, never the time of a file."""
    later = 4_000_000_000
    for path in instance.home.rglob("*"):
        os.utime(path, (later, later))
    with serving(instance, workers=1) as server:
        client = server.signed_in(*instance.keeper)
        assert keep_view(client, "in between") == 302
        assert adopt(client, 111).startswith("302")
        sheet = client.get("/hot-sheet").text
    for path in instance.home.rglob("*"):
        os.utime(path, (0, 0))
    code, said = instance.run("--as", instance.keeper[0], "week", "--restate", "--json")
    assert code == 0 and '"policy_version": 2' in said, said[-400:]
    with serving(instance, workers=1) as server:
        client = server.signed_in(*instance.keeper)
        assert client.get("/hot-sheet").status_code == 200 and "in between" in client.get("/accounts").text
    assert sheet and instance.rows("select max(number) from policy_policyversion") == [(2,)]
