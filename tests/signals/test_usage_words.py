"""Sentences about usage: dated to the week the detector rang in, in words for what is counted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.signals.test_signals import ACCOUNT, TIER_1, call, signals
from tests.signals.test_usage import STEPS, feed, fleet, monday, readings
from tests.tables import world

FELL = 26


def fallen(share: float = 0.25) -> list[dict[str, Any]]:
    """Return a fleet in which account 1 loses most of its usage from a week on."""
    rows = fleet(40, seed=9)
    return [
        {**one, "value": float(round(one["value"] * share))}
        if one["account"] == 1 and one["week_on"] >= monday(FELL)
        else one
        for one in rows
    ]


FEEDS = [feed(week) for week in range(40)]


def drops(days: list[str], usage: list[Any], **tables: Any) -> list[dict[str, Any]]:
    talks = [call((monday(week) + timedelta(days=2)).isoformat()) for week in range(0, 40, 4)]
    feeds = [{**one, "measure": usage[0]["measure"]} for one in FEEDS]
    found = signals(days, account=[ACCOUNT], interaction=talks, usage=usage, feed=feeds, **tables)
    return [one for one in found if one["kind"] == "usage_drop"]


def test_a_fall_is_dated_to_the_end_of_the_week_the_detector_rang_in_on_every_later_day():
    days = [monday(week) for week in range(FELL, FELL + 9)]
    read, _ = readings(days, fallen(), FEEDS)
    rang = next(one["as_of"] for one in read if one["account"] == 1 and one["fell"])
    midweek = [(day + timedelta(days=shift)).isoformat() for day in days for shift in (0, 3)]
    found = drops(midweek, fallen())
    assert {one["observed_at"].date() for one in found} == {rang}
    assert min(one["as_of"] for one in found) == rang
    assert len(found) > 8


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("active_users", "weekly users"),
        ("logins", "logins a week"),
        ("user_sessions", "sessions a week"),
        ("usage_duration_secs", "seconds of use a week"),
        ("minutes_used", "minutes of use a week"),
        ("admin_minutes", "minutes of use a week"),
        ("usage_count", "uses a week"),
        ("usage", "uses a week"),
        ("api_calls", "API calls a week"),
        ("total_reports_created", "reports created a week"),
        ("admin_actions", "admin actions a week"),
    ],
)
def test_what_is_counted_is_said_in_plain_words(measure: str, words: str):
    with world([monday(6).isoformat()], feed=[feed(0) | {"measure": measure}]) as session:
        session.run(STEPS[0])
        row = session.table("usage_measure").to_pylist()[0]
    assert row == {"measure": measure, "counted": words, "counts_people": words == "weekly users"}


def test_the_sentence_of_a_fall_counts_what_the_feed_counts():
    usage = [{**one, "measure": "usage_duration_secs", "value": one["value"] * 100} for one in fallen()]
    texts = [json.loads(one["evidence"])["text"] for one in drops([monday(FELL + 5).isoformat()], usage)]
    assert len(texts) == 1
    assert texts[0].endswith(" seconds of use a week in the last 4 weeks, season taken out")
    assert "e+" not in texts[0]
    assert "," in texts[0].split(" → ")[0]


def test_what_is_nothing_is_written_as_nothing():
    texts = [
        json.loads(one["evidence"])["text"] for one in drops([monday(FELL + 5).isoformat()], fallen(0.0))
    ]
    assert [text.split(" → ")[1] for text in texts] == [
        "0 weekly users in the last 4 weeks, season taken out"
    ]


def test_seats_are_held_against_people_only():
    seats = {"account": 1, "name": "seats", "value": "5000", "happened_at": TIER_1["happened_at"]}
    for measure, raised in (("active_users", True), ("logins", False)):
        usage = [{**one, "measure": measure} for one in fleet(40, seed=9)]
        feeds = [{**one, "measure": measure} for one in FEEDS]
        talks = [call((monday(38)).isoformat())]
        found = signals(
            monday(40).isoformat(), account_value=[TIER_1, seats], interaction=talks, usage=usage, feed=feeds
        )
        assert [one["kind"] for one in found] == (["seats_unused"] if raised else [])
