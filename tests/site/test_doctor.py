"""The doctor: each check finds what it is for, one cannot stop the others, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from evenbook.book.models import Account, AccountValue, Ownership, Person, Pool, RevenueMovement
from evenbook.kit.findings import Check, Finding
from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.paths import with_value
from evenbook.records.models import FeedWeek
from evenbook.runs.models import Run
from evenbook.site import checks, doctor
from evenbook.site.copying.ledger import note_backup
from evenbook.sources.models import FileLoad, KeptFile, Load, Question
from river import ROOT

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
AGO = {"happened_at": datetime(2025, 1, 6, tzinfo=UTC), "known_at": datetime(2025, 1, 6, tzinfo=UTC)}

pytestmark = pytest.mark.django_db


def found(check_id: str, now: datetime = NOW) -> str:
    """Return the sentence of a check that found something, else nothing."""
    lines = {line.id: line for line in doctor.examine(now)}
    line = lines[check_id]
    assert (line.status == "attention") == bool(line.fix), line
    return line.what if line.status == "attention" else ""


def person(key: str, **more: Any) -> Person:
    return Person.objects.create(key=key, name=key.title(), **more)


def account(key: str, **owner: Any) -> Account:
    made = Account.objects.create(key=key, name=key.title(), matched_name=key, known_at=AGO["known_at"])
    if owner:
        Ownership.objects.create(account=made, source="crm", **owner, **AGO)
    return made


def test_ids_are_unlike_and_each_line_says_a_sentence():
    lines = doctor.examine(NOW)

    assert len({line.id for line in lines}) == len(lines)
    assert all(line.what.endswith(".") for line in lines)


def test_what_needs_a_person_stands_first_and_decides_the_exit_code(monkeypatch, settings, tmp_path):
    monkeypatch.setenv("EVENBOOK_SECRET_KEY", "long-enough-to-be-a-secret-of-tests")
    tmp_path.chmod(0o700)
    settings.EVENBOOK_HOME = tmp_path
    lines = doctor.examine(NOW)

    assert [line.id for line in lines if line.status == "attention"] == ["weekly-run"]
    assert lines[0].id == "weekly-run" and doctor.exit_code(lines) == 1
    assert doctor.exit_code(tuple(line for line in lines if line.status == "ok")) == 0


def test_a_look_that_fails_stops_no_other(monkeypatch):
    def fails(now: datetime) -> Finding | None:
        raise DatabaseError("no such table: x")

    monkeypatch.setattr(checks, "CHECKS", (Check("clock-sane", "Fine.", fails),))
    lines = doctor.examine(NOW)

    assert (lines[0].id, lines[0].status) == ("clock-sane", "failed")
    assert "no such table" in lines[0].what and doctor.exit_code(lines) == 2
    assert {line.id for line in lines} >= {"weekly-run", "accounts-owned"}


def test_accounts_without_an_owner_are_found_unless_they_are_gone():
    account("kestrel")
    account("harbor", person=person("ben"))
    account("pooled", pool=Pool.objects.create(key="p", name="P"))
    AccountValue.objects.create(account=account("left"), name="status", value="churned", source="crm", **AGO)
    RevenueMovement.objects.create(
        account=account("lost"), kind="churn", change_cents=-100, currency="USD", source="crm", **AGO
    )
    assert found("accounts-owned") == "1 active account has no owner: Kestrel."


def test_an_account_taken_from_its_owner_has_none():
    ben = person("ben")
    given = account("kestrel", person=ben)
    Ownership.objects.create(
        account=given, source="crm", happened_at=NOW - timedelta(days=3), known_at=NOW - timedelta(days=3)
    )
    assert found("accounts-owned") == "1 active account has no owner: Kestrel."


def test_many_names_are_counted_not_listed():
    for number in range(6):
        account(f"account {number}")
    expected = "6 active accounts have no owner: Account 0, Account 1, Account 2 and 3 more."
    assert found("accounts-owned") == expected


def test_owners_who_are_no_person_or_have_left_are_found():
    account("kestrel", person=person("integration user", is_person=False))
    account("harbor", person=person("ben", left_on=date(2026, 3, 1)))
    account("sable", person=person("amara", left_on=date(2026, 4, 1)))

    assert "1 account is owned by an owner who is not a person: Integration User." in found(
        "owners-are-people"
    )
    assert found("owners-still-here") == "1 account is owned by someone who has left: Ben."


def test_a_role_of_somebody_who_has_left_is_found_until_somebody_else_has_it():
    given = account("kestrel", person=person("amara"))
    gone = person("ben", left_on=date(2026, 3, 1))
    Ownership.objects.create(account=given, role="expansion", source="crm", person=gone, **AGO)
    assert found("owners-still-here") == ""
    assert found("roles-still-here") == "1 account has a role of someone who has left: Ben."

    later = {"happened_at": NOW - timedelta(days=3), "known_at": NOW - timedelta(days=3)}
    Ownership.objects.create(account=given, role="expansion", source="crm", **later)
    assert found("roles-still-here") == ""


def test_an_account_given_to_two_owners_at_once_is_found():
    given = account("kestrel", person=person("ben"))
    Ownership.objects.create(account=given, source="other", person=person("amara"), **AGO)
    account("harbor", person=person("chidi"))

    assert found("one-owner") == "1 account has two owners at once: Kestrel."


def test_people_without_hours_or_calendar_are_found():
    ben = person("ben", working_share=0.0, region="US")
    person("idle", working_share=0.0)
    account("kestrel", person=ben)
    person("amara", region="Atlantis")

    assert found("people-capacity") == "1 person without hours owns accounts: Ben."
    assert found("people-regions") == "1 person works where no calendar is known: Amara (Atlantis)."


def test_a_region_that_the_calendars_do_not_know_is_found():
    operations = Viewer(user_id=None, mail="", name="Olu", role="operations")
    number = ensure_first(NOW - timedelta(days=1))
    document = with_value(latest().policy, "book.holiday_regions[DE].country", "QQ")
    adopt(document, by=operations, note="A slip.", now=NOW, expected_version=number)

    assert "does not know DE (QQ)" in found("holiday-regions", NOW + timedelta(minutes=1))


def test_a_feed_that_stopped_is_found_and_one_that_still_delivers_is_not():
    for source, last in (("billing", date(2026, 1, 5)), ("product", date(2026, 2, 23))):
        for back in range(3):
            week_on = last - timedelta(weeks=back)
            FeedWeek.objects.create(
                source=source, measure="users", week_on=week_on, share=1.0, known_at=NOW - timedelta(days=1)
            )
    FeedWeek.objects.create(
        source="billing", measure="users", week_on=date(2026, 2, 23), share=0.1, known_at=NOW
    )
    assert found("usage-feeds") == "1 usage feed has stopped: billing users (last whole week 2026-01-05)."


def test_rows_that_wait_for_an_answer_and_files_that_are_gone_are_found():
    for number, (held, answer) in enumerate(((12, ""), (1, ""), (0, ""), (5, "day first"))):
        Question.objects.create(
            key=f"q-{number}",
            kind="date",
            file="deals.csv",
            asks="?",
            rows_held=held,
            answer=answer,
            asked_at=NOW,
        )
    KeptFile.objects.create(sha256="0", name="deals.csv", path="imports/kept/0", kept_at=NOW)
    for held in (20, 12):
        load = Load.objects.create(started_at=NOW, ended_at=NOW, by="Olu")
        FileLoad.objects.create(load=load, file="deals.csv", rows=held, held=held)

    assert found("import-questions") == "12 rows wait for answers to 2 questions: deals.csv."
    assert found("import-files") == "1 file is gone whose rows wait for an answer: deals.csv."


@pytest.mark.parametrize(("days", "is_old"), [(0, False), (8, False), (9, True)])
def test_a_week_older_than_eight_days_is_found(days: int, is_old: bool) -> None:
    Run.objects.create(
        kind="week",
        as_of=NOW.date() - timedelta(days=days),
        policy_version=1,
        started_at=NOW,
        ended_at=NOW,
        fingerprint="",
    )
    assert bool(found("weekly-run")) is is_old


def test_a_clock_behind_what_was_written_is_found():
    ensure_first(NOW)

    assert found("clock-sane", NOW) == ""
    assert "something was written at 2026-03-09 09:00 UTC" in found("clock-sane", NOW - timedelta(hours=2))


def test_users_without_operations_are_found():
    assert found("operations-there") == ""
    add_user(SYSTEM, mail="amara@evenbook.example", name="Amara", role="leader", now=NOW)

    assert "Nobody who signs in is operations" in found("operations-there")


def test_a_variable_that_means_nothing_is_named_with_the_one_that_was_meant(monkeypatch):
    monkeypatch.setenv("EVENBOOK_HOST", "evenbook.example")
    line = next(line for line in doctor.examine(NOW) if line.id == "variables-known")

    assert line.what == "Set, but without a meaning: EVENBOOK_HOST."
    assert line.fix == "EVENBOOK_HOST is probably EVENBOOK_HOSTS."


def test_a_secret_that_can_be_guessed_or_read_is_found(monkeypatch, settings, tmp_path):
    monkeypatch.setenv("EVENBOOK_SECRET_KEY", "short")
    assert "has 5 characters" in found("secret-private")
    monkeypatch.delenv("EVENBOOK_SECRET_KEY")
    settings.EVENBOOK_HOME = tmp_path
    (tmp_path / "secret").write_text("x" * 60)
    (tmp_path / "secret").chmod(0o644)
    assert "Others on this machine" in found("secret-private")
    (tmp_path / "secret").chmod(0o600)
    assert found("secret-private") == ""


def test_a_full_disk_is_found(monkeypatch):
    class Usage:
        free = 10 * 1024 * 1024

    disk: Callable[[Any], Any] = lambda path: Usage  # noqa: E731
    monkeypatch.setattr(checks.shutil, "disk_usage", disk)

    assert "The disk has 10 MB free" in found("disk-free")


def test_failures_shown_to_the_browser_are_found(settings):
    settings.DEBUG = True

    assert "EVENBOOK_DEBUG is 1" in found("debug-off")


def test_what_others_on_the_machine_or_the_network_may_reach_is_said(monkeypatch, settings, tmp_path):
    settings.EVENBOOK_HOME = tmp_path
    tmp_path.chmod(0o755)
    monkeypatch.setenv("EVENBOOK_METRICS_TOKEN", "short")
    monkeypatch.setenv("EVENBOOK_HOSTS", "localhost,evenbook.northwind.example")
    settings.ALLOWED_HOSTS = ["*"]

    assert found("home-private") == f"Others on this machine can look into {tmp_path}."
    assert "any name" in found("hosts-named") and "without HTTPS" in found("https-on")
    assert found("metrics-guarded").startswith("EVENBOOK_METRICS_TOKEN has 5 characters")
    tmp_path.chmod(0o700)
    monkeypatch.setenv("EVENBOOK_HTTPS", "1")
    settings.ALLOWED_HOSTS = ["localhost", "evenbook.northwind.example"]
    assert not any(found(each) for each in ("home-private", "hosts-named", "https-on"))


def test_an_old_backup_or_none_is_said_where_there_are_customers_and_no_demo(monkeypatch, settings, tmp_path):
    settings.EVENBOOK_HOME = tmp_path
    assert not found("backup-recent")
    account("acme")
    assert found("backup-recent") == "No backup was ever made."
    note_backup(tmp_path, made_at=NOW - timedelta(days=8), rows=1, size=1)
    assert found("backup-recent") == "The last backup is of 2026-03-01."
    monkeypatch.setenv("EVENBOOK_BACKUP_DAYS", "9")
    assert not found("backup-recent")
    monkeypatch.setenv("EVENBOOK_BACKUP_DAYS", "7")
    settings.EVENBOOK_DEMO = True
    assert not found("backup-recent")


def test_the_old_database_of_an_instance_that_moved_is_known(settings, tmp_path):
    settings.EVENBOOK_HOME = tmp_path
    (tmp_path / "moved.json").write_text(json.dumps({"from": settings.DATABASES["default"]["ENGINE"]}))
    assert "this is the old one" in found("database-moved")
    (tmp_path / "moved.json").write_text("[]")
    assert not found("database-moved")


def test_every_look_is_in_the_reference_and_has_words():
    page = (ROOT / "docs" / "reference" / "doctor.md").read_text(encoding="utf-8")

    assert [line.id for line in doctor.examine(NOW) if f"| `{line.id}` |" not in page] == []
    assert all(each.look.__doc__ and each.fine for each in doctor.slice_checks())
