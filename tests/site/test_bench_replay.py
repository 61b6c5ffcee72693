"""The bench of the replay: what it counts on a small made-up company, and how several are put together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from evenbook.hotsheet.rules.replayed import LISTS
from evenbook.site.bench import replay


def test_a_small_company_is_replayed_told_and_written_down(tmp_path: Path) -> None:
    said: list[str] = []
    page = tmp_path / "benchmarks.md"
    (made,) = replay.main([3], accounts=80, on=date(2026, 3, 9), page=page, say=said.append)

    assert made.found.weeks == replay.WEEKS + 1
    assert [each.list for each in made.found.fared] == list(LISTS)
    assert {each.rows for each in made.found.fared} == {made.found.sheet.rows}
    assert 0 < made.found.sheet.seen <= made.found.sheet.losses
    assert page.read_text().startswith("# Benchmarks\n\n## Replay, 2026-03-09")
    assert "| by chance |" in said[-1]


def test_companies_are_put_together_by_their_counts() -> None:
    made = [replay.measure(seed, 80) for seed in (3, 4)]
    both = replay.together(made, "sheet")

    assert both.rows == sum(each.found.sheet.rows for each in made)
    assert both.losses == sum(each.found.sheet.losses for each in made)
