"""Accounts of a handoff confirmed in a real browser, by keyboard alone, with undo; and what a narrow page shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.briefings.handing import announced, write_briefs
from tests.pages import company
from tests.pages.test_axe import GRAVE, HOW
from tests.pages.test_browser import on_screens

import chromium
from evenbook.book.models import Account
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.people.models import User

NOW = datetime.now(UTC)
FIRST = (NOW + timedelta(days=20)).date()
FOCUSED = "document.activeElement.closest('tr')?.dataset.account"
EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'


@pytest.fixture
def shown(live_server: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page of Ben's handoff as somebody sees it: ``shown("chidi")``."""
    company.build(8)
    Account.objects.filter(key="a-00006").update(name=EVIL)
    handoff = announced(now=NOW, first_on=FIRST)
    write_briefs(handoff, now=NOW)

    def opened(name: str, path: str = "", **how: Any) -> Any:
        page = open_page(**how)
        chromium.sign_in(page, User.objects.get(mail=f"{name}@example.com"), live_server.url)
        page.goto(f"{live_server.url}/handoffs/{handoff.pk}{path}")
        return page

    return opened


def confirmed() -> int:
    return HandoffAccount.objects.exclude(confirmed_at=None).count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_account_is_confirmed_by_keyboard_alone(shown: Callable[..., Any], scheme: str) -> None:
    page = shown("chidi", scheme=scheme)
    for count in range(1, 5):
        page.keyboard.press("c")
        expect(page.locator("tr[data-account] .tag.good")).to_have_count(count)
        if count < 4:
            assert page.evaluate("document.activeElement.textContent").startswith("Confirm")
    expect(page.locator("h1")).to_contain_text("all are confirmed, after 0 days")
    expect(page.locator("#confirmed")).to_contain_text("4 confirmed")
    assert confirmed() == 4 and page.evaluate("window.hit") is None


def test_a_confirmation_is_undone_in_its_row(shown: Callable[..., Any]) -> None:
    page = shown("chidi")
    page.keyboard.press("c")
    row = page.locator("tr[data-account]").first
    expect(row.locator(".tag")).to_have_text("confirmed")
    row.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(row.locator(".tag")).to_have_text("to confirm")
    assert page.evaluate(FOCUSED) == row.get_attribute("data-account") and confirmed() == 0
    expect(page.locator("h1")).to_contain_text("none is confirmed so far")


def test_without_a_script_a_button_confirms(shown: Callable[..., Any]) -> None:
    page = shown("chidi", scripts=False)
    page.get_by_role("button", name="Confirm", exact=False).first.click()
    expect(page.locator("main")).to_contain_text("The account is confirmed.")
    assert confirmed() == 1


def test_what_is_refused_meanwhile_is_said_in_the_row(shown: Callable[..., Any]) -> None:
    page = shown("chidi")
    Handoff.objects.update(called_off_at=NOW, called_off_by="Ben Adler")
    page.keyboard.press("c")
    page.locator("tr[data-account] [role=alert]").wait_for()
    assert "This handoff was called off" in page.locator("[role=alert]").inner_text() and confirmed() == 0


def test_pages_fit_each_screen_and_stand_out_on_it(shown: Callable[..., Any]) -> None:
    page = shown("chidi")
    wrong = []
    for path in ("", "/pack", "/briefs/a-00000"):
        page.goto(
            f"{page.url.partition('/handoffs/')[0]}/handoffs/{HandoffAccount.objects.first().handoff_id}{path}"
        )
        wrong += on_screens(page)
    assert wrong == [] and page.evaluate("window.hit") is None


@pytest.mark.parametrize("name", ["chidi", "ben", "edda"])
def test_axe_finds_nothing_serious(shown: Callable[..., Any], name: str) -> None:
    page, found = shown(name), []
    here = page.url
    for path in (here, f"{here}/pack", f"{here}/briefs/a-00000", here.rpartition("/")[0]):
        page.goto(path)
        told = Axe().run(page, options=HOW).response["violations"]
        found += [(path, each["id"], each["nodes"][0]["html"]) for each in told if each["impact"] in GRAVE]
    assert found == []
