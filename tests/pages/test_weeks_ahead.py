"""The weeks ahead on pages, in the API and on the command line: what is known, as of its day, and by whom."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.pages.company import NOW, known
from tests.pages.measured import AS_OF

from evenbook.book.models import CapacityAdjustment, Handover, Leave, Ownership, Person, PoolMember
from evenbook.capacity.models import AccountWeek
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run

FIRST = AS_OF + timedelta(days=7)
EARLIER = datetime(2026, 3, 1, tzinfo=UTC)


def away(
    team: Any, who: str, week: int, *, weeks: int = 1, cover: str = "", at: datetime = EARLIER, **more: Any
) -> Leave:
    """Write down a leave of whole weeks; the first week ahead is 0."""
    first = AS_OF + timedelta(days=1 + 7 * week)
    return Leave.objects.create(
        person=team.people[who], first_on=first, last_on=first + timedelta(days=7 * weeks - 1),
        cover=team.people[cover] if cover else None, happened_at=at, known_at=at, **more,
    )  # fmt: skip


def rows(as_user: Any, name: str = "lena", query: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return the weeks of each row, by key, as the API of operations and the page's file have them."""
    answer = as_user(name).get(f"/weeks-ahead?export=csv{query}")
    head, *lines = answer.content.decode("utf-8-sig").splitlines()
    names = head.split(",")
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        row = dict(zip(names, line.split(","), strict=True))
        found.setdefault(row["key"], []).append(row)
    return found


def load(weeks: list[dict[str, Any]], place: int) -> float | None:
    return float(weeks[place]["load_percent"]) if weeks[place]["load_percent"] else None


def test_each_person_has_thirteen_weeks_and_the_capacity_of_the_formula(as_user, team):
    CapacityAdjustment.objects.create(
        person=team.people["ben"],
        first_on=FIRST,
        hours=-20,
        reason="Trains",
        happened_at=EARLIER,
        known_at=EARLIER,
    )
    found = rows(as_user)

    assert set(found) == {"ben", "chidi"} and {len(each) for each in found.values()} == {13}
    assert [float(each["capacity_hours"]) for each in found["ben"][:2]] == [100, 100]
    assert found["ben"][0]["week_up_to"] == FIRST.isoformat()


def test_the_effort_of_a_week_is_that_of_the_run_with_its_stages_switched(as_user, team):
    AccountWeek.objects.all().update(renews_on=None, stage="value", effort_hours=0)
    mine = AccountWeek.objects.filter(person__key="ben").first()
    AccountWeek.objects.filter(pk=mine.pk).update(
        renews_on=FIRST + timedelta(days=97), tier=1, effort_hours=7.2
    )
    efforts = [round(float(each["effort_hours"]), 6) for each in rows(as_user)["ben"]]

    assert efforts[:3] == [7.2, 10.4, 10.4]


def test_who_is_away_hands_the_week_to_the_cover_and_the_page_says_so(as_user, team):
    away(team, "ben", 1, cover="chidi")
    found = rows(as_user)
    said = as_user("lena").get("/weeks-ahead").content.decode()

    assert (load(found["ben"], 1), found["ben"][1]["days_on_leave"]) == (None, "5")
    both = sum(float(found[who][0]["effort_hours"]) for who in ("ben", "chidi"))
    assert float(found["chidi"][1]["effort_hours"]) == pytest.approx(both, rel=0.4)
    assert "5 of 5 days away" in said and ">away</a>" in said


def test_leaves_that_overlap_are_counted_once(as_user, team):
    away(team, "ben", 1)
    away(team, "ben", 1, weeks=2)
    assert [each["days_on_leave"] for each in rows(as_user)["ben"][:4]] == ["0", "5", "5", "0"]


def test_a_book_that_nobody_covers_is_named_uncovered(as_user, team):
    away(team, "ben", 1)
    found = rows(as_user)["ben"][1]

    assert float(found["uncovered_hours"]) > 0 and float(found["effort_hours"]) == 0
    said = as_user("lena").get(f"/weeks-ahead/{FIRST + timedelta(days=7)}/ben").content.decode()
    assert "Carried by nobody" in said and "nobody covers" in said


def test_what_is_announced_to_be_handed_over_counts_from_its_day(as_user, team):
    account = team.of("ben")[0]
    Handover.objects.create(
        account=account, giver=team.people["ben"], receiver=team.people["chidi"], asks_brief=False,
        first_on=FIRST + timedelta(days=1), announced_at=EARLIER,
    )  # fmt: skip
    before = rows(as_user)
    Handover.objects.update(called_off_at=EARLIER)
    after = rows(as_user)

    assert float(before["ben"][1]["effort_hours"]) < float(after["ben"][1]["effort_hours"])
    assert before["ben"][0] == after["ben"][0]


