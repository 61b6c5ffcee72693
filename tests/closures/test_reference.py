"""The reference on examples worked out by hand: loops of records, what closes them, whose rules hold."""

from __future__ import annotations

from datetime import date

import pytest
from tests.closures.known import Row
from tests.closures.reference import LoopState, loops_as_of
from tests.closures.small_world import (
    AMARA,
    at,
    dues,
    loop,
    loops,
    meeting,
    note,
    owned,
    policy,
    states,
    status,
    ticket,
    tier,
    world,
)

# In 2025: 3 March is a Monday, 18 April Good Friday, 6 June the Friday before Whit Monday.


def test_a_check_in_is_due_two_working_days_after_the_meeting():
    monday = world(interactions=[meeting("m", "2025-03-03 10:00")])

    assert loops(monday, "2025-03-02", "check_in") == {}
    assert loops(monday, "2025-03-03", "check_in") == {
        "crm:m": LoopState(
            loop="check_in",
            account="acme",
            event_at=at("2025-03-03 10:00"),
            opened_at=at("2025-03-03 10:00"),
            due_on=date(2025, 3, 5),
            closed_at=None,
            withdrawn_at=None,
            state="open",
        )
    }
    assert states(monday, "2025-03-05", "check_in") == {"crm:m": "open"}
    assert states(monday, "2025-03-06", "check_in") == {"crm:m": "overdue"}


def test_weekends_and_holidays_of_the_owners_region_are_no_working_days():
    friday = [meeting("m", "2025-06-06 10:00")]
    by_a_pool = [owned("2024-01-01", pool=1)]

    assert dues(world(interactions=friday), "2025-06-06", "check_in") == {"crm:m": "2025-06-11"}
    assert dues(world(interactions=friday, ownerships=by_a_pool), "2025-06-06", "check_in") == {
        "crm:m": "2025-06-10"
    }


def test_the_owner_of_the_day_is_the_one_named_last_of_those_known_when_it_opened():
    owners = [owned("2024-01-01", person=AMARA), owned("2025-05-01", "2025-06-07", pool=1)]
    friday = world(interactions=[meeting("m", "2025-06-06 10:00")], ownerships=owners)

    assert dues(friday, "2025-06-30", "check_in") == {"crm:m": "2025-06-11"}


def test_no_days_are_today_or_the_next_working_day():
    rules = policy(loops=[loop("check_in", "contact", "check_in_note", 0, "1")])
    met = [meeting("thursday", "2025-04-17 10:00"), meeting("friday", "2025-04-18 10:00")]
    easter = world(interactions=met, policies=[(at("2024-01-01"), rules)])

    assert dues(easter, "2025-04-18", "check_in") == {
        "crm:thursday": "2025-04-17",
        "crm:friday": "2025-04-22",
    }


def test_calendar_days_are_counted_through():
    rules = policy(loops=[loop("check_in", "contact", "check_in_note", 3, "1", due_in="calendar")])
    easter = world(interactions=[meeting("m", "2025-04-17")], policies=[(at("2024-01-01"), rules)])

    assert dues(easter, "2025-04-17", "check_in") == {"crm:m": "2025-04-20"}


def test_a_day_ends_in_the_organizations_zone():
    met = [meeting("m", "2025-06-05 22:30")]  # half past midnight on Friday in Berlin
    berlin = world(interactions=met, zone="Europe/Berlin")

    assert loops(berlin, "2025-06-05", "check_in") == {}
    assert dues(berlin, "2025-06-06", "check_in") == {"crm:m": "2025-06-11"}


def test_what_becomes_known_late_opens_late():
    late = world(interactions=[meeting("m", "2025-03-03 10:00", "2025-03-17 09:00")])

    assert loops(late, "2025-03-16", "check_in") == {}
    found = loops(late, "2025-03-17", "check_in")["crm:m"]
    assert (found.event_at, found.opened_at) == (at("2025-03-03 10:00"), at("2025-03-17 09:00"))
    assert found.due_on == date(2025, 3, 19)


@pytest.mark.parametrize(
    ("talk", "opens"),
    [
        ({"minutes": 15.0}, True),
        ({"minutes": 14.0}, False),
        ({"minutes": None}, False),
        ({"customer_present": False}, False),
        ({"status": "booked"}, False),
        ({"status": "no_show"}, False),
        ({"kind": "reply", "carries_answer": True}, True),
        ({"kind": "reply"}, False),
        ({"kind": "mail"}, False),
        ({"kind": "carrier pigeon"}, False),
    ],
)
def test_only_a_completed_meaningful_interaction_opens_a_check_in(talk: Row, opens: bool):
    found = loops(world(interactions=[meeting("m", "2025-03-03", **talk)]), "2025-03-03", "check_in")

    assert bool(found) is opens


