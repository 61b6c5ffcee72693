"""The accounts of a calibration as columns: which levels they have, what logged them, what is known before.

In each factor one level is the *reference*: the one whose default is exactly 1, the most frequent
if there are several. It stays at 1, since hours tell how levels compare and not what each is by
itself. A factor without such a level has none; its levels are then held by their defaults alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import UnusableArrays, floats, labels, same_length

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Design:
    """Accounts with known hours and exposure.

    Attributes:
        hours: logged, 0 where none were.
        offset: logarithm of the weeks.
        columns: accounts by 1 + free levels; the first is all ones.
        center: logarithms of the defaults of the free levels.
        free: factor and level of each.
        person: place of the person.
        persons: how many there are.
    """

    hours: Floats
    offset: Floats
    columns: Floats
    center: Floats
    free: tuple[tuple[int, int], ...]
    person: Places
    persons: int

    @property
    def logged(self) -> Flags:
        """Return which accounts have hours."""
        return self.hours > 0.0

    def part(self, chosen: Flags) -> Design:
        """Return the chosen accounts with their people."""
        names, person = np.unique(self.person[chosen], return_inverse=True)
        return replace(
            self,
            hours=self.hours[chosen],
            offset=self.offset[chosen],
            columns=self.columns[chosen],
            person=person.reshape(-1).astype(np.int64),
            persons=names.size,
        )

    def held(self, logs: Floats) -> Design:
        """Return the design with nothing free: the levels have these log-multipliers."""
        return replace(
            self,
            offset=self.offset + self.columns[:, 1:] @ logs,
            columns=self.columns[:, :1],
            center=np.zeros(0),
            free=(),
        )


def design(
    hours: npt.ArrayLike,
    exposure_weeks: npt.ArrayLike,
    levels: npt.ArrayLike,
    defaults: Sequence[npt.ArrayLike],
    *,
    person: npt.ArrayLike,
) -> Design:
    """Return the accounts that can be learned from: hours are known, and they were watched for a time.

    Raises:
        UnusableArrays: shapes do not fit, hours are negative, a default is not above 0, or a level
            is not among the defaults of its factor.
    """
    worked = floats("hours", hours, at_least=0.0)
    weeks = floats("exposure_weeks", exposure_weeks, at_least=0.0)
    centers = [_center(factor, given) for factor, given in enumerate(defaults)]
    tagged = _tagged(levels, centers)
    owner = labels("person", person)
    same_length(hours=worked, exposure_weeks=weeks, levels=tagged, person=owner)
    known = np.isfinite(worked) & (np.nan_to_num(weeks) > 0.0)
    free = _free(centers, tagged)
    ones = [np.ones(worked.size)]
    columns = np.stack([*ones, *((tagged[:, factor] == level) * 1.0 for factor, level in free)], axis=1)
    center = np.array([centers[factor][level] for factor, level in free])
    with np.errstate(divide="ignore"):
        every = Design(worked, np.log(weeks), columns, center, free, owner, 0)
    return every.part(known)


def _center(factor: int, given: npt.ArrayLike) -> Floats:
    defaults = floats(f"defaults of factor {factor}", given)
    if not defaults.size or not bool((defaults > 0.0).all()):
        raise UnusableArrays(
            f"Factor {factor} has no default above 0 for each of its levels.",
            fix="Give every level a multiplier above 0; 1 changes nothing.",
        )
    return np.log(defaults)


def _tagged(levels: npt.ArrayLike, centers: Sequence[Floats]) -> Places:
    given = np.asarray(levels)
    if given.size == 0:
        given = given.reshape(-1, len(centers)) if centers else np.zeros((given.shape[0], 0))
    tagged = floats("levels", given, ndim=2)
    if tagged.shape[1] != len(centers):
        raise UnusableArrays(
            f"levels has {tagged.shape[1]} factors and defaults has {len(centers)}.",
            fix="Give one column of levels for each factor that has defaults.",
        )
    for factor, center in enumerate(centers):
        if not bool(np.isin(tagged[:, factor], np.arange(center.size)).all()):
            raise UnusableArrays(
                f"Factor {factor} has levels other than 0 to {center.size - 1}.",
                fix="A level is its place among the factor's defaults, counted from 0.",
            )
    return tagged.astype(np.int64)


def _free(centers: Sequence[Floats], tagged: Places) -> tuple[tuple[int, int], ...]:
    """Return factor and level of all levels but the references."""
    free: list[tuple[int, int]] = []
    for factor, center in enumerate(centers):
        often = np.bincount(tagged[:, factor], minlength=center.size)
        neutral = np.flatnonzero(center == 0.0)
        reference = int(neutral[np.argmax(often[neutral])]) if neutral.size else -1
        free += [(factor, level) for level in range(center.size) if level != reference]
    return tuple(free)
