"""The page of tiers: its sentence, who sees what, deciding one and several, plans, marks, the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.pages.tiering import DOWN_OF_BEN, DOWN_OF_CHIDI, HELD_OF_BEN, UP_OF_BEN

from evenbook.policy.queries import latest
from evenbook.runs.models import Run
from evenbook.tiers.models import Mark, Move, Ruling, Share, Step

PART = {"X-Evenbook-Part": "row"}


def number(team: Any, place: int) -> int:
    return Move.objects.get(account=team.accounts[place]).pk


def page(client: Any, query: str = "") -> str:
    return " ".join(client.get(f"/tiers{query}").content.decode().split())


def test_the_sentence_says_who_should_move_and_who_may_not_yet(as_user):
    said = page(as_user("lena"))
    assert ">Two</a> accounts should move up, <a" in said and ">two</a> down; <a" in said
    assert ">two</a> may not move down yet." in said


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ({"direction": "up"}, ">Two</a> accounts should move down; <a"),
        ({"is_hindered": False}, "No account waits to be moved to another tier; <a"),
        ({"is_hindered": True}, ">two</a> down."),
    ],
)
def test_the_sentence_leaves_out_what_there_is_not(as_user, gone, says):
    Move.objects.filter(**gone).delete()
    assert says in page(as_user("lena"))


@pytest.mark.parametrize(("name", "moves"), [("amara", 2), ("ben", 2), ("chidi", 2), ("olu", 4), ("edda", 4)])
def test_everybody_sees_the_moves_of_the_accounts_that_they_may_open(as_user, name, moves):
    assert page(as_user(name)).count("data-decides") == moves


@pytest.mark.parametrize("name", ["ben", "edda", "rea"])
def test_who_may_not_decide_is_shown_no_way_to(as_user, team, name):
    said = page(as_user(name))
    assert 'value="approve"' not in said and "Waits for a leader or operations." in said
    answer = as_user(name).post(
        f"/tiers/moves/{number(team, UP_OF_BEN)}", {"decide": "approve"}, headers=PART
    )
    assert answer.status_code == 422 and not Ruling.objects.exists()


def test_a_stranger_and_another_teams_leader_find_nothing(as_user, client, team):
    assert client.get("/tiers")["Location"].startswith("/sign-in")
    for what in ("approve", "decline"):
        answer = as_user("amara").post(f"/tiers/moves/{number(team, DOWN_OF_CHIDI)}", {"decide": what})
        assert answer.status_code == 404


def test_a_move_is_approved_in_place_and_its_plan_stands_on_the_page(as_user, team):
    amara, address = as_user("amara"), f"/tiers/moves/{number(team, DOWN_OF_BEN)}"
    answer = amara.post(address, {"decide": "approve", "note": "Agreed."}, headers=PART)

    row = answer.content.decode()
    assert answer["X-Evenbook-Part"] == "row" and "Approved" in row and "Agreed." in row
    said = page(amara)
    assert "Brightwater" in said and "what stays the same from" in said
    assert amara.post(address, {"decide": "take-back"}, headers=PART).status_code == 200
    assert "No plan is under way." in page(amara)


def test_what_was_typed_wrong_is_said_and_kept(as_user, team):
    amara, address = as_user("amara"), f"/tiers/moves/{number(team, DOWN_OF_BEN)}"
    wrong = [
        ({"decide": "approve", "effective_on": "tomorrow", "note": "Kept so."}, "is not a day"),
        ({"decide": "approve", "effective_on": "1999-01-01", "note": "Kept so."}, "take effect on"),
        ({"decide": "decline", "note": ""}, "needs a reason"),
        ({"decide": "approve", "note": "x" * 301}, "more than 300 characters"),
        ({"decide": "moon"}, "Nothing was decided"),
        ({}, "Nothing was decided"),
    ]
    for given, why in wrong:
        answer = amara.post(address, given, headers=PART)
        said = answer.content.decode()
        assert answer.status_code == 422 and why in said and given.get("note", "") in said
    assert why in page_after(amara, address, {}) and not Ruling.objects.exists()


def page_after(client: Any, address: str, given: dict[str, str]) -> str:
    return client.post(address, given, follow=True).content.decode()


def test_several_are_approved_at_once_and_what_could_not_be_is_said(as_user, team):
    chosen = [number(team, place) for place in (UP_OF_BEN, DOWN_OF_BEN, HELD_OF_BEN)]
    said = page_after(as_user("amara"), "/tiers/approve", {"move": [*map(str, chosen), "x", "987654"]})

    assert "Two moves are approved." in said
    assert "Not approved: Northwind Foods, move 987654." in said
    assert Ruling.objects.count() == 2
    assert "Nothing was chosen" in page_after(as_user("amara"), "/tiers/approve", {})
    assert "is not a day" in page_after(
        as_user("amara"), "/tiers/approve", {"move": chosen, "effective_on": "soon"}
    )


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "nowhere"])
def test_nobody_is_sent_elsewhere(as_user, team, back):
    given = {"decide": "approve", "back": back}
    answer = as_user("amara").post(f"/tiers/moves/{number(team, UP_OF_BEN)}", given)
    assert answer["Location"] == "/tiers"


def test_hindered_approved_and_declined_moves_are_filters(as_user, team):
    lena = as_user("lena")
    lena.post(f"/tiers/moves/{number(team, UP_OF_BEN)}", {"decide": "decline", "note": "Too early."})
    assert "Its revenue was cut." in page(lena, "?state=hindered")
    assert "Too early." in page(lena, "?state=declined")
    assert "No move matches these filters." in page(lena, "?state=approved")
    assert "is not known; the filter was left out" in page(lena, "?state=moon&tier=9")


def test_a_step_is_done_by_who_answers_for_the_account(as_user, team):
    as_user("lena").post(f"/tiers/moves/{number(team, UP_OF_BEN)}", {"decide": "approve"})
    step = Step.objects.order_by("number").first()
    assert as_user("chidi").post(f"/tiers/steps/{step.pk}/done").status_code == 404
    said = page_after(as_user("ben"), f"/tiers/steps/{step.pk}/done", {})
    assert "The step is done." in said
    assert Step.objects.get(pk=step.pk).done_by == "Ben Adler"


def test_a_step_that_is_past_its_day_is_late(as_user, team):
    as_user("lena").post(f"/tiers/moves/{number(team, UP_OF_BEN)}", {"decide": "approve"})
    assert ">late<" not in page(as_user("ben"))
    Step.objects.update(due_on=timezone.now().date() - timedelta(days=2))
    assert ">late<" in page(as_user("ben"))


def test_an_account_is_locked_and_unlocked_with_a_reason(as_user, team):
    amara = as_user("amara")
    given = {"account": "a-00002", "kind": "lock", "reason": "Agreed with them."}
    assert "Agreed with them." in page_after(amara, "/tiers/marks", given)
    mark = Mark.objects.get()
    assert "It has no reason." in page_after(amara, f"/tiers/marks/{mark.pk}/withdraw", {"reason": " "})
    assert "taken away" in page_after(amara, f"/tiers/marks/{mark.pk}/withdraw", {"reason": "Over."})
    wrong = amara.post("/tiers/marks", {**given, "account": "a-00005"})
    assert wrong.status_code == 422 and 'value="a-00005"' in wrong.content.decode()
    assert "There is no account" in wrong.content.decode() and "Agreed with them." in wrong.content.decode()
    assert "Set by hand" in page(as_user("ben")) and 'name="kind"' not in page(as_user("ben"))
    assert as_user("ben").post("/tiers/marks", given).status_code == 422 and Mark.objects.count() == 1


def test_an_older_week_is_read_and_not_decided(as_user, team):
    Run.objects.create(
        kind="week", as_of=team.run.as_of + timedelta(days=7), policy_version=1, started_at=timezone.now(),
        ended_at=timezone.now(), by="sample", fingerprint="g",
    )  # fmt: skip
    said = page(as_user("lena"), f"?as_of={team.run.as_of}")
    assert "Decided on the newest week." in said and 'value="approve"' not in said
    answer = as_user("lena").post(f"/tiers/moves/{number(team, UP_OF_BEN)}", {"decide": "approve"})
    assert answer.status_code == 404


def test_the_long_tail_is_one_figure_that_opens_into_its_tiers(as_user):
    said = page(as_user("lena"))
    accounts = sum(row.accounts for row in Share.objects.filter(tier__gte=3))
    assert f'data-of="tail" data-fold="sum" data-value="{accounts}"' in said and "Long tail" in said


def test_the_ratio_check_says_inside_above_or_below_and_by_how_much(as_user):
    said = page(as_user("lena"))
    assert "Ratio check" in said and "Enterprise" in said and "no factor holds" in said
    assert "below</span> by " in said


def test_executives_see_the_ratio_of_segments_and_of_no_single_person(as_user):
    said = page(as_user("edda"))
    assert "Accounts and ARR a CSM, by segment" in said and "Ben Adler" not in said.split("Ratio check")[1]
    assert "Chidi Eze" not in page(as_user("ben")).split("Ratio check")[1]


def test_the_moves_are_a_file(as_user, team):
    file = as_user("lena").get("/tiers?export=csv").content.decode("utf-8-sig")
    assert file.count("\n") == 7 and "its revenue was cut" in file
    of_ben = as_user("ben").get("/tiers?export=csv").content.decode("utf-8-sig")
    assert of_ben.count("\n") == 4


def test_empty_pages_say_what_will_appear(as_user, team):
    Move.objects.all().delete()
    assert "No account waits to be moved to another tier." in page(as_user("lena"))
    Share.objects.all().delete()
    said = page(as_user("lena"))
    assert "No account is yours to open." in said and "No account of a segment that has a range." in said
    Run.objects.all().delete()
    assert "which accounts should move to another tier" in page(as_user("lena"))


def test_factors_of_the_policy_stand_beside_their_segment(as_user):
    assert latest().policy is not None
    assert "policy</a> says which factors hold where" in page(as_user("lena"))
