"""The first links of the burnout chain on a profile: with who may see the load, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.pages.company import NOW
from tests.pages.measured import AS_OF

from evenbook.measures.models import MeasureValue
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run

TITLES = ("Reactive share of minutes", "Business reviews skipped", "Onboarding steps skipped")


def links(value: float | None) -> None:
    """Let Ben's links stand at a value."""
    run = Run.objects.get(as_of=AS_OF)
    names = ("reactive", "reviews_skipped", "onboarding_skipped")
    MeasureValue.objects.filter(measure__in=names, subject_kind="csm").delete()
    for name in names if value is not None else ():
        MeasureValue.objects.create(
            run=run, measure=name, as_of=AS_OF, subject_kind="csm", subject="ben", value=value, count=8
        )


@pytest.mark.parametrize("name", ["ben", "amara"])
def test_the_person_and_their_leader_see_the_links(as_user, team, name):
    links(0.25)

    said = as_user(name).get("/profiles/ben").content.decode()

    assert all(title in said for title in TITLES)
    assert said.count(">25%<") == 3 and "of 8 reviews due" in said
    assert 'data-figure="reviews_skipped"' in said
    assert "The records hold no list of steps" in said


def test_what_is_not_known_is_said_so_and_not_shown_as_nothing(as_user, team):
    links(None)

    said = as_user("ben").get("/profiles/ben").content.decode()

    assert all(title in said for title in TITLES) and 'data-figure="reactive"' not in said


@pytest.mark.parametrize("measure", ["reactive", "reviews_skipped", "onboarding_skipped"])
def test_another_team_opens_no_link_of_theirs(as_user, team, measure):
    links(0.25)

    assert as_user("chidi").get("/profiles/ben").status_code == 404
    assert as_user("chidi").get(f"/figures/{measure}?kind=csm&subject=ben").status_code == 404


def test_where_policy_keeps_figures_to_teams_the_person_alone_sees_them(as_user, team):
    links(0.25)
    ensure_first(NOW - timedelta(days=900), but={"capacity": {"team_level_only": True}})

    assert TITLES[0] not in as_user("amara").get("/profiles/ben").content.decode()
    assert TITLES[0] in as_user("ben").get("/profiles/ben").content.decode()
