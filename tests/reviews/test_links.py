"""A link opens one review and nothing else: it ends, it tells a stranger nothing, it counts readers and hands once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.reviews import reviewing

from evenbook.expansion.models import Opening as Opening_
from evenbook.people.models import SignInAttempt
from evenbook.people.viewer import SYSTEM
from evenbook.reviews.actions import links
from evenbook.reviews.actions.refusals import ReviewsNotYours, ReviewsRefused
from evenbook.reviews.models import Opening, RaisedHand, Review, ReviewLink

pytestmark = pytest.mark.django_db
READER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
SECRET = "a-secret-that-nobody-guesses-0123456789"


@pytest.fixture
def review(team: Any, tmp_path: Path, settings: Any) -> Review:
    """Return a review that went, with a link of its own."""
    settings.EVENBOOK_HOME = tmp_path
    number = reviewing.sent(tmp_path)
    found = reviewing.review_of(number, team.accounts[0])
    links.new_link(found.pk, secret=SECRET, by=SYSTEM, now=timezone.now())
    return found


def opened(secret: str = SECRET, **headers: Any) -> Any:
    return Client().get(f"/r/{secret}", **{**READER, **headers})


def test_a_link_opens_its_review_without_signing_in_and_without_a_cookie(review: Review) -> None:
    answer = opened()
    page = answer.content.decode()

    assert answer.status_code == 200 and not answer.cookies
    assert "Northwind Foods" in page and "Kestrel Bio" not in page
    assert "<script" not in page and "style=" not in page
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer" and "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "private, no-store"


def test_the_page_leads_to_nothing_but_its_own_files_and_its_button(review: Review) -> None:
    import re

    page = opened().content.decode()
    led = set(re.findall(r'(?:href|src|action)="([^"]*)"', page))

    own = f"/r/{SECRET}"
    assert led == {
        "data:,",
        "/static/reviews/review.css",
        f"{own}/pdf",
        f"{own}/pptx",
        "#hand",
        f"{own}/hand",
    }


def test_its_files_are_the_review_itself(review: Review) -> None:
    from io import BytesIO

    from pptx import Presentation

    slides = Client().get(f"/r/{SECRET}/pptx")
    assert slides["Content-Disposition"] == 'attachment; filename="review-northwind-foods-2026-03-09.pptx"'
    assert "Northwind Foods" in Presentation(BytesIO(slides.content)).slides[0].shapes.title.text
    assert Client().get(f"/r/{SECRET}/pdf").content.startswith(b"%PDF")
    assert Client().get(f"/r/{SECRET}/docx").status_code == 404
    assert {Client().get(f"/r/{SECRET}/pptx").status_code for _ in range(25)} == {200, 429}


def test_a_link_that_was_taken_back_or_has_ended_answers_as_one_that_never_was(review: Review) -> None:
    never = opened("x" * 40)
    links.revoke(review.pk, by=SYSTEM, now=timezone.now())
    revoked = opened()
    links.new_link(review.pk, secret=f"{SECRET}-2", by=SYSTEM, now=timezone.now() - timedelta(days=91))
    ended = opened(f"{SECRET}-2")

    assert never.status_code == revoked.status_code == ended.status_code == 404
    assert never.content == revoked.content == ended.content
    assert "Northwind" not in never.content.decode()
    assert Client().get(f"/r/{SECRET}/pptx").status_code == 404
    assert Client().post(f"/r/{SECRET}/hand", {"wants": "meeting"}).status_code == 404


def test_a_new_link_ends_the_earlier_ones_and_is_for_who_answers_for_the_account(review: Review) -> None:
    links.new_link(review.pk, secret=f"{SECRET}-new", by=reviewing.viewer("ben"), now=timezone.now())
    assert opened().status_code == 404 and opened(f"{SECRET}-new").status_code == 200
    with pytest.raises(ReviewsNotYours):
        links.new_link(review.pk, secret="s" * 40, by=reviewing.viewer("rea"), now=timezone.now())
    waiting = Review.objects.get(pk=review.pk)
    waiting.state = "ready"
    waiting.save()
    with pytest.raises(ReviewsRefused, match="No person has approved"):
        links.new_link(review.pk, secret="s" * 40, by=SYSTEM, now=timezone.now())


def test_all_links_of_a_batch_end_together(review: Review) -> None:
    assert links.revoke_all(review.batch_id, by=SYSTEM, now=timezone.now()) == 1
    assert opened().status_code == 404


def test_two_thousand_tries_at_random_find_nothing_and_are_held_off_while_a_reader_is_not(
    review: Review,
) -> None:
    client = Client(**READER)
    found = [client.get(f"/r/guess-{number:040d}").status_code for number in range(2_000)]

    assert set(found) == {404, 429} and found[:30] == [404] * 30 and set(found[31:]) == {429}
    assert SignInAttempt.objects.filter(door="review").count() == 30, "what is held off writes nothing"
    assert client.get("/r/guess")["Retry-After"] == "900"
    assert opened().status_code == 200, "a link that opens is never held off"
    assert Client(REMOTE_ADDR="10.0.0.9").get("/r/other-guess-000000000000").status_code == 404


def test_the_database_is_asked_by_digest_alone_so_a_guess_that_is_nearly_right_tells_nothing(
    review: Review, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    for guess in (SECRET[:-1] + "0", "z" * len(SECRET)):
        with django_assert_num_queries(1):
            assert links.opened_by(guess, now=now) is None
    kept = ReviewLink.objects.get(review=review)
    assert SECRET not in kept.digest and len(kept.digest) == 64


def test_several_openings_of_a_day_are_one_and_machines_count_for_nothing(
    review: Review, as_user: Any
) -> None:
    for agent in (
        "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "curl/8.5",
        "",
        "WhatsApp/2.2",
    ):
        opened(HTTP_USER_AGENT=agent)
    opened(HTTP_SEC_PURPOSE="prefetch;prerender")
    Client(**READER).head(f"/r/{SECRET}")
    as_user("ben").get(f"/r/{SECRET}", **READER)
    assert not Opening.objects.exists()
    opened()
    opened()
    assert Opening.objects.filter(review=review).count() == 1
    assert not links.note_opened(review.pk, today=timezone.now().date(), now=timezone.now())
    assert links.note_opened(review.pk, today=timezone.now().date() + timedelta(days=1), now=timezone.now())


def test_a_raised_hand_is_kept_once_and_goes_to_who_owns_the_account(review: Review, as_user: Any) -> None:
    client = Client(enforce_csrf_checks=True, **READER)
    given = {"wants": "expansion", "note": "Ten more seats <b>please</b>", "contact": "Ada  Berg"}
    answer = client.post(f"/r/{SECRET}/hand", given)
    assert answer.status_code == 303 and answer["Location"] == f"/r/{SECRET}#hand" and not answer.cookies
    client.post(f"/r/{SECRET}/hand", {**given, "wants": "meeting"})

    hand = RaisedHand.objects.get()
    assert (hand.wants, hand.contact) == ("expansion", "Ada Berg") and hand.routed.startswith("Opening ")
    assert "we know that you want" in opened().content.decode().lower()
    opening = Opening_.objects.get(key=f"review-hand-{hand.pk}")
    assert hand.opening == opening.pk
    assert (opening.wants, opening.note, opening.account_id) == (
        "expansion",
        given["note"],
        review.account_id,
    )
    page = as_user("amara").get("/reviews").content.decode()
    assert "Ten more seats &lt;b&gt;please&lt;/b&gt;" in page
    as_user("ben").post(f"/reviews/hands/{hand.pk}")
    assert RaisedHand.objects.get().answered_by == "Ben Adler"


def test_a_form_on_another_site_raises_no_hand(review: Review) -> None:
    for headers in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        answer = Client().post(f"/r/{SECRET}/hand", {"wants": "meeting"}, **headers)
        assert answer.status_code == 403
    assert Client().get(f"/r/{SECRET}/hand").status_code == 405
    assert not RaisedHand.objects.exists()


def test_what_can_not_be_asked_for_is_refused_and_what_was_typed_stays(review: Review) -> None:
    answer = Client().post(f"/r/{SECRET}/hand", {"wants": "everything", "note": "Kept <i>"})

    assert answer.status_code == 409 and "Kept &lt;i&gt;" in answer.content.decode()
    long = Client().post(
        f"/r/{SECRET}/hand", {"wants": "meeting", "note": "x\x00" * 5_000, "contact": "y" * 900}
    )
    assert long.status_code == 303 and len(RaisedHand.objects.get().note) == 500
