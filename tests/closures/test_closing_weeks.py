"""What a person closed and left open, week by week: by hand, against a slow reckoning, from the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evenbook.book.models import Account, Leave, Person, Pool
from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Brief, FollowUp, Loop
from evenbook.closures.queries.closing_weeks import closings
from evenbook.closures.rules.closing_weeks import Group, closing_weeks
from evenbook.closures.rules.warning import ClosingWeek
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.records.models import Artifact
from evenbook.runs.models import Run
from evenbook.runs.queries import RunInfo, Week

AS_OF = date(2026, 3, 8)
NEVER = 6
DAYS = [AS_OF - timedelta(weeks=back) for back in range(5, -1, -1)]


def group(opened: int, due: int, closed: int = NEVER, **more: Any) -> Group:
    return Group("amara", opened, due, closed, **{"withdrawn": NEVER, "waived": NEVER, "count": 1, **more})


def counts(name: str, *groups: Group) -> list[int]:
    """Return one figure of the six weeks, with shares of two weeks."""
    found = closing_weeks(groups, DAYS, window=2)["amara"]
    return [getattr(week, name) for week in found]


def test_a_loop_is_due_for_the_weeks_of_the_share_and_missing_until_it_is_closed():
    late = group(1, 1, 2)

    assert counts("opened", late) == [0, 1, 0, 0, 0, 0]
    assert counts("due", late) == [0, 1, 1, 0, 0, 0]
    assert counts("missing", late) == [0, 1, 0, 0, 0, 0]
    assert counts("overdue", late) == [0, 1, 0, 0, 0, 0]
    assert counts("closed", late) == counts("late", late) == [0, 0, 1, 0, 0, 0]


def test_what_nobody_closes_stays_overdue_after_it_has_left_the_share():
    assert counts("missing", group(0, 1)) == [0, 1, 1, 0, 0, 0]
    assert counts("overdue", group(0, 1)) == [0, 1, 1, 1, 1, 1]


def test_a_waived_loop_stays_in_the_missing_share_and_is_not_overdue():
    assert counts("missing", group(0, 1, waived=1)) == [0, 1, 1, 0, 0, 0]
    assert counts("overdue", group(0, 1, waived=1)) == [0, 0, 0, 0, 0, 0]


def test_a_withdrawn_loop_counts_until_then():
    gone = group(0, 1, withdrawn=2)

    assert counts("due", gone) == counts("missing", gone) == [0, 1, 0, 0, 0, 0]
    assert counts("opened", group(1, 2, withdrawn=1)) == [0, 0, 0, 0, 0, 0]


def test_what_was_acknowledged_in_a_batch_is_counted_apart():
    batch = group(1, 2, 3, is_batch=True, count=40)

    assert counts("closed", batch) == [0] * 6
    assert counts("batch", batch) == [0, 0, 0, 40, 0, 0]
    assert counts("due", batch) == counts("missing", batch) == [0, 0, 40, 0, 0, 0]


def test_what_is_written_and_waits_for_leaders_is_done_for_whoever_wrote_it():
    waits, seen = group(0, 1, written=2), group(0, 1, 4, written=1)

    assert counts("overdue", waits) == counts("missing", group(0, 1, 2)) == [0, 1, 0, 0, 0, 0]
    assert counts("missing", waits) == [0, 1, 0, 0, 0, 0] and counts("due", waits) == [0, 1, 1, 0, 0, 0]
    assert counts("overdue", seen) == counts("late", seen) == [0] * 6
    assert counts("closed", seen) == [0, 0, 0, 0, 1, 0]


def test_a_cohort_is_one_thing_to_do_however_many_of_it_are_left():
    cohort = [group(0, 1, count=30, cohort="c"), group(0, 2, 3, count=8, cohort="c"), group(0, 1)]

    assert counts("opened", *cohort) == [2, 0, 0, 0, 0, 0]
    assert counts("overdue", *cohort) == [0, 2, 2, 2, 2, 2]
    assert counts("missing", *cohort) == [0, 2, 2, 0, 0, 0]
    assert counts("closed", *cohort) == [0, 0, 0, 8, 0, 0]
    assert counts("overdue", *cohort, group(0, 1, cohort="d")) == [0, 3, 3, 3, 3, 3]


def test_of_a_pools_loops_the_lead_owes_those_that_are_overdue_and_no_share():
    pooled = group(0, 1, 3, of_pool=True, count=5)

    assert counts("overdue", pooled) == [0, 5, 5, 0, 0, 0]
    for name in ("opened", "closed", "late", "due", "missing"):
        assert counts(name, pooled) == [0] * 6
    assert counts("overdue", group(0, 1, 1, of_pool=True)) == [0] * 6


PLACES = some.tuples(*[some.integers(-1, NEVER)] * 5)
ANY_GROUPS = some.lists(some.tuples(PLACES, some.integers(1, 3), some.booleans()), min_size=1, max_size=6)


def grouped(drawn: list[tuple[tuple[int, ...], int, bool]]) -> list[Group]:
    """Return groups in which nothing becomes of a loop before it opens."""
    return [
        Group("amara", opened, *(max(opened, each) for each in others), count=count, is_batch=batch)
        for (opened, *others), count, batch in drawn
        if opened < NEVER
    ] or [group(0, 0)]


def slowly(groups: list[Group], place: int, window: int) -> tuple[int, int, int]:
    """Return due, missing and overdue at the end of a week, from what is true of each loop then."""
    due = missing = overdue = 0
    for each in groups:
        gone, open_then = each.withdrawn <= place, each.closed > place
        if each.opened > place or each.due > place or gone:
            continue
        overdue += each.count * (open_then and each.waived > place)
        if each.due > place - window:
            missing += each.count * open_then
            due += each.count * (open_then or not each.is_batch)
    return due, missing, overdue


@given(ANY_GROUPS, some.integers(1, 4))
def test_stretches_give_what_a_slow_reckoning_gives(drawn: list[Any], window: int) -> None:
    groups = grouped(drawn)
    found = closing_weeks(groups, DAYS, window=window)["amara"]

    for place in range(window - 1, len(DAYS)):
        week = found[place]
        assert (week.due, week.missing, week.overdue) == slowly(groups, place, window)


# From the database.


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class Team:
    """Amara, Ben of her team, Chidi of another one; an account of tier 1, and a stored week."""

    def __init__(self) -> None:
        self.people = {
            name: Person.objects.create(key=name, name=name.title(), mail=f"{name}@example.com", team=team)
            for name, team in (("amara", "North"), ("ben", "North"), ("chidi", "South"))
        }
        self.account = Account.objects.create(
            key="acme", name="Acme", matched_name="acme", known_at=at(AS_OF)
        )
        run = Run.objects.create(
            kind="week", as_of=AS_OF, policy_version=1, started_at=at(AS_OF), ended_at=at(AS_OF), by="x",
            fingerprint="f",
        )  # fmt: skip
        AccountWeek.objects.create(
            run=run, account=self.account, tier=1, tier_assumed=False, stage="x", effort_hours=1
        )
        self.week = Week(RunInfo(run.pk, AS_OF, 1, at(AS_OF)), in_force(AS_OF).policy)
        self.made = 0

    def loops(self, name: str, count: int, due_on: date, **ends: Any) -> None:
        """Make loops that opened two days before they are due."""
        for _ in range(count):
            self.made += 1
            Loop.objects.create(
                key=f"check_in:{self.made}", kind="check_in", account=self.account, due_on=due_on,
                artifact_kind="check_in_note", event_at=at(due_on - timedelta(days=2)),
                opened_at=at(due_on - timedelta(days=2)), person=self.people[name], **ends,
            )  # fmt: skip

    def calm(self, name: str, weeks: int, *, until: int = 0) -> None:
        """Make twenty loops a week, of which one is missing."""
        for back in range(until + weeks - 1, until - 1, -1):
            due = AS_OF - timedelta(weeks=back, days=3)
            self.loops(name, 19, due, closed_at=at(due))
            self.loops(name, 1, due)

    def last(self, viewer: Viewer, name: str) -> ClosingWeek:
        return closings(viewer, self.week, [self.people[name].pk])[self.people[name].pk].weeks[-1]


def viewer(role: str, name: str = "", *, team: str = "", user_id: int = 99) -> Viewer:
    """Return who asks; a leader of a team sees its people, others themselves by their mail."""
    named = {"team_ids": frozenset({1}), "team_names": frozenset({team})} if team else {}
    return Viewer(user_id=user_id, mail=f"{name}@example.com", name=name, role=role, **named)  # type: ignore[arg-type]


def operations() -> Viewer:
    """Return one who sees everybody; a viewer lives as long as one request."""
    return viewer("operations")


@pytest.fixture
def team(db: None) -> Team:
    return Team()


def test_the_share_is_of_the_loops_due_in_the_last_four_weeks(team: Team):
    due = AS_OF - timedelta(days=3)
    team.loops("amara", 3, due, closed_at=at(due))
    team.loops("amara", 1, due)
    team.loops("amara", 1, AS_OF - timedelta(days=27))
    team.loops("amara", 1, AS_OF - timedelta(days=28))
    team.loops("amara", 1, AS_OF + timedelta(days=1))

    found = team.last(operations(), "amara")

    assert (found.due, found.missing, found.overdue) == (5, 2, 3)
    assert (found.opened, found.closed, found.late) == (5, 3, 0)


def test_what_is_closed_after_the_week_was_open_in_it(team: Team):
    due = AS_OF - timedelta(days=3)
    team.loops("amara", 2, due, closed_at=at(AS_OF + timedelta(days=1)))

    assert team.last(operations(), "amara").missing == 2


def test_a_loop_counts_for_whoever_took_it(team: Team):
    team.loops("amara", 1, AS_OF, taken_by=team.people["ben"])

    assert closings(operations(), team.week, [team.people["amara"].pk]) == {}
    assert team.last(operations(), "ben").overdue == 1


def test_follow_ups_past_due_are_unfinished(team: Team):
    team.loops("amara", 1, AS_OF)
    note = Artifact.objects.create(
        account=team.account, kind="check_in_note", happened_at=at(AS_OF), known_at=at(AS_OF, 8), source="x",
        external_id="1", fingerprint="x",
    )  # fmt: skip
    for due_on in (AS_OF, AS_OF + timedelta(days=1)):
        FollowUp.objects.create(
            artifact=note, what="Send it", who="Amara", person=team.people["amara"], due_on=due_on
        )

    found = team.last(operations(), "amara")

    assert (found.follow_ups, found.unfinished) == (1, 2)


def test_reviews_acknowledged_in_a_batch_are_counted_apart(team: Team):
    due = AS_OF - timedelta(days=3)
    log = Artifact.objects.create(
        account=team.account, kind="health_review_log", happened_at=at(due), known_at=at(due), source="x",
        external_id="1", fingerprint="x", fields={"outcome": "acknowledged stable", "batch": "2026-03-05"},
    )  # fmt: skip
    team.loops("amara", 3, due, closed_at=at(due), closed_by=log)
    team.loops("amara", 1, due, closed_at=at(due))

    found = team.last(operations(), "amara")

    assert (found.batch, found.closed, found.due) == (3, 1, 1)


def brief_of(loop: Loop, *, at: datetime) -> Brief:
    return Brief.objects.create(loop=loop, written_by="Amara", written_at=at)


def test_a_brief_that_waits_for_leaders_is_not_its_writers_unfinished_loop(team: Team):
    due = AS_OF - timedelta(days=10)
    team.loops("amara", 3, due)
    first, second, _ = Loop.objects.order_by("pk")
    brief_of(first, at=at(AS_OF - timedelta(days=8)))
    brief_of(second, at=at(AS_OF - timedelta(days=2)))
    Brief.objects.filter(loop=second).update(replaced_at=at(AS_OF + timedelta(days=1)))
    brief_of(second, at=at(AS_OF + timedelta(days=1)))

    found = closings(operations(), team.week, [team.people["amara"].pk])[team.people["amara"].pk].weeks

    assert [(week.overdue, week.missing, week.due) for week in found[-2:]] == [(2, 2, 3), (1, 1, 3)]
    Loop.objects.filter(pk=first.pk).update(closed_at=at(AS_OF))
    assert (team.last(operations(), "amara").closed, team.last(operations(), "amara").late) == (1, 0)


def of_pool(team: Team, count: int, due_on: date, lead: Person | None, **more: Any) -> None:
    pool, _ = Pool.objects.update_or_create(key="digital", defaults={"name": "Digital", "lead": lead})
    for _ in range(count):
        team.loops("amara", 1, due_on, **more)
        Loop.objects.filter(key=f"check_in:{team.made}").update(person=None, pool=pool)


def test_overdue_loops_of_a_pool_count_with_its_lead_unless_somebody_took_them(team: Team):
    due = AS_OF - timedelta(days=3)
    of_pool(team, 3, due, team.people["ben"])
    of_pool(team, 1, AS_OF + timedelta(days=1), team.people["ben"])
    of_pool(team, 1, due, team.people["ben"], closed_at=at(due))
    of_pool(team, 1, due, team.people["ben"], taken_by=team.people["chidi"])

    found = team.last(operations(), "ben")
    assert (found.overdue, found.unfinished, found.due, found.opened) == (3, 3, 0, 0)
    assert team.last(operations(), "chidi").overdue == 1
    Person.objects.filter(key="ben").update(left_on=AS_OF - timedelta(days=1))
    assert closings(operations(), team.week, [team.people["ben"].pk]) == {}


def test_a_pools_silent_cohort_is_one_thing_of_its_lead(team: Team):
    of_pool(team, 30, AS_OF - timedelta(days=3), team.people["ben"], cohort_on=AS_OF - timedelta(days=13))

    found = closings(operations(), team.week, [team.people["ben"].pk])[team.people["ben"].pk]

    assert found.weeks[-1].overdue == 1 and not found.warns


def test_most_of_a_week_on_leave_makes_it_an_absence_once_it_was_known(team: Team):
    team.loops("amara", 1, AS_OF)
    monday = AS_OF - timedelta(days=6)
    leave = {"person": team.people["amara"], "last_on": AS_OF, "happened_at": at(monday)}

    Leave.objects.create(first_on=monday + timedelta(days=3), known_at=at(monday), **leave)
    assert not team.last(operations(), "amara").is_away
    Leave.objects.create(first_on=monday, known_at=at(AS_OF + timedelta(days=1)), **leave)
    assert not team.last(operations(), "amara").is_away
    Leave.objects.create(first_on=monday + timedelta(days=2), known_at=at(monday), **leave)
    assert team.last(operations(), "amara").is_away


def test_two_raised_weeks_after_calm_ones_warn(team: Team):
    team.calm("amara", 12, until=2)
    for back in (1, 0):
        team.loops("amara", 20, AS_OF - timedelta(weeks=back, days=3))

    found = closings(operations(), team.week, [team.people["amara"].pk])[team.people["amara"].pk]

    assert found.standing.above == 2
    assert found.standing.base == 0.05
    assert found.warns


def test_without_weeks_of_ones_own_others_of_the_same_tier_are_the_base(team: Team):
    team.calm("ben", 12)
    due = AS_OF - timedelta(days=3)
    team.loops("amara", 4, due, closed_at=at(due))
    team.loops("amara", 6, due)

    found = closings(operations(), team.week, [team.people["amara"].pk])[team.people["amara"].pk]

    assert found.standing.base == pytest.approx(4 / 80)
    assert found.is_first
    assert not found.warns


def test_people_see_their_own_weeks_leaders_their_teams_and_executives_nobodys(team: Team):
    for name in team.people:
        team.loops(name, 1, AS_OF)
    ids = {person.pk: name for name, person in team.people.items()}

    def seen(by: Viewer) -> set[str]:
        return {ids[person] for person in closings(by, team.week, ids)}

    assert seen(viewer("csm", "ben")) == {"ben"}
    assert seen(viewer("leader", "lena", team="North")) == {"amara", "ben"}
    assert seen(operations()) == {"amara", "ben", "chidi"}
    assert seen(viewer("executive", "edda")) == set()


def test_later_facts_change_no_earlier_answer(team: Team):
    team.calm("amara", 8)
    before = closings(operations(), team.week, [team.people["amara"].pk])
    later = AS_OF + timedelta(days=2)
    Loop.objects.filter(closed_at=None).update(closed_at=at(later))
    team.loops("amara", 5, later + timedelta(days=3))
    Loop.objects.filter(due_on__gt=later).update(waived_at=at(later), waiver="overloaded")

    assert closings(operations(), team.week, [team.people["amara"].pk]) == before
