"""The bench of the detector: what counts as found, and where its report goes."""

from __future__ import annotations

import numpy as np
import pytest

from evenbook.engine.fleet_simulator import DIP, NONE, FleetKind, make_fleet
from evenbook.site.bench import detection as bench
from evenbook.site.bench.page import write_section


def alarms(*weeks: int) -> np.ndarray:
    fell = np.zeros((20, 1), dtype=bool)
    fell[list(weeks)] = True
    return fell


def test_a_delay_counts_the_weeks_of_the_fall_that_had_been_seen():
    begins = np.array([10])

    assert bench.delays(alarms(10), begins) == [1]
    assert bench.delays(alarms(13, 17), begins) == [4]


def test_an_alarm_before_the_fall_does_not_find_it():
    assert bench.delays(alarms(9), np.array([10])) == [bench.NOT_FOUND]
    assert bench.delays(alarms(8, 16), np.array([10])) == [7]


def test_false_alarms_are_counted_on_unchanged_accounts_in_the_weeks_they_could_alarm():
    made = make_fleet(FleetKind(40, (("fall 60%", 0.5),), weeks=104), seed=1)
    steady = made.change == NONE
    fell, ready = np.zeros((104, 40), bool), np.zeros((104, 40), bool)
    ready[52:] = True
    fell[60, steady] = True
    fell[61, ~steady] = True
    tally = bench.Tally()
    tally.add(made, fell, ready)

    assert tally.years.sum() == steady.sum()
    assert tally.alarms.sum() == steady.sum()


def test_a_made_fleet_changes_when_and_as_much_as_it_says():
    kind = FleetKind(4000, (("fall 60%", 0.2), ("ramp 50%", 0.2)), shape=1e6, amplitude=1e-9, wander=0.0)
    made = make_fleet(kind, seed=3)
    age = np.arange(104)[:, None] - made.change_week
    flat = made.counts / made.season[:, None]

    def left(change: str, fits: np.ndarray) -> float:
        chosen = fits & (made.change == change)
        return float(flat[chosen].sum() / np.broadcast_to(made.size, fits.shape)[chosen].sum())

    assert left("fall 60%", age < 0) == pytest.approx(1.0, abs=0.01)
    assert left("fall 60%", age >= 0) == pytest.approx(0.4, abs=0.01)
    assert left("ramp 50%", age == 3) == pytest.approx(0.75, abs=0.03)
    assert left("ramp 50%", age >= 7) == pytest.approx(0.5, abs=0.01)
    assert made.season.min() == pytest.approx(DIP)
    assert set(made.change_week[made.change != NONE]) == set(range(45, 86))


def test_the_hidden_noise_covers_its_range_evenly_over_the_seeds():
    shapes = np.sort([make_fleet(FleetKind(1), seed=seed).shape for seed in range(2000, 2040)])
    place = np.log(shapes / 4) / np.log(30 / 4)

    assert np.abs(place - (np.arange(40) + 0.5) / 40).max() < 0.06


def test_the_seeds_reported_on_are_none_of_those_tuned_on():
    assert min(bench.SEEDS) >= bench.TUNED_BELOW


def test_a_row_is_measured_and_told_with_its_promises():
    case = bench.cases(150)[0]
    row = bench.measure(case, [1, 2])
    text = "\n".join(bench.lines([row] * 11, [1, 2], None))

    assert row.fleets == 2
    assert 0 <= row.within_4["fall 80%"] <= row.within_8["fall 80%"] <= 1
    assert "| 60% fall within 4 weeks, at 0.25 | 0.60 | 0.50 |" in text


def test_the_report_takes_the_place_of_the_older_one_and_leaves_the_rest(tmp_path):
    page = tmp_path / "benchmarks.md"
    page.write_text("# Benchmarks\n\nHow.\n\n## Detection, 2026-01-01\n\nOld.\n\n## Week\n\nKept.\n")
    write_section(page, "## Detection, 2026-02-03\n\n`evenbook bench detection`. New.")

    assert page.read_text() == (
        "# Benchmarks\n\nHow.\n\n## Detection, 2026-02-03\n\n"
        "`evenbook bench detection`. New.\n\n## Week\n\nKept.\n"
    )


def test_a_bar_says_whether_the_ask_or_only_the_floor_is_met():
    assert bench.Bar("a", 0.6, 0.5, 0.6).verdict == "ask met"
    assert bench.Bar("a", 0.6, 0.5, 0.55).verdict == "floor met"
    assert bench.Bar("a", 1.5, 2.0, 2.1, higher_is_better=False).verdict == "not met"
