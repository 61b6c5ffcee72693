"""The weekly seven on pages: a line on Team week, a person's weeks, and the ceiling passed for too long."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.pages.company import NOW
from tests.pages.measured import AS_OF, CEILING

from evenbook.decisions.models import Decision
from evenbook.measures.models import MeasureValue
from evenbook.policy.actions import ensure_first
from evenbook.runs.actions import Keeping
from evenbook.runs.models import Run
from evenbook.throughput.actions import store


def weeks(*shares: float | None, measure: str = "strategic", present: tuple[float, ...] = ()) -> Run:
    """Let Ben's weeks, oldest first, be these; the last is that of the stored run."""
    run = Run.objects.get(as_of=AS_OF)
    MeasureValue.objects.filter(measure=measure, subject="ben").delete()
    MeasureValue.objects.filter(measure="present", subject="ben").delete()
    for back, share in enumerate(reversed(shares)):
        day = AS_OF - timedelta(weeks=back)
        there = present[len(shares) - 1 - back] if present else 1.0
        for name, value in ((measure, share), ("present", there)):
            MeasureValue.objects.create(
                run=run, measure=name, as_of=day, subject_kind="csm", subject="ben", value=value, count=9
            )
    return run


def kept(run: Run) -> list[Decision]:
    """Let a run keep what it finds of ceilings; return what is open."""
    keeping = Keeping(
        run=run.pk, as_of=AS_OF, policy_version=1, measures=(), days=(), changed_after=AS_OF, before=None
    )
    store(None, keeping)  # type: ignore[arg-type]
    return list(Decision.objects.filter(kind="over_ceiling", ended_on=None))


def test_team_week_shows_each_person_s_seven_and_leads_to_their_weeks(as_user):
    said = as_user("amara").get("/team-week").content.decode()

    assert "Strategic ÷ ceiling" in said and "Time to detect, days" in said and 'href="/seven/ben"' in said
    assert " of 12</a>" in said and 'data-figure="time_to_detect"' in said


@pytest.mark.parametrize(
    ("shares", "present", "waits"),
    [
        ((1.2, 1.1, 1.01), (), True),
        ((1.2, 1.1, 1.0), (), False),
        ((0.5, 1.1, 1.2), (), False),
        ((1.1, 1.2, 0.0, 1.3), (1, 1, 0.2, 1), True),
        ((1.1, 0.2, 1.2, 1.3), (1, 1, 1, 1), False),
        ((1.1, None, 1.2, 1.3), (1, 1, 1, 1), False),
    ],
)
def test_three_weeks_over_the_ceiling_wait_for_a_leader_and_a_week_mostly_away_breaks_no_run(
    team, shares, present, waits
):
    found = kept(weeks(*shares, present=present))

    assert [each.person.key for each in found] == (["ben"] if waits else [])
    if waits:
        assert found[0].sentence == "Over the ceiling for 3 weeks: a problem of the system to solve."
        assert "9 strategic interactions this week; 12 can be held well." in found[0].evidence["reasons"]


def test_it_is_one_decision_while_it_lasts_and_ends_when_it_does(team):
    first = kept(weeks(1.2, 1.1, 1.3))
    again = kept(weeks(1.2, 1.1, 1.3, 1.4))
    assert [each.pk for each in again] == [each.pk for each in first]
    assert kept(weeks(1.2, 1.1, 1.3, 0.9)) == []


def test_a_person_sees_their_own_weeks_and_their_leader_does_and_nobody_else(as_user, team):
    weeks(0.5, 1.4, 1.6)
    own, leader = (as_user(name).get("/seven/ben").content.decode() for name in ("ben", "amara"))

    assert "You held" in own and "Ben Adler held" in leader
    assert "over the ceiling for 2 weeks running" in own
    assert as_user("chidi").get("/seven/ben").status_code == 404
    assert as_user("lena").get("/seven/nobody").status_code == 404


def test_a_person_without_any_figure_is_told_what_will_appear(as_user, team):
    MeasureValue.objects.filter(subject="ben").delete()

    said = as_user("ben").get("/seven/ben").content.decode()
    assert "You have no ceiling this week." in said and "They appear with the weekly run" in said


def test_quality_of_too_few_calls_is_not_shown(as_user, team):
    MeasureValue.objects.filter(measure="quality", subject="ben").update(count=4, value=12.5)

    assert "12.5" not in as_user("amara").get("/team-week").content.decode()
    assert "12.5" not in as_user("amara").get("/seven/ben").content.decode()


def test_the_direction_of_sentiment_is_read_from_weeks_weighed_by_their_calls(as_user, team):
    weeks(0.4, 0.3, 0.2, 0.1, measure="sentiment")
    assert "−0.100 a week lately" in as_user("ben").get("/seven/ben").content.decode()
    weeks(0.3, 0.2, 0.1, measure="sentiment")
    assert "a week lately" not in as_user("ben").get("/seven/ben").content.decode()


def test_a_person_s_weeks_are_taken_away_as_a_file(as_user, team):
    answer = as_user("amara").get("/seven/ben?export=csv")
    head, *rows = answer.content.decode("utf-8-sig").splitlines()

    assert head.startswith("person,person_name,week_up_to,effort_load,strategic,")
    assert len(rows) == 13 and rows[-1].startswith(f"ben,Ben Adler,{AS_OF}")


def test_programs_are_given_the_same_figures(as_user, team):
    (ben,) = [
        each
        for each in json.loads(as_user("amara").get("/api/v1/people").content)["items"]
        if each["subject"] == "ben"
    ]
    stored = {
        each.measure: each
        for each in MeasureValue.objects.filter(subject="ben", as_of=AS_OF, subject_kind="csm")
    }

    assert (ben["strategic"], ben["ceiling"]) == (stored["strategic"].count, CEILING)
    assert ben["time_to_detect_days"] == stored["time_to_detect"].value
    assert ben["weeks_over_ceiling"] == 0 and ben["sentiment_slope"] is None


def test_where_policy_keeps_figures_to_teams_a_person_sees_their_own_weeks_alone(as_user, team):
    ensure_first(NOW - timedelta(days=900), but={"capacity": {"team_level_only": True}})

    assert as_user("ben").get("/seven/ben").status_code == 200
    assert as_user("amara").get("/seven/ben").status_code == 404
