"""A real instance in a folder, served by real processes that a test may kill, and asked over the wire."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

EVENBOOK = [sys.executable, "-c", "from evenbook.site.cli import main; main()"]
LONGEST = 240
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Instance:
    """A folder with a sample company; ``url`` names another database than its own file."""

    def __init__(self, home: Path, *, url: str = "") -> None:
        self.home = home
        named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
        self.environment = {**named, "EVENBOOK_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        if url:
            self.environment["EVENBOOK_DATABASE_URL"] = url

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [*EVENBOOK, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command to its end; return its exit code and what it said."""
        process = self.begin(*words)
        said, _ = process.communicate(timeout=LONGEST)
        return process.returncode, said

    def rows(self, sql: str) -> list[Any]:
        """Ask the SQLite file itself, with a connection that is no part of the product."""
        with closing(sqlite3.connect(self.home / "evenbook.sqlite3", timeout=30)) as file:
            return file.execute(sql).fetchall()

    @property
    def keeper(self) -> tuple[str, str]:
        """The mail and the password of operations."""
        people = json.loads((self.home / "demo.json").read_text(encoding="utf-8"))["sign_ins"]
        return next((each["mail"], each["password"]) for each in people if each["role"] == "operations")

    def copied(self, home: Path) -> Instance:
        """Return another instance with the same contents."""
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        return Instance(home)


class Served:
    """A running server."""

    def __init__(self, instance: Instance, *, port: int = 0, workers: int = 2) -> None:
        self.instance = instance
        self.process = instance.begin("serve", "--port", str(port), "--workers", str(workers))
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port, self.address = int(found[1]), found[0].rstrip("/")
                return
        raise AssertionError("".join(said))

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer; the worker beside them does other work."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in listed.split() if not _is_beside(each)]

    def kill(self) -> None:
        """Kill the server and all its processes, as a machine that loses its power does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def signed_in(self, mail: str, password: str) -> httpx.Client:
        """Return a client in which somebody is signed in."""
        client = httpx.Client(base_url=self.address, timeout=60, trust_env=False)
        client.get("/sign-in")
        answer = send(client, "/sign-in", mail=mail, password=password)
        assert answer.status_code == 302, answer.text
        return client


def _is_beside(process: str) -> bool:
    try:
        return b"--child-of" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return True  # gone meanwhile


@contextmanager
def serving(instance: Instance, **how: Any) -> Iterator[Served]:
    """Serve an instance until the block ends, whatever became of the server in it."""
    server = Served(instance, **how)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Send a form as a page of ours would."""
    token = client.cookies.get("csrftoken", "")
    return client.post(path, data={"csrfmiddlewaretoken": token, **fields})


def keep_view(client: httpx.Client, name: str) -> int:
    """Keep a view; return the status, or 0 where the connection broke."""
    try:
        return send(client, "/views/accounts", name=name, query=f"q={name}", back="/accounts").status_code
    except httpx.TransportError:
        return 0


def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until something holds; fail if it never does."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.1)
