"""A feed that delivers nothing but zeros has stopped counting: a fault of the data, not mass silence."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from tests.signals.test_signals import ACCOUNT, TIER_1, call, signals
from tests.signals.test_usage import feed, fleet, monday, readings, same

ALL = range(1, 13)
BROKE = 30
LAST = 38


def hollow(*, weeks: int = LAST, broke: int = BROKE, source: str = "app", accounts: range = ALL) -> list[Any]:
    """Return a fleet whose feed goes on delivering, but only zeros from a week on."""
    rows = [one for one in fleet(weeks, seed=5) if one["account"] in accounts]
    return [
        {**one, "source": source, "value": 0.0 if one["week_on"] >= monday(broke) else one["value"]}
        for one in rows
    ]


FEEDS = [feed(week) for week in range(LAST)]


def raised(week: int, usage: list[Any], feeds: list[Any] = FEEDS) -> list[tuple[int, str, str]]:
    accounts = [{**ACCOUNT, "account": number, "key": f"a{number}"} for number in ALL]
    tiers = [{**TIER_1, "account": number} for number in ALL]
    talks = [call((monday(week) - timedelta(days=5)).isoformat(), account=number) for number in ALL]
    found = signals(
        monday(week).isoformat(),
        account=accounts,
        account_value=tiers,
        interaction=talks,
        usage=usage,
        feed=feeds,
    )
    return [(one["account"], one["kind"], json.loads(one["evidence"])["text"]) for one in found]


def test_a_feed_of_zeros_raises_the_data_alarm_and_nothing_else_from_its_second_week_on():
    assert raised(BROKE + 1, hollow()) == []
    found = raised(BROKE + 2, hollow())
    since = (monday(BROKE - 1)).strftime("%-d %b %Y")
    text = f'the usage feed "app" has delivered nothing but zeros since the week of {since}'
    assert found == [(number, "feed_stopped", text) for number in ALL]


def test_a_feed_that_delivers_no_more_is_said_to_deliver_nothing():
    usage = [one for one in fleet(LAST, seed=5) if one["week_on"] < monday(BROKE)]
    found = raised(BROKE + 2, usage, FEEDS[:BROKE])
    since = (monday(BROKE - 1)).strftime("%-d %b %Y")
    assert {text for *_, text in found} == {
        f'the usage feed "app" has delivered nothing since the week of {since}'
    }


def test_it_stands_for_as_long_as_the_zeros_last_and_no_account_falls_silent():
    found = raised(BROKE + 8, hollow())
    assert {kind for _, kind, _ in found} == {"feed_stopped"}


def test_an_empty_delivery_is_as_hollow_as_one_of_zeros():
    told = [one for one in hollow() if one["value"] > 0]
    assert {kind for _, kind, _ in raised(BROKE + 3, told)} == {"feed_stopped"}


def test_one_account_that_still_counts_makes_the_others_silent():
    told = [one for one in hollow() if one["account"] != 1] + [
        one for one in fleet(LAST, seed=5) if one["account"] == 1
    ]
    kinds = {kind for _, kind, _ in raised(BROKE + 4, told)}
    assert "usage_silent" in kinds
    assert "feed_stopped" not in kinds


def test_a_feed_of_few_accounts_may_fall_silent_in_earnest():
    few = range(1, 5)
    kinds = {kind for _, kind, _ in raised(BROKE + 4, hollow(accounts=few))}
    assert "usage_silent" in kinds
    assert "feed_stopped" not in kinds


def test_only_the_accounts_of_the_hollow_feed_are_touched():
    lower, upper = range(1, 7), range(7, 13)
    told = hollow(accounts=lower) + [
        {**one, "source": "other"} for one in fleet(LAST, seed=5) if one["account"] in upper
    ]
    feeds = FEEDS + [feed(week, source="other") for week in range(LAST)]
    found = raised(BROKE + 4, told, feeds)
    assert {(account, kind) for account, kind, _ in found} == {(number, "feed_stopped") for number in lower}


def test_when_the_counts_are_mended_the_weeks_are_read_as_if_they_had_never_been_lost():
    mended_at = datetime.combine(monday(BROKE + 6), datetime.min.time())
    right = [one for one in fleet(LAST, seed=5) if one["week_on"] >= monday(BROKE)]
    late = [{**one, "visible_at": max(one["visible_at"], mended_at)} for one in right]
    once = [one for one in hollow() if one["week_on"] < monday(BROKE + 6)]
    days = [monday(BROKE + 7)]
    assert same(readings(days, once + late, FEEDS)[0], readings(days, fleet(LAST, seed=5), FEEDS)[0])


def test_going_on_from_a_carry_in_the_middle_of_the_zeros_is_the_whole_history():
    usage = hollow()
    whole, _ = readings([monday(BROKE + 4)], usage, FEEDS)
    _, carry = readings([monday(BROKE + 3)], usage, FEEDS)
    seen = datetime.combine(monday(BROKE + 3), datetime.min.time()) + timedelta(days=1)
    onward, _ = readings(
        [monday(BROKE + 4)],
        usage,
        FEEDS,
        carry=carry,
        mark={"carried_week_on": monday(BROKE), "carried_until": seen},
    )
    assert same(whole, onward)
    assert not any(one["seen"] for one in whole)
