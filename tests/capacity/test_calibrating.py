"""Calibrations as they are kept and adopted: once, by operations, on the policy that they began from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from evenbook.book.models import Person
from evenbook.capacity.actions.calibration import (
    CalibrationGone,
    CalibrationNotYours,
    CalibrationRefused,
    Found,
    WeightNotPositive,
    adopt,
    keep,
)
from evenbook.capacity.models import Calibration, CalibrationEffect
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.calibration import calibration, calibrations, effects, last_adopted
from evenbook.capacity.rules.proposal import CeilingFound, Effect, Proposal, TierHours, Weight
from evenbook.people.models import AuditEntry
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.actions import adopt as adopt_policy
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import PolicyRefused, to_document
from evenbook.throughput.numbers import ThroughputNumbers

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
DAY = date(2026, 3, 9)
OLU = Viewer(user_id=None, mail="", name="Olu", role="operations")
LEADER = Viewer(user_id=None, mail="", name="Lena", role="leader")
REGULATED = Weight("regulated", "Regulated", "yes", 1.1, 1.42, 1.3, 1.6, 0.2, 40, 1.42)
CEILING = CeilingFound("enterprise", "score", 12, 9.2, 8.8, 9.6, -2.0, 6, 300, False, 9.0, "")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def policy(db: None) -> int:
    return ensure_first(NOW - timedelta(days=90))


def proposed(*weights: Weight, **more: object) -> Proposal:
    hours = (TierHours(1, 8, 9, 9.0, 8, 10, 5),) if weights else ()
    return Proposal("", 8, 200, 180, 6, {}, 0.9, 0.3, weights=weights, base_hours=hours, **more)


def found(
    proposal: Proposal | None = None, *effect: Effect, day: date = DAY, version: int | None = None
) -> Found:
    return Found(
        day, version or latest().number, proposal or proposed(REGULATED, ceilings=(CEILING,)), effect
    )


def test_adopting_makes_the_next_version_with_the_weights_the_ceilings_and_centering():
    number = keep(found(), by=OLU, now=NOW)
    before = latest().number

    assert adopt(number, by=OLU, now=NOW) == before + 1 == latest().number
    numbers = latest().policy.of(CapacityNumbers)
    assert (
        numbers.centered
        and {(row.factor, row.level): row.multiplier for row in numbers.multipliers}["regulated", "yes"]
        == 1.42
    )
    assert numbers.base_hours[0].hours == 9.0 and numbers.base_hours[1].hours == 2.4
    assert latest().policy.of(ThroughputNumbers).ceilings[0].a_week == 9.0
    row = calibration(OLU, number)
    assert (row.state, row.adopted_by, row.adopted_version, row.waits) == (
        "adopted",
        "Olu",
        before + 1,
        False,
    )
    assert {each.what for each in AuditEntry.objects.all()} >= {
        "calibration.made",
        "calibration.adopted",
        "policy.adopted",
    }


def test_keeping_and_adopting_again_changes_nothing():
    first = keep(found(), by=OLU, now=NOW)
    assert keep(found(), by=OLU, now=NOW + timedelta(hours=1)) == first
    version = adopt(first, by=OLU, now=NOW)
    assert adopt(first, by=OLU, now=NOW) == version == latest().number
    assert Calibration.objects.count() == 1


def test_a_later_calibration_replaces_one_that_waits_and_only_one_ever_waits():
    first = keep(found(), by=OLU, now=NOW)
    second = keep(found(proposed(replace(REGULATED, proposed=1.5))), by=OLU, now=NOW)
    assert [(each.id, each.state) for each in calibrations(OLU)] == [
        (second, "proposed"),
        (first, "superseded"),
    ]
    with pytest.raises(CalibrationRefused, match="later calibration"):
        adopt(first, by=OLU, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Calibration.objects.filter(pk=first).update(state="proposed")


def test_a_policy_that_has_changed_since_refuses_and_says_so():
    number = keep(found(), by=OLU, now=NOW)
    document = to_document(latest().policy)
    document["capacity"]["monthly_hours"] = 110
    adopt_policy(document, by=OLU, note="Less.", now=NOW)

    with pytest.raises(CalibrationRefused, match="The policy has changed since"):
        adopt(number, by=OLU, now=NOW)
    row = calibration(OLU, number)
    assert row.is_outdated and not row.waits and row.stands == "The policy has changed since"
    assert latest().policy.of(CapacityNumbers).centered is False


@pytest.mark.parametrize("bad", [0.0, -0.4])
def test_a_weight_of_zero_or_below_is_refused_and_nothing_changes(bad: float):
    number, before = keep(found(proposed(replace(REGULATED, proposed=bad))), by=OLU, now=NOW), latest().number
    with pytest.raises(WeightNotPositive, match="a weight is above 0"):
        adopt(number, by=OLU, now=NOW)
    assert latest().number == before and calibration(OLU, number).state == "proposed"


def test_a_value_that_the_policy_does_not_take_is_refused_in_its_words():
    number = keep(found(proposed(replace(REGULATED, proposed=9.0))), by=OLU, now=NOW)
    with pytest.raises(PolicyRefused, match="regulated,yes"):
        adopt(number, by=OLU, now=NOW)


def test_a_role_is_found_however_it_is_called_and_one_that_is_gone_is_said():
    document = to_document(latest().policy)
    document["throughput"]["ceilings"][0]["role"] = "CSM, [large]"
    adopt_policy(document, by=OLU, note="Renamed.", now=NOW)
    named = proposed(ceilings=(replace(CEILING, role="CSM, [large]"),))
    adopt(keep(found(named), by=OLU, now=NOW), by=OLU, now=NOW)
    assert latest().policy.of(ThroughputNumbers).ceilings[0].a_week == 9.0
    with pytest.raises(CalibrationRefused, match="has no value throughput.ceilings"):
        adopt(
            keep(found(proposed(ceilings=(replace(CEILING, role="gone"),))), by=OLU, now=NOW), by=OLU, now=NOW
        )


def test_only_operations_keep_and_adopt_and_what_is_not_there_is_said():
    with pytest.raises(CalibrationNotYours):
        keep(found(), by=LEADER, now=NOW)
    number = keep(found(), by=OLU, now=NOW)
    with pytest.raises(CalibrationNotYours):
        adopt(number, by=LEADER, now=NOW)
    with pytest.raises(CalibrationGone):
        adopt(number + 1, by=OLU, now=NOW)
    assert calibration(LEADER).may_adopt is False and calibration(OLU).may_adopt is True


def test_a_calibration_that_proposes_nothing_is_kept_and_can_not_be_adopted():
    number = keep(found(Proposal("No hours were logged.", 8)), by=OLU, now=NOW)
    assert calibration(OLU, number).stands == "Nothing to adopt"
    with pytest.raises(CalibrationRefused, match="proposes nothing"):
        adopt(number, by=OLU, now=NOW)


def test_hours_that_an_adopted_calibration_read_already_are_said():
    first = keep(found(), by=OLU, now=NOW)
    adopt(first, by=OLU, now=NOW)
    soon = keep(
        found(proposed(replace(REGULATED, proposed=1.6)), day=DAY + timedelta(weeks=4)), by=OLU, now=NOW
    )
    assert last_adopted(OLU, calibration(OLU, soon)) == DAY
    late = keep(
        found(proposed(replace(REGULATED, proposed=1.7)), day=DAY + timedelta(weeks=8)), by=OLU, now=NOW
    )
    assert last_adopted(OLU, calibration(OLU, late)) is None


def test_effects_are_kept_by_person_and_go_with_them():
    ben = Person.objects.create(key="ben", name="Ben Adler", team="North")
    ada = Person.objects.create(key="ada", name="Ada Lind", team="North")
    given = (Effect(ben.pk, 12, 100.0, 80.0, 95.0), Effect(ada.pk, 3, 0.0, 10.0, 9.0))
    number = keep(found(None, *given), by=OLU, now=NOW)

    seen = effects(replace(SYSTEM, worked_out={}), number)
    assert [(each.key, each.now, each.then) for each in seen.people] == [
        ("ben", 0.8, 0.95),
        ("ada", None, None),
    ]
    assert (seen.everybody.hours_now, seen.everybody.hours_then, seen.everybody.people) == (90.0, 104.0, 2)
    assert [(each.name, each.people) for each in seen.teams] == [("North", 2)]
    ben.delete()
    assert CalibrationEffect.objects.count() == 1
