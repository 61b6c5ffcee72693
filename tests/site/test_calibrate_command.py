"""`evenbook calibrate`, from the records of a company to the policy: what was planted is found, and the loads
that it tells beforehand are those of the run afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenbook.capacity.actions.calibration import adopt
from evenbook.capacity.models import Calibration
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.frames.actions import note_write
from evenbook.people.models import User
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.records.models import Interaction
from evenbook.runs.actions import ask_for
from evenbook.runs.jobs.doing import Watched, perform
from evenbook.runs.models import Job
from evenbook.site.calibrating import HELD, calibrate, day_for, work_out
from evenbook.site.cli import run
from evenbook.site.jobs import run_week
from evenbook.site.registry import work
from evenbook.site.weekly import compute
from evenbook.sources.sample.actions import load

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
PLANTED = {"complexity": {1: 0.4, 2: 0.6, 3: 1.0, 4: 1.8, 5: 2.6}}
FACTOR = 40.0
"""How many times the hours that the weights expect were logged: so much that what the sample has besides is noise."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    ensure_first(NOW - timedelta(days=900))
    load(as_of=TODAY, now=NOW, accounts=150, csms=None, seed=5, users={})
    yield tmp_path


def plant(home: Path) -> None:
    """Log internal work on every account, by its tier and complexity as planted."""
    rng, computed = np.random.default_rng(4), compute(TODAY, home=home, weeks=1)
    with computed.session as session:
        asked = "select * from effort_as_of where as_of = $as_of order by account"
        tagged = session.rows(asked, {"as_of": TODAY}).to_pylist()
    rows = [
        interaction(
            each,
            FACTOR * each["base_hours"] * PLANTED["complexity"][each["complexity"]] * rng.gamma(8, 1 / 8),
        )
        for each in tagged
        if each["person"] is not None and each["tier"] < 4
    ]
    Interaction.objects.bulk_create(part for parts in rows for part in parts)
    note_write("records_interaction", 1, earliest_at=NOW - timedelta(weeks=8), now=NOW)


def interaction(tagged: dict[str, Any], hours: float) -> list[Interaction]:
    """Return the hours of an account as entries of at most eight hours, one a day."""
    minutes = [480.0] * int(hours // 8) + [60 * (hours % 8)]
    at = [NOW - timedelta(days=1 + place % 50) for place in range(len(minutes))]
    return [
        Interaction(
            account_id=tagged["account"], person_id=tagged["person"], kind="internal", status="completed",
            minutes=each, happened_at=when, known_at=when, source="planted", fingerprint="x",
            external_id=f"{tagged['account']}-{place}",
        )
        for place, (each, when) in enumerate(zip(minutes, at, strict=True))
    ]  # fmt: skip


def loads(home: Path) -> dict[int, float]:
    with compute(TODAY, home=home, weeks=1).session as session:
        return {
            row["person"]: row["effort_hours"] for row in session.rows(HELD, {"as_of": TODAY}).to_pylist()
        }


def test_planted_weights_go_from_the_records_into_the_policy_and_the_loads_told_before_are_those_after(
    home: Path,
):
    plant(home)
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    assert day_for(None, today=TODAY + timedelta(days=3)) == TODAY
    found = work_out(TODAY, home=home)
    weights = {int(each.level): each for each in found.proposal.weights if each.factor == "complexity"}
    assert found.proposal.why == "" and found.proposal.errors.fitted < found.proposal.errors.in_force
    for level in (1, 4, 5):
        assert weights[level].is_changed, weights[level]
        assert weights[level].proposed == pytest.approx(PLANTED["complexity"][level], rel=0.3)
    now = {each.person: each.hours_now for each in found.effects}
    assert now == loads(home)

    number = calibrate(TODAY, by=SYSTEM, now=NOW, home=home)
    adopt(number, by=SYSTEM, now=NOW)
    assert {each.person: each.hours_then for each in found.effects} == loads(home)
    assert sum(now.values()) == pytest.approx(sum(each.hours_then for each in found.effects), rel=0.05)
    assert day_for(None, today=TODAY + timedelta(days=3)) == TODAY


def test_facts_of_later_days_change_no_calibration(home: Path):
    before = work_out(TODAY, home=home)
    row = Interaction.objects.exclude(person=None).first()
    later = [
        Interaction(
            account_id=row.account_id, person_id=row.person_id, kind="call", status="completed", minutes=300.0,
            customer_present=True, happened_at=NOW + timedelta(days=day - 1), known_at=NOW + timedelta(days=1),
            source="later", fingerprint="x", external_id=str(day),
        )
        for day in range(4)
    ]  # fmt: skip
    Interaction.objects.bulk_create(later)
    note_write("records_interaction", 4, earliest_at=NOW + timedelta(days=1), now=NOW)
    assert work_out(TODAY, home=home) == before


@pytest.fixture
def ends(home: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO = home, False
    for name, role in (("olu", "operations"), ("lena", "leader")):
        User.objects.create(mail=f"{name}@example.com", name=name.title(), role=role, joined_at=NOW)

    def ended(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ended


OLU, LENA = ("--as", "olu@example.com"), ("--as", "lena@example.com")


def test_the_command_keeps_for_operations_and_only_prints_for_others(home: Path, ends: Callable[..., Any]):
    plant(home)
    run_week(TODAY, by=SYSTEM, home=home, store=True)

    code, said = ends(*LENA, "calibrate")
    assert code == 0 and said.endswith("calibrate: nothing is kept.\n") and not Calibration.objects.exists()
    code, said = ends(*OLU, "calibrate")
    assert code == 1 and "suggest a change of" in said and "--adopt makes it the next version" in said
    code, said = ends(*LENA, "calibrate", "--adopt")
    assert code == 2 and "Only operations" in said
    code, said = ends(*OLU, "calibrate", "--json")
    told = json.loads(said)
    assert (
        code == 1
        and told["state"] == "proposed"
        and told["changes"]["capacity.centered"] is True
        and told["loads"]
    )
    assert ends(*OLU, "calibrate", "--as-of", "2026-03-01", "--adopt")[0] == 2
    assert ends(*OLU, "calibrate", "--as-of", "2999-01-01")[0] == 2
    assert ends(*OLU, "calibrate", "--as-of", "2026-02-01")[1].endswith("calibrate: nothing is kept.\n")

    code, said = ends(*OLU, "calibrate", "--adopt", "--note", "As agreed on Monday.")
    assert code == 0 and "version 2 of the policy is in force" in said
    assert latest().policy.of(CapacityNumbers).centered and Calibration.objects.get().state == "adopted"


def test_a_new_instance_has_no_hours_and_says_so(db: None, tmp_path: Path):
    ensure_first(NOW)
    found = work_out(TODAY, home=tmp_path)
    assert found.proposal.why == "No account is active, so there are no hours to learn from."
    assert found.effects == () and not found.proposal.changes()


def test_a_worker_does_what_the_page_asks_for(home: Path, settings: Any):
    settings.EVENBOOK_HOME = home
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    kind = work().work("calibrate")
    assert kind is not None
    job = ask_for(kind, by=SYSTEM, now=NOW)
    assert ask_for(kind, by=SYSTEM, now=NOW + timedelta(minutes=1)) == job
    perform(job, 1, declared=work(), remember=lambda title, does: does(), watched=Watched())
    assert Job.objects.get(pk=job).says.startswith("The calibration as of 09 March 2026 is kept")
    assert Calibration.objects.get().made_by == SYSTEM.name
