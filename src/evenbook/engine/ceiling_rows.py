"""Weeks of people, ready to be fitted: hinges at every place tried, and how noisy each week is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Flags, Floats, Places

STEP = 0.5
"""Interactions between two places tried."""
OUTER = 0.05
"""Share of the weeks that lie past the outermost places on either side."""
MOST_PLACES = 80
ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Rows:
    """One row a person and week, by person.

    Attributes:
        volume, quality: as given.
        person: 0, 1, 2 ..., in order.
        first: the first row of each person.
        places: ceilings tried.
        past: rows by places + 1, interactions past each; the last column, no ceiling, is 0.
        noise: relative variance of a row's quality.
        likely: rows by 3, what makes an escalation likely: 1, volume, volume over the person's own mean.
    """

    volume: Floats
    quality: Floats
    person: Places
    first: npt.NDArray[np.intp]
    places: Floats
    past: Floats
    noise: Floats
    likely: Floats

    def near(self, kept: Flags) -> Rows:
        """Return the rows with some of the places; the last column stays."""
        return replace(self, places=self.places[kept], past=self.past[:, np.append(kept, True)])

    def by_person(self, values: Floats) -> Floats:
        """Return sums within each person, column by column."""
        sums: Floats = np.add.reduceat(values, self.first, axis=0)
        return sums


def rows(volume: Floats, quality: Floats, person: Places) -> Rows | None:
    """Return the rows by person, or None where volumes do not differ enough to try a place.

    Args:
        volume, quality: known.
        person: 0, 1, 2 ..., each with a row.
    """
    order = np.argsort(person, kind="stable")
    volume, quality, person = volume[order], quality[order], person[order]
    places = _places(volume)
    own = volume - (np.bincount(person, volume) / np.bincount(person))[person]
    if places.size < 3 or not float(own.std()) > 0.0 or not float(quality.std()) > 0.0:
        return None
    past = np.maximum(volume[:, None] - places, 0.0)
    likely = [np.ones(volume.size), (volume - volume.mean()) / volume.std(), own / own.std()]
    return Rows(
        volume=volume,
        quality=quality,
        person=person,
        first=np.flatnonzero(np.diff(person, prepend=-1)),
        places=places,
        past=np.concatenate([past, np.zeros((volume.size, 1))], axis=1),
        noise=_noise(volume, quality, person),
        likely=np.stack(likely, axis=1),
    )


def _places(volume: Floats) -> Floats:
    """Return the places tried, in steps that keep their number in bounds for absurd volumes too."""
    low, high = np.quantile(volume, [OUTER, 1.0 - OUTER])
    step = max(STEP, float(high - low) / MOST_PLACES)
    places: Floats = np.arange(np.floor(low / step), np.floor(high / step) + 1.0) * step
    return places


def _noise(volume: Floats, quality: Floats, person: Places) -> Floats:
    """Return the variance of each row, a steady part and one that falls with the volume.

    Read from what is left when every person and every volume has a mean of its own, so that it
    depends on no shape of the fall.
    """
    step = max(1.0, float(np.ptp(volume)) / MOST_PLACES)
    place = np.unique(np.round(volume / step), return_inverse=True)[1].reshape(-1)
    people, volumes = np.bincount(person), np.bincount(place)
    own, common = np.zeros(people.size), np.zeros(volumes.size)
    for _ in range(ROUNDS):
        own = np.bincount(person, quality - common[place]) / people
        common = np.bincount(place, quality - own[person]) / volumes
    square = (quality - own[person] - common[place]) ** 2
    parts = np.stack([np.ones(volume.size), 1.0 / np.maximum(volume, 1.0)], axis=1)
    steady, falling = np.linalg.lstsq(parts, square, rcond=None)[0]
    if falling < 0.0:
        steady, falling = float(square.mean()), 0.0
    if steady < 0.0:
        steady, falling = 0.0, float(parts[:, 1] @ square / (parts[:, 1] @ parts[:, 1]))
    least = 1e-6 * float(quality.var())
    noise: Floats = np.maximum(parts @ np.array([steady, falling]), least)
    return noise
