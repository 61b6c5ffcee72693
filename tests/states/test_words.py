"""What is said of a state: the level that was frozen, in words for what is counted, adding up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.signals.test_signals import ACCOUNT, TIER_1, call
from tests.signals.test_usage import feed, monday
from tests.signals.test_usage_words import FELL, fallen
from tests.tables import world

from evenbook.book.rules import STEPS as BOOK
from evenbook.frames.session import Session
from evenbook.records.rules import STEPS as RECORDS
from evenbook.signals.rules import STEPS as SIGNALS
from evenbook.signals.rules.usage_carry import NOTHING_SEEN, stored
from evenbook.states.rules import NO_STANDINGS
from evenbook.states.rules import STEPS as STATES

LAST = FELL + 13
"""Long enough for the detector to have learnt the lower level as its own."""


def stood(usage: list[Any], last: int = LAST) -> Session:
    """Return a session in which account 1 has stood somewhere each Monday up to a week."""
    days = [monday(week).isoformat() for week in range(12, last + 1)]
    talks = [call((monday(week) + timedelta(days=2)).isoformat()) for week in range(0, last, 4)]
    measure = usage[0]["measure"]
    feeds = [{**feed(week), "measure": measure} for week in range(40)]
    tables = {"account": [ACCOUNT], "account_value": [TIER_1], "interaction": talks}
    session = world(days, **tables, usage=usage, feed=feeds)
    session.hold("usage_carry", stored([]))
    session.tell(**NOTHING_SEEN)
    session.hold("state_carry", NO_STANDINGS)
    session.run_all((*BOOK, *RECORDS, *SIGNALS, *STATES))
    return session


def terms(session: Session) -> dict[str, dict[str, Any]]:
    return {one["term"]: one for one in json.loads(session.table("standing_terms")["terms"].to_pylist()[-1])}


@pytest.mark.parametrize("last", [FELL + 6, LAST])
def test_a_fall_is_told_against_the_frozen_level_for_as_long_as_it_lasts(last: int):
    with stood(fallen(), last) as session:
        frozen = session.rows("select frozen from state_as_of where as_of = (select max(as_of) from weeks)")
        usage = terms(session)["Usage"]
        standing = session.rows("select * from standing_as_of order by as_of").to_pylist()[-1]
        told = [one["points"] for one in terms(session).values()]
    level = frozen["frozen"].to_pylist()[0]
    assert usage["text"].startswith(f"{level:.0f} → ")
    assert usage["text"].endswith(" weekly users, season taken out")
    assert 100 - sum(told) == pytest.approx(standing["score"])


def test_transitions_count_what_the_feed_counts():
    with stood([{**one, "measure": "logins"} for one in fallen()]) as session:
        rows = session.rows("select * from transition where to_state in ('declining', 'at_risk')").to_pylist()
    causes = [
        cause["text"] for row in rows for cause in json.loads(row["causes"]) if cause["kind"] == "usage"
    ]
    assert causes
    assert all(text.endswith(" logins a week, season taken out") for text in causes)
