"""Made-up people whose weeks wander about a level of their own, some with an event that answers bad weeks.

Each seed draws how far levels lie apart, how long a bad week lasts, a season that all share and how
people drift. Events follow weeks in which the figure was high, as a leader answers them: what comes
after them is lower whatever is done. The truth is what the event itself took away.

Pure: a seed in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LEVEL, SPREAD = 0.95, (0.08, 0.2)
NOISE, LASTS = (0.05, 0.12), (0.3, 0.85)
SEASON, DRIFT = (0.0, 0.06), (0.0, 0.002)
HIGH, RUN = 1.1, 2
ANSWERED = (0.15, 0.4)
"""The chance that a week which is the second high one running is answered."""

AT_RANDOM = 0.01
"""The chance of a week that an event comes whatever the weeks were, where it answers none."""


@dataclass(frozen=True, slots=True)
class MadeEvents:
    """People's weeks with their truth.

    Attributes:
        outcomes: float[people, weeks].
        event_week: int[people], -1 for none.
        effect: what the event adds to every later week, from its own on.
    """

    outcomes: Floats
    event_week: Places
    effect: float


def made_events(
    seed: int, *, people: int = 60, weeks: int = 104, effect: float = 0.0, answers: bool = True
) -> MadeEvents:
    """Return people's weeks; where ``answers``, the event follows high weeks, else it comes at random.

    Args:
        seed: of all that is drawn.
        people: rows.
        weeks: columns.
        effect: what an event adds to each week from its own on.
        answers: whether events answer high weeks.
    """
    rng = np.random.default_rng(seed)
    lasts, noise = rng.uniform(*LASTS), rng.uniform(*NOISE)
    level = LEVEL + rng.normal(0.0, rng.uniform(*SPREAD), people)
    season = rng.uniform(*SEASON) * np.sin(2 * np.pi * (np.arange(weeks) / 52 + rng.uniform()))
    drift = rng.normal(0.0, rng.uniform(*DRIFT), people)[:, None] * (np.arange(weeks) - weeks / 2)
    values = level[:, None] + season + drift + _wandering(rng.normal(0.0, noise, (people, weeks)), lasts)
    event = _answered(rng, values) if answers else _at_random(rng, people, weeks)
    after = (event[:, None] >= 0) & (np.arange(weeks) >= event[:, None])
    return MadeEvents(values + effect * after, event, effect)


def _wandering(steps: Floats, lasts: float) -> Floats:
    """Return walks that come back to 0: a share of each week lasts into the next."""
    found = steps.copy()
    found[:, 0] /= np.sqrt(1 - lasts**2)
    for week in range(1, steps.shape[1]):
        found[:, week] += lasts * found[:, week - 1]
    return found


def _answered(rng: np.random.Generator, values: Floats) -> Places:
    """Return the first answered week of each person: it follows two high ones."""
    high = values > HIGH
    due = np.zeros(values.shape, dtype=bool)
    due[:, RUN:] = high[:, :-RUN] & high[:, 1:-1]
    due &= rng.random(values.shape) < rng.uniform(*ANSWERED)
    return np.where(due.any(axis=1), due.argmax(axis=1), -1).astype(np.int64)


def _at_random(rng: np.random.Generator, people: int, weeks: int) -> Places:
    due = rng.random((people, weeks)) < AT_RANDOM
    return np.where(due.any(axis=1), due.argmax(axis=1), -1).astype(np.int64)
