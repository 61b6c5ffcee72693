"""Scenarios, plans and steps that are kept: who may, what is recorded, what happens twice."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from tests.sizing.test_measured import shown, viewer

from evenbook.people.models import AuditEntry
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.sizing.actions.keeping import SizingReadOnly
from evenbook.sizing.actions.plans import keep_plan
from evenbook.sizing.actions.rollout import StepRefused, mark, unmark
from evenbook.sizing.actions.scenarios import MOST, ScenarioGone, ScenarioRefused, drop, save
from evenbook.sizing.models import HeadcountPlan, Scenario
from evenbook.sizing.queries.planned import Asked, planned
from evenbook.sizing.queries.rollout import marks
from evenbook.sizing.queries.scenarios import last_plan, scenarios
from evenbook.sizing.queries.sized import Sized, sized

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def answer(by: Viewer, **typed: float) -> Sized:
    return sized(by, shown(), shown().policy, typed)


def saved(by: Viewer, name: str, **typed: float) -> int:
    return save(name, answer(by, **typed), policy_version=1, by=by, now=NOW)


def test_a_scenario_keeps_its_inputs_and_the_answer_that_they_had(team):
    lena = viewer("lena")
    number = saved(lena, "  Two   more ", csms=5)
    (row,) = scenarios(lena)

    assert (row.id, row.name, row.inputs["csms"], row.inputs["accounts"]) == (number, "Two more", 5, 24)
    assert row.answer["accounts_per_csm"] == 4.8 and row.made_by == "Lena Sorel"
    (entry,) = AuditEntry.objects.filter(what="scenario.saved")
    assert entry.after["csms"] == 5 and entry.thing_name == "Two more"


def test_the_same_scenario_again_changes_nothing_and_another_of_its_name_is_refused(team):
    lena = viewer("lena")
    assert saved(lena, "A", csms=5) == saved(lena, "A", csms=5)
    with pytest.raises(ScenarioRefused, match="other inputs"):
        saved(lena, "A", csms=6)
    with pytest.raises(ScenarioRefused, match="no name"):
        saved(lena, " \x00 ")
    assert AuditEntry.objects.filter(what="scenario.saved").count() == 1


def test_a_dropped_scenario_leaves_the_list_and_its_name(team):
    lena = viewer("lena")
    number = saved(lena, "A", csms=5)
    drop(number, by=lena, now=NOW)
    drop(number, by=lena, now=NOW)

    assert scenarios(lena) == () and Scenario.objects.count() == 1
    assert saved(lena, "A", csms=6) != number
    assert AuditEntry.objects.filter(what="scenario.dropped").count() == 1
    with pytest.raises(ScenarioGone):
        drop(987654, by=lena, now=NOW)


def test_a_leader_of_a_team_keeps_their_own_and_sees_no_others(team):
    amara, lena = viewer("amara"), viewer("lena")
    own, whole = saved(amara, "A", csms=1), saved(lena, "A", csms=5)

    assert [row.id for row in scenarios(amara)] == [own]
    assert [row.id for row in scenarios(lena)] == [row.id for row in scenarios(viewer("olu"))] == [whole]
    with pytest.raises(ScenarioGone):
        drop(whole, by=amara, now=NOW)


@pytest.mark.parametrize("name", ["rea", "edda"])
def test_who_only_reads_keeps_nothing(team, name):
    reader = viewer(name)
    for act in (
        lambda: saved(reader, "A"),
        lambda: drop(1, by=reader, now=NOW),
        lambda: keep_plan(planned(reader, shown()), by=reader, now=NOW),
        lambda: mark("measure", by=reader, now=NOW),
        lambda: unmark("measure", by=reader, now=NOW),
    ):
        with pytest.raises(SizingReadOnly):
            act()


def test_there_are_not_more_scenarios_than_can_be_looked_at(team):
    lena = viewer("lena")
    for number in range(MOST):
        saved(lena, f"Scenario {number}", csms=number + 1)
    with pytest.raises(ScenarioRefused, match="Drop one"):
        saved(lena, "One more", csms=77)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_under_one_name_at_once_one_is_refused(team):
    from django.db import connection

    lena, olu = viewer("lena"), viewer("olu")
    given = {"lena": (lena, answer(lena, csms=5)), "olu": (olu, answer(olu, csms=6))}
    start, came = Barrier(2), {}

    def act(who: str) -> None:
        by, said = given[who]
        start.wait()
        try:
            came[who] = save("A", said, policy_version=1, by=by, now=NOW)
        except ScenarioRefused as refused:
            came[who] = refused
        finally:
            connection.close()

    threads = [Thread(target=act, args=(who,)) for who in given]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(type(each).__name__ for each in came.values()) == ["ScenarioRefused", "int"]
    assert Scenario.objects.count() == 1


def test_a_kept_plan_is_shown_to_who_sees_its_base(team):
    amara, lena = viewer("amara"), viewer("lena")
    keep_plan(planned(lena, shown()), by=lena, now=NOW)

    assert last_plan(amara) is None
    found = last_plan(viewer("edda"))
    assert found is not None and found.contents["measured_on"]["accounts"] == 24
    own = keep_plan(planned(amara, shown()), by=amara, now=NOW)
    assert last_plan(amara).id == own and last_plan(lena).id == found.id


def test_a_leaver_by_name_is_somebody_to_who_sees_no_single_person(team):
    lena = viewer("lena")
    keep_plan(planned(lena, shown(), Asked(leaver="ben")), by=lena, now=NOW)

    told = {name: last_plan(viewer(name)).contents["what_ifs"][1] for name in ("lena", "edda")}
    assert (told["lena"]["what"], told["lena"]["person"]) == ("Ben Adler leaves", "ben")
    assert (told["edda"]["what"], told["edda"]["person"]) == ("One person leaves", None)


def test_the_same_plan_again_is_the_one_that_was_kept(team):
    lena = viewer("lena")
    first = keep_plan(planned(lena, shown()), by=lena, now=NOW)

    assert keep_plan(planned(lena, shown()), by=lena, now=NOW) == first
    assert keep_plan(planned(lena, shown(), Asked(hires=2)), by=lena, now=NOW) != first
    assert HeadcountPlan.objects.count() == AuditEntry.objects.filter(what="headcount-plan.made").count() == 2


def test_a_step_is_done_when_somebody_says_so_and_can_be_taken_back(team):
    olu = viewer("olu")
    mark("pick", choice="split_machine", note="As agreed.", by=olu, now=NOW)
    mark("pick", choice="split_machine", note="As agreed.", by=olu, now=NOW)

    assert marks(SYSTEM)["pick"].choice == "split_machine"
    unmark("pick", by=olu, now=NOW)
    unmark("pick", by=olu, now=NOW)
    assert marks(SYSTEM) == {}
    assert list(AuditEntry.objects.filter(thing_kind="rollout_step").values_list("what", flat=True)) == [
        "rollout-step.done", "rollout-step.taken-back",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "choice"), [("pick", ""), ("pick", "green"), ("closer", " "), ("moon", ""), ("", "")]
)
def test_a_step_without_its_choice_is_refused(team, step, choice):
    with pytest.raises(StepRefused):
        mark(step, choice=choice, by=viewer("olu"), now=NOW)


def test_a_leader_of_one_team_rolls_nothing_out(team):
    with pytest.raises(SizingReadOnly):
        mark("measure", by=viewer("amara"), now=NOW)
