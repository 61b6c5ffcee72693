"""Signals: each raised by its own facts, each with a sentence of dated facts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.tables import day, world

from evenbook.book.rules import STEPS as BOOK
from evenbook.records.rules import STEPS as RECORDS
from evenbook.signals.rules import STEPS as SIGNALS
from evenbook.signals.rules.usage_carry import NOTHING_SEEN, stored

ACCOUNT = {
    "account": 1,
    "key": "a",
    "name": "A",
    "started_at": day("2023-01-01"),
    "visible_at": day("2023-01-01"),
}
TIER_1 = {"account": 1, "name": "tier", "value": "1", "happened_at": day("2023-01-01")}

TIER_2 = {**TIER_1, "value": "2"}


def signals(as_of: str | list[str], **tables: Any) -> list[dict[str, Any]]:
    days = [as_of] if isinstance(as_of, str) else as_of
    tables.setdefault("account_value", [TIER_1])
    tables.setdefault("account", [ACCOUNT])
    with world(days, **tables) as session:
        session.hold("usage_carry", stored([]))
        session.tell(**NOTHING_SEEN)
        session.run_all((*BOOK, *RECORDS, *SIGNALS))
        return session.rows("select * from signal_as_of order by as_of, kind").to_pylist()


def said(found: list[dict[str, Any]]) -> dict[str, str]:
    return {one["kind"]: json.loads(one["evidence"])["text"] for one in found}


def call(on: str, **more: Any) -> dict[str, Any]:
    common = {
        "account": 1,
        "person": 5,
        "contact": "c",
        "kind": "call",
        "status": "completed",
        "minutes": 30.0,
    }
    return {**common, "customer_present": True, "carries_answer": False, "happened_at": day(on), **more}


def ticket(on: str, **more: Any) -> dict[str, Any]:
    return {"account": 1, "ticket": on, "priority": "normal", "happened_at": day(on), **more}


RECENT = call("2025-06-01")


def test_an_account_with_recent_contact_and_nothing_else_raises_nothing():
    assert signals("2025-06-10", interaction=[RECENT]) == []


def test_a_tier_1_account_without_contact_for_46_days_is_a_gap_and_for_45_is_not():
    calls = [call("2025-06-01")]
    found = signals(["2025-07-16", "2025-07-17"], interaction=calls)
    assert [(one["as_of"].isoformat(), one["kind"]) for one in found] == [("2025-07-17", "contact_gap")]
    assert said(found) == {"contact_gap": "no meaningful contact since 1 Jun 2025"}


def test_while_the_owner_is_away_contact_by_whoever_covers_counts():
    owner = {"account": 1, "role": "owner", "person": 5, "happened_at": day("2024-01-01")}
    away = {
        "person": 5,
        "first_on": day("2025-05-01").date(),
        "last_on": day("2025-07-31").date(),
        "cover": 9,
    }
    tables = {"ownership": [owner], "leave": [{**away, "visible_at": day("2025-04-01")}]}
    calls = [call("2025-04-20")]
    assert set(said(signals("2025-06-10", interaction=calls, **tables))) == {"contact_gap"}
    covered = [*calls, call("2025-05-20", person=9)]
    assert signals("2025-06-10", interaction=covered, **tables) == []


def test_an_escalation_stands_until_it_is_solved():
    one = ticket("2025-06-02", escalated_at=day("2025-06-03"), solved_at=day("2025-06-10"))
    found = signals(["2025-06-02", "2025-06-05", "2025-06-12"], interaction=[RECENT], ticket=[one])
    assert [row["as_of"].isoformat() for row in found] == ["2025-06-05"]
    assert said(found)["ticket_escalated"] == "one escalation open, last escalated on 3 Jun 2025"


def test_twice_the_usual_tickets_is_a_signal_from_four_on():
    usual = [ticket(f"2025-0{month}-05") for month in (1, 2, 3, 4)]
    many = [ticket(f"2025-06-0{number}") for number in (2, 3, 4, 5)]
    assert "ticket_volume" in said(signals("2025-06-10", interaction=[RECENT], ticket=usual + many))
    assert "ticket_volume" not in said(signals("2025-06-10", interaction=[RECENT], ticket=usual + many[:3]))


def test_an_account_younger_than_two_months_has_no_usual_number_of_tickets():
    many = [ticket(f"2025-06-0{number}") for number in (2, 3, 4, 5)]
    first = ticket("2024-01-01", account=2)
    for started, raised in (("2025-04-20", False), ("2025-04-10", True)):
        account = {**ACCOUNT, "started_at": day(started)}
        found = signals("2025-06-10", account=[account], interaction=[RECENT], ticket=[first, *many])
        assert ("ticket_volume" in said(found)) is raised


def test_the_usual_of_a_young_account_is_counted_over_the_weeks_it_was_there():
    usual = [ticket(f"2025-0{month}-{date:02d}") for month in (3, 4) for date in (3, 10, 17, 24)]
    many = [ticket(f"2025-06-{number:02d}") for number in range(2, 10)]
    account = {**ACCOUNT, "started_at": day("2025-03-01")}
    first = ticket("2024-01-01", account=2)
    found = signals("2025-06-10", account=[account], interaction=[RECENT], ticket=[first, *usual, *many])
    assert said(found)["ticket_volume"] == "8 tickets in the last 4 weeks, 3.0 is usual"


def test_sentiment_needs_three_calls_to_be_negative_and_six_to_fall():
    low = [call(f"2025-06-0{n}", sentiment=-0.5) for n in (1, 2, 3)]
    high = [call(f"2025-05-0{n}", sentiment=0.6) for n in (1, 2, 3)]
    assert set(said(signals("2025-06-10", interaction=low[:2]))) == set()
    assert set(said(signals("2025-06-10", interaction=low))) == {"sentiment_negative"}
    assert set(said(signals("2025-06-10", interaction=high + low))) == {
        "sentiment_negative",
        "sentiment_falling",
    }


def test_old_calls_say_nothing_of_sentiment_today():
    old = [call(f"2024-06-0{n}", sentiment=-0.9) for n in (1, 2, 3)]
    assert "sentiment_negative" not in said(signals("2025-06-10", interaction=[*old, RECENT]))


def champion(**more: Any) -> dict[str, Any]:
    common = {"account": 1, "contact": "c", "name": "J. Ortega", "is_champion": True}
    return {**common, "happened_at": day("2024-01-01"), **more}


def test_a_champion_who_left_is_named_with_the_day():
    found = signals("2025-06-10", interaction=[RECENT], contact=[champion(left_at=day("2025-05-20"))])
    assert said(found) == {"champion_left": "champion J. Ortega left on 20 May 2025"}


def test_a_departure_that_is_not_yet_known_is_no_signal():
    present = champion(hidden_at=day("2025-06-08"))
    gone = champion(left_at=day("2025-05-20"), visible_at=day("2025-06-08"))
    found = signals(["2025-06-05", "2025-06-10"], interaction=[RECENT], contact=[present, gone])
    assert [one["as_of"].isoformat() for one in found] == ["2025-06-10"]


def test_a_champion_not_heard_of_for_90_days_is_silent():
    calls = [call("2025-01-01"), call("2025-06-01", contact="other")]
    found = signals("2025-06-10", interaction=calls, contact=[champion()])
    assert said(found) == {"champion_silent": "champion J. Ortega not heard of since 1 Jan 2025"}


def test_what_we_send_is_no_word_of_the_champion():
    ours = [call("2025-06-05", kind="mail"), call("2025-06-06", kind="bulk")]
    calls = [call("2025-01-01"), call("2025-06-01", contact="other")]
    assert "champion_silent" in said(signals("2025-06-10", interaction=calls + ours, contact=[champion()]))
    theirs = [call("2025-06-05", kind="reply")]
    assert said(signals("2025-06-10", interaction=calls + theirs, contact=[champion()])) == {}


def test_where_no_interaction_names_a_contact_no_champion_is_silent():
    nameless = [call("2024-06-01", contact=""), call("2025-06-01", contact="")]
    assert said(signals("2025-06-10", interaction=nameless, contact=[champion()])) == {}
    assert said(signals("2025-06-10", contact=[champion()])) == {}


def test_a_renewal_inside_60_days_without_a_talk_is_a_signal():
    contract = {"account": 1, "contract": "k", "product": "Core", "renews_on": day("2025-07-20").date()}
    contract["visible_at"] = day("2024-07-20")  # type: ignore[assignment]
    quiet = [call("2025-04-01")]
    assert "renewal_near" in said(signals("2025-06-10", interaction=quiet, contract=[contract]))
    assert "renewal_near" not in said(signals("2025-06-10", interaction=[RECENT], contract=[contract]))


RENEWING = {
    "account": 1,
    "contract": "k",
    "product": "Core",
    "renews_on": day("2025-07-20").date(),
    "visible_at": day("2024-07-20"),
}


def test_a_late_renewal_talk_is_dated_to_the_day_it_became_late():
    long_quiet, fresher = [call("2025-01-01")], [call("2025-04-08")]
    found = signals("2025-06-10", interaction=long_quiet, contract=[RENEWING], account_value=[TIER_2])
    assert next(one["observed_at"] for one in found if one["kind"] == "renewal_near") == day("2025-05-21")
    found = signals("2025-06-10", interaction=fresher, contract=[RENEWING])
    assert next(one["observed_at"] for one in found if one["kind"] == "renewal_near") == day("2025-06-08")


def test_without_any_interactions_nobody_is_said_to_have_missed_a_renewal_talk():
    assert signals("2025-06-10", contract=[RENEWING]) == []
    connected_lately = [call("2025-06-01", account=2)]
    assert signals("2025-06-10", interaction=connected_lately, contract=[RENEWING]) == []


def test_a_digital_account_renews_without_a_talk():
    digital = {**TIER_1, "value": "4"}
    quiet = [call("2025-01-01")]
    assert signals("2025-06-10", interaction=quiet, contract=[RENEWING], account_value=[digital]) == []


def test_a_product_given_up_for_another_is_a_cut_by_the_difference():
    moves = [
        {"account": 1, "kind": "new", "change_cents": 100_00, "happened_at": day("2024-01-01")},
        {"account": 1, "kind": "contraction", "change_cents": -50_00, "happened_at": day("2025-06-01")},
        {"account": 1, "kind": "expansion", "change_cents": 48_00, "happened_at": day("2025-06-01")},
    ]
    assert signals("2025-06-10", interaction=[RECENT], movement=moves) == []
    more = [
        *moves,
        {"account": 1, "kind": "contraction", "change_cents": -8_00, "happened_at": day("2025-06-05")},
    ]
    assert said(signals("2025-06-10", interaction=[RECENT], movement=more)) == {
        "contraction": "revenue cut by 10% in 2 cuts, the last on 5 Jun 2025"
    }


def test_a_contraction_of_a_twentieth_is_a_signal():
    moves = [
        {"account": 1, "kind": "new", "change_cents": 100_00, "happened_at": day("2024-01-01")},
        {"account": 1, "kind": "contraction", "change_cents": -20_00, "happened_at": day("2025-06-01")},
    ]
    found = signals(["2025-05-20", "2025-06-10"], interaction=[call("2025-05-10"), RECENT], movement=moves)
    assert said(found) == {"contraction": "revenue cut by 20% on 1 Jun 2025"}


@pytest.mark.parametrize(
    ("kind", "value", "signal"), [("nps", 40, "detractor"), ("health", 30, "health_low")]
)
def test_a_low_score_from_outside_is_a_signal_while_fresh(kind: str, value: float, signal: str):
    score = {"account": 1, "score": "s", "kind": kind, "value": value, "happened_at": day("2025-05-20")}
    talks = [RECENT, call("2025-08-20")]
    found = signals(["2025-06-10", "2025-09-10"], interaction=talks, score=[score])
    assert [(one["as_of"].isoformat(), one["kind"]) for one in found] == [("2025-06-10", signal)]


def test_a_churned_account_raises_nothing():
    gone = {"account": 1, "name": "status", "value": "churned", "happened_at": day("2025-05-01")}
    assert signals("2025-09-10", interaction=[RECENT], account_value=[TIER_1, gone]) == []
