"""Deciding a warning and a diagnosis in a real browser, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.pages import company
from tests.pages.test_warnings import warned

import chromium
from evenbook.closures.models import Diagnosis
from evenbook.decisions.models import Decision
from evenbook.people.models import User


@pytest.fixture
def opened(live_server: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page as Amara, who leads Ben: his load is past sustainable."""
    team = company.build(24)
    warned(team)

    def visit(path: str, **how: Any) -> Any:
        page = open_page(**how)
        chromium.sign_in(page, User.objects.get(mail="amara@example.com"), live_server.url)
        page.goto(f"{live_server.url}{path}")
        return page

    return visit


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_warning_is_decided_and_taken_back_by_keyboard_alone(
    opened: Callable[..., Any], scheme: str
) -> None:
    page = opened("/team-week", scheme=scheme)
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.name") == "choice"
    page.keyboard.type("Redis")
    page.keyboard.press("Tab")
    page.keyboard.type("Two accounts go to Chidi.")
    page.keyboard.press("Enter")

    row = page.locator("[data-decides]")
    expect(row).to_contain_text("Two accounts go to Chidi.")
    assert Decision.objects.get().choice == "redistribute"
    assert page.evaluate("document.activeElement.textContent") == "Take it back"

    page.keyboard.press("Enter")
    expect(row.locator("select")).to_be_focused()
    assert Decision.objects.get().choice == ""


def test_a_refusal_stands_in_the_row_and_keeps_the_note(opened: Callable[..., Any]) -> None:
    page = opened("/team-week")
    page.keyboard.press("d")
    page.keyboard.type("Wait")
    page.keyboard.press("Tab")
    page.keyboard.type("...")
    page.keyboard.press("Enter")

    expect(page.locator("[data-decides] [role=alert]")).to_contain_text("Waiting needs a reason.")
    assert page.evaluate("document.activeElement.value") == "..."
    assert Decision.objects.get().choice == ""


def test_diagnoses_are_decided_one_after_the_other_by_keyboard_alone(opened: Callable[..., Any]) -> None:
    page = opened("/coverage/audit")
    rows = page.locator("[data-decides]").count()
    assert rows >= 2
    page.keyboard.press("d")
    for left in range(rows - 1, -1, -1):
        page.keyboard.press("Enter")
        expect(page.locator("[data-first]")).to_have_count(left)
    assert Diagnosis.objects.count() == rows and page.locator("text=confirmed").count() >= rows

    summary = page.locator("[data-decides] summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Requirement")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody reads it.")
    page.keyboard.press("Enter")
    expect(page.locator("[data-decides]").first).to_contain_text("overruled")
    assert Diagnosis.objects.filter(decided="requirement_wrong", note="Nobody reads it.").count() == 1


@pytest.mark.parametrize("path", ["/team-week", "/coverage/audit", "/closing/ben", "/decisions"])
def test_pages_hold_on_a_narrow_screen(opened: Callable[..., Any], path: str) -> None:
    page = opened(path, width=360, scheme="dark")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
