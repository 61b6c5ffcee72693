"""Versions: which one a day had, who may make one, and what happens when two people do."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.policy.actions import (
    NoteMissing,
    PolicyMovedOn,
    PolicyNotYours,
    adopt,
    ensure_first,
    import_yaml,
    proposed,
)
from evenbook.policy.models import PolicyVersion
from evenbook.policy.queries import NoSuchVersion, history, in_force, last_changes, latest, version
from evenbook.policy.rules.document import PolicyRefused, to_document
from evenbook.policy.rules.yaml_file import write_yaml

pytestmark = pytest.mark.django_db

HOURS = "capacity: {monthly_hours: 110}"


def test_a_new_instance_answers_with_the_defaults_as_version_0(defaults):
    assert in_force(date(2026, 3, 9)) == (0, defaults)


def test_the_first_version_is_made_of_the_defaults_and_only_once(now, defaults):
    assert ensure_first(now) == 1
    assert ensure_first(now + timedelta(days=1)) == 1
    assert latest() == (1, defaults)
    assert PolicyVersion.objects.get().author_name == "Evenbook"


def test_a_day_before_the_first_version_has_the_first(now):
    ensure_first(now)

    assert in_force(date(2020, 1, 1)).number == 1


def test_a_past_day_keeps_the_version_that_it_had(now, operations):
    ensure_first(now)
    import_yaml(HOURS, by=operations, note="Measured.", now=now + timedelta(days=7))

    assert in_force(date(2026, 3, 15)).number == 1
    assert in_force(date(2026, 3, 16)).number == 2
    assert in_force(date(2026, 3, 16)).policy.of(CapacityNumbers).monthly_hours == 110


def test_a_version_is_in_force_on_a_day_when_it_was_adopted_before_the_day_ended_in_its_own_zone(operations):
    ensure_first(datetime(2026, 1, 1, tzinfo=UTC))
    late = datetime(2026, 3, 10, 6, 59, tzinfo=UTC)  # 23:59 of the 9th in Los Angeles
    import_yaml("organization: {time_zone: America/Los_Angeles}", by=operations, note="We moved.", now=late)
    import_yaml(HOURS, by=operations, note="Measured.", now=late + timedelta(minutes=1))

    assert in_force(date(2026, 3, 8)).number == 1
    assert in_force(date(2026, 3, 9)).number == 2
    assert in_force(date(2026, 3, 10)).number == 3


def test_a_version_keeps_its_author_note_time_and_difference(now, operations):
    ensure_first(now)

    adopted = import_yaml(HOURS, by=operations, note=" Measured in spring. ", now=now + timedelta(hours=1))
    newest = history(operations)[0]

    assert (newest.number, newest.author_name, newest.note) == (2, "Operations", "Measured in spring.")
    assert newest.adopted_at == now + timedelta(hours=1)
    assert newest.changes == adopted.changes
    assert [(each.path, each.old, each.new) for each in newest.changes] == [
        ("capacity.monthly_hours", 120, 110)
    ]


def test_a_file_that_changes_nothing_makes_no_version_and_needs_no_note(now, operations, defaults):
    ensure_first(now)

    adopted = import_yaml(write_yaml(defaults), by=operations, note="", now=now)

    assert (adopted.number, adopted.changes) == (1, ())
    assert PolicyVersion.objects.count() == 1


def test_what_a_file_leaves_out_stays_as_it_is(now, operations):
    ensure_first(now)
    import_yaml(HOURS, by=operations, note="Measured.", now=now)
    import_yaml("hotsheet: {share: 0.15}", by=operations, note="More time.", now=now)

    assert latest().policy.of(CapacityNumbers).monthly_hours == 110


def test_only_operations_may_adopt(now, leader):
    ensure_first(now)

    with pytest.raises(PolicyNotYours):
        import_yaml(HOURS, by=leader, note="Please.", now=now)
    with pytest.raises(PolicyNotYours):
        adopt({}, by=leader, note="Please.", now=now)
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_a_change_needs_a_note_that_fits(note, now, operations):
    ensure_first(now)

    with pytest.raises(NoteMissing):
        import_yaml(HOURS, by=operations, note=note, now=now)
    assert latest().number == 1


def test_a_refused_file_changes_nothing(now, operations):
    ensure_first(now)

    with pytest.raises(PolicyRefused):
        import_yaml("capacity: {monthly_hours: 110, max_multiplier: 0}", by=operations, note="x", now=now)
    assert PolicyVersion.objects.count() == 1


def test_of_two_people_who_save_at_once_the_second_is_told(now, operations):
    ensure_first(now)
    import_yaml(HOURS, by=operations, note="First.", now=now, expected_version=1)

    with pytest.raises(
        PolicyMovedOn, match="Version 2 was adopted by Operations since you began, from version 1"
    ):
        import_yaml("hotsheet: {share: 0.2}", by=operations, note="Second.", now=now, expected_version=1)
    assert PolicyVersion.objects.count() == 2


def test_a_clock_that_was_set_back_never_puts_a_version_before_the_last_one(now, operations):
    ensure_first(now)
    import_yaml(HOURS, by=operations, note="Clock was wrong.", now=now - timedelta(days=30))

    assert PolicyVersion.objects.get(number=2).adopted_at == now
    assert in_force(now.date()).number == 2


def test_a_release_that_adds_a_number_writes_it_down_as_a_version_of_its_own(now):
    ensure_first(now)
    first = PolicyVersion.objects.get()
    del first.document["capacity"]["max_multiplier"]
    first.document["capacity"]["dropped"] = 7
    first.save()

    number = ensure_first(now + timedelta(days=90))
    newest = PolicyVersion.objects.get(number=number)

    assert number == 2
    assert newest.document["capacity"]["max_multiplier"] == 3
    assert [each["path"] for each in newest.difference] == ["capacity.max_multiplier", "capacity.dropped"]
    assert ensure_first(now + timedelta(days=91)) == 2


def test_a_proposed_file_shows_what_it_would_give_and_changes_nothing(now):
    ensure_first(now)

    assert proposed(HOURS).of(CapacityNumbers).monthly_hours == 110
    assert latest().number == 1


def test_the_last_change_of_a_value_names_its_version_author_and_old_value(now, operations):
    ensure_first(now)
    document = to_document(latest().policy)
    document["capacity"]["base_hours"][0]["hours"] = 9
    adopt(document, by=operations, note="Measured.", now=now + timedelta(days=1))

    last = last_changes(operations)

    assert set(last) == {"capacity.base_hours[1].hours", "capacity.base_hours"}
    assert last["capacity.base_hours[1].hours"].old == 8
    assert last["capacity.base_hours"].number == 2
    assert last["capacity.base_hours"].author_name == "Operations"


def test_a_version_that_never_was_is_not_found(now, operations):
    ensure_first(now)

    assert version(operations, 1).number == 1
    with pytest.raises(NoSuchVersion):
        version(operations, 9)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_very_same_moment_make_one_version_and_one_is_told(now, operations):
    ensure_first(now)
    ready = threading.Barrier(2)
    outcomes: list[object] = []

    def save(hours: int) -> None:
        ready.wait()
        try:
            outcomes.append(
                import_yaml(
                    f"capacity: {{monthly_hours: {hours}}}",
                    by=operations,
                    note="Mine.",
                    now=now,
                    expected_version=1,
                ).number
            )
        except PolicyMovedOn:
            outcomes.append("told")
        finally:
            connection.close()

    people = [threading.Thread(target=save, args=(hours,)) for hours in (100, 110)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(map(str, outcomes)) == ["2", "told"]
    assert PolicyVersion.objects.count() == 2
