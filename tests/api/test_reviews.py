"""Stable reviews and briefs through the API: signed and read once, refused in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.closures.owing import answers, owed

from evenbook.closures.models import Batch, Brief, Loop
from evenbook.records.models import Artifact
from evenbook.states.models import Standing

JSON = "application/json"
NOW = datetime.now(UTC)


@pytest.fixture
def review(team: Any) -> Loop:
    """Return a health review of Ben's, of an account that stands as it did."""
    account = team.of("ben")[0]
    stands = Standing.objects.get(account=account)
    at = NOW - timedelta(days=30)
    fields = {"band": stands.color, "score": stands.score}
    Artifact.objects.create(
        account=account, kind="health_review_log", fields=fields, fingerprint="x", source="crm",
        external_id="r1", happened_at=at, known_at=at,
    )  # fmt: skip
    return owed(account, by=team.people["ben"], kind="health_review", due_on=NOW.date())


def test_reviews_are_listed_and_signed_once(review: Loop, program: Any) -> None:
    client = program("operations", "read", "write")
    (listed,) = client.get("/api/v1/reviews?owner=ben").json()["items"]
    assert (listed["loop"], listed["stable"], listed["why_not"]) == (review.key, True, None)

    sent = {"loops": [review.key, "none"]}
    headers = {"Idempotency-Key": "once"}
    first, again = (
        client.post("/api/v1/loops/acknowledge", sent, content_type=JSON, headers=headers) for _ in "ab"
    )
    assert first.status_code == 200 and again.json() == first.json()
    assert [each["closed"] for each in first.json()["items"]] == [True, False]
    (log,) = client.get("/api/v1/reviews/logs").json()["items"]
    assert (log["whose"], log["reviews"], log["id"]) == ("Ben Adler", 1, Batch.objects.get().pk)


@pytest.mark.parametrize("sent", [{}, {"loops": []}, {"loops": "x"}, {"loops": ["x"] * 501}])
def test_what_names_no_review_is_refused(review: Loop, program: Any, sent: Any) -> None:
    client = program("operations", "read", "write")
    assert client.post("/api/v1/loops/acknowledge", sent, content_type=JSON).status_code == 422
    assert not Batch.objects.exists()


def test_a_program_that_only_reads_signs_nothing(review: Loop, program: Any) -> None:
    answer = program("operations", "read").post(
        "/api/v1/loops/acknowledge", {"loops": [review.key]}, content_type=JSON
    )
    assert answer.status_code == 403


def test_a_brief_is_written_and_a_program_is_no_leader(team: Any, program: Any) -> None:
    loop = owed(team.of("ben")[0], by=team.people["ben"], kind="renewal_risk", due_on=NOW.date())
    client = program("operations", "read", "write")
    given = {"loop": loop.key, "answers": answers("renewal_risk_brief", today=NOW.date())}
    answer = client.post("/api/v1/loops/close", given, content_type=JSON).json()
    assert (answer["closed"], answer["waits_for"]) == (False, ["Amara Okafor", "Lena Sorel"])
    refused = client.post("/api/v1/briefs/acknowledge", {"loop": loop.key}, content_type=JSON)
    assert refused.status_code == 403 and refused.json()["type"].endswith("not-a-reader")
    assert client.get("/api/v1/briefs").json() == {"items": []} and Brief.objects.count() == 1


def test_versions_are_read_and_added(team: Any, program: Any) -> None:
    loop = owed(team.of("ben")[0], by=team.people["ben"], due_on=NOW.date())
    client = program("operations", "read", "write")
    given = {"loop": loop.key, "answers": answers("check_in_note", today=NOW.date())}
    assert client.get(f"/api/v1/loops/versions?loop={loop.key}").json()["items"] == []
    assert client.post("/api/v1/loops/close", given, content_type=JSON).json()["closed"]

    other = answers("check_in_note", today=NOW.date(), summary="The rollout slipped by two weeks after all.")
    sent = {"loop": loop.key, "version": 1, "answers": other}
    said = client.post("/api/v1/loops/correct", sent, content_type=JSON).json()
    assert (said["version"], said["corrected"], said["refusals"]) == (2, True, [])
    assert client.post("/api/v1/loops/correct", sent, content_type=JSON).status_code == 409
    items = client.get(f"/api/v1/loops/versions?loop={loop.key}").json()["items"]
    assert [(each["version"], each["answers"]["summary"]) for each in items] == [
        (1, "Rollout is on plan; the new admin starts Monday."),
        (2, "The rollout slipped by two weeks after all."),
    ]
    assert client.get("/api/v1/loops/versions?loop=none").status_code == 404
