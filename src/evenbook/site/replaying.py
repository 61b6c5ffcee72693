"""A replay as a piece of work: draw up the sheet of every past week and see what became of it.

It stands beside the weekly run and costs it nothing: what sheets rest on is worked out again over the whole
history.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenbook.hotsheet.actions.replays import NOW, THEN, Found, keep
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules.learned import Learned, learned
from evenbook.hotsheet.rules.replayed import replayed
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.site.sheets import Drawn, draw
from evenbook.site.weekly import Told, say_nothing

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
    drawn = draw(as_of, home=home, by_each_week=by_policy == THEN, told=told)
    numbers = drawn.policy.of(HotsheetNumbers)
    listed, lost = _columns(drawn.listed[drawn.policy_version]), _columns(drawn.lost)
    points = _columns(drawn.points.sort_by([("as_of", "ascending"), ("account", "ascending")]))
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
        listed = _listed_then(drawn, periods)
        weights = Learned(weights.outcomes, weights.days, weights.rows, why=SEVERAL)
    said = replayed(listed, lost, as_of=as_of, horizon_weeks=numbers.replay_weeks)
    versions = tuple((number, len(days)) for number, days in periods)
    return Found(as_of, drawn.policy_version, said, weights, by_policy, versions)


Periods = tuple[tuple[int, tuple[date, ...]], ...]


def _periods(listed: dict[str, npt.NDArray[Any]]) -> Periods:
    """Return each version of the policy with the days of its sheets, the oldest first."""
    days = np.unique(listed["as_of"]).astype("datetime64[D]").tolist()
    held: dict[int, list[date]] = {}
    for day in days:
        held.setdefault(in_force(day).number, []).append(day)
    return tuple((number, tuple(of)) for number, of in held.items())


def _listed_then(drawn: Drawn, periods: Periods) -> dict[str, npt.NDArray[Any]]:
    """Return who stood on the sheet of each day, drawn up by the policy of its period.

    A week that is run works out its whole history by the policy of its day, states among it; so are these,
    and each period has its own days of them.
    """
    parts = []
    for number, days in periods:
        listed = _columns(drawn.listed[number])
        own = np.isin(listed["as_of"].astype("datetime64[D]"), np.array(days, dtype="datetime64[D]"))
        parts.append({name: column[own] for name, column in listed.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def replay(as_of: date, *, by: Viewer, now: datetime, home: Path, by_policy: str = NOW) -> int:
    """Work out a replay and keep it; return its number."""
    return keep(work_out(as_of, home=home, by_policy=by_policy), by=by, now=now)


def _columns(rows: pa.Table) -> dict[str, npt.NDArray[Any]]:
    return {name: np.asarray(rows.column(name)) for name in rows.column_names}
