"""The pages of those who send reviews: who may what, what is typed stays, a file is taken away with a record."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pptx import Presentation
from tests.reviews import reviewing

from evenbook.people.models import AuditEntry
from evenbook.reviews.models import (
    Master,
    ReleaseNote,
    Review,
    ReviewBatch,
    ReviewLink,
    ShippedRequest,
    Wording,
)
from evenbook.runs.models import Job

pytestmark = pytest.mark.django_db


def test_a_leader_draws_a_batch_up_looks_at_the_sample_and_approves_it(team: Any, as_user: Any) -> None:
    lena = as_user("lena")
    began = lena.post("/reviews", {"title": "Spring", "tier": "", "owner": "", "team": ""})
    batch = ReviewBatch.objects.get()
    assert began["Location"] == f"/reviews/batches/{batch.pk}" and batch.title == "Spring"
    job = Job.objects.get(work="reviews-draw")
    assert job.given == {"batch": batch.pk, "mail": "lena@example.com", "token": None}
    assert "being drawn up" in lena.get(began["Location"]).content.decode()
    reviewing.fill(
        batch.pk,
        week=reviewing.shown(),
        by=reviewing.viewer("lena"),
        now=reviewing.NOW,
        told=lambda d, t: None,
    )

    page = f"/reviews/batches/{batch.pk}"
    refused = lena.post(f"{page}/approve", follow=True).content.decode()
    assert "5 of the sample nobody has looked at" in refused
    for pk in Review.objects.filter(in_sample=True).values_list("pk", flat=True):
        assert "one of the sample" in lena.get(f"/reviews/of/{pk}").content.decode()
        lena.post(f"/reviews/of/{pk}/look")
    approved = lena.post(f"{page}/approve", follow=True).content.decode()
    assert "Approved: 8 reviews are on the way." in approved
    assert Job.objects.filter(work="reviews-send").count() == 1
    assert "No worker runs" in approved


def test_a_csm_sees_their_own_and_decides_nothing(team: Any, as_user: Any) -> None:
    number = reviewing.drawn()
    ben, pk = as_user("ben"), reviewing.review_of(number, team.accounts[1]).pk
    own = reviewing.review_of(number, team.accounts[0]).pk

    assert (
        ben.get("/reviews").status_code == 200 and "Draw them up" not in ben.get("/reviews").content.decode()
    )
    assert (
        ben.get(f"/reviews/of/{own}").status_code == 200 and ben.get(f"/reviews/of/{pk}").status_code == 404
    )
    assert ben.get(f"/reviews/of/{pk}/pptx").status_code == 404
    assert ben.post("/reviews", {"title": "Mine"}).status_code == 403 and ReviewBatch.objects.count() == 1
    ben.post(f"/reviews/batches/{number}/approve")
    ben.post(f"/reviews/of/{own}/look")
    assert ReviewBatch.objects.get().state == "draft" and not Review.objects.exclude(looked_at=None)
    assert ben.get("/reviews/accounts/a-00000").status_code == 200
    assert ben.get("/reviews/accounts/a-00001").status_code == 404


def test_a_link_is_shown_once_and_only_for_what_went(team: Any, as_user: Any, tmp_path: Path) -> None:
    ben = as_user("ben")
    waiting = reviewing.drawn()
    refused = ben.post(f"/reviews/of/{reviewing.review_of(waiting, team.accounts[0]).pk}/link", follow=True)
    assert "No person has approved this review yet." in refused.content.decode()
    went = reviewing.review_of(reviewing.sent(tmp_path), team.accounts[0])
    shown = ben.post(f"/reviews/of/{went.pk}/link")
    address = shown.content.decode().split('class="address">')[1].split("<")[0]
    assert ben.get(address).status_code == 200 and shown["Cache-Control"] == "private, no-store"
    assert address not in ben.get(f"/reviews/of/{went.pk}").content.decode()
    ben.post(f"/reviews/of/{went.pk}/end-links")
    assert not ReviewLink.objects.filter(review=went, revoked_at=None)


def test_a_review_is_taken_away_as_slides_and_pdf_and_that_is_recorded(team: Any, as_user: Any) -> None:
    pk = reviewing.review_of(reviewing.drawn(), team.accounts[0]).pk
    ben = as_user("ben")
    file = Presentation(io.BytesIO(ben.get(f"/reviews/of/{pk}/pptx").content))

    assert [slide.shapes.title.text for slide in file.slides][1] == "Use of what you have"
    assert any(shape.has_chart for slide in file.slides for shape in slide.shapes)
    assert ben.get(f"/reviews/of/{pk}/pdf").content.startswith(b"%PDF")
    assert ben.get(f"/reviews/of/{pk}/docx").status_code == 404
    assert AuditEntry.objects.filter(what="export.taken").count() == 2
    log = ben.get(f"/reviews/batches/{Review.objects.get(pk=pk).batch_id}?export=csv").content.decode()
    assert "a-00000" in log and "a-00001" not in log


def test_news_requests_and_words_are_written_and_stand_in_the_next_preview(team: Any, as_user: Any) -> None:
    amara, on = as_user("amara"), "2026-02-20"
    amara.post(
        "/reviews/written/news", {"title": "Dark mode", "says": "Easier at night.", "product": "", "on": on}
    )
    amara.post(
        "/reviews/written/shipped",
        {"title": "Undo", "says": "A step back.", "on": on, "accounts": "a-00000=T-1"},
    )
    amara.post("/reviews/written/words", {"tier": "0", "segment": "", "title": "Your <quarter>", "note": "Warmer",
                                          **{f"shows_{kind}": "yes" for kind in ("usage", "outcomes", "unused", "news", "shipped")}})  # fmt: skip
    ReleaseNote.objects.update(written_at=reviewing.NOW - reviewing.timedelta(days=9))
    ShippedRequest.objects.update(written_at=reviewing.NOW - reviewing.timedelta(days=9))

    page = amara.get("/reviews/accounts/a-00000").content.decode()
    assert "Dark mode" in page and "Undo" in page and ">People</h2>" not in page
    assert "Undo" not in as_user("lena").get("/reviews/accounts/a-00001").content.decode()
    assert Wording.objects.get().texts == {"title": "Your <quarter>", "left_out": ["people"]}
    amara.post(f"/reviews/written/news/{ReleaseNote.objects.get().pk}/withdraw")
    assert ReleaseNote.objects.get().withdrawn_at is not None


def test_what_can_not_be_kept_is_refused_and_what_was_typed_stays(team: Any, as_user: Any) -> None:
    amara = as_user("amara")
    for path, given, said in (
        ("news", {"title": "Kept title", "says": "", "on": "2026-02-20"}, "A title and what it does are needed"),
        ("news", {"title": "Kept title", "says": "x", "on": "soon"}, "That is no day"),
        ("shipped", {"title": "Kept title", "says": "x", "on": "2026-02-20", "accounts": "a-00001"}, "There is no account"),
        ("words", {"tier": "9", "mail": "no link"}, "no tier 9"),
        ("opt-outs", {"account": "a-00000", "reason": " "}, "Say why"),
    ):  # fmt: skip
        answer = amara.post(f"/reviews/written/{path}", given)
        page = answer.content.decode()
        assert answer.status_code in {422, 404} and said.replace("'", "&#x27;") in page, path
        assert "Kept title" in page or "title" not in given
    assert (
        as_user("ben")
        .post("/reviews/written/news", {"title": "x", "says": "y", "on": "2026-02-20"})
        .status_code
        == 403
    )
    assert not ReleaseNote.objects.exists() and not ShippedRequest.objects.exists()


def test_the_organizations_own_slides_are_checked_taken_and_given_back(team: Any, as_user: Any) -> None:
    out = io.BytesIO()
    Presentation().save(out)
    amara = as_user("amara")
    bad = SimpleUploadedFile("x.pptx", b"PK nothing")
    assert "no PowerPoint file" in amara.post("/reviews/written/master", {"file": bad}).content.decode()
    assert "No file was chosen" in amara.post("/reviews/written/master").content.decode()
    good = SimpleUploadedFile("brand.pptx", out.getvalue())
    assert amara.post("/reviews/written/master", {"file": good}).status_code == 302
    number = reviewing.drawn()
    assert ReviewBatch.objects.get(pk=number).master.name == "brand.pptx"
    pk = reviewing.review_of(number, team.accounts[0]).pk
    file = Presentation(io.BytesIO(as_user("ben").get(f"/reviews/of/{pk}/pptx").content))
    assert file.slide_width.inches == 10
    amara.post("/reviews/written/master", {"withdraw": "yes"})
    assert not Master.objects.filter(withdrawn_at=None)


def test_without_a_week_the_pages_say_what_they_will_show(team: Any, as_user: Any) -> None:
    from evenbook.runs.models import Run

    Run.objects.all().delete()
    for path in ("/reviews", "/reviews/coverage"):
        assert "business reviews that customers read" in as_user("olu").get(path).content.decode()
    assert as_user("olu").get("/reviews/written").status_code == 200
