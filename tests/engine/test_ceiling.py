"""From which volume on quality falls: planted ceilings are found, and where there is none, none is."""

import numpy as np
import pytest

from evenbook.engine import UnusableArrays, fit_ceiling
from evenbook.engine.ceiling_escalations import without_escalations
from evenbook.engine.ceiling_rows import rows
from evenbook.engine.ceiling_simulator import TeamKind, make_team

STEEP = make_team(TeamKind(12, 40, -4.0), seed=11)


def fit(made, *, seed=1):
    return fit_ceiling(made.volume, made.quality, made.person, seed=seed)


def test_a_ceiling_without_noise_is_found_where_it_is():
    person = np.repeat(np.arange(4), 30)
    volume = np.tile(np.linspace(4, 16, 30), 4)
    quality = 80 - 3 * person - 2 * np.maximum(volume - 9, 0)

    found = fit_ceiling(volume, quality, person, seed=1)

    assert abs(found.value - 9) < 0.1 and abs(found.slope + 2) < 0.1 and not found.escalations


def test_a_planted_ceiling_is_found_and_its_interval_is_narrow():
    found = fit(STEEP)

    assert abs(found.value - STEEP.ceiling) < 0.5
    assert found.interval_80[0] <= found.value <= found.interval_80[1] < found.interval_80[0] + 1.5
    assert -5 < found.slope < -3


def test_the_curve_at_a_place_is_least_squares_with_a_column_for_each_person():
    made = make_team(TeamKind(4, 30), seed=5)
    ready = rows(made.volume, made.quality, made.person)
    curves = without_escalations(ready, np.ones(120))
    place = 7
    columns = np.column_stack([np.eye(4)[ready.person], ready.past[:, place]])
    root = 1 / np.sqrt(ready.noise)
    slow = np.linalg.lstsq(columns * root[:, None], ready.quality * root, rcond=None)[0]

    assert np.allclose(slow[:4], curves.own[:, place]) and np.isclose(slow[4], curves.slope[place])


@pytest.mark.parametrize("escalations", [False, True])
def test_where_there_is_no_ceiling_none_is_seen(escalations):
    made = [make_team(TeamKind(12, 40, 0.0, escalations), seed=seed) for seed in range(5)]

    assert sum(fit(each) is not None for each in made) <= 1


def test_heavy_weeks_that_are_worse_because_they_are_escalations_are_told_from_a_ceiling():
    made = make_team(TeamKind(20, 52, -1.5, escalations=True), seed=3)
    found = fit(made)

    assert found.escalations and abs(found.value - made.ceiling) < 1


def test_the_same_seed_gives_the_same_and_names_and_order_of_people_do_not_matter():
    turned = np.random.default_rng(0).permutation(STEEP.volume.size)
    renamed = fit_ceiling(STEEP.volume[turned], STEEP.quality[turned], 100 + 3 * STEEP.person[turned], seed=1)

    assert fit(STEEP) == fit(STEEP)
    assert np.isclose(renamed.value, fit(STEEP).value) and np.isclose(renamed.slope, fit(STEEP).slope)


def test_the_unit_of_quality_does_not_matter():
    percent, share = fit(STEEP), fit_ceiling(STEEP.volume, STEEP.quality / 100, STEEP.person, seed=1)

    assert np.isclose(percent.value, share.value) and np.isclose(percent.slope, 100 * share.slope)


def test_rows_with_something_unknown_are_left_out():
    quality = np.append(STEEP.quality, [np.nan, 3.0])
    volume, person = np.append(STEEP.volume, [9.0, np.nan]), np.append(STEEP.person, [0, 77])

    assert fit_ceiling(volume, quality, person, seed=1) == fit(STEEP)


def test_too_little_to_see_is_silence():
    volume, quality, person = STEEP.volume, STEEP.quality, STEEP.person
    silent = [
        ([], [], []),
        (volume, quality, person * 0),
        (volume, quality * np.nan, person),
        (volume * 0, quality, person),
        (volume, quality * 0, person),
        (volume[:30], quality[:30], person[:30]),
        (np.where(volume > 12, 1e9, volume), quality, person),
    ]

    assert [fit_ceiling(*each, seed=1) for each in silent] == [None] * len(silent)


@pytest.mark.parametrize(
    ("volume", "quality", "person"),
    [([-1.0], [1.0], [1]), ([1.0, 2.0], [1.0], [1]), ([[1.0]], [1.0], [1]), ([1.0], ["bad"], [1])],
)
def test_what_cannot_be_used_is_refused(volume, quality, person):
    with pytest.raises(UnusableArrays):
        fit_ceiling(volume, quality, person, seed=1)
