"""The reference on examples worked out by hand: owners who go away or leave, accounts that nobody uses.

The product's rules are held against the reference by the replay.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.known import Row, World
from tests.closures.small_world import (
    AMARA,
    BEN,
    at,
    dues,
    loop,
    loops,
    meeting,
    note,
    owned,
    policy,
    tier,
    world,
)

FIRST = date(2025, 1, 6)
MONDAYS = [FIRST + timedelta(weeks=week) for week in range(30)]


def leave(first: str, last: str, known: str, person: int = AMARA) -> Row:
    return {
        "person": person,
        "first_on": date.fromisoformat(first),
        "last_on": date.fromisoformat(last),
        "known_at": at(known),
    }


def handovers(day: str, **tables: Any) -> dict[str, str]:
    return dues(world(**tables), day, "change_of_owner")


def test_a_leave_of_15_working_days_is_due_on_the_last_working_day_before_it():
    # 2 to 20 June is three weeks less Whit Monday, 9 June: 14 working days in Germany, 15 without holidays.
    away = {"leaves": [leave("2025-06-02", "2025-06-20", "2025-05-05")]}
    assert handovers("2025-05-31", **away) == {}
    longer = {"leaves": [leave("2025-06-02", "2025-06-23", "2025-05-05")]}
    assert handovers("2025-05-31", **longer) == {"acme:2025-06-02": "2025-05-30"}
    assert handovers("2025-05-04", **longer) == {}, "it was not known yet"
    elsewhere = {"people": [{"region": ""}], **away}
    assert handovers("2025-05-31", **elsewhere) == {"acme:2025-06-02": "2025-05-30"}


def test_a_leave_told_late_leaves_five_working_days():
    away = {"leaves": [leave("2025-06-02", "2025-07-31", "2025-05-30 10:00")]}
    assert handovers("2025-06-01", **away) == {"acme:2025-06-02": "2025-06-06"}


def test_the_account_that_comes_to_whoever_will_be_away_asks_from_then_on():
    given = {
        "ownerships": [owned("2024-01-01", pool=1), owned("2025-05-12", person=AMARA)],
        "leaves": [leave("2025-06-02", "2025-07-31", "2025-05-05")],
    }
    assert handovers("2025-05-11", **given) == {}
    assert set(handovers("2025-05-13", **given)) == {"acme:2025-05-12", "acme:2025-06-02"}


def test_the_change_that_a_leave_or_a_departure_brings_opens_no_second_loop():
    moved = {"ownerships": [owned("2024-01-01", person=AMARA), owned("2025-06-04", person=BEN)]}
    away = {**moved, "leaves": [leave("2025-06-02", "2025-07-31", "2025-05-05")]}
    assert set(handovers("2025-06-10", **away)) == {"acme:2025-06-02"}
    left = {**moved, "people": [{"region": "DE", "left_on": date(2025, 5, 31)}, {"region": ""}]}
    assert handovers("2025-06-10", **left) == {"acme:2025-06-01": "2025-06-06"}
    assert set(handovers("2025-06-10", **moved)) == {"acme:2025-06-04"}


def role(name: str, first: str, known: str, person: int = AMARA) -> Row:
    return {"person": person, "role": name, "first_on": date.fromisoformat(first), "known_at": at(known)}


def test_a_change_of_role_is_due_on_the_last_working_day_before_it():
    csm = role("csm", "2024-01-01", "2024-01-01")
    told = {"roles": [csm, role("leader", "2025-06-02", "2025-05-05")]}
    assert handovers("2025-05-04", **told) == {}, "it was not known yet"
    assert handovers("2025-05-05", **told) == {"acme:2025-06-02": "2025-05-30"}
    late = {"roles": [csm, role("leader", "2025-06-02", "2025-05-30 10:00")]}
    assert handovers("2025-06-01", **late) == {"acme:2025-06-02": "2025-06-06"}
    after = {"roles": [csm, role("leader", "2025-02-03", "2025-06-02")]}
    assert handovers("2025-06-02", **after) == {"acme:2025-02-03": "2025-06-10"}
    assert handovers("2025-06-02", roles=[csm, role("csm", "2025-06-02", "2025-05-05")]) == {}
    for strange in (["user", "leader"], ["csm", "user"], ["leader", "csm"]):
        rows = [role(name, "2025-06-02", f"2025-05-0{day}") for day, name in enumerate(strange, start=1)]
        assert handovers("2025-06-02", roles=rows) == {}, strange


def test_the_change_of_owner_that_a_role_brings_opens_no_second_loop():
    told = {
        "roles": [role("csm", "2024-01-01", "2024-01-01"), role("leader", "2025-06-02", "2025-05-05")],
        "ownerships": [owned("2024-01-01", person=AMARA), owned("2025-06-04", person=BEN)],
    }
    assert set(handovers("2025-06-10", **told)) == {"acme:2025-06-02"}


def unused(tier_number: int, used: int, judged_by: str, days: int, **tables: Any) -> World:
    """Return Acme used for so many weeks from 6 January on, and not after; the feed delivers every week."""
    rules = policy(
        loops=[loop("silent_account", "silence", "silence_record", 5, "1, 2, 3, 4")],
        cadences=[
            {"loop": "silent_account", "tier": tier_number, "every_days": days, "judged_by": judged_by}
        ],
    )
    told = [{"source": "feed", "week_on": on, "known_at": at(f"{on + timedelta(days=7)}")} for on in MONDAYS]
    usual: dict[str, Any] = {
        "policies": [(at("2024-01-01"), rules)],
        "account_values": [tier(tier_number, "2024-01-01")],
        "usage": [{**row, "account": 1, "value": 5.0 if n < used else 0.0} for n, row in enumerate(told)],
        "feeds": [{**row, "share": 1.0} for row in told],
        "run_days": [on + timedelta(weeks=1) for on in MONDAYS],
    }
    return world(**{**usual, **tables})


def test_an_account_of_tier_4_is_silent_60_days_after_the_last_week_with_usage():
    acme = unused(4, 8, "usage", 60)  # used until Sunday, 2 March
    assert dues(acme, "2025-04-28", "silent_account") == {}
    assert dues(acme, "2025-05-05", "silent_account") == {"acme:2025-05-02": "2025-05-09"}
    assert dues(acme, "2025-07-28", "silent_account") == {"acme:2025-05-02": "2025-05-09"}, (
        "one silence, one loop"
    )


def test_a_record_starts_the_days_anew_and_contact_does_where_the_policy_asks_for_either():
    looked = {"artifacts": [note("silence_record", "2025-05-06")]}
    again = dues(unused(4, 8, "usage", 60, **looked), "2025-07-14", "silent_account")
    assert set(again) == {"acme:2025-05-02", "acme:2025-07-06"}
    spoke = {"interactions": [meeting("m", "2025-04-01")]}
    assert set(dues(unused(4, 8, "usage", 60, **spoke), "2025-05-05", "silent_account")) == {
        "acme:2025-05-02"
    }
    assert set(dues(unused(3, 8, "either", 60, **spoke), "2025-06-02", "silent_account")) == {
        "acme:2025-06-01"
    }


@pytest.mark.parametrize("gone", [3, 10])
def test_weeks_that_the_feed_did_not_deliver_are_no_days_without_usage(gone: int):
    acme = unused(4, 8, "usage", 60)
    acme.feeds = [row for n, row in enumerate(acme.feeds) if not 10 <= n < 10 + gone]
    acme.usage = [row for n, row in enumerate(acme.usage) if not 10 <= n < 10 + gone]
    crossed = date(2025, 5, 2) + timedelta(weeks=gone)
    assert list(dues(acme, "2025-07-28", "silent_account")) == [f"acme:{crossed}"]


def cohorts(world_of: World, day: str) -> dict[str, date | None]:
    return {key: each.cohort_on for key, each in loops(world_of, day, "silent_account").items()}


def test_what_falls_silent_in_a_tier_of_cohorts_has_the_first_day_of_its_week_or_month():
    acme = unused(4, 8, "usage", 60)  # silent from Friday, 2 May
    for tiers, of, first_on in (
        ("4", "week", date(2025, 4, 28)),
        ("3, 4", "month", date(2025, 5, 1)),
        ("3", "week", None),
    ):
        acme.policies[0][1]["closures"] |= {"cohort_tiers": tiers, "cohort_of": of}
        assert cohorts(acme, "2025-05-05") == {"acme:2025-05-02": first_on}
