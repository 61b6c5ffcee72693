"""Rows of the database as the reference takes them, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.closures.read_world import world_from_database
from tests.closures.reference import loops_as_of

from evenbook.book.models import Account, AccountValue, Contract, Ownership, Person
from evenbook.frames.models import Write
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Interaction

pytestmark = pytest.mark.django_db
MONDAY = datetime(2025, 6, 2, 10, 30, tzinfo=UTC)
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)
KNOWN = {"happened_at": BEFORE, "known_at": BEFORE}


def acme() -> tuple[Account, Account]:
    """Make Acme, of tier 1 and owned by Amara in Germany, and a company that was merged into it."""
    account = Account.objects.create(key="acme", name="Acme", matched_name="acme", known_at=BEFORE)
    merged = Account.objects.create(
        key="acne", name="Acne", matched_name="acne", known_at=BEFORE, merged_into=account
    )
    amara = Person.objects.create(key="amara", name="Amara", region="DE")
    Ownership.objects.create(account=account, person=amara, source="crm", **KNOWN)
    AccountValue.objects.create(account=account, name="tier", value="1", source="crm", **KNOWN)
    return account, merged


def meeting(account: Account, name: str, **more: object) -> None:
    usual = {"kind": "meeting", "status": "completed", "minutes": 30.0, "customer_present": True}
    usual |= {"happened_at": MONDAY, "known_at": MONDAY, "source": "crm", "external_id": name}
    Interaction.objects.create(account=account, fingerprint="", **{**usual, **more})


def test_a_meeting_of_a_merged_account_opens_a_check_in_of_its_heir():
    _, merged = acme()
    friday = datetime(2025, 6, 6, 9, tzinfo=UTC)
    meeting(merged, "m", happened_at=friday, known_at=friday)
    Write.objects.create(table="book_account", rows=2, earliest_at=BEFORE, written_at=MONDAY)
    ensure_first(BEFORE)

    found = loops_as_of(world_from_database(), date(2025, 6, 6))["check_in:crm:m"]

    assert (found.account, found.opened_at, found.event_at) == ("acme", friday, friday)
    assert found.due_on == date(2025, 6, 11)  # Whit Monday is a holiday where Amara works


def test_instants_days_and_flags_come_in_their_types():
    account, _ = acme()
    meeting(account, "m", known_until=datetime(2025, 6, 3, 0, 0, 0, 125, tzinfo=UTC), minutes=None)
    Contract.objects.create(
        account=account, currency="EUR", source="crm", external_id="k", fingerprint="",
        renews_on=date(2026, 1, 31), **KNOWN,
    )  # fmt: skip
    Write.objects.create(table="book_account", rows=2, earliest_at=BEFORE, written_at=MONDAY)

    found = world_from_database([date(2025, 6, 8)])

    (talk,), (contract,) = found.interactions, found.contracts
    assert (talk["happened_at"], talk["known_until"]) == (
        MONDAY,
        datetime(2025, 6, 3, 0, 0, 0, 125, tzinfo=UTC),
    )
    assert (talk["customer_present"], talk["carries_answer"], talk["minutes"]) == (True, False, None)
    assert (contract["renews_on"], contract["ends_on"], contract["account"]) == (
        date(2026, 1, 31),
        None,
        account.pk,
    )
    assert (found.loaded_on, found.run_days) == (date(2025, 6, 2), [date(2025, 6, 8)])
    assert date(2025, 12, 25) in found.holidays["DE"]


def test_an_instance_without_any_row_has_no_loops():
    assert loops_as_of(world_from_database(), date(2025, 6, 2)) == {}