def test_renewals_of_one_book_that_lie_close_together_stand_out(as_user, team):
    ids = list(AccountWeek.objects.filter(person__key="ben").values_list("pk", flat=True)[:6])
    AccountWeek.objects.filter(person__key="ben").update(renews_on=None)
    for place, pk in enumerate(ids):
        AccountWeek.objects.filter(pk=pk).update(renews_on=FIRST + timedelta(days=3 * place))
    said = as_user("lena").get("/weeks-ahead").content.decode()

    assert "six renewals of Ben Adler lie between" in said and "6 renewals of one book close together" in said


def test_several_absences_of_a_team_stand_out(as_user, team):
    mate = Person.objects.create(key="ann", name="Ann Berg", team="North", role="csm")
    away(team, "ben", 2, cover="chidi")
    Leave.objects.create(
        person=mate,
        first_on=FIRST + timedelta(days=8),
        last_on=FIRST + timedelta(days=12),
        happened_at=EARLIER,
        known_at=EARLIER,
    )
    said = as_user("amara").get("/weeks-ahead").content.decode()

    assert "two people of North are away in the week to" in said and "Ann Berg, Ben Adler" in said


def test_nothing_standing_out_is_said(as_user, team):
    AccountWeek.objects.all().update(effort_hours=0.01, renews_on=None, stage="value")
    assert "Nothing stands out in the next" in as_user("lena").get("/weeks-ahead").content.decode()


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("ben", {"ben"}),
        ("amara", {"ben"}),
        ("lena", {"ben", "chidi"}),
        ("olu", {"ben", "chidi"}),
        ("rea", {"ben", "chidi"}),
    ],
)
def test_each_sees_the_people_whose_load_is_theirs_to_see(as_user, team, name, seen):
    assert set(rows(as_user, name)) == seen


def test_executives_see_teams_and_no_person(as_user, team):
    found = rows(as_user, "edda")
    said = as_user("edda").get("/weeks-ahead").content.decode()

    assert set(found) == {"North", "South"} and "Ben Adler" not in said
    assert as_user("edda").get(f"/weeks-ahead/{FIRST}/North?kind=team").status_code == 200
    assert as_user("edda").get(f"/weeks-ahead/{FIRST}/ben").status_code == 404


def test_where_policy_keeps_figures_to_teams_leaders_see_teams_and_people_themselves(as_user, team):
    ensure_first(NOW - timedelta(days=900), but={"capacity": {"team_level_only": True}})
    away(team, "ben", 2)

    assert set(rows(as_user, "lena")) == {"North", "South"} and set(rows(as_user, "ben")) == {"ben"}
    assert "Ben Adler" not in as_user("amara").get("/weeks-ahead").content.decode()
    assert as_user("amara").get(f"/weeks-ahead/{FIRST}/ben").status_code == 404
    assert as_user("ben").get(f"/weeks-ahead/{FIRST}/ben").status_code == 200


def test_accounts_that_one_may_not_open_are_one_row_and_the_hours_still_add_up(as_user, team):
    away(team, "chidi", 0, cover="ben")
    PoolMember.objects.filter(person=team.people["chidi"]).delete()
    said = as_user("ben").get(f"/weeks-ahead/{FIRST}/ben").content.decode()

    assert "other account" in said


@pytest.mark.parametrize(
    "asked",
    ["2026-03-17/ben", "1999-01-01/ben", "nonsense/ben", "2026-03-16/nobody", "2026-03-16/ben?kind=team"],
)
def test_a_week_that_there_is_not_is_not_found(as_user, team, asked):
    assert as_user("lena").get(f"/weeks-ahead/{asked}").status_code == 404


def test_the_empty_page_helps(as_user, team):
    Run.objects.all().delete()
    assert "Weeks ahead" in as_user("lena").get("/weeks-ahead").content.decode()


