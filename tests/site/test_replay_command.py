"""`evenbook replay` and `evenbook hotsheet mark`, and a month of runs on the sample company."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.site.test_look import Desk

from evenbook.hotsheet.actions.replays import Found, adopt, keep
from evenbook.hotsheet.models import HotCase, HotRow, Replay
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules.learned import Learned, TermFound
from evenbook.hotsheet.rules.risk import share_at
from evenbook.people.models import User
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.actions import adopt as adopt_policy
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.runs.actions import ask_for
from evenbook.runs.jobs.doing import Watched, perform
from evenbook.runs.models import Job
from evenbook.site import replaying
from evenbook.site.cli import run
from evenbook.site.cli.replaying import replay as replay_command
from evenbook.site.jobs import run_week
from evenbook.site.registry import work
from evenbook.site.replaying import work_out
from evenbook.sources.sample.actions import load

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    ensure_first(NOW - timedelta(days=900))
    load(as_of=TODAY, now=NOW, accounts=150, csms=None, seed=5, users={})
    return tmp_path


@pytest.fixture
def olu() -> Viewer:
    user = User.objects.create(mail="olu@example.com", name="Olu", role="operations", joined_at=NOW)
    return viewer_of(user)


def called(home: Path, by: Viewer, command: Any, *words: str) -> Result:
    return CliRunner().invoke(command, list(words), obj=Desk(by, home, NOW), standalone_mode=False)


def test_a_replay_is_told_kept_by_operations_and_the_same_again(home: Path, olu: Viewer) -> None:
    first = called(home, olu, replay_command, "--json")
    assert first.exception is None, first.exception
    told = json.loads(first.output)

    assert set(told) >= {"weeks", "k", "precision", "recall", "lead_weeks", "baselines"}
    assert set(told["lead_weeks"]) == {"median", "p25", "p75"}
    assert set(told["baselines"]) == {"points", "arr_order", "last_touch", "random"}
    assert told["weeks"] > 100 and told["k"] == pytest.approx(0.12 * 130, abs=8)
    assert told["losses"] >= told["seen"] > 0
    assert (
        0 < told["precision"] < 1 and told["revenue_recall"] > told["baselines"]["random"]["revenue_recall"]
    )
    assert Replay.objects.count() == 1
    again = called(home, olu, replay_command, "--json")
    assert json.loads(again.output) == told and Replay.objects.count() == 1
    assert first.return_value == (1 if told["learned"]["terms"] else 0)

    said = called(home, olu, replay_command).output
    assert said.startswith(f"Replay of {told['weeks']:,} sheets") and "By last contact" in said


def test_somebody_else_looks_and_a_day_of_the_past_is_not_kept(home: Path, olu: Viewer) -> None:
    assert called(home, SYSTEM, replay_command, "--as-of", "2025-09-01").exception is None
    assert "has not come yet" in str(called(home, olu, replay_command, "--as-of", "2027-01-01").exception)
    assert "Only what the newest week says" in str(
        called(home, olu, replay_command, "--as-of", "2026-01-01", "--adopt").exception
    )
    assert not Replay.objects.exists()


def test_facts_of_later_days_change_no_sheet_of_the_past(home: Path, olu: Viewer) -> None:
    then = json.loads(called(home, olu, replay_command, "--json", "--as-of", "2025-09-08").output)
    now = json.loads(called(home, olu, replay_command, "--json").output)

    assert then["first_on"] == now["first_on"]
    assert now["weeks"] - then["weeks"] == 26
    assert now["losses"] >= then["losses"]


def test_each_sheet_can_be_drawn_up_by_the_policy_that_was_in_force_in_its_week(
    home: Path, olu: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weeks of each version are those that a run of their own day stored; nothing is learned of a mixture."""
    turn = TODAY - timedelta(weeks=20)
    document = to_document(latest().policy)
    document["hotsheet"]["share"] = 0.3
    adopt_policy(
        document, by=olu, note="Longer.", now=datetime(turn.year, turn.month, turn.day, 6, tzinfo=UTC)
    )
    seen: list[Any] = []
    judge = replaying.replayed
    monkeypatch.setattr(
        replaying, "replayed", lambda listed, lost, **how: seen.append(listed) or judge(listed, lost, **how)
    )

    found = work_out(TODAY, home=home, by_policy="then")
    now = work_out(TODAY, home=home)

    weeks = now.replayed.weeks
    assert found.versions == ((1, weeks - 21), (2, 21)) and now.versions == ()
    assert not found.learned.proposes and "several versions" in found.learned.why.lower()
    for day, share in ((turn - timedelta(weeks=1), 0.12), (turn, 0.3)):
        run = run_week(day, by=SYSTEM, home=home, store=True)
        stored = set(HotRow.objects.filter(run__as_of=day).values_list("account", flat=True))
        drawn = listed_on(seen[0], day)
        assert drawn == stored, run
        assert len(listed_on(seen[1], day)) == pytest.approx(len(drawn) * 0.3 / share, abs=2)
    keep(found, by=olu, now=NOW)
    page = signed_in(olu).get("/hot-sheet/replay").content.decode()
    assert f"version 1 ({weeks - 21} sheets), version 2 (21 sheets)" in page
    told = called(home, SYSTEM, replay_command, "--by-policy", "then", "--as-of", str(TODAY), "--json")
    said = json.loads(told.output)
    assert said["by_policy"] == "then" and said["versions"][1] == {"policy_version": 2, "weeks": 21}


