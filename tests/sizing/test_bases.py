"""What the records say of a base: who came, what they pay, and how people are shared out."""

from __future__ import annotations

import pytest

from evenbook.sizing.rules.bases import SEGMENT, TIER, Base, Fact, Scope, measured, scopes_of


def fact(account: int, **more: object) -> Fact:
    """Return an account of tier 2 and Mid-Market that person 1 looks after, with 1 hour a month."""
    given = {"tier": 2, "segment": "Mid-Market", "arr": 1000.0, "hours": 1.0, "person": 1, "pool": None}
    return Fact(account=account, completed=0, scheduled=0, **{**given, **more})  # type: ignore[arg-type]


def came(row: Fact, times: int) -> Fact:
    return Fact(
        **{**{name: getattr(row, name) for name in Fact.__slots__}, "completed": times, "scheduled": times}
    )


def test_reachability_is_of_the_whole_base_and_never_of_what_was_booked():
    base = Base([came(fact(1), 3), came(fact(2), 1), fact(3), fact(4)], {1: 1.0}, {}, 91, has_meetings=True)

    assert measured(base, Scope()).completed_share == 0.5
    assert measured(base, Scope()).scheduled == 1.0


def test_without_any_meeting_on_record_reachability_is_not_measured():
    assert measured(Base([fact(1)], {1: 1.0}, {}, 91), Scope()).completed_share is None


def test_the_contract_value_is_of_accounts_whose_revenue_is_known():
    base = Base([fact(1, arr=3000.0), fact(2, arr=None), fact(3, arr=1000.0)], {1: 1.0})

    assert measured(base, Scope()).acv == 2000


def test_an_empty_base_has_nothing_measured():
    found = measured(Base(), Scope())

    assert (found.accounts, found.csms, found.acv, found.completed_share) == (None, None, None, None)


def test_a_person_counts_for_each_segment_by_the_hours_there():
    base = Base(
        [fact(1, hours=3.0), fact(2, segment="Digital/PLG", hours=1.0), fact(3, person=2, hours=5.0)],
        {1: 0.8, 2: 1.0},
    )

    assert measured(base, Scope(SEGMENT, "Mid-Market")).csms == pytest.approx(0.6 + 1.0)
    assert measured(base, Scope(SEGMENT, "Digital/PLG")).csms == pytest.approx(0.2)
    assert measured(base, Scope()).csms == pytest.approx(1.8)


def test_a_pool_is_its_members_in_equal_parts_and_others_are_no_csms():
    base = Base(
        [fact(1, person=None, pool=7, tier=4), fact(2, hours=0.5), fact(3, person=9)],
        {1: 1.0, 2: 1.0},
        {7: [1, 2, 9]},
    )

    assert measured(base, Scope(TIER, "4")).csms == pytest.approx(0.5 + 1.0)
    assert measured(base, Scope(TIER, "2")).csms == pytest.approx(0.5)


def test_segments_come_by_revenue_and_the_nameless_one_last():
    base = Base([fact(1, segment="", arr=9e6), fact(2), fact(3, segment="Enterprise", arr=5000.0)])

    assert [each.key for each in scopes_of(base, SEGMENT)] == ["Enterprise", "Mid-Market", ""]
