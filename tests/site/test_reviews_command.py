"""``evenbook reviews``: a batch from the command line, from drawn up to sent, its log and its links."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from tests.reviews import reviewing

from evenbook.reviews.models import RaisedHand, Review, ReviewBatch, ReviewLink
from evenbook.site.cli import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
LENA, BEN = ("--as", "lena@example.com"), ("--as", "ben@example.com")


@pytest.fixture
def says(tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs a command and gives its exit code and all that it printed."""
    settings.EVENBOOK_HOME = tmp_path
    settings.EVENBOOK_DEMO = False
    reviewing.build()

    def said(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return said


def document(says: Callable[..., tuple[int, str]], *words: object) -> Any:
    return json.loads(says(*words, "--json")[1])


def test_a_batch_goes_from_drawn_up_to_sent(says: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    code, said = says("reviews", "batch", "--title", "Spring", *LENA)
    assert code == 1 and "8 ready" in said and said.count("look at: evenbook reviews preview") == 5
    number = ReviewBatch.objects.get().pk
    assert says("reviews", "list")[0] == 1
    assert says("reviews", "send", number, *LENA)[0] == 2, "nobody has approved it"
    code, said = says("reviews", "approve", number, *LENA)
    assert code == 2 and "5 of the sample nobody has looked at" in said
    for row in document(says, "reviews", "log", number)["reviews"]:
        if row["in_sample"]:
            says("reviews", "preview", row["account"], "--batch", number, "--looked", *LENA)
    assert document(says, "reviews", "approve", number, *LENA)["state"] == "approved"
    assert "0 mailed, 8 made without a mail" in says("reviews", "send", number, *LENA)[1]
    found = document(says, "reviews", "list")
    assert (found["reviewed_share"], found["batches"][0]["state"]) == (1.0, "sent")
    assert says("reviews", "list")[0] == 0 and says("reviews", "send", number, *LENA)[0] == 0
    assert "No mail server is named" in says("reviews", "log", number)[1]


def test_a_preview_is_written_as_slides_or_pdf(says: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    out = tmp_path / "deck.pptx"
    code, said = says("reviews", "preview", "a-00000", "--out", out, *BEN)
    assert code == 0 and "slides" in said
    assert len(Presentation(io.BytesIO(out.read_bytes())).slides) > 3
    assert (
        says("reviews", "preview", "a-00000", "--format", "pdf", "--out", tmp_path / "deck.pdf", *BEN)[0] == 0
    )
    assert (tmp_path / "deck.pdf").read_bytes().startswith(b"%PDF")
    assert document(says, "reviews", "preview", "a-00000", *BEN)["slides"][0]["kind"] == "usage"
    assert says("reviews", "preview", "a-00001", *BEN)[0] == 2, "it is not Ben's"
    assert says("reviews", "preview", "a-00000", "--out", tmp_path / "no" / "deck.pptx", *BEN)[0] == 2


def test_who_may_not_decide_is_refused(says: Callable[..., tuple[int, str]]) -> None:
    for words in (("batch",), ("approve", 99), ("cancel", 99), ("revoke", 99)):
        code, said = says("reviews", *words, *BEN)
        assert code == 2 and ("leaders and operations" in said or "no batch" in said), words
    assert says("reviews", "batch")[0] == 2, "nobody acts"
    assert says("reviews", "log", 99)[0] == 2


def test_a_hold_is_overridden_links_are_ended_and_the_rest_is_cancelled(
    says: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    sent = reviewing.sent(tmp_path)
    for review in Review.objects.filter(batch=sent):
        reviewing.sending.make_link(
            review, secret=f"secret-{review.pk:040d}", by=reviewing.SYSTEM, now=reviewing.LATER
        )
    ReviewLink.objects.update(expires_at=reviewing.LATER.replace(year=2099))
    assert document(says, "reviews", "revoke", sent, "--account", "a-00000", *LENA)["ended"] == 1
    assert document(says, "reviews", "revoke", sent, *LENA)["ended"] == 7
    number = reviewing.drawn()
    Review.objects.filter(batch=number, account__key="a-00003").update(
        state="held", holds=[{"rule": "open_escalation", "says": "An escalation is open."}]
    )
    assert says("reviews", "override", number, "a-00003", "Agreed.", *LENA)[0] == 0
    assert document(says, "reviews", "cancel", number, *LENA)["cancelled"] == 8


def test_raised_hands_are_listed_and_wait(says: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    assert says("reviews", "hands") == (0, "reviews: 0 hands were raised.\n")
    review = Review.objects.filter(batch=reviewing.sent(tmp_path)).first()
    RaisedHand.objects.create(review=review, wants="meeting", note="Soon", raised_at=reviewing.LATER)
    code, said = says("reviews", "hands")
    assert code == 1 and "a talk. Soon" in said
    assert document(says, "reviews", "hands")[0]["wants"] == "meeting"
