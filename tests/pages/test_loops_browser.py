"""Closing loops in a real browser, by keyboard alone, with a connection that comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.closures.owing import owed
from tests.pages import company
from tests.pages.test_browser import on_screens

import chromium
from evenbook.book.models import Account
from evenbook.closures.models import Draft, Loop
from evenbook.people.models import User
from evenbook.records.models import Artifact

DONE = "Everything due today is closed."
FOCUSED = "document.activeElement.closest('[data-loop]')?.querySelector('th').textContent"
EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'


def today() -> Any:
    return datetime.now(UTC).date()


@pytest.fixture
def week(live_server: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens My week of Ben, who owes so many loops: ``week(10)``."""
    team = company.build(24)

    def opened(loops: int, *, later: int = 0, name: str = "ben", **how: Any) -> Any:
        accounts = team.of("ben")
        for number in range(loops + later):
            day = today() + timedelta(days=1 if number >= loops else -(number % 3))
            owed(accounts[number % len(accounts)], by=team.people["ben"], due_on=day, event=f"crm:{number}")
        page = open_page(**how)
        chromium.sign_in(page, User.objects.get(mail=f"{name}@example.com"), live_server.url)
        page.goto(f"{live_server.url}/my-week{'' if name == 'ben' else '?person=ben'}")
        return page

    return opened


def say(page: Any, *texts: str) -> None:
    """Type into one field after another, as a person does who has no mouse."""
    for place, text in enumerate(texts):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(text)


def form_opens(page: Any) -> None:
    page.keyboard.press("c")
    page.locator("[data-under] textarea").first.wait_for()
    assert page.evaluate("document.activeElement.name") == "summary"


def form_opens_again(page: Any) -> None:
    page.keyboard.press("c")
    page.locator("[data-under] textarea").first.wait_for()


def write_note(page: Any) -> None:
    """Fill the check-in note under the focused row; who does the follow-up stands there already."""
    day = today() + timedelta(days=9)
    say(page, "They renew, and the pilot of the second site starts.", "Send the new plan")
    page.keyboard.press("Tab")
    say(page, "", f"{day:%m%d%Y}")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "next_touchpoint":
            break
    page.keyboard.type(day.isoformat())


def close(page: Any, left: int) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-loop]")).to_have_count(left)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ten_loops_are_closed_by_keyboard_alone(week: Callable[..., Any], scheme: str) -> None:
    page = week(10, scheme=scheme)
    assert page.locator("h1").inner_text().startswith("10 things are owed today")
    for left in range(9, -1, -1):
        form_opens(page)
        write_note(page)
        assert not page.locator("[data-when-done]").is_visible()
        close(page, left)
        if left:
            assert page.evaluate(FOCUSED) is not None
            assert page.locator("[data-left=due]").inner_text() == str(left)

    expect(page.locator("[data-when-done]")).to_be_focused()
    assert DONE in page.locator("[data-when-done]").inner_text()
    assert page.locator("h1").inner_text() == DONE
    assert page.locator("h2#due").inner_text().strip() == "Due today"
    assert page.locator("#promised tbody tr").count() == 10
    assert Artifact.objects.filter(closes__gt="", kind="check_in_note").count() == 10
    assert not Draft.objects.exists() and page.evaluate("localStorage.length") == 0
    page.reload()
    assert page.locator("h1").inner_text() == DONE


def test_a_follow_up_due_today_keeps_the_sentence_from_saying_that_all_is_done(
    week: Callable[..., Any],
) -> None:
    page = week(1, later=1)
    form_opens(page)
    write_note(page)
    page.locator("[data-under] input[type=date]").fill(today().isoformat())
    page.locator("[data-under] [name=next_touchpoint]").focus()
    close(page, 1)

    page.locator("#promised tbody tr").wait_for()
    assert page.locator("h1").inner_text().startswith("One thing is owed today")
    assert not page.locator("[data-when-done]").is_visible()
    page.get_by_role("button", name="Done").click()
    page.locator("[data-when-done]").wait_for()
    assert page.locator("h1").inner_text() == DONE


def test_a_refusal_says_why_under_the_row_and_keeps_what_was_typed(week: Callable[..., Any]) -> None:
    page = week(2)
    form_opens(page)
    say(page, "Too short")
    page.keyboard.press("Control+Enter")
    page.locator("[data-under] [role=alert]").wait_for()

    assert "What you typed is still here" in page.locator("[role=alert]").inner_text()
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == [
        "summary",
        "Too short",
    ]
    assert page.locator("[data-loop]").count() == 2 and not Loop.objects.exclude(closed_at=None).exists()


