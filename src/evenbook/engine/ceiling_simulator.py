"""Made-up teams whose quality falls past a weekly volume, or does not, to measure ``ceiling`` on.

Each seed draws how many interactions people have a week and how much these vary, people's own
quality, and where the ceiling lies; none of it is told. The noise of a week's quality falls with
the root of its volume. With *escalations*, some weeks of each person bring more interactions and
at the same time lower quality, whatever the volume: heavy weeks are worse, and no ceiling is the cause.

The ranges were written down before the fit was tuned, and are part of the bench's definition.

Pure: a seed in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

USUAL = (7.5, 10.5)
"""Range of a team's mean interactions a week."""
USUAL_SPREAD = 1.5
CEILING_AT = (0.45, 0.7)
"""Share of the weeks that lie below the ceiling."""
QUALITY, QUALITY_SPREAD = 75.0, 5.0
NOISE = 12.0
ESCALATIONS = (0.08, 0.25)
ESCALATION_EXTRA = (2.0, 5.0)
ESCALATION_LOSS = (3.0, 9.0)


@dataclass(frozen=True, slots=True)
class TeamKind:
    """What sort of team is made.

    Attributes:
        people, weeks: how many of each.
        slope: points of quality lost with each interaction past the ceiling, negative; 0 is no ceiling.
        escalations: whether escalation weeks confound.
    """

    people: int = 20
    weeks: int = 52
    slope: float = -1.5
    escalations: bool = False


@dataclass(frozen=True, slots=True)
class MadeTeam:
    """A team with its truth: one row a person and week; ``ceiling`` is None where there is none."""

    volume: Floats
    quality: Floats
    person: Places
    ceiling: float | None


def make_team(kind: TeamKind, *, seed: int) -> MadeTeam:
    """Return the team of this seed."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(kind.people), kind.weeks)
    usual = np.maximum(rng.uniform(*USUAL) + USUAL_SPREAD * rng.standard_normal(kind.people), 3.0)
    escalated = np.zeros(person.size, dtype=np.bool_)
    extra, loss = rng.uniform(*ESCALATION_EXTRA), rng.uniform(*ESCALATION_LOSS)
    if kind.escalations:
        escalated = rng.uniform(size=person.size) < rng.uniform(*ESCALATIONS)
    volume = 1.0 * rng.poisson(usual[person] + extra * escalated)
    place = float(np.quantile(volume, rng.uniform(*CEILING_AT)) + rng.uniform(-0.5, 0.5))
    quality = (QUALITY + QUALITY_SPREAD * rng.standard_normal(kind.people))[person]
    quality = quality + kind.slope * np.maximum(volume - place, 0.0) - loss * escalated
    quality = quality + NOISE / np.sqrt(np.maximum(volume, 1.0)) * rng.standard_normal(person.size)
    return MadeTeam(volume, quality, person, place if kind.slope < 0.0 else None)
