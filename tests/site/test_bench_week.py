"""The bench of the weekly run: every form runs, and the notebook makes what the rules make."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenbook.site.bench import week


def test_every_form_runs_and_the_notebook_gives_as_many_values_as_the_rules() -> None:
    size = week.measure(100, weeks=6, rounds=2, with_database=False, say=lambda line: None)
    assert set(week.MEASURED) <= set(size.costs)
    assert size.costs["pandas"].told["rows"] == size.costs["backfill"].told["rows"] > 0
    assert all(cost.cpu_seconds > 0 and cost.peak_mb > 0 for cost in size.costs.values())
    report = "\n".join(week.lines([size]))
    assert report.count("\n| 100 |") == 1
    assert len(size.pairs) == 2 and min(size.pairs) <= size.of_the_scan <= max(size.pairs)


def test_a_form_that_fails_says_how_to_run_it_alone(tmp_path: Path) -> None:
    with pytest.raises(week.FormFailed, match="scan"):
        week._run("scan", tmp_path, 100, 6)


@pytest.mark.parametrize(
    ("ask", "floor", "measured", "verdict"),
    [(1, 3, 1, "ask met"), (1, 3, 2, "floor met"), (1, 3, 4, "not met")],
)
def test_a_promise_says_whether_it_is_kept(ask: float, floor: float, measured: float, verdict: str) -> None:
    assert week.Bar("cost", ask, floor, measured, "times").verdict == verdict
    assert week.Bar("gain", -ask, -floor, -measured, "times", higher_is_better=True).verdict == verdict
