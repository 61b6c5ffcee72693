"""The first links of the burnout chain: work that only answers, reviews and onboarding steps left undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.as_of import answers, hold, hold_accounts
from tests.tables import world

from evenbook.frames.session import Session
from evenbook.measures.card import read_card, rows_sql
from evenbook.throughput.rules import STEPS

DAY = "2025-06-29"
"""A Sunday; the thirteen weeks up to its end begin on Monday, 31 March."""

RULES = {step.writes: step for step in STEPS}
NAMES = (
    "milestone",
    "step_known",
    "review_due_as_of",
    "onboarding_due_as_of",
    "reactive",
    "reviews_skipped",
    "onboarding_skipped",
)
TIERS = {"as_of": "DATE", "account": "BIGINT", "tier": "BIGINT", "assumed": "BOOLEAN"}
AMARA, BEN = 7, 8
TEAM = [
    {"person": number, "key": key, "name": key.title(), "team": "North", "is_person": True}
    for number, key in ((AMARA, "amara"), (BEN, "ben"))
]
OLD = datetime(2024, 1, 10)
"""Of the first review on record, of an account that is not looked at."""


def held(text: str, kind: str = "business_review", account: int = 1, **more: Any) -> dict[str, Any]:
    usual = {"person": AMARA, "status": "completed", "minutes": 60.0, "customer_present": True}
    return {**usual, "account": account, "kind": kind, "happened_at": datetime.fromisoformat(text), **more}


def chain(
    *told: dict[str, Any],
    days: list[str] | None = None,
    tier: int = 1,
    account: dict[str, Any] | None = None,
    accounts: list[dict[str, Any]] | None = None,
    artifact: tuple[dict[str, Any], ...] = (),
    first: bool = True,
) -> Session:
    days = days or [DAY]
    began = [held(OLD.isoformat(), account=99, person=None)] if first else []
    session = world(days, person=TEAM, interaction=[*began, *told], artifact=artifact)
    rows = accounts or [{"account": 1, "person": AMARA, **(account or {})}]
    hold_accounts(session, *rows)
    tiers = [
        {"as_of": date.fromisoformat(text), "account": row["account"], "tier": tier}
        for text in days
        for row in rows
    ]
    hold(session, "tier_as_of", tiers, TIERS)
    session.run_all(RULES[name] for name in NAMES)
    return session


def figure(session: Session, measure: str, subject: str = "amara") -> tuple[float | None, int] | None:
    rows = session.rows(f"select value, count from {measure} where subject = '{subject}'").to_pylist()
    return (rows[0]["value"], rows[0]["count"]) if rows else None


def opened(session: Session, measure: str, kind: str = "csm", subject: str = "amara") -> list[dict[str, Any]]:
    asked = {"as_of": date.fromisoformat(DAY), **({"subject": subject} if kind != "all" else {})}
    return session.rows(rows_sql(read_card("evenbook.throughput", measure), kind), asked).to_pylist()


def test_the_reactive_share_is_of_minutes_not_of_interactions():
    calls = (held("2025-06-02", "escalation", minutes=30.0), held("2025-06-03", "call", minutes=90.0))
    with chain(*calls) as session:
        assert figure(session, "reactive") == (0.25, 2)
        assert figure(session, "reactive", "North") == (0.25, 2)
        assert sum(row["part"] for row in opened(session, "reactive")) == 30
        assert sum(row["whole"] for row in opened(session, "reactive")) == 120


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ({}, 0.5),
        ({"happened_at": datetime(2025, 3, 31)}, 0.5),
        ({"happened_at": datetime(2025, 3, 30, 23, 59)}, 0),
        ({"happened_at": datetime(2025, 6, 30)}, 0),
        ({"visible_at": datetime(2025, 6, 30)}, 0),
        ({"hidden_at": datetime(2025, 6, 29, 23)}, 0),
        ({"hidden_at": datetime(2025, 6, 30)}, 0.5),
        ({"status": "no_show"}, 0),
        ({"minutes": None}, 0),
        ({"minutes": 0.0}, 0),
        ({"person": BEN}, 0),
        ({"person": None}, 0),
        ({"customer_present": False}, 0.5),
    ],
)
def test_what_counts_as_reactive_was_done_by_the_person_in_these_weeks_as_known_then(more, value):
    calls = (held("2025-06-02", "escalation", **more), held("2025-06-03", "internal"))
    with chain(*calls) as session:
        assert figure(session, "reactive") == (value, 2 if value else 1)


def test_without_minutes_there_is_no_reactive_share():
    with chain() as session:
        assert figure(session, "reactive") is None


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("2025-03-30T12:00:00", None),  # 92 days later is the day after
        ("2025-03-29T23:00:00", (1, 1)),
        ("2024-06-01", (1, 1)),
    ],
)
def test_a_review_is_due_so_many_days_after_the_last(last, found):
    with chain(held(last)) as session:
        assert figure(session, "reviews_skipped") == found


def test_a_review_held_late_is_held_and_one_before_its_day_too():
    for day in ("2025-04-01", "2025-06-29T23:00:00"):
        with chain(held("2025-01-02"), held(day)) as session:
            assert figure(session, "reviews_skipped") == (0, 1)
            assert opened(session, "reviews_skipped")[0]["held_at"] == datetime.fromisoformat(day)


def test_a_review_is_due_only_after_the_accounts_own_days():
    fresh = {"started_at": datetime(2025, 5, 1)}
    with chain(account=fresh) as session:
        assert figure(session, "reviews_skipped") is None
    with chain(held("2024-09-01"), account={"tier_since": datetime(2025, 5, 1)}) as session:
        assert figure(session, "reviews_skipped") is None


def test_nobody_is_held_to_reviews_that_the_records_do_not_tell_of():
    with chain(first=False) as session:
        assert figure(session, "reviews_skipped", "all") is None
    with chain(held("2025-05-01", account=2), first=False) as session:
        assert figure(session, "reviews_skipped", "all") is None


@pytest.mark.parametrize(("tier", "due"), [(1, True), (2, True), (3, False), (4, False)])
def test_tiers_that_policy_does_not_list_have_no_review_due(tier, due):
    with chain(held("2024-09-01"), tier=tier) as session:
        assert (figure(session, "reviews_skipped") is not None) == due


def test_a_review_that_fell_due_under_another_owner_is_nobodys():
    with chain(held("2025-01-01"), account={"owner_since": datetime(2025, 5, 1)}) as session:
        assert figure(session, "reviews_skipped") is None
        assert figure(session, "reviews_skipped", "all") == (1, 1)
    with chain(held("2025-01-01"), account={"owner_since": datetime(2025, 3, 1)}) as session:
        assert figure(session, "reviews_skipped") == (1, 1)


NEW = {"started_at": datetime(2025, 5, 5)}


def known(kind: str = "onboarding") -> dict[str, Any]:
    """Return a session with another account, so that the kind is on record."""
    return held("2024-02-01", kind, account=99)


def test_an_onboarding_step_is_skipped_that_is_not_on_record():
    note = {"account": 99, "kind": "check_in_note", "happened_at": datetime(2024, 2, 1)}
    with chain(known(), held("2025-05-10", "onboarding"), account=NEW, artifact=(note,)) as session:
        assert figure(session, "onboarding_skipped") == (0.5, 2)
        rows = {row["step"]: row for row in opened(session, "onboarding_skipped")}
        assert rows["onboarding"]["done_at"] == datetime(2025, 5, 10)
        assert rows["check_in_note"]["done_at"] is None
        assert rows["check_in_note"]["due_at"] == datetime(2025, 6, 19)


def test_a_written_artifact_does_a_step_and_late_is_done():
    note = {"account": 1, "kind": "check_in_note", "happened_at": datetime(2025, 6, 28)}
    with chain(known(), held("2025-06-20", "onboarding"), account=NEW, artifact=(note,)) as session:
        assert figure(session, "onboarding_skipped") == (0, 2)


def test_a_kind_that_was_never_recorded_is_no_step():
    with chain(known(), account=NEW) as session:
        assert figure(session, "onboarding_skipped") == (1, 1)
    with chain(account=NEW) as session:
        assert figure(session, "onboarding_skipped", "all") is None


@pytest.mark.parametrize(
    ("started", "counts"),
    [("2025-06-14", 1), ("2025-06-16", 0), ("2025-03-17", 1), ("2025-03-16", 0), ("2023-01-01", 0)],
)
def test_a_step_counts_whose_day_fell_into_these_weeks(started, counts):
    with chain(known(), account={"started_at": datetime.fromisoformat(started)}) as session:
        found = figure(session, "onboarding_skipped")
        assert (found or (None, 0))[1] == counts


def test_a_step_that_fell_due_under_another_owner_is_nobodys():
    with chain(known(), account={**NEW, "owner_since": datetime(2025, 6, 1)}) as session:
        assert figure(session, "onboarding_skipped") is None
        assert figure(session, "onboarding_skipped", "all") == (1, 1)


instants = st.integers(0, 400).map(lambda days: datetime(2024, 6, 1) + timedelta(days=days, hours=days % 24))
facts = st.lists(
    st.tuples(
        st.sampled_from(["business_review", "onboarding", "escalation", "call"]),
        st.sampled_from([1, 2]),
        instants,
        st.integers(0, 60),
        st.none() | st.integers(1, 60),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(facts)
def test_facts_that_come_later_never_change_an_answer(told):
    days = ["2025-03-30", "2025-05-04"]
    rows = []
    for kind, account, at, lag, gone in told:
        seen = at + timedelta(days=lag)
        hidden = seen + timedelta(days=gone) if gone else None
        rows.append(held(at.isoformat(), kind, account, visible_at=seen, hidden_at=hidden))
    cut = datetime(2025, 3, 31)
    early = [
        {**row, "hidden_at": row["hidden_at"] if row["hidden_at"] and row["hidden_at"] < cut else None}
        for row in rows
        if row["visible_at"] < cut
    ]
    books = [
        {"account": 1, "person": AMARA, "started_at": datetime(2024, 6, 20)},
        {"account": 2, "person": BEN, "started_at": datetime(2025, 1, 20)},
    ]
    with (
        chain(*early, days=days[:1], accounts=books) as before,
        chain(*rows, days=days, accounts=books) as after,
    ):
        for table in NAMES[4:]:
            wanted = answers(after, table, order="as_of, subject_kind, subject")
            assert answers(before, table, order="as_of, subject_kind, subject") == [
                row for row in wanted if row["as_of"] == date.fromisoformat(days[0])
            ]
