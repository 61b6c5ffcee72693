"""The bench of the replay: what it counts on a small made-up company, and how several are put together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from evenbook.hotsheet.rules.replayed import LISTS
from evenbook.site.bench import replay, replay_learned


def test_a_small_company_is_replayed_told_and_written_down(tmp_path: Path) -> None:
    said: list[str] = []
    page = tmp_path / "benchmarks.md"
    (made,) = replay.main([3], accounts=80, on=date(2026, 3, 9), page=page, say=said.append)

    assert made.found.weeks == replay.WEEKS + 1
    assert [each.list for each in made.found.fared] == list(LISTS)
    assert {each.rows for each in made.found.fared} == {made.found.sheet.rows}
    assert 0 < made.found.sheet.seen <= made.found.sheet.losses
    assert page.read_text().startswith("# Benchmarks\n\n## Replay, 2026-03-09")
    assert said[-1].count("| by chance |") == 3 and "| hot sheet, points learned before |" in said[-1]


def test_companies_are_put_together_by_their_counts() -> None:
    made = [replay.measure(seed, 80) for seed in (3, 4)]
    both = replay.together(made, "sheet")

    assert both.rows == sum(each.found.sheet.rows for each in made)
    assert both.losses == sum(each.found.sheet.losses for each in made)


def test_what_was_learned_saw_nothing_of_the_weeks_that_are_judged(monkeypatch: Any) -> None:
    """Whatever happens after the middle is not there when something is learned, and only later sheets are judged."""
    asked: list[dict[str, Any]] = []
    learn = replay_learned.learned

    def noted(points: Any, lost: Any, **how: Any) -> Any:
        asked.append({"points": points["as_of"].max(), "lost": lost["happened_on"].max(), **how})
        return learn(points, lost, **{**how, "least_outcomes": 5})

    monkeypatch.setattr(replay_learned, "learned", noted)
    later = replay_learned.measure(1, 300)

    turn = np.datetime64(replay_learned.TURN)
    (given,) = asked
    assert given["as_of"] == replay_learned.TURN and given["points"] <= turn and given["lost"] <= turn
    assert later.found.first_on > replay_learned.TURN and later.found.weeks == replay_learned.LATER_WEEKS
    assert later.learned.proposes and later.learned.days == 3
    by_name = {each.list: each for each in later.found.fared}
    assert list(by_name) == list(replay_learned.TITLES)
    assert by_name["learned"].rows == by_name["sheet"].rows, "sheets of one length"
    assert by_name["learned"] != by_name["sheet"]
