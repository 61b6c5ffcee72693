"""One step of the state machine: every account, one week on.

    onboarding → adopting → healthy → (declining → at risk) → (silent) → recovering → healthy

and churned. A bad state is entered when usage lies below its threshold with enough certainty, or
when the health score has lost enough points, for some weeks running; it is left at a higher one.
On entering it, the account's usual level is frozen: usage must come back to that level, so nobody
heals by getting used to a loss. After half a year of steady weeks the smaller level is taken as
the account's own by an explicit transition.

Pure: arrays in, arrays out; one entry an account.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

STATES = ("onboarding", "adopting", "healthy", "declining", "at_risk", "silent", "recovering", "churned")
ONBOARDING, ADOPTING, HEALTHY, DECLINING, AT_RISK, SILENT, RECOVERING, CHURNED = range(len(STATES))
UNKNOWN = -1
"""The state of an account before its first week."""

CAUSES = (
    "first_seen",
    "age",
    "usage",
    "points",
    "no_usage",
    "usage_back",
    "recovered",
    "rebased",
    "churned",
    "returned",
)
FIRST_SEEN, AGE, USAGE, POINTS, NO_USAGE, USAGE_BACK, RECOVERED, REBASED, CHURNED_CAUSE, RETURNED = range(
    len(CAUSES)
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When states are entered and left; the policy's numbers of the same names say why."""

    onboarding_days: int
    adoption_days: int
    declining_below: float
    declining_z: float
    at_risk_below: float
    at_risk_z: float
    leave_above: float
    declining_points: float
    at_risk_points: float
    leave_points: float
    hold_weeks: int
    recovering_weeks: int
    rebase_weeks: int
    steady_band: float
    silent_weeks: int
    silent_weeks_small: int
    small_users: float


@dataclass(frozen=True, slots=True)
class Week:
    """What one week says of each account.

    Attributes:
        active: not churned.
        age_days: days since the account's start; NaN where that is not known.
        seen, ready: usage was delivered; the detector knows its usual level.
        usual, recent: users a week, the season taken out.
        score_short: deviations of the last four weeks from the usual level.
        seen_sum, exposure, exposure_squares, dispersion: of those weeks, as the detector says.
        mean12, zero_weeks, weeks_seen: as the detector says.
        points: points off the health score.
    """

    active: Flags
    age_days: Floats
    seen: Flags
    ready: Flags
    usual: Floats
    recent: Floats
    score_short: Floats
    seen_sum: Floats
    exposure: Floats
    exposure_squares: Floats
    dispersion: Floats
    mean12: Floats
    zero_weeks: Floats
    weeks_seen: Floats
    points: Floats