def test_a_business_review_opens_its_own_loop_and_no_check_in():
    review = world(interactions=[meeting("m", "2025-03-03", kind="business_review", minutes=None)])

    assert loops(review, "2025-03-03", "check_in") == {}
    assert dues(review, "2025-03-03", "business_review") == {"crm:m": "2025-03-06"}


def test_a_cancelled_meeting_takes_its_loop_back_and_a_meeting_after_all_gives_it_again():
    versions = [
        meeting("m", "2025-03-03 10:00", until="2025-03-06 09:00"),
        meeting("m", "2025-03-03 10:00", "2025-03-06 09:00", "2025-03-12 09:00", status="cancelled"),
        meeting("m", "2025-03-03 10:00", "2025-03-12 09:00"),
    ]
    acme = world(interactions=versions)

    assert states(acme, "2025-03-05", "check_in") == {"crm:m": "open"}
    withdrawn = loops(acme, "2025-03-06", "check_in")["crm:m"]
    assert (withdrawn.state, withdrawn.withdrawn_at) == ("withdrawn", at("2025-03-06 09:00"))
    again = loops(acme, "2025-03-12", "check_in")["crm:m"]
    assert (again.state, again.opened_at, again.withdrawn_at) == ("overdue", at("2025-03-03 10:00"), None)


@pytest.mark.parametrize(
    ("written", "state"),
    [("2025-03-05", "closed"), ("2025-03-06", "closed late"), ("2025-03-07", "withdrawn")],
)
def test_of_a_note_and_a_withdrawal_the_first_stays(written: str, state: str):
    cancelled = [
        meeting("m", "2025-03-03", until="2025-03-06"),
        meeting("m", "2025-03-03", "2025-03-06", status="cancelled"),
    ]
    acme = world(interactions=cancelled, artifacts=[note("check_in_note", written)])

    found = loops(acme, "2025-03-10", "check_in")["crm:m"]
    assert (found.state, found.closed_at is None, found.withdrawn_at is None) == (
        state,
        state == "withdrawn",
        state != "withdrawn",
    )


def test_a_version_replaced_before_it_happened_opens_nothing():
    versions = [
        meeting("m", "2025-03-10 10:00", "2025-03-03", "2025-03-05"),
        meeting("m", "2025-03-10 10:00", "2025-03-05", status="cancelled"),
    ]

    assert loops(world(interactions=versions), "2025-03-31", "check_in") == {}


def test_a_correction_neither_opens_again_nor_takes_back():
    versions = [
        meeting("m", "2025-03-03 10:00", until="2025-03-06"),
        meeting("m", "2025-03-03 11:00", "2025-03-06", minutes=45.0),
    ]

    found = loops(world(interactions=versions), "2025-03-06", "check_in")["crm:m"]
    assert (found.event_at, found.opened_at, found.withdrawn_at) == (
        at("2025-03-03 10:00"),
        at("2025-03-03 10:00"),
        None,
    )


@pytest.mark.parametrize(
    ("priority", "due_on"),
    [("urgent", "2025-03-04"), ("HIGH", "2025-03-06"), ("low", "2025-03-10"), ("", "2025-03-10")],
)
def test_an_escalation_is_due_by_its_severity(priority: str, due_on: str):
    monday = world(tickets=[ticket("t", "2025-03-03 10:00", priority=priority)])

    assert dues(monday, "2025-03-03", "escalation") == {"crm:t": due_on}


def test_an_escalation_opens_when_it_is_known_and_counts_from_when_it_was_escalated():
    versions = [
        ticket("t", "2025-03-03 10:00", until="2025-03-06 08:00", escalated_at=None),
        ticket("t", "2025-03-03 10:00", "2025-03-06 08:00", escalated_at=at("2025-03-05 12:00")),
    ]
    acme = world(tickets=versions)

    assert loops(acme, "2025-03-05", "escalation") == {}
    found = loops(acme, "2025-03-06", "escalation")["crm:t"]
    assert (found.event_at, found.opened_at) == (at("2025-03-05 12:00"), at("2025-03-06 08:00"))


def test_a_loop_that_names_a_kind_of_ticket_is_opened_by_that_kind_alone():
    rules = policy(loops=[loop("outage", "ticket", "escalation_handoff", 5, "1", named="outage")])
    told = [ticket("t", "2025-03-03"), ticket("o", "2025-03-03", kind="outage")]
    acme = world(tickets=told, policies=[(at("2024-01-01"), rules)])

    assert list(loops(acme, "2025-03-03", "outage")) == ["crm:o"]


