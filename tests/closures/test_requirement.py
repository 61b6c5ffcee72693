"""Coverage: which artifacts are current, expired, missing or not yet due, to the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.signals.test_usage import feed, monday, row
from tests.tables import day, world

from evenbook.book.rules import STEPS as BOOK
from evenbook.capacity.rules import STEPS as CAPACITY
from evenbook.closures.rules import STEPS as CLOSURES_AND_LOOPS
from evenbook.signals.rules import STEPS as SIGNALS
from evenbook.signals.rules.usage_carry import NOTHING_SEEN, stored
from evenbook.tiers.rules import STEPS as TIERS_AND_MOVES

CLOSURES = (
    *(step for step in CAPACITY if step.writes == "worker_as_of"),
    *(step for step in CLOSURES_AND_LOOPS if "loop" not in step.writes and step.writes != "duty_as_of"),
)
TIERS = tuple(step for step in TIERS_AND_MOVES if step.writes in {"tier_border", "tier_as_of"})
USAGE = tuple(step for step in SIGNALS if step.writes.startswith("usage_"))
ACCOUNT = {
    "account": 1,
    "key": "a",
    "name": "A",
    "started_at": day("2024-01-01"),
    "visible_at": day("2024-01-01"),
}


def tier(number: int, since: str = "2024-01-01") -> dict[str, Any]:
    return {"account": 1, "name": "tier", "value": str(number), "happened_at": day(since)}


def note(kind: str, on: str, **more: Any) -> dict[str, Any]:
    return {"account": 1, "kind": kind, "happened_at": day(on), **more}


def contract(renews_on: str, **more: Any) -> dict[str, Any]:
    common = {"account": 1, "contract": "k", "product": "Core", "visible_at": day("2024-01-01")}
    return {**common, "renews_on": date.fromisoformat(renews_on), **more}


def judged(days: list[str], kind: str, *, of_tier: int = 1, **tables: Any) -> list[tuple[str, str | None]]:
    tables.setdefault("account_value", [tier(of_tier)])
    with world(days, account=[ACCOUNT], **tables) as session:
        session.hold("usage_carry", stored([]))
        session.tell(**NOTHING_SEEN)
        session.run_all((*BOOK, *USAGE, *TIERS, *CLOSURES))
        rows = session.rows(
            f"select * from requirement_as_of where kind = '{kind}' order by as_of"
        ).to_pylist()
    return [(one["status"], one["falls_on"] and one["falls_on"].isoformat()) for one in rows]


def test_a_check_in_note_of_tier_1_is_current_for_45_days():
    notes = [note("check_in_note", "2025-03-01")]
    assert judged(["2025-04-15", "2025-04-16"], "check_in_note", artifact=notes) == [
        ("current", "2025-04-15"),
        ("expired", "2025-04-16"),
    ]


def test_the_first_note_is_owed_45_days_after_the_start_and_missing_after():
    assert judged(["2024-02-15", "2024-02-16"], "check_in_note") == [
        ("not_yet_due", "2024-02-15"),
        ("missing", "2024-02-15"),
    ]


def test_a_move_into_the_tier_gives_its_days_again():
    moved = [tier(3), tier(1, since="2025-03-01")]
    found = judged(["2025-03-10", "2025-03-16"], "health_review_log", account_value=moved)
    assert found == [("not_yet_due", "2025-03-15"), ("missing", "2025-03-15")]


def test_a_note_that_became_known_later_does_not_cover_earlier_days():
    notes = [note("check_in_note", "2025-03-01", visible_at=day("2025-03-10"))]
    assert [one[0] for one in judged(["2025-03-05", "2025-03-10"], "check_in_note", artifact=notes)] == [
        "missing",
        "current",
    ]


def test_a_renewal_brief_is_not_due_until_90_days_before():
    found = judged(["2025-03-03", "2025-03-04"], "renewal_risk_brief", contract=[contract("2025-06-01")])
    assert found == [("not_yet_due", "2025-03-03"), ("missing", "2025-03-03")]


def test_a_brief_written_early_counts_until_the_refresh_it_is_too_old_for():
    briefs = [note("renewal_risk_brief", "2025-02-15")]  # 106 days before
    given = {"contract": [contract("2025-06-01")], "artifact": briefs}
    assert judged(["2025-04-02", "2025-04-03"], "renewal_risk_brief", **given) == [
        ("current", "2025-04-02"),
        ("expired", "2025-04-03"),
    ]


def test_a_refreshed_brief_holds_to_the_next_refresh():
    briefs = [note("renewal_risk_brief", "2025-02-15"), note("renewal_risk_brief", "2025-04-01")]
    given = {"contract": [contract("2025-06-01")], "artifact": briefs}
    assert judged(["2025-04-20", "2025-05-02", "2025-05-03"], "renewal_risk_brief", **given) == [
        ("current", "2025-05-02"),
        ("current", "2025-05-02"),
        ("expired", "2025-05-03"),
    ]


def test_a_brief_written_on_the_day_it_is_due_still_expires_at_the_refresh():
    briefs = [note("renewal_risk_brief", "2025-03-03")]  # 90 days before
    given = {"contract": [contract("2025-06-01")], "artifact": briefs}
    assert judged(["2025-04-02", "2025-04-03"], "renewal_risk_brief", **given) == [
        ("current", "2025-04-02"),
        ("expired", "2025-04-03"),
    ]


def test_a_brief_of_the_week_before_a_refresh_serves_as_one():
    briefs = [note("renewal_risk_brief", "2025-03-26")]  # 67 days before
    given = {"contract": [contract("2025-06-01")], "artifact": briefs}
    assert judged(["2025-04-20"], "renewal_risk_brief", **given) == [("current", "2025-05-02")]


def test_a_booked_renewal_asks_for_no_brief():
    booked = contract("2025-06-01", renewed_at=day("2025-04-10"))
    assert judged(["2025-04-20"], "renewal_risk_brief", contract=[booked]) == [("not_yet_due", None)]


def test_tier_4_is_covered_by_usage_and_else_by_a_silence_record():
    usage = [row(1, week, 3.0) for week in range(20)]
    feeds = [feed(week) for week in range(40)]
    days = [monday(22).isoformat(), monday(34).isoformat()]
    found = judged(days, "silence_record", of_tier=4, usage=usage, feed=feeds)
    assert [one[0] for one in found] == ["current", "expired"]
    told = [note("silence_record", monday(30).isoformat())]
    covered = judged(days, "silence_record", of_tier=4, usage=usage, feed=feeds, artifact=told)
    assert [one[0] for one in covered] == ["current", "current"]


def test_a_broken_feed_is_not_held_against_tier_4():
    usage = [row(1, week, 3.0) for week in range(20)]
    feeds = [feed(week) for week in range(20)]
    found = judged([monday(28).isoformat()], "silence_record", of_tier=4, usage=usage, feed=feeds)
    assert found[0][0] == "current"


def test_tier_1_asks_for_three_artifacts_and_coverage_needs_all():
    notes = [note("check_in_note", "2025-03-01"), note("health_review_log", "2025-03-01")]
    with world(
        ["2025-03-10", "2025-03-20"], account=[ACCOUNT], account_value=[tier(1)], artifact=notes
    ) as session:
        session.hold("usage_carry", stored([]))
        session.tell(**NOTHING_SEEN)
        session.run_all((*BOOK, *USAGE, *TIERS, *CLOSURES))
        rows = session.rows("select is_covered, lacking from coverage_as_of order by as_of").to_pylist()
    assert rows == [{"is_covered": True, "lacking": 0}, {"is_covered": False, "lacking": 1}]
