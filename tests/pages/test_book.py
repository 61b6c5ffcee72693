"""The pages of books and proposals: sentence, who sees what, asking, deciding, changing by hand, files."""

from __future__ import annotations

from typing import Any

import pytest
from tests.balance.test_deciding import made, newest, viewer
from tests.pages.company import NOW

from evenbook.balance.jobs import do_proposal
from evenbook.balance.models import Proposal, ProposalMove
from evenbook.book.models import Ownership
from evenbook.runs.models import Job, Run


def page(client: Any, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_the_book_says_who_is_past_the_limit_and_lists_everybody(as_user, team):
    said = page(as_user("lena"), "/book")
    assert "Ben Adler" in said and "Chidi Eze" in said
    assert "Work it out" in said
    assert "Nothing was proposed yet." in said


def test_a_csm_sees_their_own_book_and_can_propose_nothing(as_user, team):
    said = page(as_user("ben"), "/book")
    assert "Ben Adler" in said and "Chidi Eze" not in said and "Work it out" not in said
    assert as_user("ben").post("/book/propose", {"mode": "full"}).status_code == 404


def test_before_the_first_week_the_page_says_so(as_user, team):
    Run.objects.all().delete()
    answer = as_user("lena").get("/book")
    assert answer.status_code == 200 and "evenbook" in answer.content.decode()


def test_asking_begins_a_run_that_keeps_a_proposal(as_user, team, settings):
    answer = as_user("lena").post("/book/propose", {"mode": "full", "moves": "1"})
    job = Job.objects.get(work="proposal")
    assert answer.status_code == 302 and answer["Location"] == "/book"
    assert "is being worked out" in page(as_user("lena"), "/book")
    assert "is being worked out" not in page(as_user("olu"), "/book")
    assert job.given["wanted"]["moves"] == 1 and job.given["mail"] == team.users["lena"].mail

    said = do_proposal(Plain(), **{**job.given, "wanted": {**job.given["wanted"], "seconds": 0.05}})
    assert "waits on the page Book" in said
    assert Proposal.objects.get().made_by == "Lena Sorel"
    Job.objects.update(state="failed", says="It broke.", fix="Ask again.", ended_at=NOW)
    assert "was not worked out: It broke. Ask again." in page(as_user("lena"), "/book")


class Plain:
    """Work without its engine."""

    by = "Lena Sorel"

    began_at = NOW

    def step(self, title, does):
        return does()


@pytest.mark.parametrize("given", [{"mode": "sideways"}, {"mode": "full", "moves": "-2"}, {}])
def test_what_can_not_be_asked_begins_nothing(as_user, team, given):
    assert as_user("lena").post("/book/propose", given).status_code == 404
    assert not Job.objects.filter(work="proposal").exists()


def test_a_proposal_shows_moves_books_and_how_to_decide(as_user, team):
    number = made(team)
    said = page(as_user("lena"), f"/proposals/{number}")
    assert team.of("ben")[0].name in said
    assert "It was placed by hand." in said
    assert "Approve the chosen moves" in said
    assert "Approve the chosen moves" not in page(as_user("rea"), f"/proposals/{number}")


def test_a_reader_sees_it_and_decides_nothing(as_user, team):
    number = made(team)
    assert as_user("rea").get(f"/proposals/{number}").status_code == 200
    for path in ("approve", "drop", "undo", "move"):
        given = {"account": team.of("ben")[0].key, "person": "ben", "note": "x", "accounts": "x"}
        assert as_user("rea").post(f"/proposals/{number}/{path}", given).status_code in {403, 409}
    assert Proposal.objects.get(pk=number).state == "open"


@pytest.mark.parametrize("name", ["ben", "amara", "edda"])
def test_who_does_not_see_everybody_in_it_does_not_see_it(as_user, team, name):
    number = made(team)
    for path in ("", "/price", "/approve", "/drop", "/undo", "/move"):
        client = as_user(name)
        address = f"/proposals/{number}{path}"
        assert (client.post(address) if path else client.get(address)).status_code == 404


def test_approving_some_undoing_and_the_words_for_both(as_user, team):
    number, account = made(team), team.of("ben")[0]
    client = as_user("lena")
    nothing = client.post(f"/proposals/{number}/approve", {"note": "x"})
    assert nothing.status_code == 409 and "Choose at least one" in nothing.content.decode()
    done = client.post(f"/proposals/{number}/approve", {"accounts": [account.key]}, follow=True)
    assert "1 account has changed hands." in done.content.decode()
    assert Ownership.objects.filter(account=account, source="evenbook").count() == 1
    back = client.post(f"/proposals/{number}/undo", follow=True)
    assert "1 account is back" in back.content.decode()


def test_dropping_without_a_reason_says_what_is_missing(as_user, team):
    number = made(team)
    answer = as_user("lena").post(f"/proposals/{number}/drop", {"note": ""})
    assert answer.status_code == 409 and "Say why" in answer.content.decode()


def test_choosing_somebody_else_is_priced_at_once_and_kept_on_change(as_user, team):
    number, account = made(team), team.of("ben")[1]
    client = as_user("lena")
    priced = client.post(f"/proposals/{number}/price", {"account": account.key, "person": "chidi"})
    assert priced.status_code == 200 and "By hand it is" in priced.content.decode()
    typed = {"account": account.key, "person": "Chidi (of the pool) (chidi)"}
    assert client.post(f"/proposals/{number}/price", typed).content == priced.content
    wrong = client.post(f"/proposals/{number}/price", {"account": "no", "person": "chidi"})
    assert wrong.status_code == 422
    client.post(f"/proposals/{number}/move", {"account": account.key, "person": "chidi"})
    assert ProposalMove.objects.filter(proposal=number, account=account, by_hand=True).exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_books_and_moves_as_files(as_user, team, kind):
    number = made(team)
    for address in ("/book", f"/proposals/{number}"):
        answer = as_user("lena").get(f"{address}?export={kind}")
        assert answer.status_code == 200 and len(b"".join(answer)) > 50


def test_a_name_is_never_markup(as_user, team):
    account = team.of("ben")[0]
    account.name = "<script>alert(1)</script>"
    account.save(update_fields=["name"])
    number = made(team)
    assert "<script>alert" not in page(as_user("lena"), f"/proposals/{number}")


def test_the_api_tells_books_and_proposals_and_decides(as_user, team):
    assert newest(team) is not None and viewer(team, "lena").role == "leader"
    number, account = made(team), team.of("ben")[0]
    client = as_user("lena")
    books = client.get("/api/v1/books").json()
    assert {each["csm"] for each in books["books"]} >= {"ben", "chidi"}
    listed = client.get("/api/v1/proposals").json()
    assert [each["id"] for each in listed["items"]] == [number]
    shown = client.get(f"/api/v1/proposals/{number}").json()
    assert shown["moves"][0]["account"] == account.key and shown["gap"] >= 0
    assert as_user("ben").get(f"/api/v1/proposals/{number}").status_code == 404


def test_of_many_people_a_move_has_one_list_for_all_of_them(as_user, team, monkeypatch):
    monkeypatch.setattr("evenbook.balance.web.proposal.MOST_IN_A_LIST", 1)
    number = made(team)
    shown = page(as_user("lena"), f"/proposals/{number}")

    assert shown.count("<datalist") == 1 and 'list="everybody"' in shown and "(chidi)" in shown
    assert '<select id="to-' not in shown
