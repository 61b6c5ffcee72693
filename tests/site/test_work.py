"""The week when it is due, the refresh of what rests on what happened, and imports as durable work."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evenbook.book.models import Account
from evenbook.people.models import User
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.paths import with_value
from evenbook.runs import actions, presence, queries
from evenbook.runs.jobs.doing import Watched, perform
from evenbook.runs.models import Happening, Job, Run
from evenbook.site import work
from evenbook.site.jobs import run_week
from evenbook.site.registry import work as declared
from evenbook.sources.jobs import inbox, uploads, working
from evenbook.sources.models import Load

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
"""A Wednesday."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, settings: Any) -> None:
    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO, settings.EVENBOOK_INBOX = tmp_path, False, ""
    ensure_first(NOW)


@pytest.fixture
def worker() -> Any:
    """Say that a worker is there, without one."""
    lock = presence.hold("w")
    actions.join("w", process=os.getpid(), now=datetime.now(UTC))
    yield
    lock.close()


def do(job: int | None) -> Job:
    """Do a run here, as a worker would."""
    assert job is not None
    perform(job, 1, declared=declared(), remember=lambda title, step: step(), watched=Watched())
    return Job.objects.get(pk=job)


def customer() -> None:
    Account.objects.create(
        key="a", name="Northwind", matched_name="northwind", known_at=NOW - timedelta(days=90)
    )


def test_the_week_is_asked_for_once_when_it_is_due_and_a_machine_that_was_off_on_monday_makes_up_for_it(
    settings: Any,
) -> None:
    work.when_the_week_is_due(NOW)
    assert not Job.objects.exists(), "there is nobody to work for yet"
    customer()
    settings.EVENBOOK_DEMO = True
    work.when_the_week_is_due(NOW)
    assert not Job.objects.exists(), "a demo stays as it was made"
    settings.EVENBOOK_DEMO = False
    work.when_the_week_is_due(NOW)
    work.when_the_week_is_due(NOW + timedelta(hours=1))

    row = do(Job.objects.get().pk)
    assert (row.key, row.state, row.says) == (
        "week:2026-03-09",
        "done",
        "The week of 11 March 2026 is stored.",
    )
    assert row.done == row.total and Run.objects.get().as_of == date(2026, 3, 11)
    again = do(actions.begin_week(work.WEEK, key="again", by="Amara", now=NOW))
    assert again.says == "Nothing has changed since the day was last run." and Run.objects.count() == 1
    work.when_the_week_is_due(NOW + timedelta(days=4))
    assert Job.objects.count() == 2, "it is not Monday yet"
    work.when_the_week_is_due(NOW + timedelta(days=5))
    assert Job.objects.latest("pk").key == "week:2026-03-16"
    adopt(with_value(latest().policy, "runs.weekly", "no"), by=SYSTEM, now=NOW, note="By hand.")
    work.when_the_week_is_due(NOW + timedelta(days=14))
    assert Job.objects.count() == 3


def test_what_happened_is_refreshed_on_once_it_is_quiet_and_the_week_mends_what_was_missed(
    tmp_path: Path,
) -> None:
    customer()
    actions.happened("facts.landed", by="Olu", now=NOW)
    actions.happened("facts.landed", accounts=[3, 1, 3], by="Olu", now=NOW + timedelta(minutes=1))
    assert queries.happened_up_to(SYSTEM, 10**9).accounts is None
    work.when_something_happened(NOW + timedelta(minutes=2))
    assert not Job.objects.exists(), "it is not quiet yet"
    work.when_something_happened(NOW + timedelta(minutes=4))
    work.when_something_happened(NOW + timedelta(minutes=5))

    row = do(Job.objects.get().pk)
    assert row.state == "done" and row.says.endswith("is stored.")
    assert not Happening.objects.filter(settled_at=None).exists() and Run.objects.count() == 1
    actions.happened("facts.landed", accounts=range(2000), by="Olu", now=NOW)
    assert Happening.objects.latest("pk").accounts is None
    run_week(datetime.now(UTC).date(), by=SYSTEM, home=tmp_path, store=True)
    assert not Happening.objects.filter(settled_at=None).exists()
    actions.happened("poem.written", by="Olu", now=NOW)
    work.when_something_happened(NOW + timedelta(hours=1))
    assert do(Job.objects.latest("pk").pk).says == "Nothing rests on what happened."


def test_a_change_of_the_policy_is_refreshed_on_once_by_whoever_made_it(tmp_path: Path) -> None:
    customer()
    changed = with_value(latest().policy, "capacity.monthly_hours", "111")
    adopt(changed, by=SYSTEM, now=NOW, note="Fewer hours.")
    work.when_something_happened(NOW + timedelta(hours=1))
    assert not Happening.objects.exists(), "there is no week that could be out of date"
    run_week(NOW.date() - timedelta(days=2), by=SYSTEM, home=tmp_path, store=True)
    assert Run.objects.get().policy_version < latest().number

    work.when_something_happened(NOW + timedelta(minutes=1))
    assert not Job.objects.exists(), "it is not quiet yet"
    for minutes in (10, 11, 12):
        work.when_something_happened(NOW + timedelta(minutes=minutes))
    assert (Happening.objects.get().kind, Happening.objects.get().at) == ("policy.adopted", NOW)
    assert do(Job.objects.get().pk).state == "done"
    assert Run.objects.latest("pk").policy_version == latest().number
    work.when_something_happened(NOW + timedelta(days=1))
    assert Job.objects.count() == Happening.objects.count() == 1


