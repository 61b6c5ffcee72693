"""Pools on the pages of books and proposals, in files and in the API."""

from __future__ import annotations

import json

from tests.balance.test_deciding import viewer
from tests.balance.test_pools_deciding import DIGITAL, low, made

from evenbook.balance.models import ProposalMove
from evenbook.balance.queries.proposals import proposal


def test_the_pages_name_the_pool_and_take_it_from_list_and_keyboard(as_user, team):
    account = low(team)
    number, client = made(team, account, DIGITAL), as_user("lena")
    said = client.get(f"/proposals/{number}").content.decode()
    assert '<option value="pool:digital" selected>Pool Digital</option>' in said
    assert 'data-receiver="pool:digital"' in said
    listed = client.get("/book").content.decode()
    assert "/books/pool:digital" in listed
    one = client.get("/books/pool:digital").content.decode()
    assert "Chidi Eze" in one and "of a member, for others" in one
    assert as_user("ben").get("/books/pool:digital").status_code == 404

    given = {"account": team.of("ben")[3].key, "person": "Pool Digital (pool:digital)"}
    assert "Pool Digital" in client.post(f"/proposals/{number}/price", given).content.decode()
    assert client.post(f"/proposals/{number}/move", given).status_code == 302
    assert ProposalMove.objects.filter(proposal=number, receiver_pool=team.pool).count() == 2
    sheet = client.get(f"/proposals/{number}?export=csv").content.decode()
    assert "pool:digital,Pool Digital" in sheet
    done = client.post(f"/proposals/{number}/approve", {"accounts": [account.key]}, follow=True)
    assert "1 account has changed hands." in done.content.decode()


def test_programs_can_tell_a_pool_from_a_person(as_user, team):
    number, client = made(team, low(team), DIGITAL), as_user("lena")
    told = client.get(f"/api/v1/proposals/{number}").json()
    (move,) = told["moves"]

    assert (move["from_person"], move["from_pool"]) == ("ben", None)
    assert (move["to_person"], move["to_pool"], move["to_pool_name"]) == (None, "digital", "Pool Digital")
    assert {each["csm"] for each in told["after"] if each["is_pool"]} == {DIGITAL}
    given = {"account": team.of("ben")[3].key, "person": DIGITAL}
    answer = client.post(
        f"/api/v1/proposals/{number}/moves", json.dumps(given), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    assert {each["to_pool"] for each in answer.json()["moves"]} == {"digital"}
    document = proposal(viewer(team, "lena"), number).contents
    assert (document["moves"][0]["from"], document["moves"][0]["to"]) == ("ben", DIGITAL)
