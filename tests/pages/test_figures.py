"""Every number opens: a crawler opens each figure of each page and adds up the rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.pages import reading
from tests.pages.reading import A_NUMBER

PAGES = (
    "/my-week",
    "/team-week",
    "/accounts",
    "/coverage",
    "/coverage/audit",
    "/decisions",
    "/hot-sheet",
    "/expansion",
    "/expansion/list",
    "/expansion/ladder",
    "/expansion/scoreboards",
    "/hot-sheet/replay",
    "/tiers",
    "/book",
    "/books/ben",
    "/book/structures",
    "/proposals/compare",
    "/accounts/a-00002",
    "/seven/ben",
    "/calibration",
    "/profiles/ben",
    "/weeks-ahead",
    "/weeks-ahead/2026-03-16/ben",
    "/outcomes",
    "/monthly",
    "/executive",
    "/reports",
    "/reports/weekly",
    "/reports/quarterly",
    "/executive/cohorts/2024-01-01/0",
    "/metric-tiers",
    "/sizing",
    "/sizing/rows/accounts",
    "/sizing/rows/csms",
    "/sizing/rows/work",
    "/first-weeks",
    "/reviews",
    "/reviews/coverage",
    "/figures/effort_load?kind=team&subject=North",
    "/figures/time_to_detect?kind=team&subject=North",
    "/-/patterns",
)


PLAIN = re.compile(
    r"\d{1,2} \w{3,9}( \d{4})?|\d{4}-\d\d-\d\d"  # days
    r"|Company \d+|: Weekly users .*"  # names, and evidence quoted in a sentence
    r"|policy version \d+|tier \d|T\d|under: \d+%"  # names, and numbers of policy
    r"|last \d+ (days|weeks)|; \d+ weeks|\d+ weeks?$|[Ff]irst \d+|and \d+ more"  # windows and cuts
    r"|100 less|rank \d+|^\d+ of$|\d+ moments?|^\d+$"  # the place in a list, and how long a list below is
)
"""What stands out on a page and is no figure."""


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], HttpResponse]:
    """Return what each role got at each address: nothing is written between, and many figures open alike."""
    return {}


@pytest.fixture
def asking(as_user: Callable[[str], Client], answers) -> Callable[[str], Callable[[str], HttpResponse]]:
    """Return a function that gives one that asks for an address, once in a file, as somebody."""

    def asked_by(name: str) -> Callable[[str], HttpResponse]:
        client = as_user(name)

        def asked(address: str) -> HttpResponse:
            if (name, address) not in answers:
                answers[name, address] = client.get(address)
            return answers[name, address]

        return asked

    return asked_by


@pytest.fixture
def fetching(asking) -> Callable[[str], Callable[[str], str]]:
    """Return a function that gives one that fetches pages as somebody."""
    return lambda name: reading.fetching(asking(name))


@pytest.mark.parametrize("name", ["amara", "ben", "chidi", "edda"])
@pytest.mark.parametrize("page", PAGES[:-1])
def test_every_figure_opens_into_rows_that_add_up_to_it(asking, fetching, name, page):
    if asking(name)(page).status_code == 404:
        pytest.skip("not theirs to open")

    assert list(reading.problems(fetching(name), page)) == []


@pytest.mark.parametrize(
    "page", [*PAGES[:-1], "/figures/effort_load?kind=csm&subject=ben", "/my-week?person=ben"]
)
def test_no_number_that_stands_out_is_left_without_its_rows(fetching, page):
    loose = reading.read(fetching("amara")(page)).loose

    assert [text for text in loose if A_NUMBER.search(PLAIN.sub("", text))] == []


def test_a_number_without_rows_is_noticed():
    html = '<main><p class="under"><span>42 accounts</span></p><td class="n">1.2M</td><td>3 calls</td></main>'

    assert reading.read(html).loose == ["42 accounts", "1.2M"]


@pytest.mark.parametrize("page", PAGES[1:-1])
def test_a_figure_that_says_something_else_than_its_rows_is_noticed(fetching, page):
    fetch = fetching("amara")
    html = fetch(page)
    for name in {link.name for link in reading.read(html).figures}:
        said = re.compile(rf'(data-figure="{name}" data-value=")(-?[\d.]+)"')
        changed = said.sub(lambda found: f'{found[1]}{float(found[2]) * 1.000002 + 1.5}"', html, count=1)
        assert changed != html, name
        crawled = reading.problems(
            lambda address, new=changed: new if address == page else fetch(address), page
        )
        assert any(name in problem for problem in crawled), name


@pytest.mark.parametrize("page", PAGES[1:-1])
def test_rows_that_no_longer_add_up_are_noticed(fetching, page):
    fetch = fetching("amara")
    for link in {link.name: link for link in reading.read(fetch(page)).figures if link.value != "0"}.values():
        part = re.compile(rf'(data-of="{link.name}" data-part=")(-?[\d.]+)"')

        def one_row_off(address: str, part: re.Pattern[str] = part) -> str:
            return part.sub(lambda found: f'{found[1]}{1.5 * float(found[2]) + 7}"', fetch(address), count=1)

        assert any(link.name in problem for problem in reading.problems(one_row_off, page)), link.name


def test_the_pages_do_have_figures(fetching):
    fetch = fetching("lena")
    counts = {page: len(reading.read(fetch(page)).figures) for page in PAGES}

    assert counts["/team-week"] >= 15 and counts["/accounts"] >= 40 and counts["/coverage"] >= 15


def test_the_crawler_notices_rows_that_do_not_add_up():
    html = '<a data-figure="arr" data-value="5" href="/x">5</a><td data-of="arr" data-part="4"></td>'
    html += '<td data-of="arr" data-fold="sum" data-value="5"></td>'

    assert len(list(reading.problems(lambda address: html, "/x"))) == 1


def test_a_figure_shows_its_formula_and_the_policy_version(as_user):
    said = as_user("amara").get("/figures/effort_load?kind=csm&subject=ben").content.decode()

    assert "capacity, in hours a month" in said and "version 1" in said and "select as_of, sum(part)" in said


def test_a_csm_may_not_open_the_load_of_a_colleague(as_user):
    assert as_user("chidi").get("/figures/effort_load?kind=csm&subject=ben").status_code == 404
    assert as_user("ben").get("/figures/effort_load?kind=csm&subject=ben").status_code == 200


def test_rows_that_a_csm_may_not_see_are_one_row_and_the_figure_still_adds_up(as_user, team):
    said = as_user("ben").get("/figures/nrr?kind=all&subject=all").content.decode()

    assert "12 other accounts" in said and "Kestrel Bio" not in said and "Northwind Foods" in said


def test_executives_see_the_capacity_of_a_team_not_of_a_person(as_user):
    said = as_user("edda").get("/figures/effort_load?kind=team&subject=North").content.decode()

    assert "1 people" in said or "1 person" in said
    assert as_user("edda").get("/figures/effort_load?kind=csm&subject=ben").status_code == 404


@pytest.mark.parametrize("asked", ["kind=moon&subject=1", "kind=csm&subject=nobody", "kind=tier&subject=x"])
def test_a_figure_that_there_is_not_is_not_found_or_empty(as_user, asked):
    assert as_user("amara").get(f"/figures/covered?{asked}").status_code in {200, 404}
    assert as_user("amara").get("/figures/nonsense").status_code == 404


def test_the_rows_of_a_figure_are_downloaded(as_user):
    answer = as_user("lena").get(reverse("figure", args=["covered"]) + "?kind=all&subject=all&export=csv")

    assert answer["Content-Disposition"] == 'attachment; filename="covered-all-2026-03-09.csv"'
    assert len(answer.content.decode().splitlines()) == 25
