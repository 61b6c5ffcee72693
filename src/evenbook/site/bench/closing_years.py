"""Invented years of CSMs: loops that come due, most of them closed, with or without an overload.

A week has so many loops due as the person's pace, the quarter's end and chance give it. Each is closed in
its week with the person's own probability, which a week's luck moves; what is not closed then is caught up
a week later, or the week after, with another one. On leave nothing falls due, for the cover has it, nothing
is caught up, and the first week back has more than the usual due.

An overload begins in a known week. From then on the person writes less and less: what is closed in its week
falls by the *depth* over the weeks of the *fall*, and the catching up falls faster, for it is what people
drop first. The *wave* is the first week in which more loops are overdue than policy's limit: what everybody
sees. Its distance from the onset follows from these numbers and is reported; it is not put in by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from evenbook.closures.rules.warning import ClosingWeek

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.float64]

BEGINS_ON = date(2024, 1, 7)
QUARTER, BURST_WEEKS = 13, 2
NEVER = 10_000


@dataclass(frozen=True, slots=True)
class YearKind:
    """What is made up. Probabilities are by loop and week; a pair is the ends of an even draw.

    Attributes:
        people: how many CSMs.
        weeks: of each, with the weeks of the first base.
        pace: loops due a week.
        closes: the probability that one is closed in its week.
        catches_up: that one is closed in a later week.
        luck: the spread of a week's luck, of the logit of ``closes``.
        burst: how much more is due at a quarter's end.
        leaves: how many leaves of one or two weeks a year.
        onset: the weeks in which an overload begins; nobody has one where it is None.
        fall: over how many weeks the writing falls off.
        depth: by how much of it, in the end.
    """

    people: int
    weeks: int = 64
    pace: tuple[float, float] = (9.0, 21.0)
    closes: tuple[float, float] = (0.88, 0.98)
    catches_up: tuple[float, float] = (0.35, 0.65)
    luck: float = 0.35
    burst: float = 1.35
    leaves: float = 3.0
    onset: tuple[int, int] | None = None
    fall: tuple[float, float] = (6.0, 6.0)
    depth: tuple[float, float] = (0.25, 0.45)


@dataclass(frozen=True, slots=True)
class MadeYears:
    """Weeks by people: what was due, what of it is missing, what is overdue; and when the overload began."""

    due: Whole
    closed: Whole
    overdue: Whole
    by_age: Whole
    is_away: npt.NDArray[np.bool_]
    onset: Whole

    def weeks_of(self, person: int, *, window: int) -> list[ClosingWeek]:
        """Return one person's weeks; the share is of so many weeks."""
        found = []
        for week in range(self.due.shape[0]):
            first = max(0, week - window + 1)
            found.append(
                ClosingWeek(
                    as_of=BEGINS_ON + timedelta(weeks=week),
                    opened=int(self.due[week, person]),
                    closed=int(self.closed[week, person]),
                    overdue=int(self.overdue[week, person]),
                    due=int(self.due[first : week + 1, person].sum()),
                    missing=int(self.by_age[week, :window, person].sum()),
                    is_away=bool(self.is_away[week, person]),
                )
            )
        return found

    def waves(self, limit: int) -> Whole:
        """Return the week of each person's wave, ``NEVER`` where none comes after the onset."""
        over = self.overdue > limit
        over &= np.arange(over.shape[0])[:, None] >= self.onset
        return np.where(over.any(axis=0), over.argmax(axis=0), NEVER)


def make_years(kind: YearKind, *, seed: int) -> MadeYears:
    """Return the years of these people, the same for the same seed."""
    rng = np.random.default_rng(seed)
    weeks, people = kind.weeks, kind.people
    pace, closes = rng.uniform(*kind.pace, people), rng.uniform(*kind.closes, people)
    catches_up = rng.uniform(*kind.catches_up, people)
    onset = rng.integers(*kind.onset, people) if kind.onset else np.full(people, NEVER)
    fallen = _fallen(kind, onset, rng)
    is_away = _away(kind, rng)
    back = np.zeros_like(is_away)
    back[1:] = is_away[:-1] & ~is_away[1:]
    place = (np.arange(weeks)[:, None] + rng.integers(0, QUARTER, people)) % QUARTER
    busy = np.where(place < BURST_WEEKS, kind.burst, 1.0) * np.where(back, 1.5, 1.0)
    due = np.where(is_away, 0, rng.poisson(pace * busy)).astype(np.int64)
    luck = rng.normal(0.0, kind.luck, (weeks, people)) - 0.35 * (busy > 1.0)
    in_week = _moved(closes, luck) * (1.0 - fallen)
    later = np.where(is_away, 0.0, catches_up * np.clip(1.0 - 2.0 * fallen, 0.0, 1.0))
    return _played(due, in_week, later, is_away=is_away, onset=onset, rng=rng)


def _fallen(kind: YearKind, onset: Whole, rng: np.random.Generator) -> Number:
    """Return by how much of the usual the writing has fallen: weeks by people, 0 before the onset."""
    depth, fall = rng.uniform(*kind.depth, kind.people), rng.uniform(*kind.fall, kind.people)
    since = np.arange(kind.weeks)[:, None] - onset + 1
    fallen: Number = depth * np.clip(since / fall, 0.0, 1.0)
    return fallen


def _away(kind: YearKind, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    is_away = np.zeros((kind.weeks, kind.people), dtype=np.bool_)
    for person, count in enumerate(rng.poisson(kind.leaves * kind.weeks / 52, kind.people)):
        for first in rng.integers(0, kind.weeks, count):
            is_away[first : first + rng.integers(1, 3), person] = True
    return is_away


def _moved(share: Number, luck: Number) -> Number:
    """Return a share moved by so much of its logit."""
    moved: Number = 1.0 / (1.0 + (1.0 / share - 1.0) * np.exp(-luck))
    return moved


def _played(
    due: Whole,
    in_week: Number,
    later: Number,
    *,
    is_away: npt.NDArray[np.bool_],
    onset: Whole,
    rng: np.random.Generator,
) -> MadeYears:
    """Return what stays open when each week's loops meet the person's writing."""
    weeks, people = due.shape
    by_age = np.zeros((weeks, weeks, people), dtype=np.int64)
    closed = np.zeros_like(due)
    waiting = np.zeros((weeks, people), dtype=np.int64)
    for week in range(weeks):
        caught = rng.binomial(waiting, later[week])
        written = rng.binomial(due[week], in_week[week])
        waiting = np.roll(waiting - caught, 1, axis=0)
        waiting[0] = due[week] - written
        closed[week] = caught.sum(axis=0) + written
        by_age[week] = waiting
    return MadeYears(due, closed, by_age.sum(axis=1), by_age, is_away, onset)
