"""An organization adds its own artifact, form and loop by policy: a run opens it, it is refused, and it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.pages import company

from evenbook.closures.models import Loop
from evenbook.frames.actions import note_write
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Interaction
from evenbook.site.jobs import run_week

pytestmark = pytest.mark.django_db(transaction=True)

KIND = {"kind": "kickoff_note", "title": "Kickoff note"}
ASKED = (
    {"field": "goal", "title": "What they want to reach", "asks": "words", "least_words": 4},
    {"field": "first_day", "title": "First day of use", "asks": "day"},
    {"field": "size", "title": "How many begin", "asks": "choice", "options": "one team | several teams"},
)
LOOP = {
    "loop": "onboarding", "title": "Onboarding", "opened_by": "interaction", "named": "onboarding",
    "artifact": "kickoff_note", "due_days": 0, "due_in": "calendar", "tiers": "1, 2",
}  # fmt: skip


@pytest.fixture
def team(settings: Any, tmp_path: Path) -> company.Company:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(company.LONG_AGO)
    return company.build(4)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def add_by_policy(client: Client) -> None:
    """Add the kind through the API, as operations would with a program of theirs."""
    read = client.get("/api/v1/policy")
    now = read.json()["sections"]["closures"]
    questions = [{"artifact": "kickoff_note", **row} for row in ASKED]
    closures = {
        "start_on": "2026-03-01",
        "kinds": [*now["kinds"], KIND],
        "questions": [*now["questions"], *questions],
        "loops": [*now["loops"], LOOP],
    }
    change = {"note": "Onboardings end with a note.", "sections": {"closures": closures}}
    answer = client.patch(
        "/api/v1/policy", change, content_type="application/json", headers={"If-Match": read["ETag"]}
    )
    assert answer.status_code == 200, answer.content


def onboard(team: company.Company) -> datetime:
    now = datetime.now(UTC)
    Interaction.objects.create(
        account=team.of("ben")[0],
        person=team.people["ben"],
        kind="onboarding",
        status="completed",
        minutes=50,
        customer_present=True,
        **company.version("onboarding-1", now),
    )
    note_write("records_interaction", 1, earliest_at=now, now=now)
    return now


def test_a_kind_of_ones_own_opens_is_refused_and_closes_without_code(
    team: company.Company, tmp_path: Path
) -> None:
    add_by_policy(signed_in(team.users["olu"]))
    today = onboard(team).date()
    run_week(today, by=SYSTEM, home=tmp_path, store=True)
    loop = Loop.objects.get(kind="onboarding")
    assert (loop.key, loop.person, loop.due_on) == (
        "onboarding:sample:onboarding-1",
        team.people["ben"],
        today,
    )
    ben = signed_in(team.users["ben"])
    text = ben.get("/my-week").content.decode()
    assert f"/loops/{loop.pk}" in text and "Kickoff note" in text
    page = ben.get(f"/loops/{loop.pk}").content.decode()
    assert "What they want to reach" in page and "<option>several teams</option>" in page

    refused = ben.post(f"/loops/{loop.pk}", {"goal": "tbd", "first_day": "2020-01-01"})
    said = refused.content.decode()
    assert refused.status_code == 422
    for title in ("What they want to reach", "First day of use", "How many begin"):
        assert f"<li>&#x27;{title}&#x27; " in said
    day = (today + timedelta(days=6)).isoformat()
    given = {"goal": "Two sites live by summer", "first_day": day, "size": "several teams"}
    assert ben.post(f"/loops/{loop.pk}", given)["Location"] == "/my-week"

    run_week(today, by=SYSTEM, home=tmp_path, store=True, restate=True)
    loop.refresh_from_db()
    assert loop.closed_by is not None and loop.closed_by.kind == "kickoff_note"
    assert loop.closed_by.fields == given and loop.closed_at == loop.closed_by.happened_at
    assert "Two sites live by summer" in ben.get(f"/loops/{loop.pk}").content.decode()