def test_who_goes_on_with_a_refresh_after_a_crash_takes_the_same_steps(tmp_path: Path) -> None:
    customer()
    actions.happened("facts.landed", by="Olu", now=NOW)
    work.when_something_happened(NOW + timedelta(hours=1))
    kept: dict[str, Any] = {}
    asked: list[str] = []

    def remember(title: str, step: Callable[[], Any]) -> Any:
        asked.append(title)
        kept[title] = kept[title] if title in kept else step()
        return kept[title]

    for _ in range(2):
        Job.objects.update(state="running", ended_at=None)
        perform(Job.objects.get().pk, 1, declared=declared(), remember=remember, watched=Watched())
    assert asked == ["See what happened", "Run today's week", "Settle"] * 2
    assert Job.objects.get().state == "done" and Run.objects.count() == 1


def test_where_no_worker_runs_the_command_refreshes_itself(worker: Any) -> None:
    customer()
    now = datetime.now(UTC)
    actions.happened("facts.landed", by="Olu", now=now)
    assert list(work.follow_up(now)) == [], "there is no page yet that could be behind"
    Run.objects.create(
        kind="week",
        as_of=NOW.date(),
        policy_version=1,
        started_at=NOW,
        ended_at=NOW,
        by="Olu",
        fingerprint="f",
    )
    assert list(work.follow_up(now)) == ["The worker refreshes the figures in a few minutes."]
    presence.forget("w")
    said = list(work.follow_up(now))
    assert said[0].startswith("No worker runs") and said[1].endswith("is stored.")
    assert list(work.follow_up(now)) == []
    assert actions.hand_over() == []


def test_files_in_the_inbox_are_imported_once_and_moved(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "inbox"
    settings.EVENBOOK_INBOX = str(folder)
    inbox.look_into(NOW)
    (folder / "crm").mkdir(parents=True)
    outside = tmp_path / "outside.csv"
    for path in (folder / "crm" / "accounts.csv", outside):
        path.write_text("account name,owner,arr,start date\nNorthwind,Ben,100,2025-04-03\n")
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    (folder / "linked.csv").symlink_to(outside)
    (folder / ".hidden.csv").write_text("a,b\n1,2\n")
    inbox.look_into(NOW + timedelta(seconds=10))
    assert not Job.objects.exists(), "somebody may still be writing"
    inbox.look_into(NOW + timedelta(seconds=31))
    inbox.look_into(NOW + timedelta(seconds=60))

    row = do(Job.objects.get().pk)
    assert (
        row.state == "done"
        and row.says.startswith("1 row read, 0 rejected")
        and row.about == "crm/accounts.csv"
    )
    assert outside.exists() and not (folder / "crm" / "accounts.csv").exists()
    assert [path.name for path in (folder / "done").rglob("*.csv")] == ["accounts.csv"]
    inbox.look_into(NOW + timedelta(hours=1))
    assert Job.objects.count() == 1 and Account.objects.count() == 1


@pytest.fixture
def sent(tmp_path: Path) -> Callable[[str], uploads.Upload]:
    """Return a function that keeps a large upload of operations."""
    olu = User.objects.create(mail="olu@example.com", name="Olu", role="operations", joined_at=NOW)

    def keep(text: str) -> uploads.Upload:
        folder = uploads.fresh_folder(tmp_path)
        folder.mkdir(parents=True)
        (folder / "1").write_text(text)
        stored = uploads.Stored("accounts.csv", "", folder / "1", working.WHILE_WAITING + 1)
        return uploads.keep(folder, [stored], by=str(olu.pk), at=datetime.now(UTC), refused=())

    return keep


def again(upload: uploads.Upload) -> uploads.Upload:
    found = uploads.find(working.home(), upload.token, by=upload.by)
    assert found is not None
    return found


def test_a_large_upload_is_looked_at_and_loaded_by_a_worker_and_a_second_time_it_loads_nothing(
    sent: Any, worker: Any
) -> None:
    upload = sent("account name,owner,arr,start date\nNorthwind,Ben,100,2025-04-03\n")
    olu, now = viewer_of(User.objects.get()), datetime.now(UTC)

    working.look(upload, olu, now=now)
    upload = again(upload)
    assert working.is_under_way(upload) and upload.doing == "preview" and not Account.objects.exists()
    looked = do(upload.job)
    assert looked.says == "1 row looked at; nothing is loaded yet."
    upload = again(upload)
    assert not working.is_under_way(upload) and not working.needs_preview(olu, upload)
    working.load(upload, olu, now=now)
    loading = Job.objects.latest("pk")
    assert loading.by == "Olu" and loading.about == "accounts.csv"
    assert do(loading.pk).says == "1 row read." and Account.objects.count() == 1
    assert again(upload).load == Load.objects.get().pk
    Job.objects.filter(pk=loading.pk).update(state="running", ended_at=None)
    assert do(loading.pk).says == "They were loaded already." and Load.objects.count() == 1
    assert Happening.objects.filter(kind="facts.landed", by="Olu").count() == 1


def test_a_cancelled_load_loads_nothing_and_can_be_asked_for_again(sent: Any, worker: Any) -> None:
    rows = "".join(f"Customer {number},Ben,100,2025-04-03\n" for number in range(50))
    upload = sent(f"account name,owner,arr,start date\n{rows}")
    olu = viewer_of(User.objects.get())
    working.load(upload, olu, now=datetime.now(UTC))
    job, watched = Job.objects.get().pk, Watched()
    watched.begin(job).set()

    perform(job, 1, declared=declared(), remember=lambda title, step: step(), watched=watched)
    assert Job.objects.get().state == "cancelled" and not Account.objects.exists()
    upload = again(upload)
    assert not working.is_under_way(upload) and upload.load is None
    working.load(upload, olu, now=datetime.now(UTC))
    assert do(Job.objects.latest("pk").pk).state == "done" and Account.objects.count() == 50
