"""The tier that serves an account: set by someone, or its place in the revenue of the base."""

from __future__ import annotations

from typing import Any

from tests.as_of import answers, hold_accounts
from tests.tables import world

from evenbook.tiers.rules import STEPS

PLACING = [step for step in STEPS if step.writes in {"tier_border", "tier_as_of"}]

DAY = "2025-03-10"


def tiers(*accounts: dict[str, Any]) -> dict[int, tuple[int, bool]]:
    with world([DAY]) as session:
        hold_accounts(session, *accounts)
        session.run_all(PLACING)
        return {row["account"]: (row["tier"], row["assumed"]) for row in answers(session, "tier_as_of")}


def test_a_tier_that_someone_set_stands_whatever_the_revenue():
    assert tiers({"account": 1, "tier": 4, "arr_cents": 900}, {"account": 2, "tier": 1, "arr_cents": 1}) == {
        1: (4, False),
        2: (1, False),
    }


def test_unset_tiers_follow_the_place_in_the_revenue_of_the_base():
    found = tiers(*({"account": n, "arr_cents": 1000 - n} for n in range(100)))

    counts = [sum(1 for tier, _ in found.values() if tier == wanted) for wanted in (1, 2, 3, 4)]
    assert counts == [12, 28, 40, 20]
    assert found[0] == (1, True) and found[99] == (4, True)


def test_one_of_eight_can_be_the_top_twelfth():
    assert [tier for tier, _ in tiers(*({"account": n, "arr_cents": 80 - n} for n in range(8))).values()] == [
        1, 2, 2, 3, 3, 3, 4, 4,
    ]  # fmt: skip


def test_accounts_of_equal_revenue_share_a_tier():
    assert set(tiers(*({"account": n, "arr_cents": 500} for n in range(20))).values()) == {(3, True)}


def test_a_strategic_account_without_a_tier_is_tier_1():
    found = tiers({"account": 1, "arr_cents": 1, "strategic": True}, {"account": 2, "arr_cents": 100})
    assert found[1] == (1, True)


def test_an_account_without_known_revenue_is_taken_as_the_policy_says():
    assert tiers({"account": 1}) == {1: (3, True)}


def test_churned_accounts_have_no_tier_and_take_no_place():
    found = tiers({"account": 1, "arr_cents": 10}, {"account": 2, "arr_cents": 0, "active": False, "tier": 2})
    assert found == {1: (3, True)}


def test_a_tier_that_does_not_exist_counts_as_unset():
    assert tiers({"account": 1, "tier": 7, "arr_cents": 10}) == {1: (3, True)}
