"""Expansion for programs: what is opened, moved, listed and refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

JSON = "application/json"


@pytest.fixture
def operations(program: Any) -> Any:
    return program("operations")


def new(team: Any, **said: Any) -> dict[str, Any]:
    account = team.accounts[20].key
    return {"account": account, "key": uuid4().hex, "role": "support", "product": "Insights"} | said


def opened(client: Any, team: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/expansion/openings", new(team), content_type=JSON)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_opening_goes_from_opened_to_won_with_all_that_became_of_it(operations, team):
    number = opened(operations, team)["id"]
    for said in ({"to": "answered"}, {"to": "won", "amount": 1200.5, "currency": "USD"}):
        answer = operations.post("/api/v1/expansion/move", {"opening": number, **said}, content_type=JSON)
        assert answer.status_code == 200, answer.content

    found = operations.get(f"/api/v1/expansion/openings/{number}").json()
    assert (found["state"], found["amount"], found["currency"], found["is_human"]) == (
        "won",
        1200.5,
        "USD",
        True,
    )
    assert [each["kind"] for each in found["events"]] == ["opened", "routed", "answered", "won"]
    assert operations.get("/api/v1/expansion/pipeline").json()["all"]["close_rate"] == 1


def test_openings_are_listed_those_that_wait_first(operations, team):
    first, second = opened(operations, team)["id"], opened(operations, team)["id"]
    operations.post("/api/v1/expansion/move", {"opening": first, "to": "answered"}, content_type=JSON)

    found = operations.get("/api/v1/expansion/openings?state=open").json()

    assert [each["id"] for each in found["items"]] == [second, first] and found["total"] == 2


@pytest.mark.parametrize(
    ("address", "said", "kind"),
    [
        ("move", {"to": "won"}, "opening-refused"),
        ("move", {"to": "lost"}, "opening-refused"),
        ("move", {"to": "won", "amount": 5, "currency": "XTS"}, "opening-refused"),
        ("move", {"to": "opened"}, "invalid"),
        ("give", {"person": "nobody", "reason": "Because"}, "opening-refused"),
        ("release", {"reason": " "}, "opening-refused"),
    ],
)
def test_what_cannot_be_is_refused_in_words(operations, team, address, said, kind):
    number = opened(operations, team)["id"]

    answer = operations.post(f"/api/v1/expansion/{address}", {"opening": number, **said}, content_type=JSON)

    assert answer.status_code == 422 and answer.json()["type"] == f"/errors/{kind}"


def test_a_reader_reads_and_changes_nothing(program, team):
    reader = program("reader")

    assert reader.post("/api/v1/expansion/openings", new(team), content_type=JSON).status_code in {403, 422}
    for address in ("openings", "list", "pipeline", "ladder", "scoreboards"):
        assert reader.get(f"/api/v1/expansion/{address}").status_code == 200, address


def test_a_trial_of_a_day_that_there_is_not_is_refused(operations, team):
    given = {
        "account": team.accounts[0].key,
        "product": "Flows",
        "first_on": "2026-02-31",
        "last_on": "2026-03-01",
    }

    answer = operations.post("/api/v1/expansion/trials", given, content_type=JSON)

    assert answer.status_code == 422 and answer.json()["type"] == "/errors/day-refused"


def test_a_machine_is_said_and_shown(operations, team):
    given = {"person": team.people["ben"].key, "kind": "staffed", "value": "expansion"}

    assert operations.post("/api/v1/expansion/machines", given, content_type=JSON).json()["is_new"] is True

    boards = operations.get("/api/v1/expansion/scoreboards").json()
    assert [each["person_name"] for each in boards["expansion"]] == ["Ben Adler"]


def test_trials_are_listed_with_what_came_of_them(operations, team):
    given = {
        "account": team.accounts[7].key,
        "product": "Insights",
        "first_on": "2026-01-05",
        "last_on": "2026-02-05",
    }
    number = operations.post("/api/v1/expansion/trials", given, content_type=JSON).json()["trial"]
    (row,) = operations.get("/api/v1/expansion/trials").json()["items"]
    assert row["id"] == number and row["is_over"] and row["outcome"] is None

    end = {"trial": number, "outcome": "opted_out", "note": "No time for it."}
    assert operations.post("/api/v1/expansion/trials/end", end, content_type=JSON).json()["is_new"]
    (row,) = operations.get("/api/v1/expansion/trials").json()["items"]
    assert (row["outcome"], row["note"], row["is_over"]) == ("opted_out", "No time for it.", False)
