"""What each term of the points was worth, learned from what followed past Mondays.

Pure. Nothing is learned of a term that the policy has at no points: how far it stood is not known then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.engine.risk_weights import RiskCurve, fit_risk
from evenbook.engine.watch_list import NEVER, DaysByItem
from evenbook.hotsheet.rules.replayed import WEEK, Columns, days_of

Floats = npt.NDArray[np.float64]
FULL = 100
LEAST_POINTS = 1.0
"""A term keeps a point, so that the next replay can still learn of it."""
BENDS = (0, 10, 20, 30, 40, 50, 60, 80, FULL)
"""The points at which the policy has a share: finer where most accounts stand."""
DIGITS = 4
LEAST_DAYS = 3
"""Two to learn from, one that is kept apart."""
LITTLE_PULL = 1e-3
LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class TermFound:
    """A term: its points in force, what was learned, and how many accounts and days showed it."""

    term: str
    in_force: float
    proposed: float
    shown: int


@dataclass(frozen=True)
class Learned:
    """What was learned, or why nothing was.

    Attributes:
        outcomes: losses that followed a day.
        days, rows: how many days, a horizon apart, and how many accounts on them.
        terms: points by term; empty where nothing is learned.
        risk: the share of revenue expected lost, by points.
        error_in_force, error_learned: cross-entropy on the last days, which were kept apart, of the points in
            force and of those learned from the days before; None where nothing is learned.
        why: why nothing is proposed; empty where something is.
    """

    outcomes: int
    days: int
    rows: int
    terms: tuple[TermFound, ...] = ()
    risk: tuple[tuple[float, float], ...] = ()
    error_in_force: float | None = None
    error_learned: float | None = None
    why: str = ""

    @property
    def is_reweighted(self) -> bool:
        """Return whether other points are proposed, and not only what they stand for."""
        return any(each.proposed != each.in_force for each in self.terms)

    @property
    def proposes(self) -> bool:
        """Return whether the policy would have other points, or other shares for them."""
        return not self.why

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Learned:
        """Return what was kept."""
        return cls(
            **{
                **kept,
                "terms": tuple(TermFound(**each) for each in kept["terms"]),
                "risk": tuple((float(points), float(share)) for points, share in kept["risk"]),
            }
        )


@dataclass(frozen=True)
class _Rows:
    """Accounts on days: how far each term stood, the points in force, what share was lost afterwards."""

    day: npt.NDArray[np.int64]
    terms: Floats
    points: Floats
    lost: Floats

    def of(self, rows: npt.NDArray[np.bool_]) -> _Rows:
        return _Rows(self.day[rows], self.terms[rows], self.points[rows], self.lost[rows])


def learned(
    points: Columns,
    lost: Columns,
    *,
    as_of: date,
    in_force: Mapping[str, float],
    horizon_weeks: int,
    least_outcomes: int,
) -> Learned:
    """Return what the terms were worth, or why that can't be told.

    Args:
        points: ``as_of`` days a horizon apart, ``account``, ``arr_cents``, and a column for each term with
            how far it stood, 0 to 1, NaN where the policy has it at no points.
        lost: as ``replayed`` takes it.
        as_of: the last day.
        in_force: points at most by term.
        horizon_weeks: within how many weeks a loss counts as what followed.
        least_outcomes: of fewer losses nothing is learned.
    """
    rows = _rows(points, lost, in_force, as_of=as_of, horizon=WEEK * horizon_weeks)
    days, outcomes = np.unique(rows.day), int((rows.lost > 0).sum())
    found = Learned(outcomes, len(days), len(rows.day))
    why = _why_not(rows, days, outcomes, least_outcomes)
    if why:
        return replace(found, why=why)
    trial, last = rows.of(rows.day < days[-1]), rows.of(rows.day == days[-1])
    before, after = (curve.loss(last_terms, last.lost) for curve, last_terms in _trial(trial, last, in_force))
    better = _points(_weights(rows, in_force), in_force) if after < before else dict(in_force)
    shown = (rows.terms > 0).sum(axis=0)
    return replace(
        found,
        terms=tuple(
            TermFound(name, in_force[name], better[name], int(count))
            for name, count in zip(in_force, shown, strict=True)
        ),
        risk=_risk(rows, better),
        error_in_force=before,
        error_learned=after,
    )


def _why_not(rows: _Rows, days: npt.NDArray[np.int64], outcomes: int, least: int) -> str:
    if len(days) < LEAST_DAYS:
        return f"What followed is known of {len(days)} days that far apart; {LEAST_DAYS} are the least."
    if outcomes < least:
        return f"{outcomes} losses followed; of fewer than {least} the points in force are the better guess."
    halves = (rows.lost[rows.day < days[-1]], rows.lost[rows.day == days[-1]])
    if not all(0.0 < float(each.sum()) < len(each) for each in halves):
        return (
            "What followed the last day, which is kept apart as a test, can't be told from what came before."
        )
    return ""


def _rows(
    points: Columns, lost: Columns, in_force: Mapping[str, float], *, as_of: date, horizon: int
) -> _Rows:
    settled = days_of(points["as_of"]) + horizon <= as_of.toordinal()
    held = {name: column[settled] for name, column in points.items()}
    terms = np.column_stack([np.nan_to_num(held[name].astype(np.float64)) for name in in_force])
    most = np.array(list(in_force.values()))
    day = days_of(held["as_of"])
    followed = _share_lost(held["account"], day, held["arr_cents"].astype(np.float64), lost, horizon=horizon)
    return _Rows(day, terms, terms @ most, followed)


def _share_lost(
    account: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    arr: Floats,
    lost: Columns,
    *,
    horizon: int,
) -> Floats:
    """Return the share of its revenue that each account lost within the horizon: all where it left."""
    days = DaysByItem(lost["account"], days_of(lost["happened_on"]))
    first = days.first_from(account, day + 1)
    hit = (first != NEVER) & (first <= day + horizon)
    amounts = {
        (int(who), int(when)): 1.0 if churned else float(cents)
        for who, when, cents, churned in zip(
            lost["account"], days_of(lost["happened_on"]), lost["lost_cents"], lost["is_churn"], strict=True
        )
    }
    share = np.zeros(len(day))
    for row in np.flatnonzero(hit).tolist():
        amount = amounts[int(account[row]), int(first[row])]
        share[row] = amount if amount == 1.0 else min(1.0, amount / arr[row]) if arr[row] > 0 else 1.0
    return share


def _slope(rows: _Rows, points: Floats) -> RiskCurve:
    """Return the curve over the points themselves, in hundreds."""
    return fit_risk(np.minimum(points / FULL, 1.0)[:, None], rows.lost, towards=[1.0], pull=LITTLE_PULL)


def _weights(rows: _Rows, in_force: Mapping[str, float]) -> Floats:
    most = np.array(list(in_force.values()))
    return _curve(rows, most).weights


def _curve(rows: _Rows, most: Floats) -> RiskCurve:
    """Return the curve over the terms, pulled to the points in force as far as they explain anything."""
    towards = _slope(rows, rows.points).weights[0] * most / FULL
    spread = max(float(towards.mean()), LEAST_SPREAD)
    return fit_risk(rows.terms, rows.lost, towards=towards, pull=1.0 / spread**2)


def _trial(
    trial: _Rows, last: _Rows, in_force: Mapping[str, float]
) -> tuple[tuple[RiskCurve, Floats], tuple[RiskCurve, Floats]]:
    """Return the two curves of the days before the last, each with what it reads of the last."""
    most = np.array(list(in_force.values()))
    now = (_slope(trial, trial.points), np.minimum(last.points / FULL, 1.0)[:, None])
    return now, (_curve(trial, most), last.terms)


def _points(weights: Floats, in_force: Mapping[str, float]) -> dict[str, float]:
    """Return whole points that add up to 100, in proportion to the weights; a point at the least."""
    asked = weights / max(float(weights.sum()), LEAST_SPREAD) * (FULL - LEAST_POINTS * len(weights))
    whole = np.floor(asked)
    left = int(FULL - LEAST_POINTS * len(weights) - whole.sum())
    whole[np.argsort(-(asked - whole), kind="stable")[:left]] += 1.0
    return dict(zip(in_force, (whole + LEAST_POINTS).tolist(), strict=True))


def _risk(rows: _Rows, points: Mapping[str, float]) -> tuple[tuple[float, float], ...]:
    curve = _slope(rows, rows.terms @ np.array(list(points.values())))
    at = np.array(BENDS, dtype=np.float64)
    shares = np.round(curve.share((at / FULL)[:, None]), DIGITS)
    return tuple(zip(at.tolist(), shares.tolist(), strict=True))
