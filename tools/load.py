"""Fifty people at work for a minute, on this machine alone: no error may happen.

    python tools/load.py [--people 50] [--seconds 60] [--accounts 320] [--write docs/benchmarks.md]

Makes the sample company in a temporary folder, first on SQLite, then on a PostgreSQL of its own, serves
it with the real command and lets signed-in people of every role read and write, each with a short think
between. Every answer is looked at: a page must show what it is for, a write must be there afterwards.
What people do is ``ACTS`` in ``work.py`` beside this file; whoever adds a way to work adds a line there.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tools"), str(ROOT / "src")]

from tests import postgres_server  # noqa: E402
from tests.faults.served import Instance, Served, serving  # noqa: E402
from tools.work import ACTS, Person, Wrong, is_kept  # noqa: E402

PASSWORD = "calm-orchard-7731"
ROLES = ("csm", "csm", "csm", "leader", "operations", "executive", "reader")
THINK_SECONDS = (0.3, 1.7)
PEOPLE = """
import sys, django; django.setup()
from datetime import UTC, datetime
from django.apps import apps
from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM
people = apps.get_model("book", "Person").objects.filter(role="csm").order_by("pk")
teams, free = sorted({each.team for each in people}), iter(people.filter(user=None))
for number, line in enumerate(sys.stdin):
    mail, role, password = line.split()
    given = {"mail": mail, "name": mail.split("@")[0], "role": role, "password": password}
    team = teams[number % len(teams)] if role == "leader" else ""
    user = add_user(SYSTEM, **given, team=team, now=datetime.now(UTC))
    if role == "csm" and (person := next(free, None)) is not None:
        person.user = user
        person.save(update_fields=["user"])
"""


class Told:
    """What was measured, from all people at once."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self._lock = threading.Lock()

    def add(self, act: str, seconds: float, error: str = "") -> None:
        """Note one act."""
        with self._lock:
            self.seconds[act].append(seconds)
            if error:
                self.errors.append(f"{act}: {error}")


def main() -> int:
    """Run on both databases; return 1 if anything went wrong."""
    asked = _asked()
    parts, wrong = [], 0
    for name in asked.databases.split(","):
        with _company(name, asked.accounts) as instance:
            told, took = _work(instance, people=asked.people, seconds=asked.seconds)
        parts.append(_table(name, told, took))
        sys.stdout.write(f"{parts[-1]}\n")
        for error in told.errors[:20]:
            sys.stdout.write(f"  wrong  {error}\n")
        wrong += len(told.errors)
    if asked.write:
        head = f"## Load, {date.today().isoformat()}\n\n{_said(asked)}"
        import_module("evenbook.site.bench.page").write_section(
            Path(asked.write), "\n\n".join([head, *parts])
        )
    sys.stdout.write(f"load: {wrong} errors.\n" if wrong else "load: no errors.\n")
    return 1 if wrong else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--accounts", type=int, default=320)
    parser.add_argument("--databases", default="SQLite,PostgreSQL")
    parser.add_argument("--write", default="", help="put the tables into this page of benchmarks")
    return parser.parse_args()


@contextmanager
def _company(database: str, accounts: int) -> Iterator[Instance]:
    """Give an instance with a sample company; a PostgreSQL is as durable as it comes."""
    with tempfile.TemporaryDirectory(prefix="evenbook-load-") as folder:
        home = Path(folder)
        server = postgres_server.start(home / "postgresql", quick=False) if database == "PostgreSQL" else None
        try:
            instance = Instance(home / "home", url=server.url if server else "")
            code, said = instance.run("demo", "--no-serve", "--accounts", str(accounts))
            if code:
                raise SystemExit(f"load: the sample company could not be made on {database}.\n{said}")
            yield instance
        finally:
            if server:
                server.stop()


def _work(instance: Instance, *, people: int, seconds: float) -> tuple[Told, float]:
    """Let everybody work; return what was measured and how long it took."""
    named = [(f"person{number}@evenbook.example", ROLES[number % len(ROLES)]) for number in range(people)]
    _add(instance, named)
    told, crew = Told(), []
    with serving(instance, workers=max(2, os.cpu_count() or 2)) as server:
        for number, (mail, role) in enumerate(named):
            crew.append(_person(server, mail, role, number))
        began = time.monotonic()
        threads = [threading.Thread(target=_day, args=(each, told, began + seconds)) for each in crew]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        for each in crew:
            if lost := is_kept(each):
                told.errors.append(f"{each.mail}: {lost}")
            each.client.close()
    return told, took


def _add(instance: Instance, named: list[tuple[str, str]]) -> None:
    given = {**instance.environment, "DJANGO_SETTINGS_MODULE": "evenbook.site.settings"}
    lines = "".join(f"{mail} {role} {PASSWORD}\n" for mail, role in named)
    subprocess.run([sys.executable, "-c", PEOPLE], env=given, input=lines, text=True, check=True)


def _person(server: Served, mail: str, role: str, number: int) -> Person:
    return Person(server.signed_in(mail, PASSWORD), mail=mail, role=role, chance=random.Random(number))


def _day(person: Person, told: Told, ends: float) -> None:
    """Work until the end of the day, one act after the other."""
    acts = [act for act in ACTS if not act.roles or person.role in act.roles]
    weights = [act.weight for act in acts]
    while True:
        time.sleep(person.chance.uniform(*THINK_SECONDS))
        if time.monotonic() >= ends:
            return
        act = person.chance.choices(acts, weights)[0]
        began, error = time.perf_counter(), ""
        try:
            act.do(person)
        except Wrong as wrong:
            error = str(wrong)
        except Exception as broken:  # whatever it was, somebody's work broke
            error = f"{type(broken).__name__}: {broken}"
        told.add(act.name, (time.perf_counter() - began) / act.requests, error)


def _table(database: str, told: Told, took: float) -> str:
    requests = {act.name: act.requests for act in ACTS}
    sent = sum(len(each) * requests[name] for name, each in told.seconds.items())
    lines = [
        f"On {database}: {sent:,} requests in {took:.0f} s ({sent / took:.0f} a second), "
        f"{len(told.errors)} errors.",
        "",
        "| what | times | p50, ms | p95, ms | longest, ms |",
        "|---|---|---|---|---|",
    ]
    every = [seconds for each in told.seconds.values() for seconds in each]
    rows = [(act.name, told.seconds[act.name]) for act in ACTS if told.seconds[act.name]]
    for name, each in [*rows, ("**all**", every)]:
        half, most = statistics.median(each), _share(each, 0.95)
        lines.append(
            f"| {name} | {len(each):,} | {1000 * half:.0f} | {1000 * most:.0f} | {1000 * max(each):.0f} |"
        )
    return "\n".join(lines)


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _said(asked: argparse.Namespace) -> str:
    measured_with = import_module("evenbook.site.bench.page").measured_with
    return (
        f"`make load`. {asked.people} signed-in people of every role for {asked.seconds:.0f} s, a second of "
        f"thought between two acts, {asked.accounts:,} accounts; the people run on the same "
        f"{os.cpu_count()} cores as the server ({measured_with()}). "
        "Where an act is several requests, the time is that of one."
    )


if __name__ == "__main__":
    sys.exit(main())
