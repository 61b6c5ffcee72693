"""Hours by kind of work on record of a quarter: what a layer pushed down starts from, and the rows behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from evenbook.book.access import opened
from evenbook.book.queries import account_names
from evenbook.capacity.books import Served
from evenbook.capacity.numbers.calibration import CalibrationNumbers
from evenbook.people.viewer import Viewer
from evenbook.records.worked import KIND_TITLES, Span, timesheets, worked
from evenbook.runs.queries import Week
from evenbook.sizing.queries.sized import Sized
from evenbook.sizing.rules.bases import QUARTER_DAYS, within
from evenbook.sizing.rules.pushed import Done, Work, work_of


@dataclass(frozen=True)
class KindDone:
    """What was done of a kind for an account in the quarter; ``untimed`` entries have no minutes."""

    key: str
    name: str
    kind: str
    kind_name: str
    entries: int
    untimed: int
    hours: float


def _span(week: Week) -> Span:
    """Return the quarter up to a week, with policy's preparation and longest entry."""
    numbers = week.policy.of(CalibrationNumbers)
    return Span(
        since=week.ends_at - timedelta(days=QUARTER_DAYS),
        before=week.ends_at,
        preparation_share=numbers.preparation_share,
        longest_minutes=numbers.longest_minutes,
    )


def work_on_record(viewer: Viewer, week: Week, rows: Sequence[Served]) -> Work:
    """Return what the records hold of the work on accounts by tier and kind, and what the plan does."""
    tiers = {row.account_id: row.tier for row in rows}
    accounts, span = opened(viewer, tiers), _span(week)
    done = [
        Done(tiers[each.account_id], each.kind, each.person_id, each.hours, each.entries, each.untimed)
        for each in worked(viewer, accounts, span)
    ]
    sheets: dict[tuple[int, int], float] = defaultdict(float)
    for (account, person), hours in timesheets(viewer, accounts, span).items():
        sheets[tiers[account], person] += hours
    need: dict[int, float] = defaultdict(float)
    for row in rows:
        need[row.tier] += row.effort_hours
    return work_of(done, sheets, {tier: hours for tier, hours in need.items() if hours > 0})


def done_of_kind(viewer: Viewer, week: Week, answer: Sized, kind: str = "") -> tuple[KindDone, ...]:
    """Return what was done for the accounts of an answer in the quarter, most hours first; of one kind."""
    mine = [each.account for each in within(answer.base, answer.scope)]
    names = account_names(viewer)
    sums: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for each in worked(viewer, opened(viewer, mine), _span(week)):
        if kind in {"", each.kind}:
            row = sums[each.account_id, each.kind]
            row[0] += each.entries
            row[1] += each.untimed
            row[2] += each.hours
    rows = (
        KindDone(*names[account], of, KIND_TITLES.get(of, of), int(entries), int(untimed), hours)
        for (account, of), (entries, untimed, hours) in sums.items()
        if account in names
    )
    return tuple(sorted(rows, key=lambda row: (-row.hours, row.name, row.key, row.kind)))
