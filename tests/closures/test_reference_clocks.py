"""The reference on examples worked out by hand: reviews, silence, renewals, changes of owner."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.closures.small_world import (
    AMARA,
    BEN,
    at,
    contract,
    dues,
    loops,
    meeting,
    note,
    owned,
    policy,
    states,
    status,
    tier,
    world,
)

ALWAYS = at("2024-01-01")
LOG, RECORD, BRIEF = "health_review_log", "silence_record", "renewal_risk_brief"


def faster(days: int, **more: Any) -> Any:
    """Return a policy that asks for a review of tiers 1 and 2 every so many days."""
    rows = [{"loop": "health_review", "tier": number, "every_days": days} for number in (1, 2)]
    return policy(cadences=rows, **more)


# ---------------------------------------------------------------- health reviews


def test_the_first_review_opens_a_week_before_it_is_due_14_days_after_the_start():
    found = loops(world(), "2025-01-14", "health_review")

    assert list(found) == ["acme:2025-01-08"]
    first = found["acme:2025-01-08"]
    assert (first.opened_at, first.event_at) == (at("2025-01-08"), at("2025-01-08"))
    assert (first.due_on, first.state) == (date(2025, 1, 15), "open")
    assert loops(world(), "2025-01-07", "health_review") == {}
    assert states(world(), "2025-03-31", "health_review") == {"acme:2025-01-08": "overdue"}


def test_a_clock_begins_with_the_account_where_that_is_later_than_the_start():
    account = {"key": "acme", "started_at": at("2025-02-03 15:00"), "known_at": at("2025-01-20")}

    found = dues(world(accounts=[account]), "2025-02-28", "health_review")
    assert found == {"acme:2025-02-10": "2025-02-17"}


def test_an_instant_of_a_clock_is_midnight_where_the_organization_works():
    found = loops(world(zone="Europe/Berlin"), "2025-01-08", "health_review")

    assert found["acme:2025-01-08"].opened_at == at("2025-01-07 23:00")


def test_a_log_closes_the_review_and_the_next_one_counts_from_the_day_it_was_written():
    acme = world(artifacts=[note(LOG, "2025-01-10 15:00")])

    found = loops(acme, "2025-01-17", "health_review")
    assert found["acme:2025-01-08"].closed_at == at("2025-01-10 15:00")
    assert dues(acme, "2025-01-17", "health_review") == {
        "acme:2025-01-08": "2025-01-15",
        "acme:2025-01-17": "2025-01-24",
    }
    assert states(acme, "2025-01-24", "health_review") == {
        "acme:2025-01-08": "closed",
        "acme:2025-01-17": "open",
    }


def test_a_log_that_becomes_known_late_closes_late_and_opens_the_next_at_once():
    acme = world(artifacts=[note(LOG, "2025-01-10"), note(LOG, "2025-01-20", "2025-01-30 09:00")])

    assert states(acme, "2025-01-29", "health_review")["acme:2025-01-17"] == "overdue"
    found = loops(acme, "2025-01-30", "health_review")
    late, following = found["acme:2025-01-17"], found["acme:2025-01-30"]
    assert (late.state, late.closed_at) == ("closed late", at("2025-01-30 09:00"))
    assert (following.opened_at, following.due_on) == (at("2025-01-30 09:00"), date(2025, 2, 6))


def test_an_older_log_that_becomes_known_later_does_not_turn_the_clock_back():
    acme = world(artifacts=[note(LOG, "2025-01-10"), note(LOG, "2025-01-05", "2025-01-12")])

    assert list(loops(acme, "2025-01-31", "health_review")) == ["acme:2025-01-08", "acme:2025-01-17"]


def test_a_second_log_of_one_day_moves_no_clock():
    acme = world(artifacts=[note(LOG, "2025-01-10 09:00"), note(LOG, "2025-01-10 15:00", "2025-01-20")])

    assert list(loops(acme, "2025-01-31", "health_review")) == ["acme:2025-01-08", "acme:2025-01-17"]


def test_a_log_corrected_or_taken_back_moves_no_clock():
    corrected = {**note(LOG, "2025-01-10"), "known_until": at("2025-01-20")}
    again = {**note(LOG, "2025-01-10"), "happened_at": at("2025-01-15"), "known_at": at("2025-01-20")}

    for logs in ([corrected], [corrected, again]):
        acme = world(artifacts=logs)
        assert list(loops(acme, "2025-01-31", "health_review")) == ["acme:2025-01-08", "acme:2025-01-17"]


def test_a_move_up_while_the_clock_runs_opens_what_the_new_tier_asked_for_already():
    # Tier 2 would open on 1 January + 31 - 7 days = 25 January; tier 1 asked for it on the 8th.
    acme = world(account_values=[tier(2, "2024-01-01"), tier(1, "2025-01-20 10:00")])

    found = loops(acme, "2025-01-31", "health_review")
    assert list(found) == ["acme:2025-01-20"]
    assert found["acme:2025-01-20"].opened_at == at("2025-01-20 10:00")
    assert found["acme:2025-01-20"].due_on == date(2025, 1, 27)


def test_a_move_down_while_the_clock_runs_waits_as_the_new_tier_does():
    acme = world(account_values=[tier(1, "2024-01-01"), tier(2, "2025-01-05")])

    assert dues(acme, "2025-01-31", "health_review") == {"acme:2025-01-25": "2025-02-01"}


def test_a_loop_that_opened_in_the_old_tier_is_not_opened_again_in_the_new_one():
    acme = world(account_values=[tier(1, "2024-01-01"), tier(2, "2025-01-09")])

    assert list(loops(acme, "2025-03-31", "health_review")) == ["acme:2025-01-08"]


def test_no_review_is_asked_of_a_tier_without_a_cadence_or_of_no_tier():
    for values in ([tier(4, "2024-01-01")], [tier(3, "2024-01-01")], []):
        assert loops(world(account_values=values), "2025-12-31", "health_review") == {}


def test_a_cadence_shorter_than_its_days_opens_the_day_after():
    # every 5 days, 7 days to do it: the wait is a day, and due is the later of 6 and 9 January.
    acme = world(policies=[(ALWAYS, faster(5))])

    assert dues(acme, "2025-01-02", "health_review") == {"acme:2025-01-02": "2025-01-09"}


def test_a_policy_that_asks_sooner_opens_at_its_adoption_what_it_would_have_asked_for_before():
    versions = [(ALWAYS, faster(31)), (at("2025-01-15 12:00"), faster(14))]

    found = loops(world(policies=versions), "2025-01-31", "health_review")
    assert list(found) == ["acme:2025-01-15"]
    assert found["acme:2025-01-15"].opened_at == at("2025-01-15 12:00")
    assert found["acme:2025-01-15"].due_on == date(2025, 1, 22)


def test_a_policy_that_changes_something_else_opens_nothing_again():
    versions = [(ALWAYS, policy()), (at("2025-02-01"), policy(severities=[]))]

    assert list(loops(world(policies=versions), "2025-03-31", "health_review")) == ["acme:2025-01-08"]
    given = {"contracts": [contract("k", "2024-01-01")], "policies": [(ALWAYS, policy())]}
    again = {**given, "policies": [(ALWAYS, policy()), (at("2025-10-20"), policy(severities=[]))]}
    once, twice = (loops(world(**each), "2025-12-31", "renewal_risk") for each in (given, again))
    assert once == twice and len(once) == 3


def test_two_openings_on_one_day_are_one_loop():
    # Two logs of more than a week ago become known on 30 January: each would open the next review at once.
    logs = [note(LOG, "2025-01-20", "2025-01-30 09:00"), note(LOG, "2025-01-21", "2025-01-30 12:00")]

    found = loops(world(artifacts=logs), "2025-01-30", "health_review")
    assert list(found) == ["acme:2025-01-08", "acme:2025-01-30"]
    assert found["acme:2025-01-30"].opened_at == at("2025-01-30 09:00")
    assert found["acme:2025-01-30"].due_on == date(2025, 2, 6)


def test_a_churned_account_is_not_reviewed():
    gone = [tier(1, "2024-01-01"), status("churned", "2025-01-05")]

    assert loops(world(account_values=gone), "2025-03-31", "health_review") == {}


# ---------------------------------------------------------------- silence


def test_an_account_is_silent_46_days_after_the_last_meaningful_contact():
    # 3 March + 46 days is Good Friday, 18 April; five working days later it is 28 April.
    rules = policy(start_on=date(2025, 3, 1))
    met = [meeting("m", "2025-03-03 10:00"), meeting("mail", "2025-03-20", kind="mail")]
    acme = world(policies=[(ALWAYS, rules)], interactions=met)

    assert loops(acme, "2025-04-17", "silent_account") == {}
    assert dues(acme, "2025-04-18", "silent_account") == {"acme:2025-04-18": "2025-04-28"}


def test_a_silence_record_closes_it_and_starts_the_clock_again():
    # 23 April + 46 days is Sunday, 8 June; Whit Monday is no working day, so it is due on 16 June.
    rules = policy(start_on=date(2025, 3, 3))
    acme = world(policies=[(ALWAYS, rules)], artifacts=[note(RECORD, "2025-04-23 10:00")])

    assert states(acme, "2025-04-23", "silent_account") == {"acme:2025-04-18": "closed"}
    assert dues(acme, "2025-06-08", "silent_account") == {
        "acme:2025-04-18": "2025-04-28",
        "acme:2025-06-08": "2025-06-16",
    }


def test_a_contact_moves_the_clock_but_closes_nothing():
    rules = policy(start_on=date(2025, 3, 3))
    acme = world(policies=[(ALWAYS, rules)], interactions=[meeting("m", "2025-04-23")])

    assert states(acme, "2025-06-08", "silent_account") == {
        "acme:2025-04-18": "overdue",
        "acme:2025-06-08": "open",
    }


def test_a_contact_that_was_cancelled_afterwards_has_moved_the_clock():
    rules = policy(start_on=date(2025, 3, 1))
    versions = [
        meeting("m", "2025-03-03", until="2025-03-20"),
        meeting("m", "2025-03-03", "2025-03-20", status="cancelled"),
    ]
    acme = world(policies=[(ALWAYS, rules)], interactions=versions)

    assert list(loops(acme, "2025-04-30", "silent_account")) == ["acme:2025-04-18"]


# ---------------------------------------------------------------- renewals
# 1 December 2025 less 90 days is 2 September, less 120 is 3 August; less 60 is 2 October,
# less 67 is 25 September; less 30 is 1 November, less 37 is 25 October.


def test_a_renewal_asks_for_a_brief_and_for_two_refreshes():
    acme = world(contracts=[contract("k", "2024-01-01")])

    assert loops(acme, "2025-08-02", "renewal_risk") == {}
    found = loops(acme, "2025-11-30", "renewal_risk")
    assert {key: (each.opened_at, each.due_on) for key, each in found.items()} == {
        "acme:2025-12-01:90": (at("2025-08-03"), date(2025, 9, 2)),
        "acme:2025-12-01:60": (at("2025-09-25"), date(2025, 10, 2)),
        "acme:2025-12-01:30": (at("2025-10-25"), date(2025, 11, 1)),
    }
    assert all(each.event_at == each.opened_at for each in found.values())


def test_the_end_of_a_contract_stands_in_for_its_renewal_date():
    ending = contract("k", "2024-01-01", renews_on=None, ends_on=date(2025, 12, 1))

    assert list(loops(world(contracts=[ending]), "2025-08-03", "renewal_risk")) == ["acme:2025-12-01:90"]
    neither = contract("k", "2024-01-01", renews_on=None)
    assert loops(world(contracts=[neither]), "2025-12-31", "renewal_risk") == {}


def test_a_contract_that_becomes_known_late_gives_five_working_days():
    acme = world(contracts=[contract("k", "2025-11-20 09:00")])  # a Thursday

    found = loops(acme, "2025-11-20", "renewal_risk")
    assert {each.due_on for each in found.values()} == {date(2025, 11, 27)}
    assert {each.opened_at for each in found.values()} == {at("2025-11-20 09:00")}
    assert found["acme:2025-12-01:90"].event_at == at("2025-08-03")
    assert len(found) == 3


def test_one_brief_closes_what_had_come_due_for_it():
    acme = world(contracts=[contract("k", "2024-01-01")], artifacts=[note(BRIEF, "2025-10-01")])

    assert states(acme, "2025-10-31", "renewal_risk") == {
        "acme:2025-12-01:90": "closed late",
        "acme:2025-12-01:60": "closed",
        "acme:2025-12-01:30": "open",
    }


def test_a_booked_renewal_takes_back_what_is_open_and_opens_no_more():
    for fate in ("renewed_at", "lost_at"):
        booked = [contract("k", "2024-01-01", **{fate: at("2025-09-10 10:00")})]
        acme = world(contracts=booked)

        assert states(acme, "2025-09-09", "renewal_risk") == {"acme:2025-12-01:90": "overdue"}
        found = loops(acme, "2025-12-31", "renewal_risk")
        assert list(found) == ["acme:2025-12-01:90"]
        assert found["acme:2025-12-01:90"].withdrawn_at == at("2025-09-10 10:00")
        briefed = world(contracts=booked, artifacts=[note(BRIEF, "2025-08-20")])
        assert states(briefed, "2025-12-31", "renewal_risk") == {"acme:2025-12-01:90": "closed"}


def test_a_moved_renewal_takes_back_the_old_date_and_opens_for_the_new_one():
    # 20 December less 120 days is 22 August, before the change became known on Wednesday 10 September.
    versions = [
        contract("k", "2024-01-01", "2025-09-10"),
        contract("k", "2025-09-10", renews_on=date(2025, 12, 20)),
    ]
    acme = world(contracts=versions)

    assert states(acme, "2025-09-10", "renewal_risk") == {
        "acme:2025-12-01:90": "withdrawn",
        "acme:2025-12-20:90": "open",
    }
    # 20 December less 90 days is 21 September; five working days after the 10th is the 17th.
    assert dues(acme, "2025-09-10", "renewal_risk")["acme:2025-12-20:90"] == "2025-09-21"


def test_a_corrected_contract_with_the_same_date_holds_the_loop():
    versions = [contract("k", "2024-01-01", "2025-09-10"), contract("k", "2025-09-10")]
    two = [contract("k", "2024-01-01", "2025-09-10"), contract("other", "2025-06-01")]

    for rows in (versions, two):
        found = loops(world(contracts=rows), "2025-09-10", "renewal_risk")["acme:2025-12-01:90"]
        assert (found.state, found.opened_at) == ("overdue", at("2025-08-03"))


def test_a_brief_that_was_never_written_is_owed_until_the_renewal_is_booked_or_a_month_has_passed():
    versions = [
        contract("k", "2024-01-01", "2025-12-15"),
        contract("k", "2025-12-15", renewed_at=at("2025-12-15")),
    ]
    unbooked = world(contracts=[contract("k", "2024-01-01")])

    assert set(states(world(contracts=versions), "2025-12-14", "renewal_risk").values()) == {"overdue"}
    assert set(states(world(contracts=versions), "2025-12-16", "renewal_risk").values()) == {"withdrawn"}
    assert set(states(unbooked, "2025-12-31", "renewal_risk").values()) == {"overdue"}
    assert set(states(unbooked, "2026-01-01", "renewal_risk").values()) == {"withdrawn"}


def test_a_contract_that_becomes_known_after_its_renewal_asks_for_nothing():
    late = world(contracts=[contract("k", "2025-12-02")])

    assert loops(late, "2025-12-31", "renewal_risk") == {}


def test_a_renewal_before_the_start_of_loops_opens_at_the_start():
    rules = policy(start_on=date(2025, 9, 15))  # a Monday
    acme = world(contracts=[contract("k", "2024-01-01")], policies=[(ALWAYS, rules)])

    found = loops(acme, "2025-09-15", "renewal_risk")["acme:2025-12-01:90"]
    assert (found.opened_at, found.due_on) == (at("2025-09-15"), date(2025, 9, 22))


def test_a_tier_4_account_owes_no_brief_even_if_it_moves_up_later():
    moves = [tier(4, "2024-01-01"), tier(1, "2025-08-10")]
    acme = world(contracts=[contract("k", "2024-01-01")], account_values=moves)

    assert list(loops(acme, "2025-10-01", "renewal_risk")) == ["acme:2025-12-01:60"]


def test_a_policy_that_asks_earlier_opens_at_its_adoption():
    # 1 December less 150 days is 4 July: the second version asks for it from its adoption on.
    earlier = policy(renewal_early_days=60)
    versions = [(ALWAYS, policy()), (at("2025-07-20"), earlier)]
    acme = world(contracts=[contract("k", "2024-01-01")], policies=versions)

    found = loops(acme, "2025-07-31", "renewal_risk")["acme:2025-12-01:90"]
    assert (found.event_at, found.opened_at) == (at("2025-07-04"), at("2025-07-20"))


# ---------------------------------------------------------------- changes of owner


def test_a_change_of_owner_asks_for_a_brief_within_five_working_days():
    # It can be seen on Monday 10 March at the earliest, so five working days come after the Friday before.
    acme = world(
        ownerships=[owned("2024-01-01", person=AMARA), owned("2025-03-10", "2025-03-03", person=BEN)]
    )

    assert loops(acme, "2025-03-09", "change_of_owner") == {}
    found = loops(acme, "2025-03-10", "change_of_owner")["acme:2025-03-10"]
    assert (found.event_at, found.opened_at) == (at("2025-03-10"), at("2025-03-10"))
    assert found.due_on == date(2025, 3, 17)


def test_a_change_that_becomes_known_late_counts_from_then():
    acme = world(
        ownerships=[owned("2024-01-01", person=AMARA), owned("2025-03-10", "2025-04-17", person=BEN)]
    )

    # Ben keeps no holidays: five working days after Thursday 17 April is the 24th.
    assert dues(acme, "2025-04-17", "change_of_owner") == {"acme:2025-03-10": "2025-04-24"}


def test_the_same_owner_again_and_nobody_are_no_change():
    same = [owned("2024-01-01", person=AMARA), owned("2025-03-10", person=AMARA)]
    nobody = [owned("2024-01-01", person=AMARA), owned("2025-03-10"), owned("2025-03-20", person=BEN)]
    pooled = [owned("2024-01-01", person=AMARA), owned("2025-03-10", pool=1), owned("2025-03-20", pool=2)]

    assert loops(world(ownerships=same), "2025-03-31", "change_of_owner") == {}
    assert loops(world(ownerships=nobody), "2025-03-31", "change_of_owner") == {}
    assert list(loops(world(ownerships=pooled), "2025-03-31", "change_of_owner")) == [
        "acme:2025-03-10",
        "acme:2025-03-20",
    ]


def test_a_change_in_another_role_or_before_the_start_opens_nothing():
    owners = [
        owned("2024-01-01", person=AMARA),
        owned("2024-12-20", person=BEN),
        {**owned("2025-03-10", person=AMARA), "role": "onboarding"},
    ]

    assert loops(world(ownerships=owners), "2025-03-31", "change_of_owner") == {}


def test_two_changes_on_one_day_are_one_loop():
    owners = [
        owned("2024-01-01", person=AMARA),
        owned("2025-03-10 09:00", person=BEN),
        owned("2025-03-10 15:00", person=AMARA),
    ]

    found = loops(world(ownerships=owners), "2025-03-10", "change_of_owner")
    assert [each.opened_at for each in found.values()] == [at("2025-03-10 09:00")]
