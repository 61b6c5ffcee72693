"""The team with its leave, holidays and adjustments, as it was known in a week: what each can sustain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evenbook.book.holidays import holidays_of
from evenbook.book.known import Teammate
from evenbook.book.numbers import BookNumbers
from evenbook.book.profiles import LeaveRow, adjustment_rows
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.rules.sustained import Away, More, Person, Team
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.runs.queries import Week


def team_of(
    viewer: Viewer, week: Week, people: Sequence[Teammate], away: Iterable[LeaveRow], *, years: Iterable[int]
) -> Team:
    """Return the team with its leave and holidays, and the adjustments known in a shown week."""
    capacity, numbers = week.policy.of(CapacityNumbers), week.policy.of(BookNumbers)
    years = tuple(years)
    regions = {each.region for each in people if each.region}
    more = adjustment_rows(viewer, None, before=week.ends_at)
    return Team(
        [
            Person(
                each.id, each.started_on, each.left_on, each.working_share, each.monthly_hours, each.region
            )
            for each in people
        ],
        [Away(each.person_id, each.first_on, each.last_on, each.cover_id) for each in away],
        [More(each.person_id, each.first_on, each.last_on, each.hours) for each in more],
        holidays={region: holidays_of(numbers, region, years) for region in regions},
        works=frozenset(week.policy.of(OrganizationNumbers).working_days),
        monthly_hours=capacity.monthly_hours,
        ramp=[(step.from_day, step.share) for step in capacity.ramp],
    )
