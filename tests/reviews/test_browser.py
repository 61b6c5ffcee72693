"""The page that a link opens, in a browser: strict content policy, narrow, dark, printed; axe finds nothing grave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from tests.pages.test_axe import SCHEMES, WIDTHS, grave, grave_in_both
from tests.reviews import reviewing

import chromium
from evenbook.expansion.models import Trial
from evenbook.people.models import User
from evenbook.people.viewer import SYSTEM
from evenbook.reviews.actions import editing, links
from evenbook.reviews.models import Opening, RaisedHand, Review

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
SIDEWAYS = """[...document.querySelectorAll('body, body *')]
    .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX != 'visible')
    .map(each => each.className)"""
SECRET = "a-secret-that-nobody-guesses-0123456789"


@pytest.fixture
def review(tmp_path: Path) -> Review:
    made = reviewing.build()
    early = reviewing.NOW - reviewing.timedelta(days=5)
    editing.write_news(
        title="Dark mode", says="Easier at night.", product="", released_on=early.date(), by=SYSTEM, now=early
    )
    made.accounts[0].name = "شركة الشمال 🚀 " + "Northwind-Wholesale-Provisions" * 8
    made.accounts[0].save()
    found = reviewing.review_of(reviewing.sent(tmp_path), made.accounts[0])
    links.new_link(found.pk, secret=SECRET, by=SYSTEM, now=timezone.now())
    today = timezone.now().date()
    Trial.objects.create(
        account=made.accounts[0], product="Forecasting-and-planning " * 4, first_on=today,
        last_on=today + timedelta(days=30), recorded_by="Ben Adler", recorded_at=timezone.now(),
    )  # fmt: skip
    return found


def test_the_page_holds_at_every_width_in_both_schemes_and_axe_finds_nothing_grave(
    live_server: Any, open_page: Callable[..., Any], review: Review
) -> None:
    axe, found = Axe(), []
    for width in WIDTHS:
        page = open_page(width=width)
        heard: list[str] = []
        page.on(
            "console",
            lambda message, heard=heard: heard.append(message.text) if message.type == "error" else None,
        )
        assert page.goto(f"{live_server.url}/r/{SECRET}").status == 200
        for each in page.query_selector_all("summary"):
            each.click()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {each}" for each in grave(axe, page)]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SIDEWAYS) == [], "no part of it has to be pushed sideways"
        shown = [each.is_visible() for each in page.query_selector_all(".drawn svg")]
        assert any(shown) and len(shown) == 2 * sum(shown), "each chart is shown once"
        assert heard == [], "the content policy has nothing to refuse"
        assert page.context.cookies() == []
    page.goto(f"{live_server.url}/r/nothing-is-here-0000000000")
    found += grave(axe, page)
    assert found == []


def test_a_hand_is_raised_and_a_trial_ended_without_any_script(
    live_server: Any, open_page: Callable[..., Any], review: Review
) -> None:
    page = open_page(width=360, scripts=False)
    page.goto(f"{live_server.url}/r/{SECRET}")
    page.check("input[value=expansion]")
    page.fill("#note", "Ten more seats")
    page.click("#hand button")
    page.click("#trials button")

    assert "Thank you" in page.inner_text("#hand") and RaisedHand.objects.get().note == "Ten more seats"
    assert "You ended this trial on" in page.inner_text("#trials")
    assert Trial.objects.get().outcome == "opted_out"
    assert page.query_selector("form") is None


def test_on_paper_the_form_is_left_out_and_each_slide_stays_together(
    live_server: Any, open_page: Callable[..., Any], review: Review, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    page = open_page(width=1280)
    page.goto(f"{live_server.url}/r/{SECRET}")
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    said = " ".join(each.extract_text() for each in PdfReader(tmp_path / "page.pdf").pages)

    assert "Use of what you have" in said and "Dark mode" in said
    assert "What would you like?" not in said and "PowerPoint" not in said
    assert "Forecasting-and-planning" in said and "runs until" in said and "End this trial" not in said


def test_our_own_pages_of_reviews_hold_too(
    live_server: Any, open_page: Callable[..., Any], review: Review
) -> None:
    axe, found = Axe(), []
    paths = ("/reviews", f"/reviews/batches/{review.batch_id}", f"/reviews/of/{review.pk}", "/reviews/written",
             "/reviews/coverage", "/reviews/accounts/a-00001")  # fmt: skip
    reviewing.drawn()
    for width in WIDTHS:
        page = open_page(width=width)
        chromium.sign_in(page, User.objects.get(mail="lena@example.com"), live_server.url)
        for path in paths:
            assert page.goto(f"{live_server.url}{path}").status == 200
            found += [f"{path} {width} {each}" for each in grave_in_both(axe, page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path} is wider than {width}")
    assert found == []
    assert not Opening.objects.exists()
