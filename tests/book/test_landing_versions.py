"""From when each version of a record counts as known."""

from datetime import UTC, datetime

from evenbook.book.rules.versions import Fact, Shape, first_versions, known_again_at

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPENED = datetime(2025, 5, 1, tzinfo=UTC)
WON = datetime(2025, 9, 1, tzinfo=UTC)
SALE = Shape(blanks={"stage": "", "won_at": None}, closing=("won_at",))


def fact(*, known_at=None, modified_at=None, **values):
    return Fact("crm", "1", values, OPENED, known_at, modified_at, "f")


def test_a_closed_sale_becomes_two_versions_so_that_the_past_does_not_know_its_end():
    first, second = first_versions(fact(name="Seats", stage="Closed Won", won_at=WON), SALE, NOW)

    assert (first.values["stage"], first.values["won_at"]) == ("", None)
    assert (first.known_at, first.known_until, first.assumed) == (OPENED, WON, True)
    assert (second.values["stage"], second.known_at, second.known_until) == ("Closed Won", WON, None)


def test_an_open_sale_shows_its_stage_from_when_it_was_last_changed_or_else_loaded():
    changed = datetime(2026, 1, 5, tzinfo=UTC)

    assert (
        first_versions(fact(stage="Proposal", won_at=None, modified_at=changed), SALE, NOW)[1].known_at
        == changed
    )
    assert first_versions(fact(stage="Proposal", won_at=None), SALE, NOW)[1].known_at == NOW


def test_a_past_event_without_its_own_time_is_known_when_it_happened_and_that_is_assumed():
    (only,) = first_versions(fact(minutes=30), Shape(), NOW)

    assert (only.known_at, only.assumed) == (OPENED, True)


def test_a_source_that_says_when_it_knew_is_believed():
    logged = datetime(2025, 5, 3, tzinfo=UTC)
    (only,) = first_versions(fact(minutes=30, known_at=logged), Shape(), NOW)

    assert (only.known_at, only.assumed) == (logged, False)


def test_a_value_without_any_date_is_known_from_the_load():
    (only,) = first_versions(Fact("crm", "1", {"stage": "Proposal"}, NOW, None, None, "f"), SALE, NOW)

    assert (only.known_at, only.assumed) == (NOW, False)


def test_a_change_that_only_closes_is_known_at_its_closing_date():
    old = {"stage": "Proposal", "won_at": None, "name": "Seats"}
    new = fact(stage="Closed Won", won_at=WON, name="Seats", modified_at=NOW)

    assert known_again_at(old, OPENED, new, SALE, now=NOW) == WON


def test_another_change_is_known_when_the_source_made_it_or_else_at_the_load():
    old = {"stage": "Proposal", "won_at": None}
    changed = datetime(2026, 1, 5, tzinfo=UTC)

    assert (
        known_again_at(old, OPENED, fact(stage="Talks", won_at=None, modified_at=changed), SALE, now=NOW)
        == changed
    )
    assert known_again_at(old, OPENED, fact(stage="Talks", won_at=None), SALE, now=NOW) == NOW


def test_a_change_dated_before_what_was_known_counts_from_the_load():
    old = {"stage": "Proposal", "won_at": None}
    late = fact(stage="Talks", won_at=None, modified_at=datetime(2024, 1, 1, tzinfo=UTC))

    assert known_again_at(old, OPENED, late, SALE, now=NOW) == NOW
