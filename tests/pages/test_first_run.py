"""Before the first weekly run there is nothing to show, and pages say how to get it.

Apart from the other pages: their files hold a team with a stored week while their tests run.
"""

from __future__ import annotations

import pytest
from django.test import Client
from tests.pages import company

from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM

PAGES = ("/my-week", "/team-week", "/accounts", "/coverage", "/hot-sheet")


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_run_a_page_says_what_will_appear_and_how(db, page):
    user = add_user(
        SYSTEM,
        mail="olu@example.com",
        name="Olu",
        role="operations",
        now=company.NOW,
        password=company.PASSWORD,
    )
    client = Client()
    client.force_login(user)
    said = client.get(page).content.decode()

    assert client.get("/")["Location"] == "/import"
    assert "There is no week to show yet." in said and "evenbook week" in said and "It will show" in said
