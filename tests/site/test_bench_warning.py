"""The bench of the early warning: what a lead is, and that its invented years are what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evenbook.site.bench import warning as bench
from evenbook.site.bench.closing_years import NEVER, YearKind, make_years

SMALL = YearKind(12)
LOADED = replace(SMALL, onset=(16, 17), fall=(1.0, 1.0), depth=(0.9, 0.9))


def test_a_lead_is_from_the_first_warning_since_the_onset_to_the_wave():
    assert bench.lead((3, 12, 15), onset=10, wave=18) == 6


def test_a_warning_before_the_onset_or_after_the_wave_leads_nothing():
    assert bench.lead((3,), onset=10, wave=18) == 0
    assert bench.lead((20,), onset=10, wave=18) == 0


def test_the_same_seed_makes_the_same_years():
    one, same, other = (make_years(SMALL, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(one.overdue, same.overdue)
    assert not np.array_equal(one.overdue, other.overdue)


def test_nothing_is_due_on_leave_and_what_was_due_is_closed_or_waits():
    made = make_years(SMALL, seed=1)

    assert not made.due[made.is_away].any()
    assert np.array_equal(made.due.cumsum(axis=0), made.closed.cumsum(axis=0) + made.overdue)


def test_years_differ_from_the_onset_on_alone():
    calm, loaded = make_years(replace(SMALL, onset=(60, 61)), seed=1), make_years(LOADED, seed=1)

    assert loaded.waves(20).max() < NEVER
    assert (loaded.waves(20) >= 16).all()
    assert np.array_equal(calm.due[:16] > 0, loaded.due[:16] > 0)


def test_the_report_says_of_each_line_and_of_false_warnings_whether_the_ask_is_met():
    said: list[str] = []

    rows = bench.main((1,), people=10, say=said.append)

    assert len(rows) == 8
    assert "| at once | 20 |" in said[0]
    assert "| at once | 40 |" in said[0]
    assert "| small books |" in said[0]
