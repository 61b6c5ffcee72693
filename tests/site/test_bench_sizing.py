"""The bench of the headcount plan: made-up companies are the same again, and a small one keeps its promises."""

from __future__ import annotations

from pathlib import Path

from evenbook.site.bench import sizing as bench


def test_the_same_seed_makes_the_same_company():
    assert bench.made_up(60, seed=1) == bench.made_up(60, seed=1)
    assert bench.made_up(60, seed=1) != bench.made_up(60, seed=2)


def test_a_small_company_is_measured_told_and_written(tmp_path: Path):
    page, said = tmp_path / "page.md", list[str]()
    (row,) = bench.main((150,), on=bench.TODAY, page=page, say=said.append)

    assert row.seconds < bench.ASK_SECONDS and row.errors < bench.ASK_ERRORS
    assert "ask met" in said[0] and "## Headcount plan, 2026-03-09" in page.read_text(encoding="utf-8")
