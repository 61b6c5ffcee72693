"""Tiers for programs: what each role reads, deciding, what is refused."""

from __future__ import annotations

from typing import Any

from django.test import Client
from tests.pages.tiering import DOWN_OF_BEN, DOWN_OF_CHIDI, HELD_OF_BEN, UP_OF_BEN

from evenbook.tiers.models import Move, Ruling, Step

JSON = "application/json"


def number(team: Any, place: int) -> int:
    return Move.objects.get(account=team.accounts[place]).pk


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/tiers/{path}", body, content_type=JSON)


def test_tiers_have_their_tail_and_the_ratio_check(team: Any, program: Any) -> None:
    found = program("operations", "read").get("/api/v1/tiers").json()

    assert (found["moves_up"], found["moves_down"], found["moves_hindered"]) == (2, 2, 2)
    assert sum(row["accounts"] for row in found["tiers"]) == 24
    assert found["tail"]["accounts"] == sum(row["accounts"] for row in found["tiers"] if row["tier"] >= 3)
    assert {row["owner"] for row in found["owners"]} == {"ben", "chidi", "digital"}
    assert found["segments"][0]["accounts"]["state"] in {"inside", "below", "above"}
    assert program("executive", "read").get("/api/v1/tiers").json()["owners"] == []


def test_each_role_lists_the_moves_that_it_may_see(team: Any, program: Any) -> None:
    every = program("operations", "read").get("/api/v1/tiers/moves").json()
    of_north = program("leader", "read", team="North").get("/api/v1/tiers/moves?state=hindered").json()

    assert every["total"] == 6
    (held,) = of_north["items"]
    assert (held["account"], held["state"], held["may_move_from"]) == ("a-00000", "hindered", "2026-05-01")
    assert held["hindrances"] == ["its revenue was cut"] and held["evidence"][0]["value"] == 90_000


def test_a_leaders_token_approves_declines_and_takes_back(team: Any, program: Any) -> None:
    leader = program("leader", team="North")
    answer = post(leader, "moves/approve", move=number(team, UP_OF_BEN), note="Agreed.").json()
    assert (answer["state"], answer["note"], answer["to_tier"]) == ("approved", "Agreed.", 2)
    (plan,) = leader.get("/api/v1/tiers/plans").json()["items"]
    assert plan["account"] == "a-00002" and plan["steps"][0]["owner_name"] == "Ben Adler"
    assert post(leader, "steps/done", step=plan["steps"][0]["id"]).json() == {"step": plan["steps"][0]["id"]}
    assert Step.objects.exclude(done_at=None).count() == 1
    assert post(leader, "moves/take-back", move=number(team, UP_OF_BEN)).json()["state"] == "waiting"
    declined = post(leader, "moves/decline", move=number(team, DOWN_OF_BEN), reason="They grow.").json()
    assert (declined["state"], declined["note"], declined["effective_on"]) == ("declined", "They grow.", None)


def test_marks_are_set_and_taken_away(team: Any, program: Any) -> None:
    leader = program("leader", team="North")
    mark = post(leader, "marks", account="a-00002", kind="strategic", reason="Opens a market.").json()["mark"]
    assert post(leader, "marks/withdraw", mark=mark, reason="It is open.").status_code == 200
    assert post(leader, "marks/withdraw", mark=987654, reason="It is open.").status_code == 404


def test_what_can_not_be_is_said_and_changes_nothing(team: Any, program: Any) -> None:
    leader, reader = program("leader", team="North"), program("operations", "read")
    up, held, others = (number(team, place) for place in (UP_OF_BEN, HELD_OF_BEN, DOWN_OF_CHIDI))
    said = [
        (post(leader, "moves/approve", move=held), 400),
        (post(leader, "moves/approve", move=others), 404),
        (post(leader, "moves/approve", move=987654), 404),
        (post(leader, "moves/approve", move=up, effective_on="1999-01-01"), 400),
        (post(leader, "moves/approve", move=up, effective_on="soon"), 422),
        (post(leader, "moves/approve", move=up, note="x" * 301), 422),
        (post(leader, "moves/approve", move="one"), 422),
        (post(leader, "moves/decline", move=up, reason=""), 400),
        (post(leader, "moves/decline", move=up), 422),
        (post(leader, "steps/done", step=987654), 404),
        (post(leader, "marks", account="a-00002", kind="moon", reason="Because."), 422),
        (post(leader, "marks", account="a-00005", kind="lock", reason="Because."), 404),
        (post(reader, "moves/approve", move=up), 403),
        (reader.get("/api/v1/tiers/moves?state=moon"), 422),
        (reader.get("/api/v1/tiers?as_of=1999-01-01"), 404),
    ]
    assert [answer.status_code for answer, _ in said] == [status for _, status in said]
    assert Ruling.objects.count() == 0
