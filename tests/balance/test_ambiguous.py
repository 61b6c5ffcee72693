"""Which accounts are unclear: nobody, two at once, a pool in which nobody answers; and what is clear."""

from __future__ import annotations

from evenbook.balance.rules.ambiguous import NO_OWNER, SILENT_POOL, TWO_OWNERS, Ambiguous, Told, ambiguous

OWNERS = {1: (10, None), 2: (None, None), 3: (None, 7), 4: (None, 8), 5: (11, None)}


def found(*told: Told) -> tuple[Ambiguous, ...]:
    return ambiguous(OWNERS, told, answering=frozenset({7}))


def test_nobody_and_a_silent_pool_are_unclear_and_owners_are_not():
    assert found() == (Ambiguous(2, NO_OWNER), Ambiguous(4, SILENT_POOL))


def test_two_at_the_same_instant_in_one_role_are_unclear_until_one_follows():
    two = (Told(1, "owner", (10, None), 5.0), Told(1, "owner", (11, None), 5.0))
    assert Ambiguous(1, TWO_OWNERS, "owner") in found(*two)
    assert Ambiguous(1, TWO_OWNERS, "owner") not in found(*two, Told(1, "owner", (11, None), 6.0))
    assert Ambiguous(1, TWO_OWNERS, "owner") in found(*reversed(two))


def test_two_roles_of_one_account_and_the_same_told_twice_are_clear():
    told = (
        Told(5, "owner", (11, None), 5.0),
        Told(5, "onboarding", (10, None), 5.0),
        Told(5, "owner", (11, None), 5.0),
    )
    assert not [each for each in found(*told) if each.account == 5]


def test_a_role_of_a_pool_in_which_nobody_answers_is_unclear():
    silent = Told(5, "expansion", (None, 8), 5.0)
    assert Ambiguous(5, SILENT_POOL, "expansion") in found(silent)
    for clear in ((None, 7), (10, None), (None, None)):
        assert not [each for each in found(silent, Told(5, "expansion", clear, 6.0)) if each.account == 5]
    # the pool that owns an account is told by the account itself, once
    assert [each.role for each in found(Told(4, "owner", (None, 8), 5.0)) if each.account == 4] == [""]


def test_what_was_told_of_accounts_that_are_not_there_is_left_out():
    two = (Told(99, "owner", (10, None), 5.0), Told(99, "owner", (11, None), 5.0))
    assert not [each for each in found(*two) if each.account == 99]
