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
from evenbook.hotsheet.actions.replays import Found, keep
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules import LOSSES, WEEKLY
from evenbook.hotsheet.rules.learned import learned
from evenbook.hotsheet.rules.replayed import replayed
from evenbook.people.viewer import Viewer
from evenbook.site.weekly import Told, compute, say_nothing

LISTED = "select as_of, account, sheet, points, revenue, contact, chance from replay_listed"
LOST = "select account, happened_on, cast(lost_cents as DOUBLE) as lost_cents, is_churn from replay_loss"
POINTS = "select * from replay_point order by as_of, account"


def work_out(as_of: date, *, home: Path, told: Told = say_nothing) -> Found:
    """Return how the sheets up to a day did, and what their points were worth."""
    computed = compute(as_of, home=home, weeks=1, beside=WEEKLY, told=told)
    numbers = computed.policy.of(HotsheetNumbers)
    with computed.session as session:
        session.run(LOSSES)
        lost = _columns(session, LOST)
        said = replayed(_columns(session, LISTED), lost, as_of=as_of, horizon_weeks=numbers.replay_weeks)
        weights = learned(
            _columns(session, POINTS),
            lost,
            as_of=as_of,
            in_force={term.term: term.max_points for term in numbers.terms},
            horizon_weeks=numbers.replay_weeks,
            least_outcomes=numbers.learn_losses,
        )
    return Found(as_of, computed.policy_version, said, weights)


def replay(as_of: date, *, by: Viewer, now: datetime, home: Path) -> int:
    """Work out a replay and keep it; return its number."""
    return keep(work_out(as_of, home=home), by=by, now=now)


def _columns(session: Session, asked: str) -> dict[str, npt.NDArray[Any]]:
    rows = session.rows(asked)
    return {name: np.asarray(rows.column(name)) for name in rows.column_names}
