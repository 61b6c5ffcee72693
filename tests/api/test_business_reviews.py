"""Business reviews for programs: drawn up and watched; looked at and approved by people alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pptx import Presentation
from tests.reviews import reviewing

from evenbook.people.models import User
from evenbook.reviews.models import RaisedHand, Review
from evenbook.runs.models import Job

JSON = "application/json"
ROOT = "/api/v1/business-reviews"


@pytest.fixture
def team(db: None, settings: Any, tmp_path: Any) -> Any:
    """Return the team with usage and readers, in an instance of its own."""
    settings.EVENBOOK_HOME = tmp_path
    return reviewing.build()


def person(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(mail=f"{name}@example.com"))
    return client


def test_a_batch_is_drawn_up_once_a_key_and_watched(team: Any, program: Callable[..., Client]) -> None:
    client = program("operations")
    made = [
        client.post(ROOT, {"title": "Spring"}, content_type=JSON, headers={"Idempotency-Key": "one"})
        for _ in "ab"
    ]
    assert [each.status_code for each in made] == [201, 201] and made[0].json() == made[1].json()
    number = made[0].json()["id"]
    given = Job.objects.get(work="reviews-draw").given
    assert given["mail"] == "" and given["token"], "the work is done as the token, not as everybody"
    reviewing.fill(
        number, week=reviewing.shown(), by=reviewing.SYSTEM, now=reviewing.NOW, told=lambda d, t: None
    )

    found = client.get(f"{ROOT}/{number}").json()
    assert (found["state"], found["ready"], found["sample"], found["looked_at"]) == ("draft", 8, 5, 0)
    rows = client.get(f"{ROOT}/{number}/reviews?state=sample").json()
    assert rows["total"] == 5 == len(rows["items"])
    assert client.get(ROOT).json()["reviewed_share"] == 0.0


def test_a_program_neither_looks_nor_approves(team: Any, program: Callable[..., Client]) -> None:
    number, client = reviewing.drawn(), program("operations")
    pk = Review.objects.filter(batch=number, in_sample=True).first().pk
    for path in (f"{ROOT}/reviews/{pk}/look", f"{ROOT}/{number}/approve"):
        answer = client.post(path)
        assert answer.status_code == 403 and "a person does" in answer.json()["detail"]
    lena = person("lena")
    for each in Review.objects.filter(batch=number, in_sample=True):
        assert lena.post(f"{ROOT}/reviews/{each.pk}/look").json()["looked_at"]
    assert lena.post(f"{ROOT}/{number}/approve").json()["state"] == "approved"
    assert lena.post(f"{ROOT}/{number}/approve").status_code == 409
    assert lena.post(f"{ROOT}/{number}/cancel").json()["cancelled"] == 8


def test_a_review_is_given_whole_and_as_a_file_to_who_may_open_its_account(team: Any) -> None:
    number = reviewing.drawn()
    own, other = (reviewing.review_of(number, team.accounts[place]).pk for place in (0, 1))
    ben = person("ben")
    deck = ben.get(f"{ROOT}/reviews/{own}").json()["deck"]
    assert deck["slides"][0]["figures"][0]["rows"]
    file = ben.get(f"{ROOT}/reviews/{own}/file?format=pptx")
    assert Presentation(io.BytesIO(file.content)).slides[1].shapes.title.text == "Use of what you have"
    assert ben.get(f"{ROOT}/reviews/{own}/file?format=docx").status_code == 400
    for path in ("", "/file"):
        assert ben.get(f"{ROOT}/reviews/{other}{path}").status_code == 404
    assert ben.post(f"{ROOT}/reviews/{own}/override", {"reason": "x"}, content_type=JSON).status_code == 403
    assert ben.get(f"{ROOT}/999").status_code == 404


def test_a_link_is_given_once_and_ended(team: Any, tmp_path: Path) -> None:
    review = reviewing.review_of(reviewing.sent(tmp_path), team.accounts[0])
    ben = person("ben")
    made = ben.post(f"{ROOT}/reviews/{review.pk}/link")
    assert made.status_code == 201 and Client().get(made.json()["path"]).status_code == 200
    assert ben.post(f"{ROOT}/reviews/{review.pk}/end-links").json() == {"ended": 1}
    assert Client().get(made.json()["path"]).status_code == 404
    assert person("lena").post(f"{ROOT}/{review.batch_id}/end-links").json() == {"ended": 0}


def test_hands_and_opt_outs(team: Any, tmp_path: Path) -> None:
    review = reviewing.review_of(reviewing.sent(tmp_path), team.accounts[0])
    RaisedHand.objects.create(review=review, wants="meeting", raised_at=reviewing.LATER)
    assert [each["wants"] for each in person("ben").get(f"{ROOT}/hands").json()["items"]] == ["meeting"]
    assert person("chidi").get(f"{ROOT}/hands").json()["items"] == []
    given = {"account": "a-00000", "reason": "They asked."}
    assert person("ben").post(f"{ROOT}/opt-outs", given, content_type=JSON).json()["opted_out"] is True
    assert person("chidi").post(f"{ROOT}/opt-outs", given, content_type=JSON).status_code == 404
    undone = person("ben").post(f"{ROOT}/opt-outs", {**given, "undo": True}, content_type=JSON)
    assert undone.json()["opted_out"] is False
