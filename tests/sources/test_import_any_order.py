"""Facts imported in any order and any number of times give the same loops.

Where the data carry when they became known: all loops, with all their instants. Where they do not: the
same ones in the same state, as of today. Who there is and which accounts there are comes first, for
nothing can be said of an account that is not known; everything else comes as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from tests.closures.test_replay import as_of, derived
from tests.sources.importing import Instance

from conftest import PROOFS
from evenbook.policy.actions import ensure_first

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
START = datetime(2024, 9, 2, 9, tzinfo=UTC)
DAYS = (NOW - START).days - 30

Rows = list[list[str]]
Table = tuple[list[str], Rows]
KNOWN = {"interactions": "created_at", "artifacts": "created_at", "contracts": "modified_at"}
"""The columns in which a file carries when a row became known."""


def moment(chance: Random) -> datetime:
    return START + timedelta(minutes=chance.randrange(DAYS * 24 * 60))


def told(at: datetime) -> str:
    return at.isoformat()


def late(chance: Random, at: datetime) -> str:
    return told(at + timedelta(days=chance.choice((0, 0, 0, 1, 9, 25))))


def days_apart(chance: Random, most: int) -> Iterator[datetime]:
    """Yield different days, so that of two values of a history always one is the later."""
    for day in chance.sample(range(DAYS), chance.randint(1, most)):
        yield START + timedelta(days=day, hours=chance.randrange(9))


def company(seed: int) -> dict[str, Table]:
    """Return the files of a random company of four accounts and three people, each row once."""
    chance = Random(seed)
    accounts = [f"A-{number}" for number in range(1, 5)]
    made: dict[str, Table] = {
        "people": (["person_id", "person_name", "role", "region"], []),
        "accounts": (["account_id", "account_name", "customer_since"], []),
        "attributes": (["account_id", "attribute", "value", "changed_at"], []),
        "owners": (["account_id", "owner_id", "since"], []),
        "interactions": (
            ["interaction_id", "account_id", "type", "status", "happened_at", "duration_minutes",
             "customer_present", "created_at"], []),
        "tickets": (["ticket_id", "account_id", "subject", "priority", "opened_at", "escalated_at"], []),
        "contracts": (
            ["contract_id", "account_id", "product", "start_date", "renewal_date", "arr", "modified_at"], []),
        "artifacts": (["artifact_id", "account_id", "kind", "written_at", "summary", "created_at"], []),
    }  # fmt: skip
    rows = {name: table[1] for name, table in made.items()}
    rows["people"] += [[f"P-{number}", f"Invented Person {number}", "CSM", "DE"] for number in (1, 2, 3)]
    for account in accounts:
        rows["accounts"].append([account, f"Invented Company {account}", "2024-08-01"])
        rows["attributes"] += [
            [account, "tier", str(chance.randint(1, 3)), told(at)] for at in days_apart(chance, 4)
        ]
        rows["owners"] += [[account, f"P-{chance.randint(1, 3)}", told(at)] for at in days_apart(chance, 4)]
        _facts(chance, account, rows)
    return made


def _facts(chance: Random, account: str, rows: dict[str, Rows]) -> None:
    for number in range(chance.randint(3, 18)):
        at, kind = moment(chance), chance.choice(("meeting", "call", "business review", "email"))
        done = chance.choice(("completed", "completed", "completed", "cancelled"))
        minutes = chance.choice(("5", "30", "45"))
        rows["interactions"].append(
            [f"{account}-i{number}", account, kind, done, told(at), minutes, "yes", late(chance, at)]
        )
    for number in range(chance.randint(0, 5)):
        at = moment(chance)
        up = told(at + timedelta(days=chance.choice((0, 3)))) if chance.random() < 0.7 else ""
        rows["tickets"].append(
            [f"{account}-t{number}", account, "Broken", chance.choice(("urgent", "high")), told(at), up]
        )
    for number in range(chance.randint(0, 2)):
        starts = moment(chance)
        renews = (starts + timedelta(days=chance.choice((200, 365)))).date().isoformat()
        product = f"Product {number}"
        rows["contracts"].append(
            [f"{account}-c{number}", account, product, starts.date().isoformat(), renews, "12000",
             late(chance, starts)]
        )  # fmt: skip
    kinds = (
        "check_in_note",
        "health_review_log",
        "renewal_risk_brief",
        "escalation_handoff",
        "decision_record",
    )
    for number in range(chance.randint(0, 14)):
        at = moment(chance)
        rows["artifacts"].append(
            [f"{account}-n{number}", account, chance.choice(kinds), told(at), "Written.", late(chance, at)]
        )


def without_known(made: dict[str, Table]) -> dict[str, Table]:
    """Return the files without the columns that say when a row became known."""
    found = {}
    for name, (heads, rows) in made.items():
        kept = [place for place, head in enumerate(heads) if head != KNOWN.get(name)]
        found[name] = ([heads[place] for place in kept], [[row[place] for place in kept] for row in rows])
    return found


def in_order(made: dict[str, Table]) -> list[dict[str, Table]]:
    return [made]


def shuffled(made: dict[str, Table], chance: Random) -> list[dict[str, Table]]:
    """Return the files in a few batches: rows and files in any order, some rows in several of them."""
    batches: list[dict[str, Table]] = [{} for _ in range(chance.randint(2, 4))]
    for name, (heads, rows) in chance.sample(sorted(made.items()), len(made)):
        is_first = name in {"people", "accounts"}
        for row in chance.sample(rows, len(rows)):
            places = {0} if is_first else set()
            places |= {chance.randrange(len(batches)) for _ in range(chance.choice((1, 1, 2)))}
            for place in places:
                batches[place].setdefault(name, (heads, []))[1].append(row)
    return batches


def loops_of(batches: list[dict[str, Table]], folder: Path) -> list[dict[str, Any]]:
    """Return the loops of a new instance after importing the batches, an hour apart."""
    call_command("flush", verbosity=0, interactive=False)
    ensure_first(START, but={"closures": {"start_on": "2024-10-01"}})
    folder.mkdir()
    instance = Instance(folder)
    for number, batch in enumerate(batches):
        paths = [
            instance.write(f"{number}/{name}.csv", heads, *rows) for name, (heads, rows) in batch.items()
        ]
        report = instance.load(*paths, now=NOW - timedelta(hours=len(batches) - number))
        assert not report.questions and not instance.rejects(report)
    days = ("event_at", "opened_at", "due_on", "closed_at", "withdrawn_at", "cohort_on")
    names = ("key", "loop", "account_key", *days)
    found = derived(instance.home)
    return sorted(({name: row[name] for name in names} for row in found), key=lambda row: str(row["key"]))


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4 if PROOFS else 2))
def test_where_rows_say_when_they_became_known_all_loops_are_the_same(tmp_path: Path, seed: int) -> None:
    made, chance = company(seed), Random(seed + 1_000)
    expected = loops_of(in_order(made), tmp_path / "once")

    assert len({row["loop"] for row in expected}) >= 4 and any(row["closed_at"] for row in expected)
    for again in range(2):
        found = loops_of(shuffled(made, chance), tmp_path / f"shuffled-{again}")
        assert found == expected


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4, 7 if PROOFS else 6))
def test_where_they_do_not_the_same_loops_stand_as_of_today(tmp_path: Path, seed: int) -> None:
    made, chance = without_known(company(seed)), Random(seed + 1_000)

    def stands(batches: list[dict[str, Table]], name: str) -> dict[str, tuple[str, date]]:
        rows = as_of(loops_of(batches, tmp_path / name), TODAY)
        return {key: (each.state, each.due_on) for key, each in rows.items()}

    expected = stands(in_order(made), "once")
    assert len(expected) > 10
    for again in range(2):
        assert stands(shuffled(made, chance), f"shuffled-{again}") == expected
