"""What the detector carries from one week to the next, and how it is put away and taken out.

The carry is small: sixteen weeks of counts an account, what the account usually does,
how noisy it is, and when it last raised an alarm; beside it a dozen numbers of the
fleet. The history of two years is the same step taken 104 times, so a state that was
stored and read back gives bit for bit what a full recompute gives.

Accounts are kept in ascending order of their id. Sums over the fleet run in that order
over the accounts that were seen, so it does not matter who is waiting to join.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.engine.detector_params import RING_WEEKS, DetectorParams
from evenbook.engine.fleet_estimates import DISPERSION_START, SEASON_SPREAD, WANDER_START, Dispersion
from evenbook.engine.null_thresholds import NEVER, NullFleet, Thresholds

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]
Weeks = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class FleetNumbers:
    """What the fleet as a whole carries.

    ``week`` counts weeks from any fixed Monday; each step takes the next one.
    ``index`` is the season's index of the last sixteen weeks, at ``week % 16``.
    """

    week: int
    index: tuple[float, ...] = (1.0,) * RING_WEEKS
    index_variance: float = SEASON_SPREAD**2
    dispersion: Dispersion = Dispersion(DISPERSION_START, 0.0)
    wander: float = WANDER_START
    wander_total: float = 0.0
    wander_weight: float = 0.0
    null: NullFleet | None = None
    thresholds: Thresholds | None = None

    def to_numbers(self) -> dict[str, Any]:
        """Return the numbers as plain values that JSON can hold without loss."""
        return asdict(self)

    @classmethod
    def from_numbers(cls, plain: dict[str, Any]) -> FleetNumbers:
        """Return the numbers that ``to_numbers`` put away."""
        null, thresholds = plain["null"], plain["thresholds"]
        return replace(
            cls(**plain),
            index=tuple(plain["index"]),
            dispersion=Dispersion(**plain["dispersion"]),
            null=NullFleet(**dict(null, params=DetectorParams(**null["params"]))) if null else None,
            thresholds=Thresholds(**{name: tuple(row) for name, row in thresholds.items()})
            if thresholds
            else None,
        )


@dataclass(frozen=True, slots=True)
class FleetState:
    """The carry: one entry an account, ascending by id; ``fleet`` for all together.

    Attributes:
        accounts: ids, ascending, unique.
        counts: 16 by accounts; users of the week at row ``week % 16``.
        seen: 16 by accounts; whether that week was delivered. Not seen is not zero.
        level: users a week that are usual, the season taken out, up to 8 weeks ago.
        level_weeks: what that level is worth in weeks.
        noise_sum, noise_base, noise_weeks: sums from which the own dispersion is read.
        score: signed score of the four-week window last week; 0 before the first.
        since_fall, since_rise: weeks since the last alarm; ``NEVER`` without one, or once the
            account was back at its level.
        weeks_seen: weeks delivered so far.
        zero_weeks: delivered weeks without a user, in a row, up to now.
    """

    accounts: Ids
    counts: Counts
    seen: Flags
    level: Floats
    level_weeks: Floats
    noise_sum: Floats
    noise_base: Floats
    noise_weeks: Floats
    score: Floats
    since_fall: Weeks
    since_rise: Weeks
    weeks_seen: Weeks
    zero_weeks: Weeks
    fleet: FleetNumbers

    @classmethod
    def before(cls, week: int) -> FleetState:
        """Return the state of a fleet without accounts, whose first step is ``week``."""
        return _fresh(np.empty(0, dtype=np.int64), FleetNumbers(week=week - 1))

    def holding(self, accounts: Ids) -> FleetState:
        """Return the state with the given accounts added; those it holds stay as they are.

        Raises:
            ValueError: ``accounts`` is not ascending and unique.
        """
        if accounts.size and not bool(np.all(np.diff(accounts) > 0)):
            raise ValueError("Accounts must be ascending and unique.")
        if np.array_equal(accounts, self.accounts):
            return self
        every = np.union1d(self.accounts, accounts)
        if every.size == self.accounts.size:
            return self
        grown = _fresh(every, self.fleet)
        places = np.searchsorted(every, self.accounts)
        for name in PER_ACCOUNT:
            getattr(grown, name)[..., places] = getattr(self, name)
        return grown

    def without(self, accounts: Ids) -> FleetState:
        """Return the state without accounts that are gone for good."""
        keep = ~np.isin(self.accounts, accounts)
        kept: dict[str, Any] = {
            name: np.ascontiguousarray(getattr(self, name)[..., keep]) for name in PER_ACCOUNT
        }
        return replace(self, accounts=self.accounts[keep], **kept)

    def to_columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return one column an attribute, one row an account; the rings are spread out."""
        columns: dict[str, npt.NDArray[Any]] = {"account": self.accounts}
        for name in PER_ACCOUNT:
            held = getattr(self, name)
            if held.ndim == 1:
                columns[name] = held
            else:
                columns |= {f"{name}_{row:02d}": held[row] for row in range(RING_WEEKS)}
        return columns

    @classmethod
    def from_columns(cls, columns: dict[str, npt.NDArray[Any]], fleet: FleetNumbers) -> FleetState:
        """Return the state that ``to_columns`` and ``fleet.to_numbers`` put away; any row order."""
        order = np.argsort(columns["account"], kind="stable")
        state = _fresh(np.asarray(columns["account"], dtype=np.int64)[order], fleet)
        for name in PER_ACCOUNT:
            held = getattr(state, name)
            if held.ndim == 1:
                held[:] = np.asarray(columns[name])[order]
                continue
            for row in range(RING_WEEKS):
                held[row] = np.asarray(columns[f"{name}_{row:02d}"])[order]
        return state


PER_ACCOUNT = tuple(field.name for field in fields(FleetState) if field.name not in ("accounts", "fleet"))


def _fresh(accounts: Ids, fleet: FleetNumbers) -> FleetState:
    """Return a state in which no account has been seen yet."""
    size = accounts.size
    return FleetState(
        accounts=accounts,
        counts=np.zeros((RING_WEEKS, size), dtype=np.float32),
        seen=np.zeros((RING_WEEKS, size), dtype=np.bool_),
        since_fall=np.full(size, NEVER, dtype=np.int32),
        since_rise=np.full(size, NEVER, dtype=np.int32),
        weeks_seen=np.zeros(size, dtype=np.int32),
        zero_weeks=np.zeros(size, dtype=np.int32),
        fleet=fleet,
        **{name: np.zeros(size) for name in FLOATS},
    )


FLOATS = ("level", "level_weeks", "noise_sum", "noise_base", "noise_weeks", "score")
