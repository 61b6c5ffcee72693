"""The page of calibrations: who sees what of it, adopting, asking for one, taking it away, the API beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.capacity.test_calibrating import CEILING, REGULATED, proposed
from tests.pages import reading
from tests.pages.company import AS_OF, NOW
from tests.pages.measured import CAPACITY

from evenbook.capacity.actions.calibration import Found, adopt, keep
from evenbook.capacity.models import AccountWeek, Calibration
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.rules.proposal import Effect, Proposal, Weight
from evenbook.people.models import AuditEntry
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import adopt as adopt_policy
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.runs.models import Job

AsUser = Callable[[str], Client]
REFERENCE = Weight("regulated", "Regulated", "no", 1.0, 1.0, 1.0, 1.0, 1.0, 140, 1.0)
KEPT = Weight("stage", "Lifecycle stage", "value", 0.9, 0.93, 0.8, 1.05, 0.4, 90, 0.9)


@pytest.fixture(autouse=True)
def policy(team: Any) -> None:
    ensure_first(NOW - timedelta(days=90))


def kept(team: Any, **more: Any) -> int:
    """Keep a calibration with an effect on Ben and on Chidi; return its number."""
    ben, chidi = team.people["ben"].pk, team.people["chidi"].pk
    effects = (Effect(ben, 8, 120.0, 96.0, 144.0), Effect(chidi, 6, 0.0, 30.0, 31.5))
    proposal = proposed(REFERENCE, REGULATED, KEPT, ceilings=(CEILING,), **more)
    return keep(Found(AS_OF, latest().number, proposal, effects), by=SYSTEM, now=NOW)


def said(client: Client, page: str = "/calibration") -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def to_teams() -> None:
    document = to_document(latest().policy)
    document["capacity"]["team_level_only"] = True
    adopt_policy(document, by=SYSTEM, note="Teams only.", now=NOW)


def test_before_the_first_the_page_says_what_will_appear_and_operations_may_ask(as_user: AsUser):
    said_to_amara, said_to_olu = said(as_user("amara")), said(as_user("olu"))
    assert "No calibration was made yet." in said_to_amara and "evenbook calibrate" in said_to_amara
    assert "Calibrate now" in said_to_olu and "Calibrate now" not in said_to_amara


def test_the_sentence_the_weights_and_the_ceilings_are_for_everybody(as_user: AsUser, team: Any):
    kept(team)
    for name in ("amara", "ben", "edda", "olu", "rea", "lena"):
        page = said(as_user(name))
        assert (
            "Logged hours of 180 accounts over 8 weeks suggest a change of 1 of 3 weights. 1 ceiling would change too."
            in page
        )
        assert "Regulated: yes" in page and "1.30 to 1.60" in page and "<b>1.42</b>" in page
        assert "1 weight stays as it is" in page and "Enterprise" in page and "<b>9</b>" in page


def test_loads_are_shown_to_those_who_may_see_them(as_user: AsUser, team: Any):
    kept(team)
    shown = {name: said(as_user(name)) for name in ("amara", "ben", "chidi", "lena", "edda", "olu")}
    people = {
        name: ("Ben Adler" in page, "Chidi" in page.partition("Weights")[0]) for name, page in shown.items()
    }
    assert (
        people["amara"] == (True, False)
        and people["ben"] == (True, False)
        and people["chidi"] == (False, True)
    )
    assert people["lena"] == people["olu"] == (True, True) and people["edda"][0] is False
    assert (
        "over then" in shown["amara"]
        and "80%" in shown["amara"]
        and "120%" in shown["amara"]
        and "+40 points" in shown["amara"]
    )
    assert (
        "no capacity" in shown["chidi"] and "Everybody" in shown["olu"] and "Everybody" not in shown["amara"]
    )


def test_the_load_now_opens_into_the_accounts_that_make_it(as_user: AsUser, team: Any):
    ben = team.people["ben"]
    hours = sum(AccountWeek.objects.filter(person=ben).values_list("effort_hours", flat=True))
    found = Found(AS_OF, latest().number, proposed(REGULATED), (Effect(ben.pk, 4, CAPACITY, hours, hours),))
    keep(found, by=SYSTEM, now=NOW)
    fetch = reading.fetching(as_user("amara").get)
    assert 'data-figure="effort_load"' in fetch("/calibration")
    assert list(reading.problems(fetch, "/calibration")) == []


def test_where_policy_keeps_to_teams_people_see_their_own_alone(as_user: AsUser, team: Any):
    to_teams()
    kept(team)
    amara, ben = said(as_user("amara")), said(as_user("ben"))
    assert "Policy keeps figures to teams" in amara and "Ben Adler" not in amara and "North" in amara
    assert "Ben Adler" in ben
    assert "Ben Adler" not in as_user("amara").get("/calibration?export=csv").content.decode()


def test_operations_adopt_with_a_word_why_and_others_may_not(as_user: AsUser, team: Any):
    number = kept(team)
    assert "Adopt as policy version" not in said(as_user("amara"))
    refused = as_user("amara").post(f"/calibration/{number}/adopt")
    assert refused.status_code == 403 and "Only operations may calibrate" in refused.content.decode()

    before = latest().number
    client = as_user("olu")
    assert f"Adopt as policy version {before + 1}" in said(client)
    answer = client.post(f"/calibration/{number}/adopt", {"note": "Agreed on Monday."}, follow=True)
    assert f"Version {before + 1} is in force; the next run counts with it." in answer.content.decode()
    assert latest().policy.of(CapacityNumbers).centered
    page = said(client)
    assert "adopted as" in page and "Adopt as policy version" not in page
    assert (
        AuditEntry.objects.get(what="policy.adopted", thing_id=str(before + 1)).after["note"]
        == "Agreed on Monday."
    )


def test_one_that_the_policy_left_behind_says_so_and_keeps_what_was_typed(as_user: AsUser, team: Any):
    number = kept(team)
    to_teams()
    assert "The policy has changed since this was worked out" in said(as_user("olu"))
    answer = as_user("olu").post(f"/calibration/{number}/adopt", {"note": "Mine"})
    assert answer.status_code == 409 and "The policy has changed since" in answer.content.decode()
    assert as_user("olu").post("/calibration/987654/adopt").status_code == 404


def test_the_history_opens_each_calibration(as_user: AsUser, team: Any):
    first = kept(team)
    adopt(first, by=SYSTEM, now=NOW)
    second = keep(
        Found(AS_OF, latest().number, Proposal("No hours were logged in the last 8 weeks.", 8), ()),
        by=SYSTEM,
        now=NOW,
    )
    page = said(as_user("amara"))
    assert "No hours were logged in the last 8 weeks." in page and f'href="/calibration/{first}"' in page
    assert "The weights stay." in page and "No role has a ceiling." in page
    assert "Regulated: yes" in said(as_user("amara"), f"/calibration/{first}")
    assert as_user("amara").get(f"/calibration/{second + 1}").status_code == 404


def test_it_is_taken_away_as_a_file_and_the_trail_knows(as_user: AsUser, team: Any):
    kept(team)
    lines = as_user("olu").get("/calibration?export=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith(
        "part,name,level,count,in_force,found,low,high,pulled_share,proposed,why,as_of,policy_version"
    )
    assert any(line.startswith("weight,regulated,yes,40,1.1,1.42,1.3,1.6,0.2,1.42") for line in lines)
    assert any(line.startswith("ceiling,enterprise,score,300,12") for line in lines)
    assert any(line.startswith("load,Ben Adler,ben,8,0.8") for line in lines) and len(lines) == 10
    assert AuditEntry.objects.filter(thing_name__startswith="calibration-").exists()


def test_operations_ask_for_one_and_while_it_is_open_get_the_same(as_user: AsUser, team: Any):
    assert as_user("amara").post("/calibration/work-out").status_code == 404
    first = as_user("olu").post("/calibration/work-out")
    assert (
        first.status_code == 302
        and first["Location"] == as_user("olu").post("/calibration/work-out")["Location"]
    )
    assert Job.objects.get().work == "calibrate"


def test_the_place_stands_in_the_navigation(as_user: AsUser, team: Any):
    assert 'href="/calibration"' in said(as_user("amara"))
    assert Calibration.objects.count() == 0