def test_a_note_closes_on_the_due_day_in_time_and_after_it_late():
    met = [meeting("m", "2025-03-03 10:00")]
    in_time = world(interactions=met, artifacts=[note("check_in_note", "2025-03-05 23:00")])
    late = world(interactions=met, artifacts=[note("check_in_note", "2025-03-05 23:00", "2025-03-06 01:00")])

    assert states(in_time, "2025-03-05", "check_in") == {"crm:m": "closed"}
    assert states(late, "2025-03-05", "check_in") == {"crm:m": "open"}
    found = loops(late, "2025-03-06", "check_in")["crm:m"]
    assert (found.state, found.closed_at) == ("closed late", at("2025-03-06 01:00"))


def test_a_note_without_a_loop_closes_all_earlier_ones_of_its_kind():
    acme = world(
        interactions=[
            meeting("first", "2025-03-03 10:00"),
            meeting("second", "2025-03-04 10:00"),
            meeting("at once", "2025-03-04 12:00"),
            meeting("third", "2025-03-04 16:00"),
            meeting("review", "2025-03-03 10:00", kind="business_review"),
        ],
        artifacts=[note("check_in_note", "2025-03-04 12:00")],
    )

    assert states(acme, "2025-03-04", "check_in") == {
        "crm:first": "closed",
        "crm:second": "closed",
        "crm:at once": "closed",
        "crm:third": "open",
    }
    assert states(acme, "2025-03-04", "business_review") == {"crm:review": "open"}


def test_a_note_that_names_its_loop_closes_that_one_alone():
    met = [meeting("first", "2025-03-03 10:00"), meeting("second", "2025-03-04 10:00")]
    named = note("check_in_note", "2025-03-04 12:00", closes="check_in:crm:second")
    acme = world(interactions=met, artifacts=[named])

    assert states(acme, "2025-03-04", "check_in") == {"crm:first": "open", "crm:second": "closed"}


def test_a_note_written_before_the_meeting_was_known_closes_as_it_opens():
    late = [meeting("m", "2025-03-03 10:00", "2025-03-17 09:00")]
    notes = [note("check_in_note", "2025-03-02"), note("check_in_note", "2025-03-04")]
    acme = world(interactions=late, artifacts=notes)

    found = loops(acme, "2025-03-17", "check_in")["crm:m"]
    assert (found.state, found.closed_at) == ("closed", at("2025-03-17 09:00"))
    before = world(interactions=late, artifacts=notes[:1])
    assert states(before, "2025-03-17", "check_in") == {"crm:m": "open"}


def test_nothing_opens_for_what_happened_or_became_known_before_the_start():
    met = [
        meeting("before", "2024-12-31 23:59"),
        meeting("told later", "2024-12-31 10:00", "2025-01-02 10:00"),
        meeting("after", "2025-01-01 00:00"),
    ]

    assert list(loops(world(interactions=met), "2025-01-02", "check_in")) == ["crm:after"]


@pytest.mark.parametrize(
    ("loaded_on", "opened"), [(date(2025, 3, 4), ["crm:second"]), (None, [])], ids=["loaded", "never loaded"]
)
def test_where_no_start_is_named_it_is_the_day_of_the_first_load(loaded_on: date | None, opened: list[str]):
    met = [meeting("first", "2025-03-03"), meeting("second", "2025-03-04")]
    rules = [(at("2024-01-01"), policy(start_on=None))]
    acme = world(interactions=met, policies=rules, loaded_on=loaded_on)

    assert list(loops(acme, "2025-03-31", "check_in")) == opened


def test_each_event_follows_the_policy_in_force_when_it_became_known():
    slower = policy(loops=[loop("check_in", "contact", "check_in_note", 4, "1")])
    met = [
        meeting("before", "2025-03-05 08:59"),
        meeting("after", "2025-03-05 09:00"),
        meeting("told after", "2025-03-04 10:00", "2025-03-05 12:00"),
    ]
    acme = world(interactions=met, policies=[(at("2025-01-15"), policy()), (at("2025-03-05 09:00"), slower)])

    assert dues(acme, "2025-03-05", "check_in") == {
        "crm:before": "2025-03-07",
        "crm:after": "2025-03-11",
        "crm:told after": "2025-03-11",
    }


def test_the_first_version_of_the_policy_holds_from_the_beginning():
    acme = world(interactions=[meeting("m", "2025-03-03")], policies=[(at("2025-05-01"), policy())])

    assert dues(acme, "2025-03-03", "check_in") == {"crm:m": "2025-03-05"}


def test_a_meeting_that_did_not_count_when_it_became_known_never_opens_a_loop():
    easier = policy()
    easier["records"]["meaningful_minutes"] = 5.0
    versions = [
        meeting("m", "2025-03-04", until="2025-03-10", minutes=10.0),
        meeting("m", "2025-03-04", "2025-03-10", minutes=11.0),
        meeting("other", "2025-03-10", minutes=10.0),
    ]
    acme = world(interactions=versions, policies=[(at("2024-01-01"), policy()), (at("2025-03-05"), easier)])

    assert list(loops(acme, "2025-03-31", "check_in")) == ["crm:other"]


