"""Usage is folded while it streams past, in memory that does not grow with its rows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from evenbook.sources.rules.folding import Fold, monday

DAYS = 300


def days_kept(fold: Fold) -> set[int]:
    kept = {at & (1 << 20) - 1 for at in fold.day_people}
    for sums in fold.days.values():
        sums.fold()
        kept |= {int(at) & (1 << 20) - 1 for at in sums.codes}
    return kept


@pytest.mark.parametrize("step", [1, -1, 37])
def test_only_the_days_of_the_first_and_the_last_week_are_kept(step: int):
    first = date(2025, 1, 1).toordinal()
    days = [first + at * step % DAYS for at in range(DAYS)]
    fold, most = Fold(by_week=False), 0
    for day in days:
        keys, at = np.arange(5, dtype=np.int64), np.full(5, day, dtype=np.int64)
        fold.count_rows(keys, at)
        fold.add("logins", keys, at, np.ones(5))
        fold.add_people(keys, at, np.arange(5, dtype=np.uint64) << np.uint64(20))
        most = max(most, len(days_kept(fold)))
    fold.finish()

    ends = {day for day in days if int(monday(np.array([day]))[0]) in fold.edges()}
    assert most <= 14 and days_kept(fold) == ends
    assert fold.weeks["logins"].values.sum() == 5 * DAYS
