"""The benches of calibration, ceilings and time to an event: what they count, and that verdicts follow from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evenbook.engine.ceiling_simulator import TeamKind, make_team
from evenbook.engine.delay_simulator import make_delays
from evenbook.engine.effort_simulator import CompanyKind, effort, make_company
from evenbook.site.bench import calibration, ceiling, effects, time_to_event
from evenbook.site.bench.bar import Promise, promise_table


def test_a_promise_is_met_at_its_ask_half_met_at_its_floor_and_missed_past_it():
    promise = Promise("error", 0.1, 0.2, 0.1)

    assert promise.verdict == "ask met"
    assert replace(promise, measured=0.15).verdict == "floor met"
    assert replace(promise, measured=0.21).verdict == "not met"
    assert Promise("share", 0.9, 0.8, 0.85, at_most=False).verdict == "floor met"


def test_a_figure_that_could_not_be_measured_is_not_met():
    assert Promise("error", 0.1, 0.2, float("nan")).verdict == "not met"
    assert "| error | ≤ 0.1 | ≤ 0.2 | nan | not met |" in promise_table(
        [Promise("error", 0.1, 0.2, float("nan"))]
    )


def test_a_company_keeps_signs_and_its_reference_and_has_few_hours_unlogged_where_effort_is_large():
    made = make_company(CompanyKind(2000), seed=1)
    large = effort(made.truth, made.levels) > 2

    for true, default in zip(made.truth, made.defaults, strict=True):
        assert (np.sign(np.log(true)) == np.sign(np.log(default))).all()
    assert np.mean(made.hours[large] == 0) < 0.5 * made.unlogged
    assert make_company(CompanyKind(200, logs_all=True), seed=1).unlogged == 0


def test_the_same_seed_makes_the_same_worlds_and_another_others():
    assert np.array_equal(*(make_company(CompanyKind(50), seed=seed).hours for seed in (1, 1)))
    assert np.array_equal(*(make_team(TeamKind(), seed=seed).quality for seed in (1, 1)))
    assert np.array_equal(*(make_delays(50, seed=seed).days for seed in (1, 1)))
    assert not np.array_equal(*(make_delays(50, seed=seed).days for seed in (1, 2)))


def test_escalation_weeks_are_heavier_and_worse_without_any_ceiling():
    made = make_team(TeamKind(60, 52, 0.0, escalations=True), seed=2)
    heavy = made.volume > np.quantile(made.volume, 0.85)

    assert made.ceiling is None
    assert made.quality[heavy].mean() < made.quality[~heavy].mean() - 1


def test_the_error_of_true_weights_is_zero_whatever_their_scale():
    made = make_company(CompanyKind(50), seed=3)
    scaled = (3.0 * made.truth[0], *made.truth[1:])

    assert calibration.relative_error(made, scaled) < 1e-9 < calibration.relative_error(made, made.defaults)


def test_the_report_of_calibration_says_of_each_size_whether_the_ask_is_met():
    said: list[str] = []
    wanted = [calibration.Case("time unlogged", CompanyKind(size, fresh=500)) for size in (50, 200)]

    rows = calibration.main((1, 2), say=said.append, wanted=wanted)

    assert [row.companies for row in rows] == [2, 2]
    assert "| error per account, 50 accounts | ≤ 0.19 | ≤ 0.22 |" in said[0]
    assert "80% intervals cover, least of the sizes" in said[0]


def test_the_report_of_ceilings_counts_silence_and_distance():
    row = ceiling.measure(TeamKind(8, 30, -4.0), (1, 2))
    silent = ceiling.measure(TeamKind(3, 20, 0.0), (1,))

    assert row.silent == 0 and row.off < 1 and row.width > 0
    assert silent.silent == 1 and np.isnan(silent.off)


def test_the_report_of_times_says_how_far_the_plain_average_is_off():
    said: list[str] = []

    rows = time_to_event.main(range(5), say=said.append)

    assert all(row.naive < -0.2 and abs(row.bias) < 0.4 for row in rows)
    assert "| distance from the truth, 1,000 episodes | ≤ 0.05 |" in said[0]


def test_the_report_of_effects_counts_what_is_said_and_seen():
    planted = effects.measure(100, range(6), answers=False, effect=-0.2)
    silent = effects.measure(8, range(2), answers=True, effect=0.0)
    rows = [
        effects.measure(people, range(2), answers=True, effect=each)
        for people in (60, 300)
        for each in (0.0, -0.1)
    ]
    report = "\n".join(effects.lines(rows, range(2)))

    assert planted.said == planted.seen == 1.0 and abs(planted.bias) < 0.05
    assert silent.said == 0.0 and np.isnan(silent.off)
    assert "| seen where there is none, 60 people | ≤ 0.05 |" in report and "answer high weeks" in report
