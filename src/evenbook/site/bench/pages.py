"""What a page costs the server: the first pages of a person's day, on the accounts of this instance.

Each page is asked for as a browser would, by somebody of the role it is for, through the whole
product down to the database; only the wire is left out. The first answers warm templates and caches
and are not counted. Who asks is signed in inside a transaction that is undone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evenbook.book.queries import account_names
from evenbook.capacity.queries import book_sizes
from evenbook.kit.errors import EvenbookError
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import latest_week
from evenbook.site.bench.page import measured_with, write_section

HEADING = "## Pages"
ASKED_MS = 100.0
WARM, COUNTED = 2, 15
PAGES = (
    ("leader", "team-week", "Team week"),
    ("leader", "accounts", "Accounts"),
    ("leader", "coverage", "Coverage"),
    ("leader", "hot-sheet", "Hot sheet"),
    ("leader", "weeks-ahead", "Weeks ahead"),
    ("csm", "my-week", "My week"),
    ("csm", "accounts", "Accounts"),
)
FIRST = {("leader", "team-week"), ("leader", "accounts"), ("leader", "weeks-ahead")}
"""The pages that are promised under a bar."""


class NothingToMeasure(EvenbookError):
    """There is no week, or nobody of a role, to ask for pages."""

    kind = "nothing-to-measure"


@dataclass(frozen=True)
class Cost:
    """What one page cost: medians over all that were counted."""

    page: str
    role: str
    accounts: int
    queries: int
    cpu_ms: float
    wall_ms: float
    kilobytes: float
    is_promised: bool


def measured() -> list[Cost]:
    """Return what each page costs.

    Raises:
        NothingToMeasure: no week was run, or a role has nobody who may sign in.
    """
    with transaction.atomic():
        found = list(_costs())
        transaction.set_rollback(True)
    return found


def main(*, on: date, page: Path | None, say: Callable[[str], None]) -> None:
    """Measure the pages, say the table, and put it into ``page`` where one is given."""
    text = table(measured())
    say(text)
    if page is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench pages`. {text}")


def table(costs: list[Cost]) -> str:
    """Return the costs as Markdown."""
    total, now = len(account_names(SYSTEM)), max(cost.accounts for cost in costs)
    database = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    lines = [
        f"{total:,} accounts, {now:,} of them customers now, on {database}; one process, medians of "
        f"{COUNTED} answers after {WARM} that are not counted. Asked: under {ASKED_MS:.0f} ms of the "
        "server's processor for a leader's Team week, Accounts and Weeks ahead; in all includes waiting for "
        "other work.",
        "",
        "| page | for | accounts they see | queries | CPU, ms | in all, ms | kB | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for cost in costs:
        met = "ask met" if cost.cpu_ms < ASKED_MS else "missed"
        lines.append(
            f"| {cost.page} | {cost.role} | {cost.accounts:,} | {cost.queries} | {cost.cpu_ms:.0f} "
            f"| {cost.wall_ms:.0f} | {cost.kilobytes:.0f} | {met if cost.is_promised else ''} |"
        )
    versions = f"{measured_with()}."
    return "\n".join([*lines, "", versions])


def _costs() -> Iterator[Cost]:
    run = latest_week(SYSTEM)
    if run is None:
        raise NothingToMeasure("No week was run, so pages are empty.", fix="Run: evenbook week")
    askers = {role: _asker(role, run.id) for role in dict.fromkeys(role for role, _, _ in PAGES)}
    for role, name, title in PAGES:
        client, accounts = askers[role]
        yield _cost(client, name, title=title, role=role, accounts=accounts)


def _asker(role: str, run_id: int) -> tuple[Client, int]:
    """Return somebody of a role, signed in, and how many accounts they see: who sees most."""
    users = get_user_model().objects.filter(role=role, is_active=True)
    seen = [(book_sizes(viewer_of(user), run_id).get(("all", "all"), 0), user.pk) for user in users]
    if not seen:
        raise NothingToMeasure(f"Nobody is a {role}.", fix=f"Add one: evenbook user add MAIL --role {role}")
    accounts, key = max(seen)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(users.get(pk=key))
    return client, accounts


def _cost(client: Client, name: str, *, title: str, role: str, accounts: int) -> Cost:
    address = reverse(name)
    for _ in range(WARM):
        client.get(address)
    cpu, wall = [], []
    for _ in range(COUNTED):
        began, cpu_began = time.perf_counter(), time.process_time()
        answer = client.get(address)
        cpu.append(time.process_time() - cpu_began)
        wall.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as taken:
        client.get(address)
    return Cost(
        page=title,
        role="CSM" if role == "csm" else role,
        accounts=accounts,
        queries=len(taken),
        cpu_ms=1000 * statistics.median(cpu),
        wall_ms=1000 * statistics.median(wall),
        kilobytes=len(answer.content) / 1024,
        is_promised=(role, name) in FIRST,
    )
