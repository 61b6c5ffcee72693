"""Figures of single people go after the months of policy; those of many stay."""

from __future__ import annotations

from datetime import date

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company
from tests.throughput.test_books import kept

from evenbook.capacity.models import Calibration, CalibrationEffect
from evenbook.kit.dates import months_before
from evenbook.measures.models import MeasureValue
from evenbook.throughput.models import Pulse


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 9), 13, date(2025, 2, 9)), (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 13, date(2023, 2, 28)), (date(2026, 1, 31), 12, date(2025, 1, 31)),
        (date(2024, 3, 29), 1, date(2024, 2, 29)), (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_months_are_months_of_the_calendar(day: date, months: int, before: date):
    assert months_before(day, months) == before


def test_what_is_older_than_the_months_of_policy_goes_with_the_next_run(db: None):
    team: Company = company.build(8)
    edge = months_before(AS_OF, 13)
    for kind, subject in (("csm", "ben"), ("team", "North"), ("all", "all")):
        for day in (date(2024, 1, 1), edge):
            MeasureValue.objects.create(
                run=team.run,
                measure="sentiment",
                as_of=day,
                subject_kind=kind,
                subject=subject,
                value=1,
                count=1,
            )
    for day in (date(2024, 1, 1), edge):
        Pulse.objects.create(
            person=team.people["ben"], user=team.users["ben"], week_on=day, felt=3, said_at=NOW
        )
    for day in (date(2024, 1, 1), edge):
        made = Calibration.objects.create(
            as_of=day, policy_version=1, made_at=NOW, made_by="Olu", contents={}, state="nothing"
        )
        CalibrationEffect.objects.create(
            calibration=made,
            person=team.people["ben"],
            accounts=1,
            capacity_hours=1,
            hours_now=1,
            hours_then=1,
        )
    kept(team)

    old = MeasureValue.objects.filter(measure="sentiment", as_of=date(2024, 1, 1))
    assert set(old.values_list("subject_kind", flat=True)) == {"team", "all"}
    assert MeasureValue.objects.filter(measure="sentiment", as_of=edge).count() == 3
    assert [each.calibration.as_of for each in CalibrationEffect.objects.all()] == [edge]
    assert list(Pulse.objects.values_list("week_on", flat=True)) == [edge]
