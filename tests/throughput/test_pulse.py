"""How a load feels: said once a week, for the person and those who lead them, and for groups of five."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company
from tests.throughput.many import keeper

from evenbook.book.models import Person
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.throughput.actions.pulse import PulseRefused, say_pulse
from evenbook.throughput.models import Pulse
from evenbook.throughput.queries.pulse import felt_by_team, pulses
from evenbook.throughput.rules.pulse import mean_felt

WEEK = timedelta(weeks=1)


@pytest.fixture
def team(db: None) -> Company:
    return company.build(8)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name])


def say(team: Company, felt: int, word: str = "", *, name: str = "ben", on: date = AS_OF) -> bool:
    return say_pulse(felt, word, by=viewer(team, name), today=on, now=NOW)


def test_the_last_word_of_a_week_stands_and_is_told_to_the_trail_without_what_was_said(team: Company):
    assert say(team, 4, "Two renewals.") and not say(team, 4, " Two  renewals. ")
    assert say(team, 5, "Three renewals.")

    row = Pulse.objects.get()
    assert (row.felt, row.word, row.week_on.weekday()) == (5, "Three renewals.", 0)
    entries = AuditEntry.objects.filter(what="pulse.said")
    assert len(entries) == 2 and all("renewals" not in str(each.after) + str(each.before) for each in entries)


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("ben", True), ("amara", True), ("lena", True), ("chidi", False), ("olu", False), ("rea", False),
        ("edda", False),
    ],
)  # fmt: skip
def test_the_person_and_who_leads_them_read_it_and_nobody_else(team: Company, name: str, reads: bool):
    say(team, 4, "Two renewals.")
    found = pulses(viewer(team, name), team.people["ben"].pk, until=AS_OF, weeks=13)

    assert [each.word for each in found] == (["Two renewals."] if reads else [])


def test_weeks_are_given_oldest_first_and_no_older_than_asked(team: Company):
    for back in (0, 1, 20):
        say(team, 3 + (back == 1), on=AS_OF - back * WEEK)
    found = pulses(viewer(team, "ben"), team.people["ben"].pk, until=AS_OF, weeks=13)

    assert [each.felt for each in found] == [4, 3] and found[0].title == "Heavy"


@pytest.mark.parametrize(("felt", "word"), [(0, ""), (6, ""), (-1, ""), (3, "x" * 141)])
def test_what_is_no_step_or_too_long_is_refused(team: Company, felt: int, word: str):
    with pytest.raises(PulseRefused):
        say(team, felt, word)
    assert not Pulse.objects.exists()


@pytest.mark.parametrize("name", ["olu", "edda", "rea", "lena"])
def test_who_is_nobody_of_the_team_has_no_load_to_feel(team: Company, name: str):
    with pytest.raises(PulseRefused):
        say(team, 3, name=name)


def test_the_mean_of_a_team_is_of_five_or_more(team: Company):
    others = [
        Person.objects.create(key=f"n{n}", name=f"Other {n}", role="csm", team="North") for n in range(4)
    ]
    say(team, 5)
    for person in others[:3]:
        Pulse.objects.create(person=person, user=team.users["ben"], week_on=AS_OF, felt=2, said_at=NOW)
    assert felt_by_team(keeper(), week_on=AS_OF) == {}
    Pulse.objects.create(person=others[3], user=team.users["ben"], week_on=AS_OF, felt=4, said_at=NOW)

    assert felt_by_team(keeper(), week_on=AS_OF) == {"North": pytest.approx(3.0)}
    assert felt_by_team(viewer(team, "chidi"), week_on=AS_OF) == {}
    assert mean_felt([1, 2, 3, 4]) is None and mean_felt([]) is None and mean_felt([3] * 5) == 3.0


def test_the_database_itself_refuses_a_step_outside_the_scale(team: Company):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Pulse.objects.create(
            person=team.people["ben"], user=team.users["ben"], week_on=AS_OF, felt=9, said_at=NOW
        )


def test_it_goes_with_the_user(team: Company):
    from evenbook.site.personal.declared import kept_tables

    (kept,) = [each for each in kept_tables() if each.model is Pulse]
    assert kept.goes == "user" and kept.having("secret") == ("word",)


def test_operations_do_not_read_it_among_the_records(team: Company, client: Any):
    say(team, 4, "Two renewals.")
    client.force_login(team.users["olu"])
    page = client.get(f"/admin/throughput/pulse/{Pulse.objects.get().pk}/change/", follow=True)

    assert page.status_code in {200, 404} and b"Two renewals." not in page.content
