"""A batch goes from drawn up to sent by a person's word; what is held back stays, each review goes once."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.reviews import reviewing
from tests.reviews.reviewing import LATER, NOW

from evenbook.book.models import Contact
from evenbook.messages.models import Mail
from evenbook.people.models import AuditEntry
from evenbook.people.viewer import SYSTEM
from evenbook.records.models import Ticket, UsageWeek
from evenbook.reviews.actions import deciding, editing, sending
from evenbook.reviews.actions.drawing import Chosen, draw_up, fill
from evenbook.reviews.actions.refusals import ReviewGone, ReviewsNotYours, ReviewsRefused
from evenbook.reviews.models import Review, ReviewBatch, ReviewLink
from evenbook.reviews.queries.batches import batch, reviews_of
from evenbook.reviews.queries.coverage import reviewed, reviewed_accounts
from evenbook.reviews.rules.deck import deck_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing(settings: Any) -> None:
    """Let mails leave."""
    settings.EVENBOOK_DEMO = False
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"


def states(number: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Review.objects.filter(batch=number).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def escalated(account: Any, *, at: Any = NOW) -> None:
    Ticket.objects.create(
        account=account, subject="All is down", escalated_at=at - timedelta(hours=1),
        **{**reviewing.company.version(f"esc-{account.pk}", at - timedelta(hours=1)), "source": "desk"},
    )  # fmt: skip


def test_a_batch_holds_the_review_of_every_account_of_the_base(team: Any) -> None:
    number = reviewing.drawn()
    found = batch(SYSTEM, number)

    assert (found.state, found.counts.total, found.counts.ready, found.counts.sampled) == ("draft", 8, 8, 5)
    deck = deck_of(reviewing.review_of(number, team.accounts[0]).contents)
    assert deck.figure("usage", "seats").value == 40 and deck.figure("outcomes", "solved").value == 1
    assert fill(number, week=reviewing.shown(), by=SYSTEM, now=NOW, told=lambda d, t: None) == 8


def test_what_is_learned_later_changes_no_review_that_is_drawn_up_as_of_the_same_day(team: Any) -> None:
    def contents() -> Any:
        number = reviewing.drawn()
        return list(
            Review.objects.filter(batch=number).order_by("account").values_list("contents", flat=True)
        )

    before, account = contents(), team.accounts[0]
    after = reviewing.shown().ends_at + timedelta(days=1)
    UsageWeek.objects.create(account=account, week_on=reviewing.AS_OF - timedelta(days=7), measure="active_users",
                             value=9_999, known_at=after, source="sample")  # fmt: skip
    Ticket.objects.create(account=account, subject="Learned later",
                          **{**reviewing.company.version("later", NOW - timedelta(days=9)), "known_at": after, "source": "desk"})  # fmt: skip
    Contact.objects.create(account=account, name="Came later", mail="x@y.example",
                           **{**reviewing.company.version("later"), "known_at": after})  # fmt: skip
    editing.write_news(
        title="Later", says="News.", product="", released_on=reviewing.AS_OF, by=SYSTEM, now=after
    )

    assert contents() == before


def test_nothing_goes_before_the_sample_was_looked_at_and_a_person_has_approved(
    team: Any, tmp_path: Path
) -> None:
    number = reviewing.drawn()
    with pytest.raises(ReviewsRefused, match="5 of the sample nobody has looked at"):
        deciding.approve(number, by=SYSTEM, now=NOW)
    reviewing.looked(number)
    sending.send(reviewing.order(number, tmp_path), told=lambda d, t: None)
    assert states(number) == {"ready": 8}, "sending sends nothing that is not approved"
    assert deciding.approve(number, by=SYSTEM, now=NOW) == 8
    with pytest.raises(ReviewsRefused, match="being sent already by Evenbook"):
        deciding.approve(number, by=SYSTEM, now=NOW)


def test_leaders_and_operations_decide_and_only_what_they_lead_whole(team: Any) -> None:
    with pytest.raises(ReviewsNotYours):
        reviewing.drawn(reviewing.viewer("ben"))
    number = reviewing.drawn()
    reviewing.looked(number)
    with pytest.raises(ReviewsNotYours):
        deciding.approve(number, by=reviewing.viewer("ben"), now=NOW)
    with pytest.raises(ReviewsNotYours, match="accounts that you do not lead"):
        deciding.approve(number, by=reviewing.viewer("amara"), now=NOW)
    own = reviewing.drawn(reviewing.viewer("amara"))
    assert batch(reviewing.viewer("amara"), own).counts.total == 4
    assert batch(reviewing.viewer("chidi"), own) is None
    with pytest.raises(ReviewGone):
        deciding.cancel(999, by=SYSTEM, now=NOW)
    with pytest.raises(ReviewsRefused, match="No account of yours fits"):
        draw_up(Chosen(owner="nobody-here"), week=reviewing.shown(), by=SYSTEM, now=NOW)


def test_each_rule_holds_back_in_words_and_one_may_be_overridden_with_a_reason(team: Any) -> None:
    escalated(team.accounts[0])
    editing.opt_out("a-00001", "They asked us not to.", by=SYSTEM, now=NOW - timedelta(days=1))
    Contact.objects.filter(account=team.accounts[2]).update(mail="")
    number = reviewing.drawn()
    rows = {row.account_key: row for row in reviews_of(SYSTEM, number)}

    assert (
        rows["a-00000"].rules == ("open_escalation",) and "An escalation is open" in rows["a-00000"].holds[0]
    )
    assert rows["a-00001"].holds == ("The customer does not want reviews: They asked us not to.",)
    assert rows["a-00002"].rules == ("no_contact",)
    with pytest.raises(ReviewsRefused, match="goes for a reason"):
        deciding.override(rows["a-00000"].id, " ", by=SYSTEM, now=NOW)
    deciding.override(rows["a-00000"].id, "Agreed with their CFO.", by=SYSTEM, now=NOW)
    with pytest.raises(ReviewsRefused, match="not held back any more"):
        deciding.override(rows["a-00000"].id, "Again.", by=SYSTEM, now=NOW)
    assert batch(SYSTEM, number).counts.held == 2
    said = AuditEntry.objects.get(what="review.let-go").after
    assert said == {"reason": "Agreed with their CFO.", "held_by": ["open_escalation"]}


def test_each_mail_goes_once_with_a_link_of_its_own(team: Any, mailing: None, tmp_path: Path) -> None:
    number = reviewing.sent(tmp_path)
    sending.send(reviewing.order(number, tmp_path), told=lambda d, t: None)

    assert states(number) == {"sent": 8} and batch(SYSTEM, number).state == "sent"
    mails = list(Mail.objects.filter(key__startswith="review-"))
    assert len(mails) == ReviewLink.objects.count() == 8 == len({each.text for each in mails})
    assert "https://evenbook.example/r/token-of-" in mails[0].text and "{" not in mails[0].text
    assert mails[0].subject.startswith("Your business review: ")
    assert len(list((tmp_path / "cache" / "reviews" / str(number)).glob("*.pptx"))) == 8
    assert set(Review.objects.values_list("digest", flat=True)) != {""}
    assert not ReviewLink.objects.filter(digest__contains="token"), "kept is only the digest"


def test_a_demo_mails_nothing(team: Any, mailing: None, tmp_path: Path, settings: Any) -> None:
    settings.EVENBOOK_DEMO = True
    number = reviewing.sent(tmp_path)

    assert states(number) == {"made": 8} and not Mail.objects.exists()
    assert reviews_of(SYSTEM, number)[0].why == "A demo mails nothing; make a link to hand it over."


def test_what_was_escalated_since_the_batch_was_drawn_up_is_held_back_when_it_is_sent(
    team: Any, mailing: None, tmp_path: Path
) -> None:
    number = reviewing.drawn()
    reviewing.looked(number)
    deciding.approve(number, by=SYSTEM, now=NOW)
    escalated(team.accounts[0], at=LATER)
    editing.opt_out("a-00001", "No more.", by=SYSTEM, now=NOW)
    sending.send(reviewing.order(number, tmp_path), told=lambda d, t: None)

    assert states(number) == {"sent": 6, "held": 2}
    row = reviewing.review_of(number, team.accounts[0])
    assert row.why == "An escalation was opened since it was drawn up."


def test_sending_that_broke_off_goes_on_where_it_stopped(team: Any, mailing: None, tmp_path: Path) -> None:
    number = reviewing.drawn()
    reviewing.looked(number)
    deciding.approve(number, by=SYSTEM, now=NOW)

    def breaks(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sending.send(reviewing.order(number, tmp_path), told=breaks)
    assert states(number) == {"sent": 3, "ready": 5} and batch(SYSTEM, number).state == "approved"
    counted: list[tuple[int, int]] = []
    order = reviewing.order(number, tmp_path)
    tokens = iter(range(100, 200))
    again = sending.Sending(**{**vars(order), "token": lambda: f"another-token-{next(tokens):020d}"})
    sending.send(again, told=lambda done, total: counted.append((done, total)))
    assert states(number) == {"sent": 8} and Mail.objects.count() == 8
    assert counted[0] == (3, 8) and counted[-1] == (8, 8)


def test_a_cancelled_batch_sends_nothing_more(team: Any, mailing: None, tmp_path: Path) -> None:
    number = reviewing.drawn()
    reviewing.looked(number)
    deciding.approve(number, by=SYSTEM, now=NOW)

    def cancels(done: int, total: int) -> None:
        if done == 2:
            deciding.cancel(number, by=SYSTEM, now=NOW)

    sending.send(reviewing.order(number, tmp_path), told=cancels)
    assert states(number) == {"sent": 2, "dropped": 6} and Mail.objects.count() == 2
    with pytest.raises(ReviewsRefused, match="can't be cancelled any more"):
        deciding.cancel(number, by=SYSTEM, now=NOW)
    with pytest.raises(ReviewsRefused, match="is cancelled already"):
        deciding.approve(number, by=SYSTEM, now=NOW)


def test_the_base_is_covered_by_what_went(team: Any, tmp_path: Path) -> None:
    assert reviewed(SYSTEM, reviewing.shown(), now=LATER).share == 0
    reviewing.sent(tmp_path, tier="1")
    found = reviewed(SYSTEM, reviewing.shown(), now=LATER)
    rows = reviewed_accounts(SYSTEM, reviewing.shown(), now=LATER)

    assert (found.accounts, found.went) == (8, 2) and found.share == 0.25
    assert [bool(row.went_at) for row in rows] == [False] * 6 + [True] * 2
    late = LATER + timedelta(days=120)
    assert reviewed(SYSTEM, reviewing.shown(), now=late.astimezone(UTC)).went == 0


def test_the_next_review_begins_where_the_last_one_ended(team: Any, tmp_path: Path) -> None:
    number = reviewing.sent(tmp_path)
    first = deck_of(reviewing.review_of(number, team.accounts[0]).contents)
    assert ReviewBatch.objects.get(pk=number).as_of == reviewing.AS_OF
    assert first.since_on < first.as_of
