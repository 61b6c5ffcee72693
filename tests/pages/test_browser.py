"""Pages in a real browser: keyboard, narrow screens, both schemes, paper, and nothing that runs from data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.pages import company

import chromium
from evenbook.book.models import Account, Contact
from evenbook.people.models import User

PAGES = (
    "/weeks-ahead",
    "/weeks-ahead/2026-03-16/ben",
    "/profiles/ben",
    "/my-week",
    "/my-week?person=ben",
    "/team-week",
    "/accounts",
    "/accounts/a-00002",
    "/coverage",
    "/hot-sheet",
    "/sizing",
    "/sizing/rows/accounts",
    "/figures/effort_load?kind=csm&subject=ben",
    "/find?q=a",
    "/-/patterns",
    "/me",
    "/me/second-factor",
)
OF_OPERATIONS = ("/people", "/people/{ben}", "/people/teams", "/admin/", "/admin/people/user/")
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
OUTLINED = """() => {
  const seen = getComputedStyle(document.activeElement);
  return seen.outlineStyle !== "none" && parseFloat(seen.outlineWidth) >= 2;
}"""
MOVED = """new Promise((done) => {
  let sum = 0;
  const add = (list) => list.getEntries().forEach((each) => { sum += each.value; });
  const watch = new PerformanceObserver(add);
  watch.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
SCREENS = ((1280, "light"), (1280, "dark"), (768, "light"), (360, "light"), (360, "dark"))
SETTLED = "document.getAnimations().forEach((each) => each.finish())"
"""Changes of colour are put to their end: outside the window Chromium may never come to it by itself."""
A4_INSIDE_MARGINS = 703
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def served(live_server: Any, settings: Any) -> Any:
    """Serve the invented team's pages."""
    company.build()
    return live_server


@pytest.fixture
def visit(served: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that signs somebody in and opens a page: ``visit("/accounts", width=360)``."""

    def visited(path: str = "/", *, name: str = "lena", **how: Any) -> Any:
        page = open_page(**how)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        chromium.sign_in(page, User.objects.get(mail=f"{name}@example.com"), served.url)
        page.goto(f"{served.url}{path}")
        return page

    return visited


def by_hand(page: Any, home: str, name: str) -> None:
    """Sign in as a person does."""
    page.goto(f"{home}/sign-in")
    page.get_by_label("Mail address").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(company.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_lands_where_the_day_starts_and_signing_out_leaves(served, open_page):
    page = open_page()
    by_hand(page, served.url, "ben")
    page.wait_for_url("**/my-week")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(page.url.replace("/sign-in", "/accounts"))
    assert "/sign-in?next=/accounts" in page.url


@pytest.mark.one_database
def test_letters_go_to_places(visit):
    page = visit("/team-week")
    for letter, place in (
        ("a", "/accounts"),
        ("c", "/coverage"),
        ("h", "/hot-sheet"),
        ("w", "/my-week"),
        ("t", "/team-week"),
    ):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**{place}")


@pytest.mark.one_database
def test_rows_are_walked_and_opened_by_key(visit):
    page = visit("/accounts")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "Northwind Foods"

    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/a-00000")


@pytest.mark.one_database
def test_slash_goes_to_the_search_and_letters_typed_there_go_nowhere(visit):
    page = visit("/accounts")
    page.keyboard.press("/")
    page.keyboard.type("ghost gt?")

    assert page.evaluate("document.activeElement.name") == "q"
    assert page.evaluate("document.activeElement.value") == "ghost gt?" and page.url.endswith("/accounts")


def test_the_palette_finds_an_account_by_name(visit):
    page = visit("/team-week")
    page.keyboard.press("Control+k")
    page.keyboard.type("kestrel")
    page.get_by_role("option", name="Kestrel Bio").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/a-00001")


@pytest.mark.one_database
def test_the_keys_are_listed_and_escape_closes_them(visit):
    page = visit("/team-week")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible() and "Hot sheet" in page.locator("#keys").inner_text()

    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def on_screens(page: Any) -> Iterator[str]:
    """Yield what is wrong with a page on any screen: wider than it, or text that does not stand out."""
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED)
        if (over := page.evaluate(TOO_WIDE)) > 0:
            yield f"{page.url} at {width}: {over} too wide"
        yield from (f"{page.url} at {width} in {scheme}: {text}" for text in page.evaluate(CONTRAST))


def on_paper(page: Any) -> Iterator[str]:
    """Yield what is wrong with a page on paper: too wide, a ground that is not white, or what only a screen needs."""
    page.set_viewport_size({"width": A4_INSIDE_MARGINS, "height": 900})
    page.emulate_media(media="print", color_scheme="light")
    if page.evaluate(TOO_WIDE) > 0:
        yield f"{page.url} is wider than paper"
    if page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
        yield f"{page.url} has a ground on paper"
    if page.locator(".side").is_visible() or page.locator("form").first.is_visible():
        yield f"{page.url} has navigation or a form on paper"
    page.emulate_media(media="screen")


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "pages"), [("lena", PAGES), ("olu", OF_OPERATIONS)])
def test_no_page_is_wider_than_its_screen_and_all_text_stands_out_from_its_ground(visit, served, name, pages):
    page, wrong = visit(name=name), []
    ben = User.objects.get(mail="ben@example.com").pk
    for path in (each.format(ben=ben) for each in pages):
        page.goto(f"{served.url}{path}")
        wrong += [*on_screens(page), *(on_paper(page) if name == "lena" else ())]
    assert wrong == [] and page.complaints == []


@pytest.mark.one_database
def test_paper_has_the_tables(visit):
    page = visit("/team-week", width=A4_INSIDE_MARGINS)
    page.emulate_media(media="print")
    assert page.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"


def test_faint_text_is_noticed(open_page):
    page = open_page()
    page.set_content("<p style='color: #999; background: #fff'>faint</p><p>clear</p>")

    assert len(page.evaluate(CONTRAST)) == 1


@pytest.mark.one_database
def test_the_scheme_follows_the_reader(visit):
    grounds = {
        scheme: visit("/team-week", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }

    assert grounds == {"light": "rgb(250, 249, 246)", "dark": "rgb(20, 23, 22)"}


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/accounts", "/coverage"])
def test_what_has_the_focus_can_be_seen(visit, path):
    page = visit(path)
    for _ in range(27):
        page.keyboard.press("Tab")
        seen = page.evaluate(OUTLINED)
        assert seen, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.one_database
def test_the_first_stop_skips_the_navigation(visit):
    page = visit("/accounts")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_pages_work_without_script(served, open_page):
    page = open_page(width=360, height=800, scripts=False)
    by_hand(page, served.url, "lena")
    page.locator("summary", has_text="Menu").click()
    page.locator("details .places").get_by_role("link", name="Accounts").click()
    page.get_by_label("Name or domain").fill("kestrel")
    page.get_by_role("button", name="Show").click()

    assert page.locator("tbody tr").count() == 1 and "q=kestrel" in page.url


def test_names_from_files_run_nothing(visit, served):
    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>\'"`${1}{{7*7}}'
    Account.objects.update(name=evil)
    Contact.objects.update(name=evil, title="javascript:window.hit=1")
    page = visit("/team-week")
    for path in PAGES:
        page.goto(f"{served.url}{path}")
        assert page.evaluate("window.hit") is None, path
        assert page.locator("img").count() == 0, path
    page.goto(f"{served.url}/team-week")
    page.keyboard.press("Control+k")
    page.keyboard.type("img")
    page.get_by_role("option").first.wait_for()
    assert page.locator("img").count() == 0 and page.evaluate("window.hit") is None


@pytest.mark.one_database
def test_the_page_does_not_move_while_it_loads(visit):
    page = visit("/team-week", fresh=True)
    moved = page.evaluate(MOVED)

    assert moved < 0.02
