"""My week, Team week and an account: the sentence first, then the evidence; what is empty helps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.pages import company

from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Requirement
from evenbook.hotsheet.models import HotRow
from evenbook.measures.models import MeasureValue
from evenbook.records.models import Score
from evenbook.runs.models import Run
from evenbook.states.models import Transition

PAGES = ("/my-week", "/team-week", "/accounts", "/coverage", "/hot-sheet")


def heading(answer) -> str:
    return plain(answer.content.decode().split("<h1>")[1].split("</h1>")[0])


def of_the_book(answer) -> str:
    """Return the sentence on the book, which stands under the one on what is owed."""
    assert heading(answer) == "Everything due today is closed."
    return plain(answer.content.decode().split("</h1>")[1].split("<p>")[1].split("</p>")[0])


def plain(text: str) -> str:
    while "<" in text:
        text = text[: text.index("<")] + text[text.index(">") + 1 :]
    return " ".join(text.split())


def test_my_week_opens_with_what_stands_out(as_user):
    said = of_the_book(as_user("ben").get("/my-week"))

    assert said == "Three of your 12 accounts are on the hot sheet; four are not covered."


def test_my_week_says_when_nothing_stands_out(as_user):
    HotRow.objects.all().delete()
    Requirement.objects.filter(status__in=["missing", "expired"]).delete()

    said = of_the_book(as_user("ben").get("/my-week"))
    assert said == "Everything in your book is covered, and none of it is on the hot sheet."


def test_meetings_of_the_next_days_are_listed_and_others_are_not(as_user, team):
    soon = timezone.now() + timedelta(days=2)
    company.book_meeting(team.accounts[0], team.people["ben"], at=soon)
    company.book_meeting(team.accounts[2], team.people["ben"], at=soon + timedelta(days=30))
    company.book_meeting(team.accounts[1], team.people["chidi"], at=soon)
    found = as_user("ben").get("/my-week").context["mine"].meetings

    assert [meeting.account_name for meeting in found] == ["Northwind Foods"]


def test_a_leader_opens_the_week_of_anybody(as_user):
    said = of_the_book(as_user("amara").get("/my-week?person=ben"))

    assert said == "Three of Ben Adler’s 12 accounts are on the hot sheet; four are not covered."


def test_a_leader_without_a_book_is_asked_whose_week(as_user, team):
    answer = as_user("amara").get("/my-week")
    team.people["amara"].delete()

    assert heading(as_user("amara").get("/my-week")) == heading(answer)
    assert heading(answer) == "No account is in your own book." and "?person=ben" in answer.content.decode()


def test_those_whose_week_may_be_opened_are_listed_with_the_accounts_they_own(as_user):
    answer = as_user("lena").get("/my-week")
    owners = {person.name: figure.value for person, figure in answer.context["owners"]}

    assert owners == {"Ben Adler": 12, "Chidi Eze": 9}


def test_where_nobody_owns_an_account_the_leader_reads_what_to_load(as_user):
    AccountWeek.objects.update(person=None, pool=None)
    MeasureValue.objects.filter(subject_kind__in=["csm", "pool", "team"]).delete()
    client = as_user("amara")
    week, team = client.get("/my-week").content.decode(), client.get("/team-week")

    assert "Nobody owns an account yet." in week and "evenbook import PATH" in week
    assert heading(team) == "No account has an owner yet." and "evenbook import PATH" in team.content.decode()


def test_only_the_first_of_many_that_are_not_covered_are_listed_and_it_says_so(as_user, monkeypatch):
    client = as_user("amara")
    assert "; the first " not in client.get("/team-week").content.decode()

    monkeypatch.setattr("evenbook.desk.queries.team_week.SHOWN", 1)
    assert "are not covered, most revenue first; the first 1<" in client.get("/team-week").content.decode()


def test_a_csm_reads_about_their_own_load_alone(as_user):
    assert heading(as_user("ben").get("/team-week")) == "You are over what you can sustain, for 4 weeks."

    MeasureValue.objects.filter(measure="effort_load").update(value=0.5)
    assert heading(as_user("ben").get("/team-week")) == "You are within what you can sustain."


def test_a_row_that_nothing_put_on_the_sheet_says_so(as_user):
    HotRow.objects.update(reasons=[], points=0, expected_cents=0)
    client = as_user("amara")
    for page in ("/my-week?person=ben", "/team-week", "/hot-sheet", "/accounts/a-00002"):
        assert "Nothing stands out" in client.get(page).content.decode(), page
    said = heading(client.get("/hot-sheet"))
    assert said == "Three accounts on the sheet, and no revenue expected at risk."


def test_artifacts_and_scores_are_said_in_the_words_of_policy(as_user, team):
    Score.objects.create(
        account=team.accounts[0], kind="nps", value=90, raw="9", scale="0-10", **company.version("n")
    )
    said = as_user("amara").get("/accounts/a-00000?page=2").content.decode()

    assert "NPS 90 of 100" in said and "given as 9 on a scale of 0 to 10" in said
    assert "Check-in note" in said and "Check in note" not in said
    assert "Check-in note</span>" in as_user("amara").get("/accounts").content.decode()


def test_what_lacks_is_said_with_its_day(as_user):
    said = as_user("chidi").get("/my-week").content.decode()

    assert "expired 2 Mar 2026" in said and "missing since 6 Mar 2026" in said


def test_a_state_without_one_before_it_is_told_as_the_first(as_user):
    Transition.objects.update(from_state="", causes=["first seen"])
    answer = as_user("amara").get("/accounts/a-00002")

    assert heading(answer) == "Harbor Freight Lines was first seen as at risk on 7 March: first seen."
    assert "<strong>At risk</strong>" in answer.content.decode()


def test_the_table_is_paged_where_the_team_is_large(as_user, monkeypatch):
    monkeypatch.setattr("evenbook.desk.web.team_week.PAGE", 2)
    client = as_user("lena")
    first, second = (client.get(f"/team-week?page={page}").context["rows"] for page in (1, 2))

    assert len(first) == 2 and len(second) == 1


def test_the_pool_of_a_member_is_part_of_their_week(as_user):
    assert as_user("chidi").get("/my-week").context["mine"].book.accounts == 9 + 3


def test_team_week_names_those_over_what_they_can_sustain_and_for_how_long(as_user):
    said = heading(as_user("amara").get("/team-week"))

    assert said == "One person is over what they can sustain, for the fourth week."


def test_a_long_red_load_asks_for_a_review_and_a_long_low_one_is_room(as_user):
    def ben():
        return next(
            line for line in as_user("amara").get("/team-week").context["team"].lines if line.key == "ben"
        )

    red, weeks = ben(), MeasureValue.objects.filter(measure="effort_load", subject="ben")
    assert red.asks_review and not red.has_room
    assert red.load_mean == pytest.approx(sum(red.trend[-4:]) / 4)
    weeks.update(value=0.59)
    assert ben().has_room and "has room" in as_user("amara").get("/team-week").content.decode()
    weeks.filter(as_of__lt=weeks.latest("as_of").as_of).update(value=0.61)
    assert not ben().has_room and not ben().asks_review


def test_team_week_says_when_nobody_is_over(as_user):
    MeasureValue.objects.filter(measure="effort_load").update(value=0.5)

    assert heading(as_user("amara").get("/team-week")) == "Nobody is over what they can sustain."


def test_a_week_without_a_value_is_a_gap_in_the_line(as_user):
    lines = as_user("amara").get("/team-week").context["team"].lines
    trend = next(line.trend for line in lines if line.key == "ben")

    assert len(trend) == 13 and [place for place, value in enumerate(trend) if value is None] == [7, 8]


def test_a_person_without_capacity_has_no_load_and_breaks_nothing(as_user):
    MeasureValue.objects.filter(measure="effort_load").delete()
    answer = as_user("amara").get("/team-week")

    assert answer.status_code == 200 and "no capacity known" in answer.content.decode()


def test_a_past_week_is_shown_as_it_was_stored(as_user, team):
    earlier = Run.objects.create(
        kind="week",
        as_of=company.AS_OF - timedelta(days=7),
        policy_version=1,
        started_at=company.NOW,
        ended_at=company.NOW,
        by="sample",
        fingerprint="g",
    )
    row = AccountWeek.objects.first()
    row.pk, row.run = None, earlier
    row.save()

    assert as_user("amara").get("/accounts?as_of=2026-03-03").context["page"].totals.accounts == 1


def test_an_account_says_what_changed_then_shows_why(as_user):
    answer = as_user("amara").get("/accounts/a-00002")
    said = answer.content.decode()

    assert heading(answer) == (
        "Harbor Freight Lines went from healthy to at risk on 7 March: Weekly users 64 → 31 in four weeks."
    )
    for part in ("coverage", "health", "effort", "timeline", "people", "money", "hot"):
        assert f'id="{part}"' in said


def test_an_account_where_nothing_changed_says_so(as_user):
    Transition.objects.all().delete()
    Requirement.objects.all().delete()

    assert heading(as_user("amara").get("/accounts/a-00000")) == (
        "Nothing changed at Northwind Foods this week: healthy since 6 March 2026."
    )


def test_the_timeline_is_paged_newest_first_and_filtered(as_user):
    client = as_user("amara")
    first = client.get("/accounts/a-00000").context["timeline"]
    second = client.get("/accounts/a-00000?page=2").context["timeline"]
    calls = client.get("/accounts/a-00000?show=interaction").context["timeline"]

    assert len(first.moments) == 40 and first.moments[-1].at >= second.moments[0].at
    assert len(first.moments) + len(second.moments) == first.total
    assert {moment.kind for moment in calls.moments} == {"interaction"} and calls.total == 60
    assert client.get("/accounts/a-00000?page=x&show=moon").status_code == 200
    assert client.get("/accounts/a-00000?page=99999").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_run_without_accounts_shows_empty_pages_that_help(as_user, page):
    Run.objects.all().delete()
    Run.objects.create(
        kind="week",
        as_of=company.AS_OF,
        policy_version=1,
        started_at=company.NOW,
        ended_at=company.NOW,
        by="x",
        fingerprint="f",
    )
    answer = as_user("amara").get(page)

    assert answer.status_code == 200 and (
        'class="empty"' in answer.content.decode()
        or heading(answer).startswith("No account is in your own book")
    )


def test_the_navigation_shows_what_is_built_and_where_one_is(as_user):
    said = as_user("amara").get("/team-week").content.decode()

    assert '<a href="/team-week" data-key="t" aria-current="page">Team week</a>' in said
    assert ">Playbooks</a>" not in said and ">Coverage</a>" in said and ">Expansion</a>" in said


def test_every_page_has_one_heading_a_language_and_a_way_to_skip_the_navigation(as_user):
    client = as_user("amara")
    for page in (*PAGES, "/accounts/a-00002", "/-/patterns", "/find?q=x", "/figures/nrr"):
        said = client.get(page).content.decode()
        assert said.count("<h1>") == 1 and '<html lang="en">' in said and 'href="#main"' in said
        assert "<table" not in said or said.count("<caption") == said.count("<table")
        assert "<style" not in said and " style=" not in said and "<script>" not in said


def test_pages_may_load_from_their_own_host_alone(as_user):
    policy = as_user("amara").get("/team-week")["Content-Security-Policy"]

    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
