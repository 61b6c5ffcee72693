"""Cohorts of silent accounts through the API: listed, recorded once, refused in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.closures.owing import answers, owed

from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Batch, Loop

JSON = "application/json"
TODAY = datetime.now(UTC).date()
KEY = "silent_account:pool:digital:2026-03-02"


@pytest.fixture
def loops(team: Any) -> list[Loop]:
    """Return the loops of three accounts of the pool that fell silent in one week."""
    AccountWeek.objects.update(tier=4)
    return [
        owed(each, by=team.pool, kind="silent_account", due_on=TODAY, cohort_on=date(2026, 3, 2))
        for each in team.accounts[:3]
    ]


def test_cohorts_are_listed_and_recorded_once(loops: list[Loop], program: Any) -> None:
    client = program("operations", "read", "write")
    (listed,) = client.get("/api/v1/cohorts?owner=pool:digital").json()["items"]
    assert (listed["cohort"], listed["whose"], set(listed["loops"])) == (
        KEY,
        "Digital",
        {each.key for each in loops},
    )
    assert client.get("/api/v1/loops?kind=silent_account").json()["items"][0]["cohort"] == KEY

    sent = {"cohort": KEY, "answers": answers("silence_record", today=TODAY), "without": [loops[2].key]}
    headers = {"Idempotency-Key": "once"}
    first, again = (
        client.post("/api/v1/cohorts/record", sent, content_type=JSON, headers=headers) for _ in "ab"
    )
    assert first.status_code == 200 and again.json() == first.json()
    assert [each["closed"] for each in first.json()["items"]] == [True, True]
    assert Batch.objects.get().loops == 2 and client.get("/api/v1/cohorts").json() == {"items": []}
    assert client.get("/api/v1/reviews/logs").json() == {"items": []}


def test_a_record_below_the_standard_says_what_it_lacks(loops: list[Loop], program: Any) -> None:
    client = program("operations", "read", "write")
    found = client.post("/api/v1/cohorts/record", {"cohort": KEY, "answers": {}}, content_type=JSON).json()
    assert found["items"] == [] and {each["field"] for each in found["refusals"]} >= {"tried", "verdict"}
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 422), ({"cohort": "none", "answers": {}}, 404), ({"cohort": KEY, "answers": 1}, 422)],
)
def test_what_names_no_cohort_is_refused(loops: list[Loop], program: Any, sent: Any, status: int) -> None:
    client = program("operations", "read", "write")
    assert client.post("/api/v1/cohorts/record", sent, content_type=JSON).status_code == status


def test_a_program_that_only_reads_records_nothing(loops: list[Loop], program: Any) -> None:
    sent = {"cohort": KEY, "answers": answers("silence_record", today=TODAY)}
    assert (
        program("operations", "read").post("/api/v1/cohorts/record", sent, content_type=JSON).status_code
        == 403
    )