def listed_on(listed: Any, day: date) -> set[int]:
    rows = listed["sheet"].astype(bool) & (listed["as_of"].astype("datetime64[D]") == np.datetime64(day))
    return {int(each) for each in listed["account"][rows]}


def signed_in(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=viewer.user_id))
    return client


def test_an_instance_without_accounts_has_no_sheet(tmp_path: Path, db: None) -> None:
    ensure_first(NOW)
    told = called(tmp_path, SYSTEM, replay_command, "--json")
    assert told.exception is None, told.exception
    assert json.loads(told.output)["weeks"] == 0 and json.loads(told.output)["precision"] is None
    assert "there was no sheet" in called(tmp_path, SYSTEM, replay_command).output


def test_operations_may_adopt_what_was_learned(home: Path, olu: Viewer) -> None:
    found = work_out(TODAY, home=home)
    learned = Learned(70, 4, 900, terms_of(found), ((0.0, 0.04), (100.0, 0.6)), 0.25, 0.24)
    number = keep(replace(found, learned=learned), by=SYSTEM, now=NOW)
    version = adopt(number, by=olu, now=NOW)
    run_week(TODAY, by=SYSTEM, home=home, store=True)

    assert latest().number == version == 2
    row = HotRow.objects.filter(arr_cents__isnull=False).order_by("rank").first()
    assert row is not None and row.arr_cents and row.expected_cents is not None
    share = share_at(row.points, latest().policy.of(HotsheetNumbers).risk)
    assert share == pytest.approx(0.04 + 0.56 * row.points / 100)
    assert row.expected_cents == pytest.approx(row.arr_cents * share, abs=1)


def terms_of(found: Found) -> tuple[TermFound, ...]:
    terms = latest().policy.of(HotsheetNumbers).terms
    return tuple(TermFound(each.term, each.max_points, each.max_points, 9) for each in terms)


def test_a_worker_does_a_replay_that_was_asked_for(home: Path, olu: Viewer, settings: Any) -> None:
    settings.EVENBOOK_HOME = home
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    kind = work().work("replay")
    assert kind is not None
    job = ask_for(kind, by=olu, now=NOW)
    perform(job, 1, declared=work(), remember=lambda title, does: does(), watched=Watched())
    assert Job.objects.get(pk=job).says.startswith("The replay as of 09 March 2026 is kept")
    assert Replay.objects.get().made_by == "Olu"


def test_a_month_of_runs_moves_the_work_on_and_a_run_again_changes_nothing(home: Path, olu: Viewer) -> None:
    days = [TODAY - timedelta(weeks=back) for back in (3, 2, 1, 0)]
    for each in days[:-1]:
        run_week(each, by=SYSTEM, home=home, store=True)
    begun = set(HotCase.objects.values_list("account", "began_on"))
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    cases = list(HotCase.objects.order_by("pk").values())

    assert begun < {(row["account_id"], row["began_on"]) for row in cases}
    on_it = set(HotRow.objects.filter(run__as_of=TODAY).values_list("account", flat=True))
    assert on_it <= {row["account_id"] for row in cases}
    assert any(row["acted_on"] for row in cases)
    assert all(row["due_on"] > row["began_on"] for row in cases)
    for row in cases:
        assert row["acted_on"] is None or row["began_on"] <= row["acted_on"] <= row["acted_known_on"]
    for day in (TODAY, days[1]):
        run_week(day, by=SYSTEM, home=home, store=True, restate=True)
    assert list(HotCase.objects.order_by("pk").values()) == cases


def test_the_owner_marks_from_the_command_line(home: Path, olu: Viewer, capfd: Any) -> None:
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    row = HotRow.objects.order_by("rank").first()
    assert row is not None
    as_olu = ["--as", "olu@example.com", "hotsheet"]
    assert run([*as_olu, "mark", row.account.key, "working", "--note", "Called."]) == 0
    assert capfd.readouterr().out == f"hotsheet: {row.account.name}: you are on it.\n"
    assert run([*as_olu, "--json"]) == 0
    first = json.loads(capfd.readouterr().out)["hotsheet"][0]
    assert first["first_action_by"] and first["on_the_sheet_since"] == TODAY.isoformat()
    assert run([*as_olu, "mark", row.account.key, "false-alarm"]) == 2
    assert "needs a word of why" in capfd.readouterr().err
    assert run([*as_olu, "mark", "nobody", "working"]) == 2
    assert run([*as_olu, "mark", row.account.key, "dance"]) == 2
    assert run(["hotsheet", "mark", row.account.key, "working"]) == 2
