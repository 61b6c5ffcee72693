"""The page of runs: what matters first, progress, the log, cancel and retry; others see the weeks alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evenbook.people.models import AuditEntry, User
from evenbook.people.viewer import SYSTEM
from evenbook.runs import actions, checks, presence, queries
from evenbook.runs.aside import Progress, tell
from evenbook.runs.declared import IMPORTS, Work
from evenbook.runs.models import Job

LOAD = Work("load", "Import", IMPORTS, lambda doing: "")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.EVENBOOK_HOME = tmp_path
    settings.EVENBOOK_DEMO = False


@pytest.fixture
def as_user(db: None) -> Callable[[str], Client]:
    from tests.pages import company

    users = company.build().users

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(users[name])
        return client

    return signed_in


def ask(key: str, about: str = "accounts.csv", by: str = "Olu") -> int:
    return actions.begin(LOAD, key=key, by=by, now=datetime.now(UTC), about=about)


def test_others_see_which_weeks_there_are_and_no_run(as_user: Any) -> None:
    number = ask("one", about="secret-customers.csv")

    for name in ("amara", "ben", "edda", "rea"):
        page = as_user(name).get("/runs")
        said = page.content.decode()
        assert (
            page.status_code == 200 and "The figures are of Monday 9 March 2026; the next is due on" in said
        )
        assert "secret-customers" not in said and "Run the week now" not in said
        assert as_user(name).get(f"/runs/{number}").status_code == 404
        for doing in ("week", "mails", f"{number}/cancel", f"{number}/retry"):
            assert as_user(name).post(f"/runs/{doing}").status_code == 404
    assert Client().get("/runs").status_code == 302
    assert Job.objects.get(pk=number).state == "waiting"


def test_operations_see_what_nobody_does_then_how_far_it_is_and_cancel_it(as_user: Any) -> None:
    olu, number = as_user("olu"), ask("one", about="<b>accounts</b>.csv")

    said = olu.get("/runs").content.decode()
    assert (
        "No worker runs, and one run waits." in said
        and "&lt;b&gt;accounts" in said
        and "<b>accounts" not in said
    )
    assert "It is not lost" in olu.get(f"/runs/{number}").content.decode()
    lock = presence.hold("w")
    actions.join("w", process=1, now=datetime.now(UTC))
    assert actions.begun(number, 1, now=datetime.now(UTC))
    tell(number, Progress(30, 40, "now <accounts>.csv"))
    assert "One run is under way." in olu.get("/runs").content.decode()
    page = olu.get(f"/runs/{number}")
    assert (
        "is under way: 30 of 40." in page.content.decode() and "now &lt;accounts&gt;" in page.content.decode()
    )
    assert page["Refresh"] == "3"
    assert olu.post(f"/runs/{number}/cancel").status_code == 302
    said = olu.get(f"/runs/{number}").content.decode()
    assert "stops as soon as it can" in said and "asked that it stop" in said
    actions.record_end(number, 1, "cancelled", says="Cancelled by Olu.", now=datetime.now(UTC))
    assert "Begin anew" in olu.get(f"/runs/{number}").content.decode()
    olu.post(f"/runs/{number}/retry")
    assert queries.job(SYSTEM, number).attempt == 2
    assert [each.what for each in AuditEntry.objects.order_by("pk")] == ["run.cancelled", "run.retried"]
    lock.close()


def test_a_second_click_asks_for_one_week_and_what_ended_cannot_be_cancelled(as_user: Any) -> None:
    olu = as_user("olu")

    first, again = olu.post("/runs/week"), olu.post("/runs/week")
    assert first["Location"] == again["Location"] and Job.objects.count() == 1
    number = Job.objects.get().pk
    actions.record_end(number, 1, "done", says="The week is stored.", now=datetime.now(UTC))
    assert "ended already" in olu.post(f"/runs/{number}/cancel", follow=True).content.decode()
    assert "This run is done." in olu.post(f"/runs/{number}/retry", follow=True).content.decode()
    assert olu.get("/runs?state=failed").content.decode().count("No run is like that.") == 1
    assert olu.get("/runs?state=nonsense").status_code == 200
    assert olu.get("/runs/999999").status_code == olu.post("/runs/999999/cancel").status_code == 404
    assert olu.get("/runs/week").status_code == 405


def test_an_empty_instance_is_told_what_will_appear(client: Client) -> None:
    from evenbook.policy.actions import ensure_first

    ensure_first(datetime.now(UTC))
    olu = User.objects.create(
        mail="olu@example.com", name="Olu", role="operations", joined_at=datetime.now(UTC)
    )
    client.force_login(olu)
    said = client.get("/runs").content.decode()
    assert "No week was run yet." in said and "No run yet." in said and "evenbook worker" in said


def test_a_queue_with_no_worker_is_an_alarm_and_so_is_work_that_failed(as_user: Any) -> None:
    now, number = datetime.now(UTC), ask("one")
    later = now + timedelta(minutes=20)

    assert checks.queue_worked(now) is None
    assert checks.queue_worked(later).what.startswith("1 run waits since")
    lock = presence.hold("w")
    actions.join("w", process=1, now=now)
    assert checks.queue_worked(later) is None
    lock.close()
    assert checks.queue_worked(later), "a worker that is gone is no worker"
    actions.record_end(number, 1, "failed", says="It broke off.", fix="Begin it anew.", now=now)
    assert checks.queue_worked(later) is None
    assert checks.work_done(later).what == "1 run failed in the last seven days."
    actions.happened("facts.landed", by="Olu", now=now)
    assert checks.queue_worked(later).what.startswith("A refresh waits since")
