"""Landing facts: versions by kind, usage weeks and the completeness of a feed."""

from datetime import UTC, date, datetime

import pytest

from evenbook.book.actions.writing import Written
from evenbook.book.models import Account
from evenbook.book.rules.versions import Fact
from evenbook.kit.dates import BEGINNING
from evenbook.records.actions import has_usage, land_feed, land_records, land_usage
from evenbook.records.models import FeedWeek, Opportunity, Ticket, UsageWeek

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 4, 6, 9, tzinfo=UTC)
OPENED = datetime(2025, 5, 1, tzinfo=UTC)
SOLVED = datetime(2026, 3, 10, tzinfo=UTC)
MONDAY = date(2026, 2, 16)


@pytest.fixture
def account() -> int:
    return Account.objects.create(key="fern", name="Fern", matched_name="fern", known_at=BEGINNING).pk


def ticket(account, fingerprint, **closing):
    values = {"account_id": account, "priority": "high", "solved_at": None, "satisfaction": None, **closing}
    return Fact("desk", "T-1", values, OPENED, OPENED, None, fingerprint)


def test_a_ticket_that_is_solved_later_is_known_as_solved_from_its_own_day(account):
    land_records("ticket", [ticket(account, "a")], now=NOW, written=Written())
    land_records(
        "ticket", [ticket(account, "b", solved_at=SOLVED, satisfaction=80.0)], now=LATER, written=Written()
    )

    assert list(Ticket.objects.order_by("pk").values_list("known_at", "known_until", "solved_at")) == [
        (OPENED, SOLVED, None),
        (SOLVED, None, SOLVED),
    ]


def test_a_sale_that_was_won_long_ago_hides_stage_and_amount_until_then(account):
    won = datetime(2025, 9, 1, tzinfo=UTC)
    values = {"account_id": account, "currency": "USD", "stage": "Won", "amount_cents": 900, "won_at": won}
    land_records(
        "opportunity", [Fact("crm", "6", values, OPENED, None, None, "a")], now=NOW, written=Written()
    )

    rows = list(
        Opportunity.objects.order_by("pk").values_list("stage", "amount_cents", "known_at", "assumed")
    )
    assert rows == [("", None, OPENED, True), ("Won", 900, won, True)]


def test_a_usage_week_counts_from_its_end_and_a_corrected_one_from_its_load(account):
    first = land_usage([(account, MONDAY, "active_users", 5.0)], source="app", now=NOW, written=Written())
    again = land_usage([(account, MONDAY, "active_users", 5.0)], source="app", now=LATER, written=Written())
    fixed = land_usage([(account, MONDAY, "active_users", 7.0)], source="app", now=LATER, written=Written())

    assert [first, again, fixed] == [["created"], ["unchanged"], ["changed"]]
    assert list(UsageWeek.objects.order_by("pk").values_list("value", "known_at")) == [
        (5.0, datetime(2026, 2, 23, tzinfo=UTC)),
        (7.0, LATER),
    ]
    assert has_usage("app") and not has_usage("other")


def test_a_week_that_is_not_over_is_not_known_before_it_is(account):
    land_usage([(account, date(2026, 3, 2), "active_users", 5.0)], source="app", now=NOW, written=Written())

    assert UsageWeek.objects.get().known_at == datetime(2026, 3, 9, tzinfo=UTC)


def test_the_completeness_of_a_week_only_grows():
    for share in (0.4, 1.0, 0.7, 1.0):
        land_feed([("active_users", MONDAY, share)], source="app", now=NOW, written=Written())

    assert list(FeedWeek.objects.order_by("pk").values_list("share", flat=True)) == [0.4, 1.0]
