"""How long a risk takes from the first signal to somebody's answer: none is dropped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.as_of import answers, hold, hold_accounts
from tests.tables import world

from evenbook.engine import time_to_event
from evenbook.frames.session import Session, from_rows
from evenbook.measures.restricted import parts
from evenbook.throughput.rules import EPISODE, STEPS

RULES = {step.writes: step for step in STEPS}
NAMES = ("episode", "held", "answer", "detection_as_of", "time_to_detect", "past_window")
SIGNALS = {"as_of": "DATE", "account": "BIGINT", "kind": "VARCHAR", "observed_at": "TIMESTAMP"}
TIERS = {"as_of": "DATE", "account": "BIGINT", "tier": "BIGINT", "assumed": "BOOLEAN"}
AMARA = 7
PERSON = {"person": AMARA, "key": "amara", "name": "Amara", "team": "North", "is_person": True}


def raised(as_of: str, observed: str, kind: str = "champion_left", account: int = 1) -> dict[str, Any]:
    return {
        "as_of": date.fromisoformat(as_of),
        "account": account,
        "kind": kind,
        "observed_at": datetime.fromisoformat(observed),
    }


def spoken(text: str, account: int = 1, **more: Any) -> dict[str, Any]:
    usual = {"kind": "meeting", "status": "completed", "minutes": 30.0, "customer_present": True}
    return {**usual, "account": account, "happened_at": datetime.fromisoformat(text), **more}


def risks(
    days: list[str],
    *signals: dict[str, Any],
    said: tuple[dict[str, Any], ...] = (),
    account: dict[str, Any] | None = None,
    carried: list[dict[str, Any]] | None = None,
    **tables: Any,
) -> Session:
    session = world(days, person=[PERSON], interaction=said, **tables)
    accounts = sorted({1, *(row["account"] for row in signals)})
    hold_accounts(session, *({"account": each, "person": AMARA, **(account or {})} for each in accounts))
    tiers = [{"as_of": date.fromisoformat(text), "account": n, "tier": 1} for text in days for n in accounts]
    hold(session, "tier_as_of", tiers, TIERS)
    hold(session, "signal_as_of", signals, SIGNALS)
    if carried:
        session.hold("episode_carry", from_rows(carried, EPISODE))
    session.run_all(RULES[name] for name in NAMES)
    return session


def value(session: Session, measure: str = "time_to_detect", subject: str = "amara") -> Any:
    rows = session.rows(f"select value, count from {measure} where subject = '{subject}'").to_pylist()
    return (rows[0]["value"], rows[0]["count"]) if rows else None


def test_it_runs_from_the_first_signal_to_the_first_meaningful_word_after_it():
    said = (spoken("2025-03-03T12:00:00"), spoken("2025-03-06T00:00:00"), spoken("2025-03-08T00:00:00"))
    with risks(["2025-03-09"], raised("2025-03-09", "2025-03-03T12:00:00"), said=said) as session:
        row = answers(session, "detection_as_of")[0]
        assert (row["answered"], row["days"]) == (True, 2.5)
        assert value(session) == (2.5, 1)


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "mail"},
        {"minutes": 5.0},
        {"status": "no_show"},
        {"hidden_at": datetime(2025, 3, 9)},
        {"account": 2},
    ],
)
def test_what_is_no_meaningful_word_with_that_account_is_no_answer(more):
    said = (spoken("2025-03-06T00:00:00") | more,)
    with risks(["2025-03-09"], raised("2025-03-09", "2025-03-04T00:00:00"), said=said) as session:
        row = answers(session, "detection_as_of")[0]
        assert (row["answered"], row["days"]) == (False, 6)
        assert value(session) == (30, 1)


@pytest.mark.parametrize(("kind", "is_answer"), [("escalation_handoff", True), ("health_review_log", False)])
def test_a_written_answer_is_one_and_a_review_is_not(kind, is_answer):
    written = [{"account": 1, "kind": kind, "author": AMARA, "happened_at": datetime(2025, 3, 7)}]
    with risks(["2025-03-09"], raised("2025-03-09", "2025-03-04T00:00:00"), artifact=written) as session:
        assert answers(session, "detection_as_of")[0]["answered"] is is_answer


@pytest.mark.parametrize("kind", ["working", "saved", "false-alarm"])
def test_what_somebody_says_by_hand_of_the_row_is_an_answer_from_then_on(kind):
    mark = {"account": 1, "kind": kind, "happened_at": datetime(2025, 3, 7)}
    signal = raised("2025-03-09", "2025-03-04T00:00:00")
    with risks(["2025-03-09"], signal, hot_mark=[mark]) as session:
        row = answers(session, "detection_as_of")[0]
        assert (row["answered"], row["days"]) == (True, 3)
    earlier = raised("2025-03-06", "2025-03-04T00:00:00")
    with risks(["2025-03-06", "2025-03-09"], earlier, signal, hot_mark=[mark]) as session:
        assert [row["answered"] for row in answers(session, "detection_as_of")] == [False, True]


def test_an_answer_by_hand_that_was_taken_back_is_none_any_more_and_was_one_until_then():
    days = ["2025-03-09", "2025-03-16"]
    mark = {"account": 1, "kind": "false-alarm", "happened_at": datetime(2025, 3, 7)}
    mark["hidden_at"] = datetime(2025, 3, 12)
    signals = [raised(each, "2025-03-04T00:00:00") for each in days]
    with risks(days, *signals, hot_mark=[mark]) as session:
        assert [row["answered"] for row in answers(session, "detection_as_of")] == [True, False]


def test_a_risk_that_nobody_answered_stays_in_the_figure_until_its_month_has_passed():
    days = ["2025-03-09", "2025-03-20", "2025-04-02", "2025-04-03"]
    with risks(days, *(raised(each, "2025-03-04T00:00:00") for each in days)) as session:
        found = [(row["as_of"].isoformat(), row["days"]) for row in answers(session, "detection_as_of")]
    assert found == [("2025-03-09", 6), ("2025-03-20", 17), ("2025-04-02", 30)]


def test_what_is_open_counts_for_more_than_what_was_answered_alone_would_say():
    said = tuple(spoken(f"2025-03-0{3 + n}T00:00:00", n) for n in (1, 2))
    signals = [raised("2025-03-09", "2025-03-03T00:00:00", account=n) for n in (1, 2, 3)]
    with risks(["2025-03-09"], *signals, said=said) as session:
        assert value(session) == (pytest.approx((1 + 2 + 30) / 3), 3)


def test_a_signal_that_comes_back_within_a_fortnight_is_the_same_risk():
    days = ["2025-03-02", "2025-03-09", "2025-03-16", "2025-04-06"]
    seen = (raised("2025-03-02", "2025-03-01T00:00:00"), raised("2025-03-16", "2025-03-12T00:00:00"))
    with risks(days, *seen, raised("2025-04-06", "2025-04-05T00:00:00")) as session:
        found = answers(session, "episode", order="surfaced_on")
    assert [(row["surfaced_on"].isoformat(), row["observed_at"].isoformat()) for row in found] == [
        ("2025-03-02", "2025-03-01T00:00:00"),
        ("2025-04-06", "2025-04-05T00:00:00"),
    ]


def test_going_on_from_the_week_before_gives_what_all_weeks_at_once_give():
    days = ["2025-03-02", "2025-03-09", "2025-03-16"]
    signals = [
        raised("2025-03-02", "2025-03-01T00:00:00"),
        raised("2025-03-09", "2025-03-02T00:00:00"),
        raised("2025-03-16", "2025-03-14T00:00:00", "usage_drop", 2),
        raised("2025-03-16", "2025-03-13T00:00:00"),
    ]
    said = (spoken("2025-03-15T08:00:00", 2),)
    with risks(days, *signals, said=said) as session:
        whole = [row for row in answers(session, "detection_as_of") if row["as_of"] == date(2025, 3, 16)]
        episodes = answers(session, "episode", order="account, signal")
    carried = None
    for text in days:
        own = [row for row in signals if row["as_of"].isoformat() == text]
        with risks([text], *own, said=said, carried=carried) as session:
            carried = answers(session, "episode", order="account, signal")
            last = answers(session, "detection_as_of")
    assert last == whole
    assert carried == episodes


def test_it_is_the_figure_of_whoever_had_the_account_when_the_signal_first_showed():
    episode = {
        "account": 1, "signal": "champion_left", "observed_at": datetime(2025, 3, 1), "person": AMARA,
        "surfaced_on": date(2025, 3, 2), "last_seen_on": date(2025, 3, 2), "pool": None,
    }  # fmt: skip
    moved = {"person": 8}
    with risks(["2025-03-09"], account=moved, carried=[episode]) as session:
        assert value(session) == (30, 1)


def test_a_churned_account_s_risk_is_open_as_long_as_it_was_a_customer():
    churned = {"churned_at": datetime(2025, 3, 6), "active": False}
    with risks(["2025-03-09"], raised("2025-03-09", "2025-03-04T00:00:00"), account=churned) as session:
        assert answers(session, "detection_as_of")[0]["days"] == 2


def test_late_is_what_was_not_answered_within_its_own_days():
    signals = [
        raised("2025-03-09", "2025-03-06T12:00:00", "ticket_escalated", 1),
        raised("2025-03-09", "2025-03-06T12:00:00", "usage_drop", 2),
        raised("2025-03-09", "2025-03-01T00:00:00", "sentiment_negative", 3),
    ]
    said = (spoken("2025-03-07T12:00:00", 3),)
    with risks(["2025-03-09"], *signals, said=said) as session:
        assert value(session, "past_window") == (1 / 2, 2)


def test_a_signal_that_policy_has_no_days_for_is_no_risk_of_this_kind():
    with risks(["2025-03-09"], raised("2025-03-09", "2025-03-04T00:00:00", "seats_unused")) as session:
        assert answers(session, "episode", order="account") == []
        assert value(session, subject="all") is None


TIMES = st.lists(st.tuples(st.integers(0, 45), st.booleans()), min_size=1, max_size=30)


@given(TIMES)
def test_the_parts_add_up_to_the_area_under_the_curve_of_what_still_stands(times):
    days, answered = [float(day) for day, _ in times], [is_answered for _, is_answered in times]
    found = sum(parts(days, answered, horizon=30)) / len(times)
    assert found == pytest.approx(area(days, answered, 30))
    assert found == pytest.approx(time_to_event(days, answered, 30).mean)


@settings(max_examples=5, deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=12))
def test_the_query_and_the_parts_give_the_same_figure(groups):
    people = [{**PERSON, "person": n, "key": f"p{n}"} for n in range(len(groups))]
    rows = [
        {"as_of": date(2025, 3, 30), "account": 1, "person": n, "days": float(day), "answered": done}
        for n, times in enumerate(groups)
        for day, done in times
    ]
    columns = {
        "as_of": "DATE", "account": "BIGINT", "person": "BIGINT", "pool": "BIGINT", "tier": "BIGINT",
        "segment": "VARCHAR", "signal": "VARCHAR", "observed_at": "TIMESTAMP", "surfaced_on": "DATE",
        "answered_at": "TIMESTAMP", "window_days": "DOUBLE", "answered": "BOOLEAN", "days": "DOUBLE",
    }  # fmt: skip
    with world(["2025-03-30"], person=people) as session:
        hold(session, "detection_as_of", rows, columns)
        session.run(RULES["time_to_detect"])
        found = {n: value(session, subject=f"p{n}") for n in range(len(groups))}
    asked = {
        n: sum(parts([float(day) for day, _ in times], [done for _, done in times], horizon=30)) / len(times)
        for n, times in enumerate(groups)
    }
    assert found == {n: (pytest.approx(asked[n]), len(groups[n])) for n in asked}


def area(days: list[float], answered: list[bool], horizon: float) -> float:
    """Return the area under the product-limit curve, day by day from its definition."""
    standing, total, last = 1.0, 0.0, 0.0
    for day in sorted({each for each in days if each <= horizon}):
        total, last = total + standing * (day - last), day
        at_risk = sum(each >= day for each in days)
        ended = sum(each == day and done for each, done in zip(days, answered, strict=True))
        standing *= 1 - ended / at_risk
    return total + standing * (horizon - last)
