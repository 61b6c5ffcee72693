"""Decisions, the audit report and weeks of closing for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.closures.owing import owed
from tests.pages.company import AS_OF

from evenbook.decisions.actions import keep_causes
from evenbook.decisions.models import Decision
from evenbook.decisions.rules import EARLY_WARNING, Cause

JSON = "application/json"


@pytest.fixture
def warned(team: Any) -> int:
    """Return the number of a decision about Ben's load; there is one about Chidi's too."""
    for_both = [
        Cause("Too much.", ("9 of 23.",), (), person_id=team.people[name].pk) for name in ("ben", "chidi")
    ]
    return next(iter(keep_causes(EARLY_WARNING, for_both, as_of=AS_OF).noticed))


def decide(client: Client, number: int, choice: str, note: str = "", path: str = "decide") -> Any:
    body: dict[str, Any] = {"decision": number}
    body |= {"choice": choice, "note": note} if path == "decide" else {}
    return client.post(f"/api/v1/decisions/{path}", body, content_type=JSON)


def test_each_role_lists_what_it_may_see(warned: int, program: Any) -> None:
    listed = program("operations", "read").get("/api/v1/decisions?state=open").json()
    of_north = program("leader", "read", team="North").get("/api/v1/decisions").json()

    assert listed["total"] == 2 and listed["items"][0]["state"] == "open"
    assert [each["person"] for each in of_north["items"]] == ["ben"]
    assert program("executive", "read").get("/api/v1/decisions").json()["items"] == []


def test_a_leaders_token_decides_and_takes_back(warned: int, program: Any) -> None:
    leader = program("leader", team="North")
    answer = decide(leader, warned, "redistribute", "Two go to Chidi.").json()

    assert (answer["state"], answer["decided"], answer["effect"]) == (
        "accepted",
        "redistribute",
        "It still holds.",
    )
    assert decide(leader, warned, "", path="take-back").json()["state"] == "open"


def test_what_can_not_be_decided_is_said_and_changes_nothing(warned: int, program: Any) -> None:
    leader, other = program("leader", team="North"), program("operations")
    said = [
        (decide(leader, warned, "lazy"), 400), (decide(leader, warned, "wait"), 400),
        (decide(leader, 987654, "hire"), 404), (decide(other, warned, "hire"), 400),
        (decide(leader, warned, "hire", "x" * 501), 422), (decide(leader, 0, "hire"), 422),
    ]  # fmt: skip

    assert [answer.status_code for answer, _ in said] == [status for _, status in said]
    assert all(answer.json()["detail"] for answer, _ in said)
    assert not Decision.objects.exclude(choice="").exists()


def test_the_report_adds_up(team: Any, program: Any) -> None:
    client = program("operations", "read")
    answer = client.get("/api/v1/coverage/audit/report").json()
    audit = client.get("/api/v1/coverage/audit").json()

    assert answer["missing"] == audit["total"] == sum(each["missing"] for each in answer["groups"])
    assert answer["missing"] == sum(each["missing"] + each["expired"] for each in answer["tiers"])
    assert [each["diagnosis"] for each in answer["diagnoses"]][0] == "overloaded"
    assert answer["writing"] == [] and answer["writing_minutes"] == 5


def test_weeks_of_closing_are_given_to_those_who_may_see_the_load(team: Any, program: Any) -> None:
    owed(team.of("ben")[0], by=team.people["ben"])
    client = program("leader", "read", team="North")
    answer = client.get("/api/v1/closing-weeks?person=ben").json()

    assert len(answer["weeks"]) == 13 and answer["warns"] is False and answer["clean_closures"] == 15
    assert client.get("/api/v1/closing-weeks?person=chidi").status_code == 404
    assert client.get("/api/v1/closing-weeks?person=ben&as_of=2020-01-01").status_code == 404
