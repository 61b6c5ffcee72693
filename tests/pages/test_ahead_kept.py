"""The weeks ahead as a run keeps them: the same as worked out, until something that they rest on changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.pages.company import NOW
from tests.pages.measured import AS_OF
from tests.pages.reading import fetching, problems
from tests.pages.test_weeks_ahead import EARLIER, FIRST, away, news, rows

from evenbook.book.models import CapacityAdjustment, Handover, Leave, Person
from evenbook.desk.actions.ahead import keep_ahead
from evenbook.desk.models import AheadBook, AheadRun
from evenbook.desk.queries import outlook
from evenbook.desk.queries.outlook import is_fresh
from evenbook.desk.queries.weeks_ahead import WeeksAhead, weeks_ahead
from evenbook.frames.actions import note_write
from evenbook.people.queries import viewer_by_mail
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run
from evenbook.runs.queries import Week, week
from evenbook.site import work

WHO = ("ben", "amara", "lena", "olu", "edda")


def viewer(name: str) -> Viewer:
    found = viewer_by_mail(f"{name}@example.com", surface="page")
    assert found is not None
    return found


def shown() -> Week:
    found = week(SYSTEM)
    assert found is not None
    return found


def told(name: str, **asked: str) -> WeeksAhead:
    return weeks_ahead(viewer(name), shown(), **asked)


def said(found: WeeksAhead) -> tuple[Any, ...]:
    due = {who: weeks for who, weeks in found.outlook.due.items() if any(weeks)}
    return found.by, found.days, found.rows, found.stands_out, found.teams, due


@pytest.fixture
def busy(team: Any) -> Any:
    """Give the team leave with and without cover, a handover and an adjustment."""
    away(team, "ben", 1, cover="chidi")
    away(team, "chidi", 5)
    Handover.objects.create(
        account=team.of("ben")[0], giver=team.people["ben"], receiver=team.people["chidi"], asks_brief=False,
        first_on=FIRST + timedelta(days=1), announced_at=EARLIER,
    )  # fmt: skip
    CapacityAdjustment.objects.create(
        person=team.people["ben"], first_on=FIRST, hours=-20, reason="Trains", happened_at=EARLIER,
        known_at=EARLIER,
    )  # fmt: skip
    return team


@pytest.mark.parametrize("teams_alone", [False, True])
def test_what_is_kept_is_what_was_worked_out_for_whoever_asks(busy, teams_alone, monkeypatch):
    if teams_alone:
        ensure_first(NOW - timedelta(days=900), but={"capacity": {"team_level_only": True}})
    before = {name: said(told(name)) for name in WHO}
    one_team, one_person = said(told("lena", team="South")), said(told("lena", person="ben"))
    assert keep_ahead(busy.run.pk) > 0 and is_fresh(SYSTEM, shown())
    monkeypatch.setattr(outlook, "known", lambda *asked, **more: pytest.fail("nothing is worked out"))

    for name in WHO:
        own = {each.id for each in told(name).outlook.people.values()}
        assert said(told(name))[:5] == before[name][:5], name
        due = {who: weeks for who, weeks in before[name][5].items() if who in own}
        assert said(told(name))[5] == due
    assert said(told("lena", team="South"))[2:4] == one_team[2:4]
    assert said(told("lena", person="ben"))[2:4] == one_person[2:4]


def test_kept_again_nothing_is_worked_out_and_nothing_written(busy):
    assert keep_ahead(busy.run.pk) == AheadBook.objects.count() > 0
    kept = list(AheadBook.objects.values_list("pk", flat=True))

    assert keep_ahead(busy.run.pk) == 0 and keep_ahead(987654) == 0
    assert list(AheadBook.objects.values_list("pk", flat=True)) == kept


def test_what_becomes_known_later_changes_nothing_of_what_is_kept(as_user, busy):
    keep_ahead(busy.run.pk)
    before = rows(as_user)
    news(busy)
    later = datetime(2026, 3, 20, 9, tzinfo=UTC)
    note_write("book_ownership", 1, earliest_at=later, now=later)

    assert is_fresh(SYSTEM, shown()) and rows(as_user) == before


def late(team: Any, what: str) -> None:
    """Let something become known that could have been seen in the week."""
    if what == "leave":
        away(team, "ben", 7)
    elif what == "withdrawn":
        Leave.objects.filter(person__key="ben").update(withdrawn_at=EARLIER)
    elif what == "hours":
        Person.objects.filter(key="ben").update(working_share=0.5)
    elif what == "adjusted":
        CapacityAdjustment.objects.update(hours=-60)
    else:
        note_write("book_ownership" if what == "facts" else "book_account", 1, earliest_at=EARLIER, now=NOW)


@pytest.mark.parametrize("what", ["leave", "withdrawn", "hours", "adjusted", "facts", "accounts"])
def test_a_late_fact_is_seen_at_once_and_kept_with_the_next_run(as_user, busy, what):
    keep_ahead(busy.run.pk)
    before = rows(as_user)
    late(busy, what)
    seen = rows(as_user)

    assert not is_fresh(SYSTEM, shown())
    assert (seen == before) == (what in {"facts", "accounts"})
    assert keep_ahead(busy.run.pk) > 0 and is_fresh(SYSTEM, shown())
    assert rows(as_user) == seen


def test_a_leave_typed_on_the_day_of_the_week_is_kept_by_the_refresh(as_user, busy):
    keep_ahead(busy.run.pk)
    link = next(each for each in work.CHAIN if "leave.typed" in each.kinds)
    assert link.does(None, None) == ""
    late(busy, "leave")

    assert "are worked out again" in link.does(None, None) and is_fresh(SYSTEM, shown())


def test_every_figure_of_the_page_opens_into_its_rows_also_when_it_is_kept(as_user, busy):
    keep_ahead(busy.run.pk)

    assert list(problems(fetching(as_user("amara").get), "/weeks-ahead")) == []
    assert "Chidi Eze" not in as_user("ben").get("/weeks-ahead").content.decode().split("<main")[1]


def test_of_more_people_than_a_page_works_out_all_are_listed_once_they_are_kept(as_user, busy, monkeypatch):
    monkeypatch.setattr("evenbook.desk.queries.weeks_ahead.MOST_APART", 1)
    client = as_user("lena")
    first = client.get("/weeks-ahead").content.decode().split("<main")[1]
    keep_ahead(busy.run.pk)
    every = client.get("/weeks-ahead").content.decode().split("<main")[1]

    assert ("Ben Adler</a>" in first) != ("Chidi Eze</a>" in first)
    assert "Ben Adler</a>" in every and "Chidi Eze</a>" in every


def test_single_people_s_weeks_go_after_the_months_of_policy(busy):
    old = Run.objects.create(
        as_of=date(2024, 1, 1), policy_version=1, fingerprint="", started_at=NOW, ended_at=NOW, summary={}
    )
    AheadBook.objects.create(run=old, person=busy.people["ben"], carries=True, accounts=1)
    keep_ahead(busy.run.pk)

    assert set(AheadBook.objects.values_list("run", flat=True)) == {busy.run.pk}
    assert AheadRun.objects.get().run_id == busy.run.pk and busy.run.as_of == AS_OF