def test_a_draft_is_there_after_a_reload(week: Callable[..., Any]) -> None:
    page = week(1)
    form_opens(page)
    say(page, "Half of what I wanted")
    page.get_by_text("Kept as a draft.").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("[data-under]").count() == 0 and page.evaluate(FOCUSED) == "Northwind Foods"
    page.reload()
    form_opens_again(page)

    assert page.locator("[data-under] [name=summary]").input_value() == "Half of what I wanted"
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("is_left", [False, True])
def test_a_lost_connection_loses_nothing(week: Callable[..., Any], is_left: bool) -> None:
    """Neither where the page stays open until it is back, nor where it is left before."""
    page = week(2)
    address = page.url
    form_opens(page)
    page.get_by_role("button", name="Another one").click()
    page.locator("[name=follow_ups-1-what]").fill("Call the second site")
    page.context.set_offline(True)
    page.locator("[data-under] [name=summary]").fill("")
    page.locator("[data-under] [name=summary]").focus()
    write_note(page)
    page.get_by_text("No connection: kept in this browser").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("No connection: nothing was closed").wait_for()
    assert page.locator("[data-loop]").count() == 2 and not Loop.objects.exclude(closed_at=None).exists()

    if is_left:
        page.goto("about:blank")
    page.context.set_offline(False)
    if is_left:
        page.goto(address)
        form_opens_again(page)
        assert page.locator("[name=follow_ups-1-what]").input_value() == "Call the second site"
    page.get_by_text("Kept as a draft.").wait_for()
    kept = Draft.objects.get().answers
    assert kept["summary"].startswith("They renew") and kept["next_touchpoint"]
    assert [each["what"] for each in kept["follow_ups"]] == ["Send the new plan", "Call the second site"]
    page.reload()
    form_opens_again(page)
    assert page.locator("[name=follow_ups-1-what]").input_value() == "Call the second site"
    assert page.evaluate("localStorage.length") == 0


def test_a_form_opened_without_a_connection_says_so_and_comes_with_it(week: Callable[..., Any]) -> None:
    page = week(1)
    page.context.set_offline(True)
    page.keyboard.press("c")
    page.get_by_text("the form opens when it is back").wait_for()
    page.context.set_offline(False)
    page.keyboard.press("c")
    assert page.locator("[data-under]").count() == 0
    form_opens(page)


def test_who_was_signed_out_meanwhile_has_closed_nothing_and_lost_nothing(week: Callable[..., Any]) -> None:
    page = week(1)
    form_opens(page)
    write_note(page)
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Nothing was closed: load the page again").wait_for()

    assert page.locator("[data-loop]").count() == 1 and not Loop.objects.exclude(closed_at=None).exists()
    assert page.locator("[name=summary]").input_value().startswith("They renew")


def test_what_one_typed_is_not_shown_to_another_on_the_same_browser(
    week: Callable[..., Any], live_server: Any
) -> None:
    page = week(1)
    form_opens(page)
    page.context.set_offline(True)
    say(page, "What Ben thinks of them")
    page.get_by_text("No connection: kept in this browser").wait_for()
    page.context.set_offline(False)
    page.goto("about:blank")
    Draft.objects.all().delete()
    chromium.sign_in(page, User.objects.get(mail="amara@example.com"), live_server.url)
    page.goto(f"{live_server.url}/my-week?person=ben")
    page.keyboard.press("c")
    page.locator("[name=summary]").wait_for()

    assert page.locator("[name=summary]").input_value() == ""


def test_a_loop_that_another_closed_meanwhile_is_said_to_be_and_what_was_typed_stays(
    week: Callable[..., Any],
) -> None:
    page = week(1)
    form_opens(page)
    write_note(page)
    Loop.objects.update(closed_at=datetime.now(UTC))
    page.keyboard.press("Control+Enter")
    page.get_by_text("This loop was closed on").wait_for()

    assert "They renew, and the pilot" in page.locator("[data-under]").inner_text()


@pytest.mark.one_database
def test_g_and_c_go_to_coverage_and_open_no_form(week: Callable[..., Any]) -> None:
    page = week(1)
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/coverage")


def test_forms_fit_narrow_screens_stand_out_and_run_nothing_from_names(week: Callable[..., Any]) -> None:
    page = week(2, later=2, name="amara", width=360)
    assert list(on_screens(page)) == []
    Account.objects.update(name=EVIL * 2)
    page.reload()
    page.keyboard.press("c")
    page.locator("[data-under] textarea").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("[data-under] [role=alert]").wait_for()
    assert list(on_screens(page)) == []
    page.goto(page.url.replace("/my-week?person=ben", f"/loops/{Loop.objects.first().pk}"))

    assert list(on_screens(page)) == []
    assert page.evaluate("window.hit") is None and page.locator("img").count() == 0


NAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, select, button, a[href]")]
  .filter((each) => !each.closest("dialog") && each.offsetParent)
  .filter((each) => !(each.labels && each.labels.length) && !each.textContent.trim() && !each.getAttribute("aria-label"))
  .map((each) => each.outerHTML)"""
TWICE = """() => { const all = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return all.filter((each, place) => all.indexOf(each) !== place); }"""


@pytest.mark.one_database
def test_every_field_of_a_form_has_a_name_and_no_two_the_same_id(week: Callable[..., Any]) -> None:
    page = week(2)
    form_opens(page)
    page.get_by_role("button", name="Another one").click()
    page.locator("[data-loop]").nth(1).locator("a[data-close]").click()
    page.locator("[data-under]").nth(1).locator("textarea").first.wait_for()

    assert page.evaluate(NAMED) == [] and page.evaluate(TWICE) == []
