"""Sizing through the API: the equation, scenarios, the plan, the roll-out; bad input and other roles."""

from __future__ import annotations

import pytest

JSON = "application/json"
EXAMPLE = {
    "accounts": 600, "csms": 3, "completed_share": 0.33, "acv": 3000, "csm_cost": 150_000,
    "meetings_per_quarter": 1,
}  # fmt: skip


def test_the_worked_example_through_the_api(program):
    said = program("leader", "read").get("/api/v1/sizing", EXAMPLE).json()

    assert said["accounts_per_csm"] == 200 and said["meetings_per_day"]["reachable"] == 1.1
    assert (said["cost_share_of_arr"], said["cost_share_at_split_book"]) == (0.25, 0.125)
    assert said["verdict"] == "split_machine" and len(said["reasons"]) == 3
    assert said["nearest_boundary"]["verdict"] == "pooled_leverage"


def test_what_is_not_given_is_measured(program):
    said = program("operations", "read").get("/api/v1/sizing").json()

    assert said["as_of"] == "2026-03-09" and said["scope"] == {"kind": "all", "key": None}
    assert {row["input"]: row["provenance"] for row in said["inputs"]}["accounts"] == "measured"
    assert sum(row["accounts"] for row in said["segments"]) == 24


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("completed_share=1.2", 422),
        ("accounts=0", 422),
        ("acv=-1", 422),
        ("csms=inf", 422),
        ("csms=nan", 422),
        ("accounts=1e300", 422),
        ("tier=9", 422),
        ("segment=Space", 404),
        ("segment=Enterprise&tier=1", 422),
        ("as_of=1999-01-01", 404),
        ("csms=0", 200),
        ("tier=1", 200),
    ],
)
def test_what_can_not_be_is_refused_in_words(program, asked, status):
    answer = program("operations", "read").get(f"/api/v1/sizing?{asked}")

    assert answer.status_code == status, answer.json()


def test_a_csm_gets_nothing(program):
    client = program("csm", "read")

    assert [
        client.get(f"/api/v1/sizing{path}").status_code for path in ("", "/scenarios", "/plan", "/steps")
    ] == [404] * 4


def test_scenarios_are_saved_listed_and_dropped(program):
    client = program("operations", "read", "write")
    body = {"name": "More", "inputs": {"csms": 5}}
    made = client.post("/api/v1/sizing/scenarios", body, content_type=JSON)
    assert made.status_code == 201 and made.json()["inputs"]["csms"] == 5
    assert client.post("/api/v1/sizing/scenarios", body, content_type=JSON).json()["id"] == made.json()["id"]
    other = {"name": "More", "inputs": {"csms": 6}}
    assert client.post("/api/v1/sizing/scenarios", other, content_type=JSON).status_code == 409
    moon = {"name": "Moon", "inputs": {"moons": 6}}
    assert client.post("/api/v1/sizing/scenarios", moon, content_type=JSON).status_code == 422
    assert len(client.get("/api/v1/sizing/scenarios").json()["items"]) == 1
    dropped = client.post(f"/api/v1/sizing/scenarios/{made.json()['id']}/drop", {}, content_type=JSON)
    assert dropped.json()["items"] == []
    assert (
        program("reader", "read").post("/api/v1/sizing/scenarios", body, content_type=JSON).status_code == 403
    )


def test_a_token_that_leads_one_team_reads_and_keeps_nothing(program):
    client = program("leader", "read", "write", team="North")

    assert client.get("/api/v1/sizing").status_code == 200
    for path, body in (("scenarios", {"name": "A"}), ("plan", {}), ("steps/measure", {})):
        assert client.post(f"/api/v1/sizing/{path}", body, content_type=JSON).status_code == 403, path


def test_a_plan_is_made_and_read(program):
    client = program("operations", "read", "write")
    assert client.get("/api/v1/sizing/plan").status_code == 404
    made = client.post("/api/v1/sizing/plan", {"seed": 7, "hires": 2}, content_type=JSON)
    assert made.status_code == 201 and made.json()["seed"] == 7 and len(made.json()["months"]) == 12
    assert client.get("/api/v1/sizing/plan").json() == made.json()
    assert client.post("/api/v1/sizing/plan", {"leaver": "nobody"}, content_type=JSON).status_code == 422


def test_a_plan_that_a_worker_works_out_is_asked_for(program):
    client = program("operations", "read", "write")
    asked = client.post("/api/v1/sizing/plan/run", {"seed": 7, "hires": 2}, content_type=JSON)
    assert asked.status_code == 202 and asked.json()["run"] > 0
    assert client.get("/api/v1/sizing/plan").status_code == 404, "it is not there yet"
    assert client.post("/api/v1/sizing/plan/run", {"hired_in": 23}, content_type=JSON).status_code == 422
    reads = program("reader", "read", "write")
    assert reads.post("/api/v1/sizing/plan/run", {}, content_type=JSON).status_code == 403


def test_steps_are_marked_and_taken_back(program):
    client = program("operations", "read", "write")
    assert [each["step"] for each in client.get("/api/v1/sizing/steps").json()["items"]][:2] == [
        "measure",
        "pick",
    ]
    done = client.post("/api/v1/sizing/steps/pick", {"choice": "split_machine"}, content_type=JSON)
    assert done.json()["items"][1]["is_done"] and done.json()["items"][1]["choice"] == "split_machine"
    back = client.post("/api/v1/sizing/steps/pick", {"done": False}, content_type=JSON)
    assert not back.json()["items"][1]["is_done"]
    assert client.post("/api/v1/sizing/steps/moon", {}, content_type=JSON).status_code == 422
