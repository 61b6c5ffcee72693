"""Early warnings on pages: what waits on Team week, what the person sees first, deciding it in place."""

from __future__ import annotations

from typing import Any

import pytest
from tests.closures.owing import owed
from tests.pages.company import AS_OF

from evenbook.decisions.actions import keep_causes
from evenbook.decisions.models import Decision
from evenbook.decisions.rules import EARLY_WARNING, Cause, Evidence
from evenbook.people.models import AuditEntry

SAID = "Load past sustainable: redistribute or hire."
EVIL = '<img src=x onerror="window.hit=1">'
PART = {"x-evenbook-part": "row"}


def warned(team: Any, name: str = "ben", *, waits: bool = True) -> Decision:
    share = Evidence("Missing share", 0.39, "share", 0.1, "own base")
    reason = f"9 of the 23 loops are not closed {EVIL}."
    keep_causes(
        EARLY_WARNING, [Cause(SAID, (reason,), (share,), team.people[name].pk, waits=waits)], as_of=AS_OF
    )
    return Decision.objects.get()


def test_a_warning_stands_on_team_week_as_a_decision_with_its_evidence(as_user, team):
    warned(team)
    said = as_user("amara").get("/team-week").content.decode()

    assert "Decisions waiting" in said and SAID in said
    assert "39%" in said and "own base 10%" in said and 'href="/closing/ben"' in said
    assert EVIL not in said and "&lt;img" in said


@pytest.mark.parametrize("name", ["ben", "chidi", "edda"])
def test_team_week_shows_decisions_to_nobody_who_leads_nobody(as_user, team, name):
    warned(team)

    assert "Decisions waiting" not in as_user(name).get("/team-week").content.decode()


def test_a_past_day_and_a_team_without_warnings_show_none(as_user, team):
    assert "Decisions waiting" not in as_user("amara").get("/team-week").content.decode()
    warned(team)
    assert "Decisions waiting" not in as_user("amara").get(f"/team-week?as_of={AS_OF}").content.decode()


def test_the_first_week_is_shown_to_the_person_alone(as_user, team):
    warned(team, waits=False)

    assert "You see this first" in as_user("ben").get("/my-week").content.decode()
    for page in ("/my-week?person=ben", "/team-week", "/decisions", "/closing/ben"):
        assert SAID not in as_user("amara").get(page).content.decode()


def test_from_the_second_week_both_see_it_and_the_person_sees_what_was_decided(as_user, team):
    row = warned(team)
    assert SAID in as_user("ben").get("/my-week").content.decode()
    assert SAID in as_user("amara").get("/my-week?person=ben").content.decode()

    as_user("amara").post(f"/decisions/{row.pk}", {"choice": "redistribute", "note": "Two go to Chidi."})

    assert (
        "Decided: Redistribute (Two go to Chidi.), by Amara Okafor"
        in as_user("ben").get("/my-week").content.decode()
    )


def test_deciding_in_place_gives_the_row_anew_with_its_undo(as_user, team):
    row, client = warned(team), as_user("amara")
    answer = client.post(f"/decisions/{row.pk}", {"choice": "hire"}, headers=PART)

    assert answer.status_code == 200 and answer["X-Evenbook-Part"] == "row"
    assert answer.content.decode().strip().startswith("<tr") and "Take it back" in answer.content.decode()
    assert AuditEntry.objects.filter(what="decision.taken").count() == 1
    answer = client.post(f"/decisions/{row.pk}/take-back", {}, headers=PART)
    assert 'name="choice"' in answer.content.decode() and Decision.objects.get().choice == ""


def test_a_refusal_changes_nothing_and_keeps_what_was_typed(as_user, team):
    row = warned(team)
    for headers in ({}, PART):
        given = {"choice": "lazy", "note": f"typed {EVIL}"}
        answer = as_user("amara").post(f"/decisions/{row.pk}", given, headers=headers)
        said = answer.content.decode()
        assert answer.status_code == 422 and "can&#x27;t be decided here" in said
        assert "typed &lt;img" in said and EVIL not in said
    answer = as_user("amara").post(f"/decisions/{row.pk}", {"choice": "wait"})
    assert "Waiting needs a reason." in answer.content.decode() and Decision.objects.get().choice == ""


def test_going_back_leads_nowhere_else(as_user, team):
    row = warned(team)
    for back in ("//evil.example/", "https://evil.example/"):
        answer = as_user("amara").post(f"/decisions/{row.pk}", {"choice": "hire", "back": back})
        assert answer["Location"] == f"/decisions/{row.pk}"


def test_who_may_not_see_it_gets_404_and_who_may_not_decide_changes_nothing(as_user, team):
    row = warned(team)
    for name in ("chidi", "edda"):
        assert as_user(name).get(f"/decisions/{row.pk}").status_code == 404
        assert as_user(name).post(f"/decisions/{row.pk}", {"choice": "hire"}).status_code == 404
    for name in ("ben", "olu", "rea"):
        assert as_user(name).get(f"/decisions/{row.pk}").status_code == 200
        assert as_user(name).post(f"/decisions/{row.pk}", {"choice": "hire"}).status_code == 422
    assert Decision.objects.get().choice == ""


def test_the_list_filters_exports_and_says_what_is_empty(as_user, team):
    client = as_user("amara")
    assert "Nothing waits and nothing was decided." in client.get("/decisions").content.decode()
    warned(team)

    assert SAID in client.get("/decisions?state=open").content.decode()
    assert "No decision matches" in client.get("/decisions?state=accepted").content.decode()
    assert b"ben" in client.get("/decisions?export=csv").content


def test_a_persons_weeks_are_theirs_and_their_leaders(as_user, team):
    owed(team.of("ben")[0], by=team.people["ben"])
    assert [as_user(name).get("/closing/ben").status_code for name in ("ben", "amara", "lena", "olu")] == [
        200
    ] * 4
    assert [as_user(name).get("/closing/ben").status_code for name in ("chidi", "edda")] == [404] * 2
    said = as_user("ben").get("/closing/ben").content.decode()

    assert "No warning holds for you." in said and "reference line: about 15 a week" in said
    assert "reference line: 40" in said and "Missing share" in said
    assert "You owe no loop" not in said
    assert b"missing_share" in as_user("ben").get("/closing/ben?export=csv").content
    assert "owes no loop" in as_user("lena").get("/closing/chidi").content.decode()
