"""What breaks at many times today's accounts: figures of this instance, how they grow, the limits they meet."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from evenbook.book.models import Account, Person
from evenbook.capacity.models import AccountWeek
from evenbook.messages.models import Mail
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Job, Run
from evenbook.site import doctor
from evenbook.site.ahead.looks import LOOKS
from evenbook.site.ahead.scaled import Ahead, BadFactor, factor_of, look_ahead
from evenbook.site.cli import run
from evenbook.sources.models import FileLoad, Load

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
EARLIER = NOW - timedelta(days=2)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def policy(db: None) -> None:
    ensure_first(NOW)


def seen(look: str, factor: float = 10) -> Ahead:
    return next(each for each in look_ahead(NOW, factor) if each.line.id == look)


def account(number: int) -> Account:
    name = f"kestrel branch{number}"
    return Account.objects.create(key=f"a-{number}", name=name, matched_name=name, known_at=EARLIER)


def week(minutes: float, **more: Any) -> Run:
    return Run.objects.create(
        kind="week", as_of=(EARLIER - timedelta(days=7 * Run.objects.count())).date(), policy_version=1,
        started_at=EARLIER, ended_at=EARLIER + timedelta(minutes=minutes), by="x", fingerprint="f", **more,
    )  # fmt: skip


def loaded(seconds: float, *, rows: int = 10, file: str = "accounts.csv", at: datetime = EARLIER) -> None:
    load = Load.objects.create(started_at=at, ended_at=at + timedelta(seconds=seconds), by="Olu")
    FileLoad.objects.create(load=load, file=file, rows=rows, created=rows)


def test_an_instance_without_anything_is_skipped_and_no_figure_is_made_up() -> None:
    found = look_ahead(NOW, 10)
    assert {
        each.line.status for each in found if each.line.id != "at-disk" and each.line.id != "at-trail"
    } == {doctor.SKIPPED}
    assert len({look.id for look in LOOKS}) == len(LOOKS) == len(found)
    assert not {look.id for look in LOOKS} & {line.id for line in doctor.examine(NOW)}


def test_a_week_that_ends_too_late_is_told_with_the_factor_at_which_it_does() -> None:
    for minutes in (300, 30, 30, 20, 40, 30):
        week(minutes)
    fine = seen("at-week-time", 8)
    assert (fine.now, fine.then, fine.limit, fine.line.status) == (30, 240, 240, doctor.OK)
    broken = seen("at-week-time", 10)
    assert (broken.then, broken.breaks_at, broken.line.status) == (300, 8, doctor.ATTENTION)
    assert "30 minutes, 300 at 10 times" in broken.line.what and "It breaks at 8 times." in broken.line.what
    assert "runs.weekly_hour" in broken.line.fix


def test_the_hours_of_the_policy_say_in_which_tier_they_end() -> None:
    run_ = week(1)
    person = Person.objects.create(key="ben", name="Ben Adler", monthly_hours=100, working_share=0.5)
    for number, (tier, hours) in enumerate(((1, 4.0), (2, 8.0), (3, 2.0))):
        AccountWeek.objects.create(
            run=run_, account=account(number), person=person, tier=tier, tier_assumed=False, stage="adoption",
            effort_hours=hours,
        )  # fmt: skip
    assert seen("at-hours", 3).line.status == doctor.OK
    broken = seen("at-hours", 5)
    assert (broken.now, broken.then, broken.limit) == (14, 70, 50)
    assert broken.line.what.endswith("Served from tier 1 down, they end within tier 2.")


def test_an_import_that_keeps_writers_waiting_breaks_on_sqlite_alone() -> None:
    loaded(4)
    look = seen("at-lock-import")
    if connection.vendor == "sqlite":
        assert (look.now, look.then, look.limit, look.line.status) == (4, 40, 20, doctor.ATTENTION)
        assert "move-database" in look.line.fix
    else:
        assert look.line.status == doctor.SKIPPED


def test_a_workbook_meets_its_end_before_a_csv_does() -> None:
    loaded(1, rows=200_000, file="usage.XLSX")
    loaded(1, rows=300_000)
    assert (seen("at-workbook").now, seen("at-workbook").line.status) == (200_000, doctor.ATTENTION)
    assert (seen("at-import-rows").now, seen("at-import-rows").line.status) == (300_000, doctor.OK)


def test_a_queue_that_is_never_empty_is_told() -> None:
    for number in range(4):
        begun = NOW - timedelta(days=4 - number)
        Job.objects.create(
            key=f"week:{number}", work="week", title="Weekly run", queue="weeks", by="x", state="done",
            asked_at=begun, started_at=begun, ended_at=begun + timedelta(hours=6),
        )  # fmt: skip
    look = seen("at-queue-weeks", 5)
    assert (look.now, look.then, look.limit, look.line.status) == (25, 125, 100, doctor.ATTENTION)
    assert seen("at-queue-imports").line.status == doctor.SKIPPED


def test_mails_and_people_grow_with_the_team() -> None:
    for number in range(3):
        Mail.objects.create(
            key=str(number), to="x@example.com", subject="x", created_at=EARLIER, due_at=EARLIER
        )
    for number in range(40):
        Person.objects.create(
            key=f"p{number}", name=f"P {number}", left_on=EARLIER.date() if number < 5 else None
        )
    assert (seen("at-mails").now, seen("at-mails").grows) == (3, "with people")
    choices = seen("at-choices")
    assert (choices.now, choices.then, choices.limit, choices.line.status) == (35, 350, 300, doctor.ATTENTION)


def test_more_accounts_than_were_ever_measured_and_names_that_are_alike() -> None:
    for number in range(41):
        account(number)
    assert (seen("at-measured", 1_000).now, seen("at-measured", 1_000).line.status) == (41, doctor.OK)
    assert (seen("at-names").now, seen("at-names").then, seen("at-names").line.status) == (
        41,
        410,
        "attention",
    )
    first = look_ahead(NOW, 10)[0]
    assert first.line.id == "at-names"


@pytest.mark.parametrize("text", ["", "x", "0x", "-3x", "ten", "nan", "inf", "1001x", "10y"])
def test_what_is_no_number_of_times_is_refused(text: str) -> None:
    with pytest.raises(BadFactor, match="not a number of times"):
        factor_of(text)


def test_any_factor_can_be_asked_for() -> None:
    assert (factor_of("10x"), factor_of("3X"), factor_of("1.5")) == (10, 3, 1.5)


def test_the_command_prints_what_breaks_first_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    loaded(1, rows=900_000, file="big.xlsx", at=datetime.now(UTC) - timedelta(days=2))
    assert run(["doctor", "--at", "2x", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["at"] == 2 and told["checks"][0]["id"] == "at-workbook"
    assert set(told["checks"][0]) == {
        "id", "status", "what", "fix", "now", "then", "limit", "breaks_at", "unit", "grows"
    }  # fmt: skip
    assert run(["doctor", "--at", "1x"]) == 0
    assert "nothing that was measured breaks" in capsys.readouterr().out
    assert run(["doctor", "--at", "soon"]) == 2
    assert "Write it as 10x" in capsys.readouterr().err
