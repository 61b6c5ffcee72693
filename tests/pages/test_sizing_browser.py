"""Sizing in a real browser: inputs that move, what is saved then, a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.pages import company

import chromium
from evenbook.people.models import User
from evenbook.sizing.models import Scenario


@pytest.fixture
def opened(live_server: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page as Lena, who leads everybody."""
    company.build(24)

    def visit(path: str, **how: Any) -> Any:
        page = open_page(**how)
        chromium.sign_in(page, User.objects.get(mail="lena@example.com"), live_server.url)
        page.goto(f"{live_server.url}{path}")
        return page

    return visit


def test_an_input_that_moves_shows_its_answer_and_is_what_is_saved(opened: Callable[..., Any]) -> None:
    page = opened("/sizing")
    for name, text in (("accounts", "600"), ("csms", "3"), ("completed_share", "33%"), ("acv", "3000")):
        page.locator(f"#in-{name}").fill(text)
    expect(page.locator("h1")).to_contain_text("Split Machine")
    expect(page.locator("[data-answer]")).to_contain_text("22 a month a head")

    page.locator("input[type=range][data-of=completed_share]").fill("0.1")
    expect(page.locator("h1")).to_contain_text("Pooled Leverage")
    expect(page.locator("#in-completed_share")).to_have_value("0.1")
    page.locator("#in-acv").fill("-5")
    expect(page.locator("[data-answer] [role=alert]")).to_contain_text("below zero")
    page.locator("#in-acv").fill("3000")
    expect(page.locator("[data-answer] [role=alert]")).to_have_count(0)

    page.locator("input[name=name]").fill("One in ten")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#scenarios ~ .table").first).to_contain_text("One in ten")
    saved = Scenario.objects.get()
    assert saved.inputs["completed_share"] == 0.1 and saved.answer["verdict"] == "pooled_leverage"


def test_a_narrow_screen_needs_no_scrolling_sideways(opened: Callable[..., Any]) -> None:
    page = opened("/sizing", width=360)
    page.get_by_role("button", name="Work it out").click()
    expect(page.locator(".bands svg")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == 360