@dataclass(frozen=True, slots=True)
class Standing:
    """Where each account stands, and what the machine remembers of it.

    Attributes:
        state: index into ``STATES``; ``UNKNOWN`` before the first week.
        since: the day number on which the state was entered.
        frozen: the level frozen on entering a bad state; NaN outside.
        bad_weeks, risk_weeks, well_weeks: weeks running that ask for declining (or worse), for at
            risk, and for leaving.
        steady_weeks, steady_level: weeks running at about the same level, and that level.
    """

    state: Whole
    since: Whole
    frozen: Floats
    bad_weeks: Whole
    risk_weeks: Whole
    well_weeks: Whole
    steady_weeks: Whole
    steady_level: Floats

    @classmethod
    def unknown(cls, size: int) -> Standing:
        """Return the standing of accounts that were not seen yet."""
        none = {field.name: np.zeros(size, dtype=np.int64) for field in fields(cls)}
        none["state"] = np.full(size, UNKNOWN, dtype=np.int64)
        return cls(**{**none, "frozen": np.full(size, np.nan), "steady_level": np.full(size, np.nan)})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the week asks of each account, before anything is held or remembered."""

    silent: Flags
    at_risk: Flags
    declining: Flags
    well: Flags
    by_usage: Flags


def step(before: Standing, week: Week, *, day: int, when: Thresholds) -> tuple[Standing, Whole]:
    """Return the standing one week on and the cause of each change of state.

    Args:
        before: the standing of the week before.
        week: what this week says, in the same order.
        day: the day number of the week's as-of day.
        when: the thresholds.

    Returns:
        The new standing, and an index into ``CAUSES`` where the state changed, -1 elsewhere.
    """
    asked = _asked(before, week, when)
    counted = _counted(before, asked, week, when)
    state, cause = _moved(counted, asked, week, day=day, when=when)
    changed = state != before.state
    was_bad, is_bad = _is_bad(before.state), _is_bad(state)
    frozen = np.where(is_bad & ~was_bad & np.isnan(before.frozen), week.usual, before.frozen)
    frozen = np.where(is_bad | (state == RECOVERING), frozen, np.nan)
    standing = replace(
        counted,
        state=state,
        since=np.where(changed, day, before.since),
        frozen=frozen,
        well_weeks=np.where(changed, 0, counted.well_weeks),
        steady_weeks=np.where(is_bad & ~was_bad, 0, counted.steady_weeks),
    )
    return standing, np.where(changed, cause, -1)


def _asked(before: Standing, week: Week, when: Thresholds) -> Asked:
    """Return what the week asks. A week that was not delivered says nothing: it heals and wakes nobody."""
    level = np.where(np.isnan(before.frozen), week.usual, before.frozen)
    deviation = np.where(np.isnan(before.frozen), week.score_short, _deviation(week, level))
    with np.errstate(invalid="ignore"):
        fell = week.ready & (week.recent < when.declining_below * level) & (deviation < -when.declining_z)
        fell_far = week.ready & (week.recent < when.at_risk_below * level) & (deviation < -when.at_risk_z)
        back = np.where(week.ready, ~(week.recent < when.leave_above * level), np.isnan(before.frozen))
    limit = np.where(week.mean12 < when.small_users, when.silent_weeks_small, when.silent_weeks)
    quiet = (week.zero_weeks >= limit) & (week.zero_weeks < week.weeks_seen)
    silent = np.where(week.seen, quiet, before.state == SILENT)
    at_risk = fell_far | (week.points >= when.at_risk_points)
    return Asked(
        silent=silent,
        at_risk=at_risk,
        declining=at_risk | fell | (week.points >= when.declining_points),
        well=back & (week.points <= when.leave_points) & ~silent,
        by_usage=fell | fell_far,
    )


def _deviation(week: Week, level: Floats) -> Floats:
    """Return how many deviations the last four weeks lie off ``level``, over-dispersed counts."""
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = level * week.exposure
        spread = np.sqrt(expected + week.dispersion * level**2 * week.exposure_squares)
        return np.where(spread > 0, (week.seen_sum - expected) / spread, 0.0)


def _counted(before: Standing, asked: Asked, week: Week, when: Thresholds) -> Standing:
    """Return the standing with its weeks running brought up to this week."""
    with np.errstate(invalid="ignore"):
        steady = week.ready & (
            np.abs(week.recent - before.steady_level) <= when.steady_band * before.steady_level
        )
    weeks = np.where(steady, before.steady_weeks + 1, 1)
    grown = before.steady_level + (week.recent - before.steady_level) / np.maximum(weeks, 1)
    return replace(
        before,
        bad_weeks=np.where(asked.declining, before.bad_weeks + 1, 0),
        risk_weeks=np.where(asked.at_risk, before.risk_weeks + 1, 0),
        well_weeks=np.where(asked.well, before.well_weeks + 1, 0),
        steady_weeks=np.where(week.ready, weeks, before.steady_weeks),
        steady_level=np.where(week.ready, np.where(steady, grown, week.recent), before.steady_level),
    )


def _moved(now: Standing, asked: Asked, week: Week, *, day: int, when: Thresholds) -> tuple[Whole, Whole]:
    """Return the new state of each account and the cause of the move; the first rule that fits decides."""
    by_age = _by_age(week.age_days, when)
    bad, held = _is_bad(now.state), now.state
    because = np.where(asked.by_usage, USAGE, POINTS)
    rebased = (now.steady_weeks >= when.rebase_weeks) & (week.points < when.declining_points)
    rules: tuple[tuple[Flags, Whole | int, Whole | int], ...] = (
        (~week.active, CHURNED, CHURNED_CAUSE),
        (held == CHURNED, by_age, RETURNED),
        (held == UNKNOWN, by_age, FIRST_SEEN),
        (asked.silent, SILENT, NO_USAGE),
        ((held == SILENT) & ~asked.well, DECLINING, USAGE_BACK),
        ((held == SILENT), RECOVERING, USAGE_BACK),
        (bad & rebased, HEALTHY, REBASED),
        (now.risk_weeks >= when.hold_weeks, AT_RISK, because),
        (~bad & (now.bad_weeks >= when.hold_weeks), DECLINING, because),
        (bad & (now.well_weeks >= when.hold_weeks), RECOVERING, USAGE_BACK),
        (bad, held, -1),
        ((held == RECOVERING) & (day - now.since < 7 * when.recovering_weeks), RECOVERING, -1),
        (held == RECOVERING, HEALTHY, RECOVERED),
        ((held == ONBOARDING) | (held == ADOPTING), np.maximum(held, by_age), AGE),
    )
    state = np.select(
        [rule[0] for rule in rules], [np.broadcast_to(rule[1], held.shape) for rule in rules], held
    )
    cause = np.select(
        [rule[0] for rule in rules], [np.broadcast_to(rule[2], held.shape) for rule in rules], -1
    )
    return state.astype(np.int64), cause.astype(np.int64)


def _by_age(age_days: Floats, when: Thresholds) -> Whole:
    """Return the state of an account of which nothing but its age speaks."""
    with np.errstate(invalid="ignore"):
        young = age_days < when.onboarding_days
        adopting = age_days < when.onboarding_days + when.adoption_days
    return np.where(young, ONBOARDING, np.where(adopting, ADOPTING, HEALTHY)).astype(np.int64)


def _is_bad(state: Whole) -> Flags:
    return np.isin(state, (DECLINING, AT_RISK, SILENT))
