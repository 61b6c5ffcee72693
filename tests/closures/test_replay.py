"""Loops as of each of 104 weeks are what an independent reference works out, row by row."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.closures.known import World
from tests.closures.read_world import world_from_database
from tests.closures.reference import LoopState, loops_as_of

from evenbook.book.models import Account, AccountValue, Ownership, Person, PersonRole
from evenbook.book.numbers import ROLES
from evenbook.kit.dates import BEGINNING, day_ends_at
from evenbook.policy.actions import ensure_first
from evenbook.records.models import UsageWeek
from evenbook.site.weekly import compute
from evenbook.sources.sample.actions import load
from evenbook.sources.sample.axis import Axis

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
WEEKS = 104
LATE = "closed late"


def days() -> list[date]:
    return [TODAY - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def derived(home: Path) -> list[dict[str, Any]]:
    """Return the loops of two years as the product's rules find them, each once."""
    newest = "select * from loop qualify row_number() over (partition by key order by as_of desc) = 1"
    with compute(TODAY, home=home, fresh=True).session as session:
        keys = {
            row["account"]: row["key"] for row in session.rows("select account, key from account").to_pylist()
        }
        return [
            {**row, **in_utc(row), "account_key": keys[row["account"]]}
            for row in session.rows(newest).to_pylist()
        ]


def in_utc(row: dict[str, Any]) -> dict[str, datetime | None]:
    names = ("event_at", "opened_at", "closed_at", "withdrawn_at")
    return {name: row[name] and row[name].replace(tzinfo=UTC) for name in names}


def as_of(rows: list[dict[str, Any]], day: date) -> dict[str, LoopState]:
    """Return the loops of the product as they stood at the end of a day."""
    ends_at = day_ends_at(day)
    found = {}
    for row in rows:
        if row["opened_at"] >= ends_at:
            continue
        closed = row["closed_at"] if row["closed_at"] and row["closed_at"] < ends_at else None
        gone = row["withdrawn_at"] if row["withdrawn_at"] and row["withdrawn_at"] < ends_at else None
        if closed:
            state = LATE if closed.date() > row["due_on"] else "closed"
        else:
            state = "withdrawn" if gone else "overdue" if row["due_on"] < day else "open"
        found[row["key"]] = LoopState(
            loop=row["loop"],
            account=row["account_key"],
            event_at=row["event_at"],
            opened_at=row["opened_at"],
            due_on=row["due_on"],
            closed_at=closed,
            withdrawn_at=gone,
            state=state,
            cohort_on=row["cohort_on"],
        )
    return found


def world_tier(world: World, account: int) -> str:
    told = [row for row in world.account_values if row["account"] == account and row["name"] == "tier"]
    return str(max(told, key=lambda row: row["happened_at"])["value"]) if told else ""


def change_roles() -> None:
    """Let the two who own most accounts get another role: one announced a month ahead, one told late."""
    owning = Counter(Ownership.objects.exclude(person=None).values_list("person", flat=True))
    for place, (person, _) in enumerate(owning.most_common(2)):
        first_on = TODAY - timedelta(weeks=40 - 20 * place)
        known_at = NOW - timedelta(weeks=44 - 26 * place)
        for role, day, at in (("csm", date(1970, 1, 1), BEGINNING), ("leader", first_on, known_at)):
            PersonRole.objects.create(person_id=person, role=role, first_on=day, happened_at=at, known_at=at)


def give_roles() -> None:
    """Let roles on some accounts be given, pass on and end, some of it told late or ahead.

    Those of the stage's role work the account then; half of what they get passes on twice.
    """
    people = sorted(Person.objects.filter(is_person=True).values_list("pk", flat=True))
    for place, account in enumerate(Account.objects.order_by("pk")[::3]):
        for number, role in enumerate(ROLES):
            for turn in range((place + number) % 4):
                at = NOW - timedelta(weeks=90 - 30 * turn - place % 7, hours=place)
                late = timedelta(days=(0, 0, 9, -12)[(place + turn) % 4])
                person = None if (place + number) % 7 == 3 and turn else people[(place + turn) % len(people)]
                Ownership.objects.create(
                    account=account, role=role, person_id=person, source="test", happened_at=at,
                    known_at=at + late,
                )  # fmt: skip


def leave_unused() -> None:
    """Let some accounts of tiers 3 and 4 go unused twice: for half a year, and again until the end.

    In the sample nobody stays without usage for long.
    """
    tiers = AccountValue.objects.filter(name="tier", value__in=("3", "4"))
    accounts = sorted(set(tiers.values_list("account_id", flat=True)))[::3]
    for first, last in ((90, 64), (20, 0)):
        between = (TODAY - timedelta(weeks=first), TODAY - timedelta(weeks=last))
        UsageWeek.objects.filter(account_id__in=accounts, week_on__range=between).update(value=0)


def looked_at(*, whole: bool) -> list[date]:
    """Return the weeks of which each loop is compared: all, or every fourth and the last."""
    return days() if whole else days()[3::4]


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_loops_of_104_weeks_equal_the_reference(tmp_path: Path, whole: bool) -> None:
    first_on = Axis(TODAY).first_on
    ensure_first(NOW - timedelta(days=900), but={"closures": {"start_on": first_on.isoformat()}})
    load(as_of=TODAY, now=NOW, accounts=60, csms=None, seed=5, users={})
    leave_unused()
    change_roles()
    give_roles()
    rows, world = derived(tmp_path), world_from_database(run_days=days())
    kinds = {row["loop"] for row in rows}
    assert kinds == {row["loop"] for row in world.policies[0][1]["closures"]["loops"]}, (
        "the sample has all kinds"
    )

    silent = {row["account_key"] for row in rows if row["loop"] == "silent_account"}
    unserved = {row["key"] for row in world.accounts if world_tier(world, row["id"]) in {"3", "4"}}
    assert len(silent & unserved) > 3

    moved = {str(row["first_on"]) for row in world.roles if row["role"] == "leader"}
    assert moved & {row["key"].rpartition(":")[2] for row in rows if row["loop"] == "change_of_owner"}
    passed = [row for row in rows if row["role"] in ROLES]
    assert {row["role"] for row in passed} == set(ROLES)
    assert any(row["cohort_on"] for row in rows), "some silent accounts are recorded in cohorts"

    for day in looked_at(whole=whole):
        found, expected = as_of(rows, day), loops_as_of(world, day)
        assert {key: found.get(key) for key in {*found, *expected}} == {
            key: expected.get(key) for key in {*found, *expected}
        }, day