def news(team: Any) -> None:
    """Let a lot become known after the week's day was over."""
    later = datetime(2026, 3, 20, 9, tzinfo=UTC)
    Leave.objects.filter(withdrawn_at=None).update(withdrawn_at=later)
    away(team, "ben", 3, cover="chidi", at=later)
    CapacityAdjustment.objects.create(
        person=team.people["ben"],
        first_on=AS_OF,
        hours=-50,
        reason="Later",
        happened_at=later,
        known_at=later,
    )
    Handover.objects.update(called_off_at=later)
    Handover.objects.create(
        account=team.of("ben")[1], giver=team.people["ben"], receiver=team.people["chidi"], first_on=FIRST,
        asks_brief=False, announced_at=later,
    )  # fmt: skip
    Ownership.objects.create(
        account=team.of("ben")[2], role="adoption", person=team.people["chidi"], source="x", **known(later)
    )


def test_what_becomes_known_later_never_changes_what_was_told_ahead(as_user, team):
    away(team, "ben", 1, cover="chidi")
    away(team, "chidi", 5)
    Handover.objects.create(
        account=team.of("ben")[0], giver=team.people["ben"], receiver=team.people["chidi"], asks_brief=False,
        first_on=FIRST + timedelta(days=1), announced_at=EARLIER,
    )  # fmt: skip
    before = rows(as_user)
    news(team)

    assert rows(as_user) == before


def test_programs_and_the_command_line_are_given_the_same(as_user, team, capsys, settings, tmp_path):
    away(team, "ben", 1, cover="chidi")
    page = rows(as_user, "olu")
    answer = json.loads(as_user("olu").get("/api/v1/weeks-ahead").content)
    api = {each["subject"]: each["weeks"] for each in answer["items"]}

    for key, weeks in page.items():
        for place, each in enumerate(weeks):
            assert api[key][place]["effort_hours"] == pytest.approx(float(each["effort_hours"]))
            assert api[key][place]["days_on_leave"] == int(each["days_on_leave"])
    assert answer["as_of"] == AS_OF.isoformat()
    alone = json.loads(as_user("olu").get("/api/v1/weeks-ahead?person=ben").content)
    assert [each["subject"] for each in alone["items"]] == ["ben"]


def test_the_table_is_one_team_s_where_it_is_asked_for(as_user, team):
    assert set(rows(as_user, "lena", "&team=South")) == {"chidi"}
    assert "not known" in as_user("lena").get("/weeks-ahead?team=Moon").content.decode()


# --------------------------------------------------------------------------- profiles


def test_a_profile_says_how_the_hours_came_about_and_when_they_are_away(as_user, team):
    Person.objects.filter(key="ben").update(
        languages=["de", "en"], industries=["Logistics"], working_share=0.8, region="DE"
    )
    away(team, "ben", 1, cover="chidi")
    said = as_user("ben").get("/profiles/ben").content.decode()

    assert (
        "You can sustain" in said and 'data-value="96"' in said and "de, en" in said and "Logistics" in said
    )
    assert "Good Friday" in said or "Karfreitag" in said
    assert "17 Mar 2026 to 23 Mar 2026" in said and "Chidi Eze" in said
    assert "Adjust the hours" not in said and "Type a leave" in said


@pytest.mark.parametrize(
    ("name", "status"),
    [("ben", 200), ("amara", 200), ("olu", 200), ("rea", 200), ("chidi", 404), ("edda", 404)],
)
def test_a_profile_is_open_to_whoever_may_see_the_load(as_user, team, name, status):
    assert as_user(name).get("/profiles/ben").status_code == status


def send(as_user: Any, name: str, what: str, who: str = "ben", **given: Any) -> Any:
    return as_user(name).post(f"/profile-change/{what}/{who}", given)


def test_leave_is_typed_and_taken_back_on_the_page(as_user, team):
    assert (
        send(
            as_user, "ben", "leave", first_on="2026-04-06", last_on="2026-04-10", kind="leave", cover="chidi"
        ).status_code
        == 302
    )
    said = as_user("ben").get("/profiles/ben").content.decode()
    assert "6 Apr 2026 to 10 Apr 2026" in said
    number = Leave.objects.get().pk
    assert send(as_user, "ben", "withdraw-leave", number=number).status_code == 302
    assert Leave.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("what", "given", "said"),
    [
        ("leave", {"first_on": "soon", "last_on": "2026-04-10"}, "The first day is not a day."),
        ("leave", {"first_on": "2026-04-12", "last_on": "2026-04-10", "kind": "leave"}, "ends before it begins"),
        ("adjustment", {"hours": "many", "reason": "Why", "first_on": "2026-04-10"}, "The hours is no number."),
        ("adjustment", {"hours": "5", "reason": "", "first_on": "2026-04-10"}, "It has no reason."),
        ("ceiling", {"a_week": "0", "reason": "Why", "first_on": "2026-04-10"}, "can&#x27;t be meant"),
        ("calendar", {}, "No file was chosen."),
    ],
)  # fmt: skip
def test_bad_input_keeps_what_was_typed_and_changes_nothing(as_user, team, what, given, said):
    answer = send(as_user, "amara", what, **given)
    shown = answer.content.decode()

    assert answer.status_code == 422 and said in shown and "Nothing was changed." in shown
    assert all(f'value="{value}"' in shown for name, value in given.items() if value and name != "kind")
    assert not Leave.objects.exists() and not CapacityAdjustment.objects.exists()


