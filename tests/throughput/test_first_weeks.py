"""The first seven weeks: steps by what is so, the baseline once, each leader's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company
from tests.throughput.many import keeper, shown

from evenbook.decisions.actions import keep_causes
from evenbook.decisions.rules import OVER_LOAD, Cause
from evenbook.measures.models import MeasureValue
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.throughput.actions.first_weeks import FirstWeeksRefused, sign, take_baseline
from evenbook.throughput.actions.pulse import say_pulse
from evenbook.throughput.models import Baseline, BaselineFigure, Signature
from evenbook.throughput.queries.first_weeks import facts, since_baseline
from evenbook.throughput.rules.first_weeks import FIGURES, Facts, stages, week_of

DONE = Facts(
    started_on=date(2026, 1, 5), scored=9, spoke=3, people=5, limited=5, classified=95, accounts=100,
    calibrated_on=date(2026, 2, 2), adopted_on=date(2026, 2, 3), signed=("Lena",), leaders=("Lena",), runs=4,
)  # fmt: skip


@pytest.fixture
def team(db: None) -> Company:
    return company.build(8)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name])


def done(given: Facts) -> set[str]:
    return {step.key for stage in stages(given) for step in stage.steps if step.is_done}


def test_nothing_is_done_where_nothing_is_there():
    assert done(Facts()) == set()
    assert [stage.weeks for stage in stages(Facts())] == [
        "weeks 1 and 2", "weeks 3 and 4", "weeks 5 and 6", "week 7 on",
    ]  # fmt: skip
    assert all(step.said.endswith(".") for stage in stages(Facts()) for step in stage.steps)


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({}, set()), ({"started_on": None}, {"baseline", "again"}), ({"scored": 0}, {"conversations"}),
        ({"spoke": 2}, {"felt"}), ({"people": 0}, {"felt", "ceilings"}), ({"classified": 94}, {"classified"}),
        ({"accounts": 0, "classified": 0}, {"classified"}), ({"calibrated_on": None}, {"weights", "again"}),
        ({"calibrated_on": date(2026, 1, 5)}, {"again"}), ({"limited": 4}, {"ceilings"}),
        ({"leaders": ("Lena", "Amara")}, {"signed"}), ({"leaders": (), "signed": ()}, {"signed"}),
        ({"runs": 3}, {"monitored", "decided"}), ({"late": 1}, {"decided"}),
    ],
)  # fmt: skip
def test_each_step_is_done_when_it_is_so(more: dict[str, Any], missing: set[str]):
    every = done(DONE)
    assert len(every) == 10 and every - done(replace(DONE, **more)) == missing


@pytest.mark.parametrize(("days", "week"), [(-3, 1), (0, 1), (6, 1), (7, 2), (42, 7), (400, 58)])
def test_weeks_are_counted_from_the_baseline(days: int, week: int):
    assert week_of(DONE, date(2026, 1, 5) + timedelta(days=days)) == week
    assert week_of(Facts(), AS_OF) == 1


def test_the_baseline_is_taken_once_and_stays_the_before(team: Company):
    olu = viewer(team, "olu")
    count = take_baseline(shown(), by=olu, now=NOW)
    value = MeasureValue.objects.get(measure="effort_load", subject_kind="all", as_of=AS_OF).value
    assert count == BaselineFigure.objects.count() > 5
    assert set(BaselineFigure.objects.values_list("subject_kind", flat=True)) == {"all", "team"}

    MeasureValue.objects.filter(measure="effort_load", subject_kind="all").update(value=9.9)
    (load,) = [
        each for each in since_baseline(olu, shown()) if (each.measure, each.kind) == ("effort_load", "all")
    ]
    assert (load.before.value, load.now.value) == (value, 9.9) and load.title == "Load"
    with pytest.raises(FirstWeeksRefused):
        take_baseline(shown(), by=viewer(team, "lena"), now=NOW)
    assert Baseline.objects.count() == 1
    assert AuditEntry.objects.filter(what="baseline.taken").count() == 1
    assert set(BaselineFigure.objects.values_list("measure", flat=True)) <= set(FIGURES)


@pytest.mark.parametrize("name", ["amara", "ben", "edda", "rea"])
def test_who_leads_some_or_looks_alone_takes_no_baseline(team: Company, name: str):
    with pytest.raises(FirstWeeksRefused):
        take_baseline(shown(), by=viewer(team, name), now=NOW)
    assert not Baseline.objects.exists()


def test_a_leader_sees_their_own_teams_beside_everybody(team: Company):
    take_baseline(shown(), by=viewer(team, "olu"), now=NOW)

    assert {
        each.subject for each in since_baseline(viewer(team, "amara"), shown()) if each.kind == "team"
    } <= {"North"}
    assert {each.subject for each in since_baseline(viewer(team, "olu"), shown()) if each.kind == "team"} == {
        "North", "South",
    }  # fmt: skip


def test_each_leader_signs_once_and_nobody_else(team: Company):
    assert sign(by=viewer(team, "lena"), now=NOW) and not sign(by=viewer(team, "lena"), now=NOW)
    for name in ("ben", "olu", "edda", "rea"):
        with pytest.raises(FirstWeeksRefused):
            sign(by=viewer(team, name), now=NOW)
    assert Signature.objects.count() == 1
    found = facts(keeper(), shown(), today=AS_OF)
    assert found.signed == ("Lena Sorel",) and set(found.leaders) == {"Lena Sorel", "Amara Okafor"}


def test_what_is_so_is_read_from_what_is_kept(team: Company):
    say_pulse(3, by=viewer(team, "ben"), today=AS_OF, now=NOW)
    found = facts(keeper(), shown(), today=AS_OF)

    assert found.accounts == 8 and 0 < found.classified < 8
    assert (found.spoke, found.people, found.limited) == (1, 2, 2)
    assert found.runs == 1 and found.started_on is None and found.calibrated_on is None
    assert facts(keeper(), shown(), today=AS_OF + timedelta(weeks=9)).runs == 0
    assert found.late == 0
    keep_causes(OVER_LOAD, [Cause("Too much.", (), (), person_id=team.people["ben"].pk)], as_of=AS_OF)
    for days, late in ((14, 0), (15, 1)):
        assert facts(keeper(), shown(), today=AS_OF + timedelta(days=days)).late == late


def test_the_page_leads_through_it(team: Company, client: Any):
    client.force_login(team.users["lena"])
    said = client.get("/first-weeks").content.decode()
    assert "The first seven weeks begin with the baseline." in said and "Take the baseline" in said

    assert "The baseline is taken." in client.post("/first-weeks/baseline", follow=True).content.decode()
    assert "has been taken" in client.post("/first-weeks/baseline", follow=True).content.decode()
    assert "Signed." in client.post("/first-weeks/sign", follow=True).content.decode()
    said = client.get("/first-weeks").content.decode()
    assert " done; next, " in said and "Since the baseline" in said and "I sign that" not in said
    assert "Not yet by Amara Okafor." in said
    assert client.get("/api/v1/first-weeks").json()["baseline_on"] == AS_OF.isoformat()


def test_everybody_sees_the_same_steps_and_a_csm_does_none_of_them(team: Company, client: Any):
    client.force_login(team.users["ben"])

    assert "The first seven weeks begin" in client.get("/first-weeks").content.decode()
    assert facts(viewer(team, "ben"), shown(), today=AS_OF) == facts(keeper(), shown(), today=AS_OF)
    assert "Leaders sign this" in client.post("/first-weeks/sign", follow=True).content.decode()
    assert "Operations or whoever leads" in client.post("/first-weeks/baseline", follow=True).content.decode()
    assert not Signature.objects.exists() and not Baseline.objects.exists()
