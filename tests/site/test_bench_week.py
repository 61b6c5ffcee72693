"""The bench of the weekly run: every form runs, and the notebook makes what the rules make."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from evenbook.frames.queries import hold_weeks
from evenbook.site import carry, registry
from evenbook.site.bench import week, week_forms
from evenbook.site.bench.notebook import measures


def test_every_form_runs_and_the_notebook_gives_as_many_values_as_the_rules() -> None:
    size = week.measure(100, weeks=6, rounds=2, with_database=False, say=lambda line: None)
    assert set(week.MEASURED) <= set(size.costs)
    assert size.costs["pandas"].told["rows"] == size.costs["backfill"].told["rows"] > 0
    assert all(cost.cpu_seconds > 0 and cost.peak_mb > 0 for cost in size.costs.values())
    report = "\n".join(week.lines([size]))
    assert report.count("\n| 100 |") == 1
    assert len(size.pairs) == 2 and min(size.pairs) <= size.of_the_scan <= max(size.pairs)


def test_the_notebook_gives_the_very_values_of_the_rules(tmp_path: Path) -> None:
    week_forms.frames(tmp_path, 100, 10)()
    every = week_forms.days(10)
    policy, tables = week_forms.policy_tables(every[0], week_forms.AS_OF)
    read = {path.stem: parquet.read_table(path) for path in sorted((tmp_path / "frames").glob("*.parquet"))}
    names = [card.name for card in registry.catalogue().cards]
    with week_forms.session_of(tmp_path, every[-1], (policy, tables), "1GB") as session:
        hold_weeks(session, every, "UTC")
        carry.hold(session, None)
        session.run_all(registry.steps_for(*names))
        ruled = {
            (name, row["as_of"], row["subject_kind"], row["subject"]): (row["value"], row["count"])
            for name in names
            for row in session.table(name).to_pylist()
        }
    noted = {
        (row.measure, row.as_of, row.subject_kind, row.subject): (row.value, row.count)
        for found in measures.weeks(measures.as_frames({**read, **tables}), every, policy.params())
        for row in found[["measure", "as_of", "subject_kind", "subject", "value", "count"]].itertuples()
    }
    assert noted.keys() == ruled.keys() and len({name for name, *_ in ruled}) == len(names)
    assert {
        name: value for name, value in noted.items() if value != pytest.approx(ruled[name], abs=1e-6)
    } == {}


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
