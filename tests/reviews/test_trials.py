"""A customer ends a trial on the page of their review: one button, kept with its link, told to who closes, once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.reviews import reviewing
from tests.reviews.test_links import READER, SECRET, opened

from evenbook.book.actions.machines import say_machine
from evenbook.expansion.models import Trial
from evenbook.expansion.queries.ladder import trials
from evenbook.messages.models import Mail
from evenbook.people.models import AuditEntry
from evenbook.people.viewer import SYSTEM
from evenbook.reviews.actions import links
from evenbook.reviews.models import Review, ReviewLink
from evenbook.reviews.web.customer import ENDS_A_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(team: Any, tmp_path: Path, settings: Any) -> Review:
    """Return a review that went, with a link of its own."""
    settings.EVENBOOK_HOME = tmp_path
    found = reviewing.review_of(reviewing.sent(tmp_path), team.accounts[0])
    links.new_link(found.pk, secret=SECRET, by=SYSTEM, now=timezone.now())
    return found


@pytest.fixture
def mailing(settings: Any) -> None:
    """Let mails be posted; nothing takes them away."""
    settings.EVENBOOK_DEMO = False
    settings.EVENBOOK_MAIL_URL = "smtp://127.0.0.1:9"
    settings.EVENBOOK_URL = "https://evenbook.example"


def today() -> date:
    return timezone.now().date()


def trial(account: Any, product: str = "Flows", *, first: int = -10, last: int = 20, **more: Any) -> Trial:
    """Record a trial by days from today."""
    days = {"first_on": today() + timedelta(days=first), "last_on": today() + timedelta(days=last)}
    said = {"recorded_by": "Ben Adler", "recorded_at": timezone.now(), **days, **more}
    return Trial.objects.create(account=account, product=product, **said)


def ended(number: int, secret: str = SECRET, **headers: Any) -> Any:
    client = Client(enforce_csrf_checks=True, **READER)
    return client.post(f"/r/{secret}/trials/{number}/end", **headers)


def test_the_page_says_which_trials_run_until_when_and_no_others(review: Review, team: Any) -> None:
    mine, other = team.accounts[0], team.accounts[1]
    assert "trial" not in opened().content.decode()
    running = trial(mine, "Flows <b>")
    trial(mine, "Coming", first=5)
    trial(mine, "Over", last=-1)
    trial(mine, "Held on to", outcome="kept", ended_on=today())
    trial(other, "Another customer's")
    page = opened().content.decode()

    assert "Trials of yours" in page and "Flows &lt;b&gt;" in page and "The trial begins on" in page
    assert f"runs until {running.last_on.day} {running.last_on:%b %Y}" in page
    assert "Over" not in page and "Held on to" not in page and "Another customer" not in page
    assert len(re.findall(rf'action="/r/{SECRET}/trials/\d+/end"', page)) == 2
    assert "<script" not in page and "style=" not in page


def test_one_button_ends_it_and_says_so_once_however_often_it_is_pressed(
    review: Review, team: Any, mailing: None
) -> None:
    reviewing_link = ReviewLink.objects.get(review=review, revoked_at=None)
    say_machine("amara", "staffed", "expansion", first_on=date(2026, 1, 5), by=SYSTEM, now=reviewing.NOW)
    row, before = trial(team.accounts[0]), Mail.objects.count()
    answers = [ended(row.pk) for _ in range(3)]

    assert {(each.status_code, each["Location"]) for each in answers} == {(303, f"/r/{SECRET}#trials")}
    assert not answers[0].cookies and "script-src" not in answers[0]["Content-Security-Policy"]
    row.refresh_from_db()
    who = f"Reader of review {review.pk} by link {reviewing_link.pk}"
    assert (row.outcome, row.ended_on, row.decided_by) == ("opted_out", today(), who)
    (entry,) = AuditEntry.objects.filter(what="trial.ended")
    assert entry.by_name == who and entry.after == {"product": "Flows", "outcome": "opted_out"}
    (mail,) = Mail.objects.order_by("pk")[before:]
    assert mail.to == "amara@example.com" and "ended its trial of Flows" in mail.subject
    assert "/expansion/ladder#trials" in mail.text
    page = opened().content.decode()
    assert "You ended this trial on" in page and "/trials/" not in page
    (told,) = trials(SYSTEM, today())
    assert (told.outcome_name, told.decided_by) == ("Opted out", who)


def test_without_anybody_who_closes_the_owner_of_the_account_is_told(
    review: Review, team: Any, mailing: None
) -> None:
    row = trial(team.accounts[0])
    ended(row.pk)

    assert Mail.objects.filter(key=f"trial-ended-{row.pk}").get().to == "ben@example.com"


def test_a_number_that_is_not_theirs_gets_the_same_answer_and_ends_nothing(review: Review, team: Any) -> None:
    theirs, over = trial(team.accounts[1]), trial(team.accounts[0], "Over", last=-1)
    kept = trial(team.accounts[0], "Kept", outcome="kept", ended_on=today())
    mine = trial(team.accounts[0], "Mine")
    answers = [ended(each) for each in (theirs.pk, over.pk, kept.pk, 987654, 2**40, 2**80, mine.pk)]

    assert len({(each.status_code, each["Location"], each.content) for each in answers}) == 1
    assert list(Trial.objects.filter(outcome="opted_out")) == [mine]


def test_a_link_that_opens_nothing_ends_nothing_and_who_tries_many_is_held_off(
    review: Review, team: Any
) -> None:
    row = trial(team.accounts[0])
    never = ended(row.pk, secret="x" * 40)
    links.revoke(review.pk, by=SYSTEM, now=timezone.now())
    assert (never.status_code, never.content) == (404, ended(row.pk).content)
    assert {ended(row.pk, secret=f"{each:040d}").status_code for each in range(40)} == {404, 429}
    assert Trial.objects.get().outcome == ""


def test_who_has_the_link_is_held_off_after_many_and_a_form_elsewhere_ends_nothing(
    review: Review, team: Any
) -> None:
    row = trial(team.accounts[0])
    for headers in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        assert ended(row.pk, **headers).status_code == 403
    assert Client().get(f"/r/{SECRET}/trials/{row.pk}/end").status_code == 405
    assert Trial.objects.get().outcome == ""
    codes = [ended(987654).status_code for _ in range(ENDS_A_MINUTE + 2)]
    assert codes[:3] == [303] * 3 and codes[-1] == 429 and opened().status_code == 200
