"""What went with an event: planted effects are found, none is seen where there is none, nonsense is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenbook.engine import UnusableArrays, effect_of
from evenbook.engine.effects import LEAST, NEIGHBOURS
from evenbook.engine.effects_simulator import made_events
from evenbook.engine.student import student_quantile

SEEDS = range(12)


@pytest.mark.parametrize(
    ("freedom", "chance", "value"),
    [
        (1, 0.975, 12.7062), (2, 0.9, 1.88562), (3, 0.975, 3.18245), (4, 0.9, 1.53321), (9, 0.975, 2.26216),
        (30, 0.9, 1.31042), (100, 0.975, 1.98397), (5000, 0.9, 1.28171),
    ],
)  # fmt: skip
def test_quantiles_of_t_are_those_of_the_tables(freedom: int, chance: float, value: float):
    assert student_quantile(chance, freedom) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("answers", [True, False])
def test_a_planted_effect_is_found_though_events_answer_bad_weeks(answers: bool):
    found = [effect_of(*made(seed, effect=-0.15, answers=answers)) for seed in SEEDS]
    errors = np.array([each.estimate for each in found], dtype=float) + 0.15

    assert abs(errors.mean()) < 0.02 and np.abs(errors).max() < 0.06
    assert sum(each.is_seen for each in found) >= 11
    assert (
        sum(each.interval_95[0] <= -0.15 <= each.interval_95[1] for each in found if each.interval_95) >= 10
    )


def test_where_there_is_no_effect_none_is_seen_though_the_weeks_get_better_by_themselves():
    found = [effect_of(*made(seed)) for seed in SEEDS]

    assert sum(each.is_seen for each in found) <= 2
    naive = []
    for seed in SEEDS:
        outcomes, weeks = made(seed)
        had = [unit for unit in np.flatnonzero(weeks >= 8) if weeks[unit] <= outcomes.shape[1] - 8]
        naive += [since_the_bad_weeks(outcomes[unit], weeks[unit]) for unit in had]
    assert np.mean(naive) < 5 * min(0.0, float(np.mean([each.estimate or 0 for each in found])))


def test_the_arithmetic_of_one_event_is_that_by_hand():
    """Six people alike in every week before; after it the one with the event moves by 3, the others by 1."""
    outcomes = np.full((12, 12), 2.0)
    weeks = np.full(12, -1)
    weeks[:6] = 4
    outcomes[:6, 4:] += 3.0
    outcomes[6:, 4:] += 1.0
    found = effect_of(outcomes, weeks, before=4, after=8)

    assert found.estimate == pytest.approx(2.0, abs=1e-6) and found.drift == pytest.approx(0.0, abs=1e-6)
    assert (found.treated, found.compared, found.left_out) == (6, NEIGHBOURS, 0)
    assert found.interval_80 == pytest.approx((2.0, 2.0), abs=1e-6)


def test_with_too_few_events_or_nobody_to_compare_with_nothing_is_said():
    outcomes, weeks = made(3)
    few = np.where(np.cumsum(weeks >= 0) < LEAST, weeks, -1)
    assert effect_of(outcomes, few).estimate is None and not effect_of(outcomes, few).is_seen

    alone = effect_of(outcomes[weeks >= 0], weeks[weeks >= 0])
    assert alone.left_out > 0
    far = outcomes + np.where(weeks >= 0, 50.0, 0.0)[:, None]
    unlike = effect_of(far, np.where(weeks >= 0, 40, -1))
    assert unlike.estimate is None and unlike.left_out == int((weeks >= 0).sum())


def test_the_order_of_people_changes_nothing_and_a_scale_only_the_scale():
    outcomes, weeks = made(5, effect=-0.1)
    order = np.random.default_rng(1).permutation(len(weeks))
    found, shuffled = effect_of(outcomes, weeks), effect_of(outcomes[order], weeks[order])
    scaled = effect_of(outcomes * 100, weeks)

    assert found.estimate == pytest.approx(shuffled.estimate) and found.treated == shuffled.treated
    assert scaled.estimate == pytest.approx(100 * (found.estimate or 0))
    assert scaled.interval_95 == pytest.approx(tuple(100 * each for each in found.interval_95 or ()))


def test_gaps_are_gaps():
    outcomes, weeks = made(7, effect=-0.15)
    holes = np.random.default_rng(2).random(outcomes.shape) < 0.1
    found, whole = effect_of(np.where(holes, np.nan, outcomes), weeks), effect_of(outcomes, weeks)

    assert found.estimate == pytest.approx(whole.estimate, abs=0.04)
    assert effect_of(np.full_like(outcomes, np.nan), weeks).estimate is None


@pytest.mark.parametrize(
    ("outcomes", "weeks", "spans"),
    [
        ([1.0, 2.0], [0, 1], {}), ([[1.0], [2.0]], [0], {}), ([[1.0], [2.0]], [0, 1], {}),
        ([[1.0], [2.0]], [0, -2], {}), ([[1.0], [2.0]], [0.0, 0.0], {}), ([["a"], ["b"]], [0, 0], {}),
        ([[np.inf], [2.0]], [0, 0], {}), ([[1.0], [2.0]], [0, 0], {"before": 3}),
        ([[1.0], [2.0]], [0, 0], {"after": 0}),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_refused_in_a_sentence(outcomes: Any, weeks: Any, spans: dict[str, int]):
    with pytest.raises(UnusableArrays) as refused:
        effect_of(outcomes, weeks, **spans)
    assert refused.value.what.endswith(".") and refused.value.fix


def test_nobody_at_all_is_no_fault():
    found = effect_of(np.empty((0, 20)), np.empty(0, dtype=int))

    assert found.estimate is None and (found.treated, found.left_out) == (0, 0)


def since_the_bad_weeks(weeks: Any, event: int) -> float:
    return float(weeks[event : event + 8].mean() - weeks[event - 2 : event].mean())


def made(seed: int, *, effect: float = 0.0, answers: bool = True) -> tuple[Any, Any]:
    found = made_events(seed, people=200, effect=effect, answers=answers)
    return found.outcomes, found.event_week
