"""Imports in a real browser: a folder, the keyboard alone, two clicks, narrow and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chromium
from evenbook.book.models import Account
from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.sources.models import Load
from sources.web_import import ACCOUNTS, DOUBTFUL, MORNING

SCREENS = ((1280, "dark"), (360, "light"), (360, "dark"))
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def visit(
    live_server: Any, settings: Any, tmp_path: Path, open_page: Callable[..., Any]
) -> Callable[..., Any]:
    """Return a function that signs operations in and opens the page of imports."""
    settings.EVENBOOK_HOME = tmp_path / "home"
    ensure_first(MORNING)
    olu = add_user(SYSTEM, mail="olu@example.com", name="Olu", role="operations", now=MORNING)

    def visited(**how: Any) -> Any:
        page = open_page(**how)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        chromium.sign_in(page, olu, live_server.url)
        page.goto(f"{live_server.url}/import")
        return page

    return visited


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of files to send."""
    made = tmp_path / "export"
    (made / "more").mkdir(parents=True)
    (made / "accounts.csv").write_bytes(DOUBTFUL)
    (made / "more" / "readme.md").write_text("Nothing to load.", encoding="utf-8")
    return made


def test_a_folder_is_sent_with_its_paths_and_its_size_is_said_before(visit, folder):
    page = visit()
    page.set_input_files("#folder", str(folder))
    assert "2 files" in page.text_content("[data-said]")

    page.get_by_role("button", name="See what they would load").click()
    page.wait_for_url("**/uploads/*")

    assert page.get_by_text("more/readme.md").is_visible() and page.get_by_text("a dry run").is_visible()
    assert page.complaints == []


def test_a_question_is_answered_and_loaded_with_the_keyboard_alone(visit, folder):
    page = visit()
    page.set_input_files("#files", str(folder / "accounts.csv"))
    page.focus("form.send button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/uploads/*")

    page.focus("fieldset.question input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("1 answer given").wait_for()
    page.focus("button[value=load]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/loads/*")

    assert Account.objects.count() == 2 and page.complaints == []


def test_two_clicks_load_once(visit, tmp_path):
    (tmp_path / "accounts.csv").write_bytes(ACCOUNTS)
    page = visit()
    page.set_input_files("#files", str(tmp_path / "accounts.csv"))
    page.get_by_role("button", name="See what they would load").click()
    page.wait_for_url("**/uploads/*")

    page.locator("button[value=load]").dblclick()
    page.wait_for_url("**/loads/*")

    assert Load.objects.count() == 1


def test_without_scripts_files_are_sent_answered_loaded_and_looked_back_at(visit, folder):
    page = visit(scripts=False)
    assert page.locator("#folder").is_hidden()
    page.set_input_files("#files", str(folder / "accounts.csv"))
    page.get_by_role("button", name="See what they would load").click()
    page.wait_for_url("**/uploads/*")
    address = page.url
    assert page.get_by_text("2 rows wait").is_visible()

    page.get_by_role("link", name="accounts.csv").click()
    page.locator("select[name=column-2]").select_option("custom")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url(address)
    assert page.get_by_text("2 of 2 rows would be new.").is_visible()
    page.locator("button[value=load]").click()
    page.wait_for_url("**/loads/*")

    assert page.get_by_text("2 of 2 rows were new.").is_visible() and Account.objects.count() == 2
    page.get_by_role("link", name="Import", exact=True).first.click()
    page.wait_for_url("**/import")
    assert page.locator("table.counted tbody tr").count() == 1


def test_without_scripts_what_waits_is_answered_and_a_doubtful_answer_stays_open(visit, folder):
    page = visit(scripts=False)
    page.set_input_files("#files", str(folder / "accounts.csv"))
    page.get_by_role("button", name="See what they would load").click()
    page.wait_for_url("**/uploads/*")
    page.locator("button[value=load]").click()
    page.wait_for_url("**/loads/*")
    page.goto(page.url.partition("/import/")[0] + "/import/questions")
    page.get_by_role("button", name="Load the rows that are answered").click()
    page.get_by_text("No answer was chosen; nothing was loaded.").wait_for()

    page.get_by_label("day first").check()
    page.get_by_role("button", name="Load the rows that are answered").click()
    page.wait_for_url("**/loads/*")

    assert Account.objects.count() == 2 and Load.objects.count() == 2


def test_no_page_is_wider_than_the_screen(visit, folder):
    page, wide = visit(), []

    def look() -> None:
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            wide.append(page.evaluate(TOO_WIDE))

    look()
    page.set_input_files("#folder", str(folder))
    page.get_by_role("button", name="See what they would load").click()
    page.wait_for_url("**/uploads/*")
    address = page.url
    for step in (address, f"{address}/files/0", address):
        page.goto(step)
        look()
    page.locator("button[value=load]").click()
    page.wait_for_url("**/loads/*")
    look()

    assert max(wide) <= 0 and len(wide) == 5 * len(SCREENS) and page.complaints == []
