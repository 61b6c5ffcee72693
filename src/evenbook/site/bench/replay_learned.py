"""What points that were learned hold on weeks that came after: a sheet of their own, beside the simpler ones.

Each made-up company has three years of history. In the middle of it the weights and shares of the risk are
learned from what was known by then, as a replay learns them; from then on the sheet of each week is drawn up
with them, and with the points that the policy is delivered with. Only these later weeks are judged.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenbook.frames.step import Step
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules import LOSSES, STEPS, WEEKLY
from evenbook.hotsheet.rules.learned import Learned, learned
from evenbook.hotsheet.rules.replayed import LISTS, SHEET, Replayed, replayed
from evenbook.site.bench.week_forms import AS_OF, days, policy_tables, session_of

YEARS, WEEKS, LATER_WEEKS = 3, 156, 78
LEARNED = "learned"
TITLES = {SHEET: LISTS[SHEET], LEARNED: "Hot sheet, points learned before", **LISTS}
TURN = AS_OF - timedelta(weeks=LATER_WEEKS)
"""The day as of which something is learned; the sheets after it are judged."""

LISTED = tuple(
    step for step in (*STEPS, *WEEKLY) if step.writes in {"hot_point", "hot_rank", "replay_listed"}
)
LOST = "select * replace (cast(lost_cents as DOUBLE) as lost_cents) from replay_loss"
Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Later:
    """What was learned of a company by the middle of its history, and how each sort of sheet did after."""

    seed: int
    learned: Learned
    found: Replayed


def measure(seed: int, accounts: int) -> Later:
    """Return how the sheets did after something was learned, on the company of a seed."""
    from evenbook.site import registry
    from evenbook.sources.sample.parquet import write_frames

    with tempfile.TemporaryDirectory(prefix="evenbook-bench-") as folder:
        place = Path(folder) / "frames"
        write_frames(place, as_of=AS_OF, accounts=accounts, seed=seed, years=YEARS, tables=registry.tables())
        said, listed, lost = _drawn(Path(folder), accounts)
    found = replayed(
        listed, lost, as_of=AS_OF, horizon_weeks=HotsheetNumbers().replay_weeks, lists=tuple(TITLES)
    )
    assert found is not None, "a made-up company has accounts"
    return Later(seed, said, found)


def _drawn(folder: Path, accounts: int) -> tuple[Learned, Columns, Columns]:
    """Return what was learned by the middle, who stood on which sheet afterwards, and what was lost."""
    from evenbook.frames.queries import hold_weeks
    from evenbook.site import carry, registry
    from evenbook.site.weekly import history_megabytes

    every, given = [*days(WEEKS), AS_OF], policy_tables(AS_OF - timedelta(weeks=WEEKS), AS_OF)
    read = {name for step in (*WEEKLY, LOSSES) for name in step.reads}
    steps = (*registry.steps_for(*read, *carry.left()), *WEEKLY)
    wanted = {*carry.left(), *(name for step in (*LISTED, LOSSES) for name in (step.writes, *step.reads))}
    kept, points, listed, said = None, list[Columns](), list[Columns](), None
    with session_of(folder, AS_OF, given, f"{history_megabytes()}MB") as session:
        session.tell(is_whole=True, replay_day=TURN)
        for part in _parts(every, accounts):
            hold_weeks(session, part, "UTC")
            carry.hold(session, kept)
            session.run_all(steps, keep={*wanted, "replay_point"})
            points.append(_columns(session.table("replay_point")))
            if part[-1] == TURN:
                session.run(LOSSES)
                said = _learned(points, _columns(session.rows(LOST)))
            if part[0] > TURN and said is not None:
                listed.append(_both(session, said, given[1]))
            if part[-1] != AS_OF:
                kept = carry.onward(session, part[-1], zone="UTC")
        session.run(LOSSES)
        lost = _columns(session.rows(LOST))
    assert said is not None, "the middle is the end of a part"
    return said, _joined(listed), lost


def _parts(every: Sequence[Any], accounts: int) -> Iterator[list[Any]]:
    """Yield the days in parts, one of which ends in the middle."""
    from evenbook.site.weekly import part_rows

    size = max(1, part_rows() // accounts)
    for half in ([day for day in every if day <= TURN], [day for day in every if day > TURN]):
        for at in range(0, len(half), size):
            yield half[at : at + size]


def _learned(points: Sequence[Columns], lost: Columns) -> Learned:
    numbers = HotsheetNumbers()
    return learned(
        _joined(points), lost, as_of=TURN, in_force={term.term: term.max_points for term in numbers.terms},
        horizon_weeks=numbers.replay_weeks, least_outcomes=numbers.learn_losses,
    )  # fmt: skip


def _both(session: Any, said: Learned, tables: dict[str, pa.Table]) -> Columns:
    """Return who stood on which sheet in a part, that of the learned points among them; the policy stays."""
    held = _columns(session.table("replay_listed"))
    for name, rows in _changed(tables, said).items():
        session.hold(name, rows)
    _again(session, LISTED)
    other = _columns(session.table("replay_listed"))
    for name in ("policy_hotsheet_terms", "policy_hotsheet_risk"):
        session.hold(name, tables[name])
    on = set(zip(other["as_of"][other[SHEET]].tolist(), other["account"][other[SHEET]].tolist(), strict=True))
    keys = list(zip(held["as_of"].tolist(), held["account"].tolist(), strict=True))
    held[LEARNED] = np.array([key in on for key in keys], dtype=bool)
    return _with_more(held, sorted(on.difference(keys)))


def _with_more(held: Columns, more: Sequence[tuple[Any, int]]) -> Columns:
    """Return the rows with those that only the sheet of the learned points has."""
    if not more:
        return held
    added: Columns = {name: np.zeros(len(more), dtype=bool) for name in held}
    added["as_of"] = np.array([day for day, _ in more], dtype=held["as_of"].dtype)
    added["account"] = np.array([account for _, account in more], dtype=held["account"].dtype)
    added[LEARNED] = np.ones(len(more), dtype=bool)
    return {name: np.concatenate([held[name], added[name]]) for name in held}


def _again(session: Any, steps: Sequence[Step]) -> None:
    for step in steps:
        session.run(step)


def _changed(tables: dict[str, pa.Table], said: Learned) -> dict[str, pa.Table]:
    """Return the policy's terms and risk as they were learned; as they are where nothing was proposed."""
    terms, risk = tables["policy_hotsheet_terms"], tables["policy_hotsheet_risk"]
    if not said.proposes:
        return {}
    proposed = {each.term: each.proposed for each in said.terms}
    most = pa.array([proposed[name] for name in terms["term"].to_pylist()], terms["max_points"].type)
    at = terms.column_names.index("max_points")
    points, shares = zip(*said.risk, strict=True)
    columns = {"points": pa.array(points, risk["points"].type), "share": pa.array(shares, risk["share"].type)}
    return {
        "policy_hotsheet_terms": terms.set_column(at, "max_points", most),
        "policy_hotsheet_risk": pa.table({name: columns[name] for name in risk.column_names}),
    }


def _columns(table: Any) -> Columns:
    return {name: np.array(table.column(name)) for name in table.column_names}


def _joined(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([each[name] for each in parts]) for name in parts[0]}
