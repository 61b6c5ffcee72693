"""How a load feels: to a person, for them and those who lead them; on average in a group of five or more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.book.access import may_see_pulse_of, people_seen_by
from evenbook.kit.dates import monday_of
from evenbook.people.viewer import Viewer
from evenbook.throughput.models import Pulse
from evenbook.throughput.rules.pulse import FELT, mean_felt


@dataclass(frozen=True)
class PulseRow:
    """What a person said of a week, the Monday of which is ``week_on``."""

    week_on: date
    felt: int
    word: str

    @property
    def title(self) -> str:
        """The step of the scale, in words."""
        return FELT[self.felt]


def pulses(viewer: Viewer, person_id: int, *, until: date, weeks: int) -> tuple[PulseRow, ...]:
    """Return what a person said of the weeks up to a day, oldest first; nothing to who may not read it."""
    if not may_see_pulse_of(viewer, person_id):
        return ()
    first = monday_of(until) - timedelta(weeks=weeks - 1)
    rows = Pulse.objects.filter(person=person_id, week_on__gte=first, week_on__lte=until)
    return tuple(PulseRow(*row) for row in rows.order_by("week_on").values_list("week_on", "felt", "word"))


def felt_by_team(viewer: Viewer, *, week_on: date) -> dict[str, float]:
    """Return how a week felt on average in each team in which five or more said it, of those one may see."""
    rows = Pulse.objects.filter(week_on=week_on, person__in=people_seen_by(viewer))
    by_team: dict[str, list[int]] = {}
    for team, felt in rows.exclude(person__team="").values_list("person__team", "felt"):
        by_team.setdefault(team, []).append(felt)
    found = {team: mean_felt(given) for team, given in by_team.items()}
    return {team: mean for team, mean in found.items() if mean is not None}
