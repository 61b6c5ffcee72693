"""People whose loads wander, of whom every second gives accounts away, which may take effect."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from tests.pages.company import AS_OF, Company, known

from evenbook.book.models import Ownership, Person
from evenbook.measures.models import MeasureValue
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import Week, week
from evenbook.throughput.actions.outcomes import keep_outcomes
from evenbook.throughput.models import EventEffect
from evenbook.throughput.rules.outcomes import MOVED

WEEKS = 60
EVENT = 40
"""The week, of sixty, in which half of the people give accounts away."""

DAYS = [AS_OF - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
MANY = 24


def shown() -> Week:
    found = week(SYSTEM)
    assert found is not None
    return found


def moves(team: Company, giver: Person, on: date, count: int) -> None:
    """Let a person own accounts from long ago and give them to another on a day."""
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    for account in team.accounts[:count]:
        for person, when in ((giver, at - timedelta(days=1)), (team.people["chidi"], at)):
            Ownership.objects.create(
                account=account,
                person=person,
                source="sample",
                **{**known(), "happened_at": when, "known_at": when},
            )


def many(team: Company, *, effect: float) -> list[Person]:
    """Let there be people whose loads wander, of whom every second gives accounts away, which takes effect."""
    rng = np.random.default_rng(1)
    people = [
        Person.objects.create(key=f"p-{number:02d}", name=f"Person {number}", role="csm", team="East")
        for number in range(MANY)
    ]
    values = []
    for number, person in enumerate(people):
        loads = 1.0 + rng.normal(0, 0.05, WEEKS)
        loads[EVENT:] += effect if number % 2 else 0.0
        for day, load in zip(DAYS, loads, strict=True):
            for measure, value in (("effort_load", load), ("nrr", 1.0 - 0.2 * load + rng.normal(0, 0.005))):
                values.append(
                    MeasureValue(
                        run=team.run, measure=measure, as_of=day, subject_kind="csm", subject=person.key,
                        value=float(value), count=5,
                    )
                )  # fmt: skip
    MeasureValue.objects.bulk_create(values)
    for person in people[1::2]:
        moves(team, person, DAYS[EVENT] - timedelta(days=2), 3)
    return people


def kept(event: str = MOVED, measure: str = "effort_load") -> EventEffect:
    keep_outcomes(SYSTEM, shown())
    return EventEffect.objects.get(event=event, measure=measure)
