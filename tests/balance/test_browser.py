"""A change by hand in a real browser: dragged to somebody, priced at once, kept by the button alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.balance.test_deciding import made
from tests.pages import company

import chromium
from evenbook.balance.models import ProposalMove
from evenbook.balance.queries import pricing


@pytest.fixture
def opened(live_server: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a proposal as Lena, who leads everybody; one of Ben's goes to Chidi."""
    pricing.BOOKS.clear()
    team = company.build(12)
    number = made(team)

    def visit(**how: Any) -> Any:
        page = open_page(**how)
        chromium.sign_in(page, team.users["lena"], live_server.url)
        page.goto(live_server.url + reverse("proposal", args=(number,)))
        return page

    return visit


def lift(page: Any) -> None:
    """Take the first move up: the list of people stands then."""
    page.locator(".grip").first.hover()
    page.mouse.down()
    page.mouse.move(400, 300, steps=4)
    page.locator(".tray").wait_for()


def drag_to(page: Any, person: str) -> None:
    """Drag the first move to a person; to its owner, it is none any more."""
    lift(page)
    page.locator(f'[data-drop="{person}"]').hover()
    page.mouse.up()


def receiver() -> str | None:
    move = ProposalMove.objects.first()
    return move.receiver.key if move is not None and move.receiver else None


@pytest.mark.parametrize("is_many", [False, True])
def test_an_account_is_dragged_to_somebody_priced_at_once_and_kept_by_the_button(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, is_many: bool
) -> None:
    monkeypatch.setattr("evenbook.balance.web.proposal.MOST_IN_A_LIST", 0 if is_many else 40)
    page = opened()
    drag_to(page, "ben")

    expect(page.locator("[data-books]")).to_contain_text("By hand it is")
    assert page.locator(".tray").is_hidden() and receiver() == "chidi"
    assert page.evaluate("document.activeElement.textContent") == "Change"

    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("No account moves.")
    assert receiver() in {None, "ben"}


@pytest.mark.parametrize("is_many", [False, True])
def test_an_account_is_dragged_into_a_pool_and_every_book_follows(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, is_many: bool
) -> None:
    monkeypatch.setattr("evenbook.balance.web.proposal.MOST_IN_A_LIST", 0 if is_many else 40)
    page = opened()
    drag_to(page, "pool:digital")

    expect(page.locator("[data-books]")).to_contain_text("Breaks a rule. Which role serves which tier")
    expect(page.locator('[data-receiver="pool:digital"]')).to_contain_text("1 → 2")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("by hand")
    move = ProposalMove.objects.get()
    assert move.receiver is None and move.receiver_pool is not None and move.receiver_pool.key == "digital"


def test_to_let_go_beside_everybody_changes_nothing(opened: Callable[..., Any]) -> None:
    page = opened()
    lift(page)
    page.mouse.up()

    page.locator(".tray").wait_for(state="hidden")
    assert page.locator("select[name=person]").first.input_value() == "chidi"
    assert "By hand" not in page.locator("[data-books]").inner_text()


def test_without_a_script_or_a_pointer_no_handle_stands(opened: Callable[..., Any]) -> None:
    assert opened(scripts=False).locator(".grip").count() == 0
