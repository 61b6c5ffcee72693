"""The work on the hot sheet and its replay, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.hotsheet.kept import begun, replay
from tests.pages.company import NOW

from evenbook.hotsheet.models import HotCase, HotRow
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest

JSON = "application/json"


@pytest.fixture(autouse=True)
def policy(team: Any) -> None:
    ensure_first(NOW - timedelta(days=90))


def test_rows_have_their_work(team: Any, program: Any) -> None:
    begun()
    HotRow.objects.filter(rank=1).update(overflow="hours")
    first = program("operations", "read").get("/api/v1/hot-sheet").json()["items"][0]

    assert (first["work"], first["on_the_sheet_since"], first["first_action_by"]) == (
        "new",
        "2026-03-02",
        "2026-03-03",
    )
    assert first["first_action_on"] is None and first["overflow"] == "no hours left this week"


def test_a_row_that_was_never_worked_has_none(team: Any, program: Any) -> None:
    first = program("operations", "read").get("/api/v1/hot-sheet").json()["items"][0]
    assert first["work"] is None and first["overflow"] is None


def test_work_is_marked_once_and_refused_in_words(team: Any, program: Any) -> None:
    begun()
    key = HotRow.objects.get(rank=1).account.key
    writer = program("operations", "read", "write")
    told = writer.post(
        "/api/v1/hot-sheet/work", {"account": key, "mark": "saved", "note": "They signed."}, content_type=JSON
    )

    assert told.status_code == 200 and told.json()["claimed_by"]
    assert HotCase.objects.get(account__key=key).act == "They signed."
    for body, status in (
        ({"account": key, "mark": "false-alarm"}, 409),
        ({"account": "nobody", "mark": "working"}, 404),
        ({"account": key, "mark": "dance"}, 422),
        ({"account": key, "mark": "working", "note": "x" * 301}, 422),
    ):
        assert writer.post("/api/v1/hot-sheet/work", body, content_type=JSON).status_code == status


def test_a_reader_marks_nothing(team: Any, program: Any) -> None:
    begun()
    body = {"account": HotRow.objects.get(rank=1).account.key, "mark": "working"}
    assert (
        program("operations", "read").post("/api/v1/hot-sheet/work", body, content_type=JSON).status_code
        == 403
    )


def test_the_replay_and_its_losses(team: Any, program: Any) -> None:
    client = program("operations", "read")
    assert client.get("/api/v1/replay").status_code == 404
    number = replay(team)
    told = client.get("/api/v1/replay").json()

    assert (told["id"], told["weeks"], told["rows"], told["state"]) == (number, 104, 3, "proposed")
    assert [each["drawn_up"] for each in told["fared"]] == ["sheet", "points", "revenue", "contact", "chance"]
    assert told["fared"][0]["precision"] == 0.15 and told["fared"][0]["lead_weeks_median"] == 9.0
    page = client.get("/api/v1/replay/losses?limit=1").json()
    assert page["total"] == 2 and page["items"][0]["lead_weeks"] == 9.0 and page["next"]
    assert program("leader", "read", team="North").get("/api/v1/replay/losses").json()["total"] < 2


def test_adopting_and_asking_need_the_scope_of_the_policy(team: Any, program: Any) -> None:
    number = replay(team)
    body = {"replay": number, "note": ""}
    assert (
        program("operations", "write").post("/api/v1/replay/adopt", body, content_type=JSON).status_code
        == 403
    )
    client = program("operations", "policy")
    told = client.post("/api/v1/replay/adopt", body, content_type=JSON).json()

    assert told["adopted_version"] == latest().number == 2
    runs = {client.post("/api/v1/replay", {}, content_type=JSON).json()["run"] for _ in range(2)}
    assert len(runs) == 1
