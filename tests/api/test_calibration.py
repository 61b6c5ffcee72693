"""Calibrations for programs: read, adopted once, asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.capacity.test_calibrating import CEILING, REGULATED, proposed
from tests.pages.company import AS_OF, NOW

from evenbook.capacity.actions.calibration import Found, keep
from evenbook.capacity.rules.proposal import Effect, Errors
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import adopt as adopt_policy
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document

JSON = "application/json"


@pytest.fixture
def kept(team: Any) -> int:
    """Return the number of a calibration with an effect on Ben's load and on Chidi's."""
    ensure_first(NOW - timedelta(days=90))
    effects = tuple(Effect(team.people[name].pk, 8, 120.0, 96.0, 144.0) for name in ("ben", "chidi"))
    found = proposed(REGULATED, ceilings=(CEILING,), errors=Errors(0.4, 0.3, 0.35, None))
    return keep(Found(AS_OF, latest().number, found, effects), by=SYSTEM, now=NOW)


def adopt(client: Any, number: int, note: str = "") -> Any:
    body = {"calibration": number, "note": note}
    return client.post("/api/v1/calibration/adopt", body, content_type=JSON)


def test_before_the_first_there_is_none(team: Any, program: Any) -> None:
    client = program("operations", "read")
    answer = client.get("/api/v1/calibration")
    assert answer.status_code == 404 and answer.json()["type"].endswith("calibration-gone")
    assert client.get("/api/v1/calibrations").json() == {
        "items": [],
        "next": None,
        "total": 0,
    }


def test_what_was_found_is_told_with_the_loads_that_the_role_may_see(kept: int, program: Any) -> None:
    told = program("operations", "read").get("/api/v1/calibration").json()
    assert (told["id"], told["state"], told["may_be_adopted"], told["changes"]) == (kept, "proposed", True, 4)
    (weight,) = told["weights"]
    assert weight["factor_name"] == "Regulated" and weight["pulled_share"] == 0.2 and weight["is_changed"]
    assert told["errors"] == {
        "in_force": 0.4,
        "fitted": 0.3,
        "without_conversations": 0.35,
        "with_conversations": None,
    }
    assert told["ceilings"][0]["proposed"] == 9 and told["why"] is None
    assert {each["key"]: (each["load_now"], each["load_then"]) for each in told["loads"]} == {
        "ben": (0.8, 1.2),
        "chidi": (0.8, 1.2),
    }
    of_north = program("leader", "read", team="North").get("/api/v1/calibration").json()
    assert [each["key"] for each in of_north["loads"]] == ["ben"] and [
        each["key"] for each in of_north["teams"]
    ] == ["North"]
    assert program("executive", "read").get("/api/v1/calibration").json()["loads"] == []


def test_operations_adopt_once_and_others_never(kept: int, program: Any) -> None:
    assert adopt(program("operations", "read", "write"), kept).status_code == 403
    assert adopt(program("leader", "policy", team="North"), kept).status_code == 403
    before, client = latest().number, program("operations", "policy", "read")
    answer = adopt(client, kept, "As agreed.")
    assert answer.status_code == 200 and answer.json()["adopted_version"] == before + 1
    assert adopt(client, kept).json()["adopted_version"] == before + 1 == latest().number
    assert adopt(client, 987654).status_code == 404


def test_what_the_policy_left_behind_is_refused(kept: int, program: Any) -> None:
    document = to_document(latest().policy)
    document["capacity"]["monthly_hours"] = 110
    adopt_policy(document, by=SYSTEM, note="Less.", now=NOW)
    answer = adopt(program("operations", "policy"), kept)
    assert answer.status_code == 409 and "The policy has changed since" in answer.json()["detail"]


def test_one_is_asked_for_and_while_it_is_open_is_the_same(team: Any, program: Any) -> None:
    client = program("operations", "policy")
    asked = [client.post("/api/v1/calibration", {}, content_type=JSON) for _ in range(2)]
    assert [each.status_code for each in asked] == [202, 202] and asked[0].json() == asked[1].json()