@pytest.mark.parametrize(
    ("name", "what", "status"),
    [("rea", "leave", 403), ("rea", "adjustment", 403), ("ben", "adjustment", 403), ("ben", "ceiling", 403), ("chidi", "leave", 404), ("edda", "leave", 404)],
)  # fmt: skip
def test_who_may_not_changes_nothing(as_user, team, name, what, status):
    given = {
        "first_on": "2026-04-06",
        "last_on": "2026-04-10",
        "kind": "leave",
        "hours": "5",
        "a_week": "5",
        "reason": "x",
    }
    assert send(as_user, name, what, **given).status_code == status
    assert not Leave.objects.exists() and not CapacityAdjustment.objects.exists()


def test_a_number_of_somebody_else_s_leave_is_not_there(as_user, team):
    row = away(team, "chidi", 1)
    for number in (row.pk, 987654, "x", "9" * 30):
        assert send(as_user, "ben", "withdraw-leave", number=number).status_code == 404
    assert Leave.objects.get().withdrawn_at is None


def test_hours_and_a_ceiling_are_set_by_the_leader_and_shown(as_user, team):
    assert (
        send(
            as_user, "amara", "adjustment", hours="−7,5", reason="Trains a colleague", first_on="2026-03-01"
        ).status_code
        == 302
    )
    assert (
        send(
            as_user, "amara", "ceiling", a_week="9", reason="Two escalations", first_on="2026-03-01"
        ).status_code
        == 302
    )
    said = as_user("amara").get("/profiles/ben").content.decode()

    assert (
        "Trains a colleague" in said
        and "Two escalations" in said
        and CapacityAdjustment.objects.get().hours == -7.5
    )


def test_a_calendar_is_brought_in_and_what_was_left_out_is_told(as_user, team):
    from django.core.files.uploadedfile import SimpleUploadedFile

    day = date.today() + timedelta(days=30)
    lines = "\r\n".join(
        f"BEGIN:VEVENT\r\nUID:{n}@x\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:{name}\r\nEND:VEVENT"
        for n, name in enumerate(("Vacation", "QBR <b>Kestrel</b>"))
    )
    data = f"BEGIN:VCALENDAR\r\n{lines}\r\nEND:VCALENDAR\r\n".encode()
    said = send(as_user, "ben", "calendar", file=SimpleUploadedFile("a.ics", data)).content.decode()

    assert "1 leave came in" in said and "1 event left out" in said and "QBR &lt;b&gt;Kestrel" in said
    again = send(as_user, "ben", "calendar", file=SimpleUploadedFile("a.ics", data)).content.decode()
    assert "1 stayed as known" in again and Leave.objects.count() == 1
    broken = send(as_user, "ben", "calendar", file=SimpleUploadedFile("a.ics", b"PK\x03\x04"))
    assert broken.status_code == 422 and "The file is no calendar." in broken.content.decode()


def test_programs_type_a_leave_and_take_it_back(as_user, team):
    client = as_user("olu")
    given = {"person": "ben", "first_on": "2026-04-06", "last_on": "2026-04-10", "cover": "chidi"}
    made = client.post("/api/v1/leave", json.dumps(given), content_type="application/json")
    assert made.status_code == 201 and json.loads(made.content)["cover_name"] == "Chidi Eze"
    number = json.loads(made.content)["id"]
    seen = json.loads(client.get("/api/v1/profiles/ben").content)
    assert [each["id"] for each in seen["leave"]] == [number]
    assert client.post(f"/api/v1/leave/{number}/withdraw").status_code == 200
    assert json.loads(client.get("/api/v1/profiles/ben").content)["leave"] == []


def test_team_week_and_the_weekly_seven_lead_to_profiles(as_user, team):
    assert 'href="/profiles/ben"' in as_user("amara").get("/team-week").content.decode()
    assert 'href="/profiles/ben"' in as_user("amara").get("/seven/ben").content.decode()
    assert 'href="/weeks-ahead"' in as_user("amara").get("/team-week").content.decode()
