"""A replay as a piece of work: draw up the sheet of every past week and see what became of it.

It stands beside the weekly run and costs it nothing: the whole history is worked out again, with the rules
of a replay beside those of the week.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.frames.session import Session
from evenbook.hotsheet.actions.replays import NOW, THEN, Found, keep
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules import LOSSES, WEEKLY
from evenbook.hotsheet.rules.learned import Learned, learned
from evenbook.hotsheet.rules.replayed import replayed
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.site.weekly import Told, compute, say_nothing

LISTED = "select as_of, account, sheet, points, revenue, contact, chance from replay_listed"
LOST = "select account, happened_on, cast(lost_cents as DOUBLE) as lost_cents, is_churn from replay_loss"
POINTS = "select * from replay_point order by as_of, account"
SEVERAL = (
    "Sheets of several versions of the policy say nothing of one version's points; run the replay by the "
    "policy in force now."
)


def work_out(as_of: date, *, home: Path, told: Told = say_nothing, by_policy: str = NOW) -> Found:
    """Return how the sheets up to a day did, and what their points were worth.

    Args:
        as_of: the last day.
        home: the instance's folder.
        told: told of each part of the history.
        by_policy: ``now`` draws up all sheets by the policy of the last day; ``then`` each by the policy that
            was in force on its own day, as the week was run, and learns nothing: points of several versions
            are not one thing.
    """
    computed = compute(as_of, home=home, weeks=1, beside=WEEKLY, told=told)
    numbers = computed.policy.of(HotsheetNumbers)
    with computed.session as session:
        session.run(LOSSES)
        lost, listed, points = (_columns(session, asked) for asked in (LOST, LISTED, POINTS))
    weights = learned(
        points,
        lost,
        as_of=as_of,
        in_force={term.term: term.max_points for term in numbers.terms},
        horizon_weeks=numbers.replay_weeks,
        least_outcomes=numbers.learn_losses,
    )
    periods = _periods(listed) if by_policy == THEN else ()
    if len(periods) > 1:
        listed = _listed_then(listed, periods, computed.policy_version, home=home, told=told)
        weights = Learned(weights.outcomes, weights.days, weights.rows, why=SEVERAL)
    said = replayed(listed, lost, as_of=as_of, horizon_weeks=numbers.replay_weeks)
    versions = tuple((number, len(days)) for number, days in periods)
    return Found(as_of, computed.policy_version, said, weights, by_policy, versions)


Periods = tuple[tuple[int, tuple[date, ...]], ...]


def _periods(listed: dict[str, npt.NDArray[Any]]) -> Periods:
    """Return each version of the policy with the days of its sheets, the oldest first."""
    days = np.unique(listed["as_of"]).astype("datetime64[D]").tolist()
    held: dict[int, list[date]] = {}
    for day in days:
        held.setdefault(in_force(day).number, []).append(day)
    return tuple((number, tuple(of)) for number, of in held.items())


def _listed_then(
    listed: dict[str, npt.NDArray[Any]], periods: Periods, version: int, *, home: Path, told: Told
) -> dict[str, npt.NDArray[Any]]:
    """Return who stood on the sheet of each day, drawn up by the policy of its period.

    A week that is run works out its whole history by the policy of its day, states among it; so does this,
    once a period, and takes the period's own days.
    """
    parts = []
    for number, days in periods:
        drawn = listed
        if number != version:
            with compute(days[-1], home=home, weeks=1, beside=WEEKLY, told=told).session as session:
                drawn = _columns(session, LISTED)
        own = np.isin(drawn["as_of"].astype("datetime64[D]"), np.array(days, dtype="datetime64[D]"))
        parts.append({name: column[own] for name, column in drawn.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in listed}


def replay(as_of: date, *, by: Viewer, now: datetime, home: Path, by_policy: str = NOW) -> int:
    """Work out a replay and keep it; return its number."""
    return keep(work_out(as_of, home=home, by_policy=by_policy), by=by, now=now)


def _columns(session: Session, asked: str) -> dict[str, npt.NDArray[Any]]:
    rows = session.rows(asked)
    return {name: np.asarray(rows.column(name)) for name in rows.column_names}