def test_the_tier_when_it_opened_decides_and_later_moves_change_nothing():
    rules = policy(loops=[loop("check_in", "contact", "check_in_note", 2, "1, 2")])
    met = [meeting("as 4", "2025-03-03"), meeting("as 2", "2025-03-10"), meeting("as 3", "2025-03-17")]
    moves = [tier(4, "2024-01-01"), tier(2, "2025-03-05"), tier(3, "2025-03-12")]
    acme = world(interactions=met, account_values=moves, policies=[(at("2024-01-01"), rules)])

    assert list(loops(acme, "2025-03-31", "check_in")) == ["crm:as 2"]


def test_a_late_report_of_an_older_tier_changes_nothing():
    moves = [tier(4, "2025-02-01"), tier(1, "2025-01-15", "2025-03-01")]
    rules = policy(loops=[loop("check_in", "contact", "check_in_note", 2, "1")])
    acme = world(
        interactions=[meeting("m", "2025-03-03")],
        account_values=moves,
        policies=[(at("2024-01-01"), rules)],
    )

    assert loops(acme, "2025-03-31", "check_in") == {}


def test_where_no_tier_is_set_the_one_assumed_on_the_next_run_day_decides():
    given = {"interactions": [meeting("m", "2025-03-03")], "account_values": []}
    run = {"run_days": [date(2025, 3, 2), date(2025, 3, 9), date(2025, 3, 16)]}

    assumed = world(**given, **run, assumed_tiers={(1, date(2025, 3, 9)): 2})
    assert list(loops(assumed, "2025-03-16", "check_in")) == ["crm:m"]
    assert loops(world(**given, **run), "2025-03-16", "check_in") == {}


def test_a_churned_account_opens_nothing_as_far_as_the_next_run_day_knew():
    met = [meeting("not yet known", "2025-03-03"), meeting("known", "2025-03-10")]
    acme = world(
        interactions=met,
        account_values=[tier(1, "2024-01-01"), status("churned", "2025-03-01", "2025-03-20")],
        run_days=[date(2025, 3, 9), date(2025, 3, 30)],
    )

    assert list(loops(acme, "2025-03-30", "check_in")) == ["crm:not yet known"]


def test_an_account_whose_revenue_is_gone_is_churned_and_one_that_gained_since_is_not():
    met = [meeting("m", "2025-03-03")]
    sold = {"account": 1, "change_cents": 900, "happened_at": at("2024-01-01"), "known_at": at("2024-01-01")}
    lost = {**sold, "change_cents": -900, "happened_at": at("2025-03-01"), "known_at": at("2025-03-01")}
    back = {**sold, "happened_at": at("2025-03-02"), "known_at": at("2025-03-02")}
    said = [tier(1, "2024-01-01"), status("churned", "2025-03-01")]

    assert loops(world(interactions=met, movements=[sold, lost]), "2025-03-03", "check_in") == {}
    assert len(loops(world(interactions=met, movements=[sold]), "2025-03-03", "check_in")) == 1
    again = world(interactions=met, account_values=said, movements=[sold, lost, back])
    assert len(loops(again, "2025-03-03", "check_in")) == 1


def test_the_account_is_that_of_the_latest_version():
    other = {"key": "bolt", "started_at": None, "known_at": at("2024-01-01")}
    first = {"key": "acme", "started_at": at("2024-01-01"), "known_at": at("2024-01-01")}
    versions = [
        meeting("m", "2025-03-03", until="2025-03-10"),
        meeting("m", "2025-03-03", "2025-03-10", account=2),
    ]
    both = world(
        accounts=[first, other],
        interactions=versions,
        account_values=[tier(1, "2024-01-01"), {**tier(1, "2024-01-01"), "account": 2}],
    )

    assert loops(both, "2025-03-09", "check_in")["crm:m"].account == "acme"
    assert loops(both, "2025-03-10", "check_in")["crm:m"].account == "bolt"


def test_a_day_knows_nothing_of_what_became_known_after_it():
    before = [meeting("m", "2025-03-03")]
    after = [meeting("late", "2025-03-02", "2025-03-08"), meeting("next", "2025-03-08")]
    later = world(
        interactions=[*before, *after],
        artifacts=[note("check_in_note", "2025-03-04", "2025-03-08")],
        account_values=[tier(1, "2024-01-01"), tier(4, "2025-01-02", "2025-03-08")],
        ownerships=[owned("2024-01-01", person=AMARA), owned("2025-02-01", "2025-03-08", pool=1)],
    )
    day = date(2025, 3, 7)

    assert loops_as_of(later, day) == loops_as_of(world(interactions=before), day)
