"""Who was not heard of for too long: each tier the way it is judged, and who is never held quiet."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from tests.signals.test_signals import call, signals
from tests.signals.test_usage import feed, fleet, monday, row

AS_OF = monday(40)
"""A Monday: the last full week ended the day before."""


def tier(number: int | None) -> list[dict[str, Any]]:
    value = {
        "account": 1,
        "name": "tier",
        "value": str(number),
        "happened_at": call("2023-01-01")["happened_at"],
    }
    return [value] if number else []


def days_before(days: int) -> str:
    return (AS_OF - timedelta(days=days)).isoformat()


def used_until(week: int) -> dict[str, Any]:
    """Return a fleet's usage in which account 1 stops after a week."""
    rows = [one for one in fleet(40) if one["account"] != 1 or one["week_on"] <= monday(week)]
    return {"usage": rows, "feed": [feed(number) for number in range(40)]}


def quiet(number: int | None, *, talked: int | None = None, **tables: Any) -> str:
    """Return the sentence of the gap as of the day; empty for none. Others talked, so contact is known."""
    talks = [call(days_before(300), account=2), *([call(days_before(talked))] if talked else [])]
    found = signals(AS_OF.isoformat(), account_value=tier(number), interaction=talks, **tables)
    texts = [json.loads(one["evidence"])["text"] for one in found if one["kind"] == "contact_gap"]
    return texts[0] if texts else ""


@pytest.mark.parametrize("number", [1, 2])
def test_named_accounts_are_judged_by_meaningful_contact_whatever_they_use(number: int):
    assert quiet(number, talked=45, **used_until(39)) == ""
    assert quiet(number, talked=46, **used_until(39)).startswith("no meaningful contact since")
    assert quiet(number, talked=10, **used_until(20)) == ""


def test_tier_3_is_quiet_only_without_usage_and_without_a_reply():
    on = (AS_OF - timedelta(days=91)).strftime("%-d %b %Y")
    assert quiet(3, talked=91, **used_until(39)) == ""
    assert quiet(3, talked=90, **used_until(20)) == ""
    assert (
        quiet(3, talked=91, **used_until(20)) == f"no usage for 134 days and no meaningful contact since {on}"
    )


def test_tier_4_is_judged_by_usage_alone():
    assert quiet(4, **used_until(39)) == ""
    assert quiet(4, **used_until(31)) == ""
    assert quiet(4, **used_until(30)) == "no usage for 64 days"
    assert quiet(4, talked=5, **used_until(30)) == "no usage for 64 days"


def test_what_is_not_known_is_not_held_against_anybody():
    assert quiet(4, talked=200) == ""
    assert quiet(3, talked=200).startswith("no meaningful contact since")
    nobody_talks = signals(AS_OF.isoformat(), account_value=tier(1), **used_until(39))
    assert nobody_talks == []


def test_an_account_without_a_tier_is_judged_as_tier_3():
    assert quiet(None, talked=91, **used_until(39)) == ""
    assert quiet(None, talked=91, **used_until(20)) != ""


def test_weeks_that_a_feed_did_not_deliver_are_no_days_without_usage():
    told = used_until(36)
    told["feed"] = [feed(number) for number in range(37)]
    told["usage"] = [one for one in told["usage"] if one["week_on"] <= monday(36)]
    assert quiet(4, **told) == ""


def test_while_a_feed_has_stopped_nobody_who_is_judged_by_it_is_called_quiet():
    told = used_until(10)
    told["usage"] = [one for one in told["usage"] if one["week_on"] <= monday(36)]
    told["feed"] = told["feed"][:37]
    assert quiet(4, **told) == ""
    assert quiet(3, talked=200, **told) == ""
    assert quiet(2, talked=200, **told) != ""


def test_a_new_account_is_not_quiet_for_the_time_before_it_was_there():
    young = {
        "account": 1,
        "key": "a",
        "name": "A",
        "started_at": call(days_before(50))["happened_at"],
        "visible_at": call(days_before(50))["happened_at"],
    }
    zeros = [row(1, week, 0.0) for week in range(20, 40)]
    told = {"usage": [one for one in fleet(40) if one["account"] != 1] + zeros, "feed": used_until(0)["feed"]}
    talks = [call(days_before(300), account=2)]
    found = signals(AS_OF.isoformat(), account=[young], account_value=tier(4), interaction=talks, **told)
    assert found == []


def test_the_gap_is_dated_to_the_day_its_limit_was_passed():
    found = signals(
        AS_OF.isoformat(),
        account_value=tier(4),
        interaction=[call(days_before(300), account=2)],
        **used_until(30),
    )
    gap = next(one for one in found if one["kind"] == "contact_gap")
    last_used = monday(30) + timedelta(days=6)
    assert gap["observed_at"].date() == last_used + timedelta(days=61)
    assert gap["strength"] == pytest.approx(64 / 60)
    assert isinstance(gap["as_of"], date)
