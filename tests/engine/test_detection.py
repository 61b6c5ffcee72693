"""The detector as a whole: causal, the same from a carry, fair to missing weeks and to the season."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine import fleet_estimates as estimates
from evenbook.engine.detection import Readings, step
from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.fleet_simulator import FleetKind, MadeFleet, make_fleet
from evenbook.engine.fleet_state import FleetNumbers, FleetState

PARAMS = DetectorParams()


def run(counts, *, seen=None, accounts=None, state=None, first=0, params=PARAMS):
    """Return the state after all weeks, and each week's readings."""
    counts = np.asarray(counts, dtype=float)
    ids = np.arange(counts.shape[1]) if accounts is None else np.asarray(accounts)
    seen = np.ones(counts.shape, bool) if seen is None else seen
    state = state or FleetState.before(first)
    read: list[Readings] = []
    for week in range(counts.shape[0]):
        state, readings = step(
            state, counts[week], accounts=ids, seen=seen[week], week=first + week, params=params
        )
        read.append(readings)
    return state, read


def same(one: Readings | FleetState, other: Readings | FleetState) -> bool:
    def equal(name):
        left, right = getattr(one, name), getattr(other, name)
        if not isinstance(left, np.ndarray):
            return left == right
        return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")

    return all(equal(field.name) for field in fields(one))


def fleet(accounts=300, seed=3, weeks=60, **more) -> MadeFleet:
    return make_fleet(FleetKind(accounts, weeks=weeks, **more), seed=seed)


def gappy(shape, seed=5):
    """Return seen flags: single weeks lost, one week lost for all, accounts that join late."""
    rng = np.random.default_rng(seed)
    seen = rng.uniform(size=shape) > 0.03
    seen[20] = False
    seen[np.arange(shape[0])[:, None] < rng.integers(0, 40, shape[1])[None, :]] = False
    return seen


def test_a_week_from_the_stored_carry_equals_the_full_recompute_bit_for_bit():
    counts, ids = fleet().counts, np.arange(300) * 7 + 3
    seen = gappy(counts.shape)
    whole_state, whole = run(counts, seen=seen, accounts=ids)

    carried = FleetState.before(0)
    for week in range(counts.shape[0]):
        started = seen[: week + 1].any(0)
        columns = {name: held[::-1].copy() for name, held in carried.to_columns().items()}
        numbers = json.loads(json.dumps(carried.fleet.to_numbers()))
        carried, one = step(
            FleetState.from_columns(columns, FleetNumbers.from_numbers(numbers)),
            counts[week][started],
            accounts=ids[started],
            seen=seen[week][started],
            week=week,
            params=PARAMS,
        )
        known = np.isin(ids, one.accounts)
        for field in fields(Readings):
            held = getattr(whole[week], field.name)
            if isinstance(held, np.ndarray):
                assert np.array_equal(
                    held[known], getattr(one, field.name), equal_nan=held.dtype.kind == "f"
                ), (week, field.name)
            else:
                assert held == getattr(one, field.name), (week, field.name)
    assert same(carried, whole_state)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 27), st.integers(0, 10_000))
def test_later_weeks_never_change_an_earlier_reading(cut, seed):
    counts = fleet(40, seed=seed, weeks=28).counts
    seen = gappy(counts.shape, seed=seed)
    other, other_seen = counts.copy(), seen.copy()
    rng = np.random.default_rng(seed + 1)
    other[cut:] = rng.poisson(20, other[cut:].shape)
    other_seen[cut:] = rng.uniform(size=other[cut:].shape) > 0.5
    _, before = run(counts, seen=seen)
    _, after = run(other, seen=other_seen)

    assert all(same(one, two) for one, two in zip(before[:cut], after[:cut], strict=True))


class SlowAccount:
    """One account from its whole history, in plain loops; shares nothing with the detector.

    ``trace`` holds the fleet's numbers before and after each week.
    """

    def __init__(self, values, seen, trace):
        self.y = [float(value) for value in values]
        self.ok = [bool(flag) for flag in seen]
        self.trace = trace
        self.index = [after.index[week % 16] for week, (_, after) in enumerate(trace)]
        self.level = self.worth = self.total = self.base = self.weeks = 0.0

    def scores(self, read):
        """Return the two scores of the last week; of ``read`` only the shared errors are used."""
        for week, (before, after) in enumerate(self.trace):
            self.hear(week, before)
            own = self.dispersion(after)
            if week >= 8:
                self.learn(week - 8, own, before.wander)
        errors = {4: read.error_short, 8: read.error_long}
        return [self.score(span, own, before, after, error) for span, error in errors.items()]

    def sums(self, begin, end):
        weeks = [w for w in range(max(begin, 0), end) if self.ok[w]]
        index = [self.index[w] for w in weeks]
        return sum(self.y[w] for w in weeks), sum(index), sum(one**2 for one in index)

    def joined(self, begin, end, dispersion, wander):
        kept = self.kept(dispersion, wander, end - begin)
        users, weight, _ = self.sums(begin, end)
        if not kept + weight:
            return 0.0, 0.0
        return (self.level * kept + users) / (kept + weight), kept + weight

    def kept(self, dispersion, wander, span):
        return self.worth / (1 + self.worth * span * wander**2 / noise(self.level, dispersion))

    def hear(self, week, before):
        usual, known = self.joined(week - 8, week, before.dispersion.fleet, before.wander)
        if not (week and self.ok[week] and self.ok[week - 1] and known >= 4):
            return
        a, b = self.y[week] / self.index[week], self.y[week - 1] / self.index[week - 1]
        reach = 4 * max(usual, 1.0) * (2 * noise(usual, before.dispersion.fleet)) ** 0.5
        jump = max(-reach, min(reach, a - b))
        self.total = self.total * 51 / 52 + jump**2 / 2
        self.total -= (a / self.index[week] + b / self.index[week - 1]) / 2
        self.base = self.base * 51 / 52 + max(usual, 0.05) ** 2
        self.weeks = self.weeks * 51 / 52 + 1

    def dispersion(self, after):
        fleet, between = after.dispersion.fleet, after.dispersion.between
        one = noise(self.level, fleet)
        doubt = (3 + 6 * one) * one**2 / max(self.weeks, 1.0)
        mine = self.total / self.base if self.base else fleet
        return min(max(fleet + between / (between + doubt) * (mine - fleet), fleet / 4), 8 * fleet, 2.0)

    def learn(self, week, own, wander):
        self.worth = self.kept(own, wander, 1)
        if not self.ok[week]:
            return
        s = self.index[week]
        more = noise(self.level, own) / (noise(self.level, own) + (1 / s - 1) / max(self.level, 0.05))
        move = self.y[week] / s - self.level
        reach = 4 * max(self.level, 1.0) * noise(self.level, own) ** 0.5
        move = max(-reach, min(reach, move)) if self.worth >= 2 else move
        self.worth += more
        self.level += more / self.worth * move

    def score(self, span, own, before, after, error):
        end = len(self.trace)
        mean, known = self.level, self.worth
        if span == 4:
            mean, known = self.joined(end - 8, end - 4, own, before.wander)
        users, weight, squares = self.sums(end - span, end)
        spread = (own + after.index_variance) * squares / weight**2
        spread += noise(mean, own) / max(known, 0.25) + before.wander**2 * (span + 1) / 2
        shape, expected = 1 / spread, max(weight * np.exp(error) * mean, 1e-6)
        part = users * np.log(max(users, 1e-6) / expected)
        part -= (users + shape) * np.log((shape + users) / (shape + expected))
        return float(np.copysign(np.sqrt(max(2 * part, 0)), users - expected))


def noise(mean, dispersion):
    return 1 / max(mean, 0.05) + dispersion


def test_scores_equal_a_slow_recompute_of_each_account_from_its_whole_history():
    made = fleet(120, weeks=44, shape_spread=1.0)
    seen = gappy(made.counts.shape)
    state, trace = FleetState.before(0), []
    for week in range(44):
        before = state.fleet
        state, read = step(
            state, made.counts[week], accounts=np.arange(120), seen=seen[week], week=week, params=PARAMS
        )
        trace.append((before, state.fleet))
    never_alarmed = np.flatnonzero(
        (state.since_fall > 100) & (state.since_rise > 100) & (state.level_weeks > 0) & read.seen
    )
    assert never_alarmed.size > 60
    for account in never_alarmed[:60]:
        slow = SlowAccount(made.counts[:, account], seen[:, account], trace).scores(read)
        assert (read.score_short[account], read.score_long[account]) == pytest.approx(slow, abs=1e-6)


def test_a_fall_of_a_large_account_is_seen_within_four_weeks_with_its_figures():
    counts = np.full((40, 60), 64.0) + np.random.default_rng(1).integers(-6, 7, (40, 60))
    counts[36:, 0] = 31
    _, read = run(counts)

    fell = [week for week in range(40) if read[week].fell[0]]
    assert fell and 36 <= fell[0] < 40
    last = read[39]
    assert last.seen_mean[0] == pytest.approx(31)
    assert last.expected_mean[0] == pytest.approx(64, rel=0.03)
    assert last.low_short[0] and last.score_short[0] < -last.fall_short[0]
    assert not any(read[week].fell[1:].any() for week in range(36, 40))


def test_a_dip_that_all_share_is_the_season_and_no_alarm():
    rng = np.random.default_rng(2)
    counts = rng.poisson(20, (60, 400)).astype(float)
    counts[50:52] = rng.poisson(9, (2, 400))
    _, read = run(counts)

    assert read[50].index == pytest.approx(0.45, abs=0.05)
    assert sum(int(read[week].fell.sum()) for week in range(50, 56)) <= 24


def test_an_account_that_was_not_delivered_is_not_silent():
    counts = np.random.default_rng(3).poisson(20, (40, 80)).astype(float)
    seen = np.ones(counts.shape, bool)
    counts[32:, 0], seen[32:, 0] = 0, False
    _, read = run(counts, seen=seen)

    assert not any(one.fell[0] or one.low_short[0] for one in read)
    assert read[39].zero_weeks[0] == 0
    assert np.isnan(read[39].seen_mean[0])


def test_an_account_that_was_delivered_without_a_row_is_silent_and_falls():
    counts = np.random.default_rng(3).poisson(20, (40, 80)).astype(float)
    counts[36:, 0] = 0
    _, read = run(counts)

    assert any(one.fell[0] for one in read[36:])
    assert read[39].zero_weeks[0] == 4


def test_values_of_weeks_that_were_not_seen_are_never_looked_at():
    counts = np.random.default_rng(3).poisson(20, (30, 20)).astype(float)
    seen = gappy(counts.shape)
    spoilt = np.where(seen, counts, np.nan)

    assert same(run(counts, seen=seen)[0], run(spoilt, seen=seen)[0])


def test_one_fall_raises_one_alarm_and_a_second_fall_raises_another():
    rng = np.random.default_rng(4)
    counts = rng.poisson(60, (90, 100)).astype(float)
    counts[40:, 0] = rng.poisson(30, 50)
    counts[70:, 0] = rng.poisson(8, 20)
    _, read = run(counts)

    fell = [week for week in range(30, 90) if read[week].fell[0]]
    assert len(fell) == 2
    assert 40 <= fell[0] < 44 and 70 <= fell[1] < 74


def test_a_return_is_read_as_a_rise():
    rng = np.random.default_rng(6)
    counts = rng.poisson(60, (80, 100)).astype(float)
    counts[40:60, 0] = rng.poisson(20, 20)
    _, read = run(counts)

    assert any(read[week].rose[0] for week in range(60, 66))


def test_a_new_account_is_not_judged_before_its_twelfth_week():
    counts = np.random.default_rng(8).poisson(30, (50, 50)).astype(float)
    seen = np.ones(counts.shape, bool)
    seen[:30, 0] = False
    counts[38:, 0] = 2
    _, read = run(counts, seen=seen)

    assert not any(one.ready[0] for one in read[:41])
    assert read[41].ready[0]


def test_accounts_that_join_leave_the_others_as_they_were():
    counts = np.random.default_rng(9).poisson(12, (20, 30)).astype(float)
    state, _ = run(counts)
    grown = state.holding(np.array([-5, 3, 100]))

    assert grown.accounts.tolist() == [-5, *range(30), 100]
    assert same(grown.without(np.array([-5, 100])), state)
    assert grown.weeks_seen[[0, -1]].tolist() == [0, 0]


def test_a_fleet_of_one_account_still_finds_its_silence():
    counts = np.random.default_rng(10).poisson(40, (60, 1)).astype(float)
    counts[50:] = 0
    _, read = run(counts)

    assert any(one.fell[0] for one in read[50:56])


def test_weeks_must_follow_each_other_and_arrays_must_fit():
    state = FleetState.before(5)
    one = {"accounts": np.array([1, 2]), "seen": np.array([True, True]), "params": PARAMS}
    with pytest.raises(ValueError, match="does not follow"):
        step(state, [1, 2], week=6, **one)
    with pytest.raises(ValueError, match="same length"):
        step(state, [1, 2, 3], week=5, **one)
    with pytest.raises(ValueError, match="zero or more"):
        step(state, [1, np.nan], week=5, **one)
    with pytest.raises(ValueError, match="ascending"):
        step(state, [1, 2], week=5, **(one | {"accounts": np.array([2, 1])}))


def test_windows_of_other_lengths_work_the_same_way():
    counts = np.random.default_rng(12).poisson(40, (40, 60)).astype(float)
    counts[34:, 0] = 12
    _, read = run(counts, params=DetectorParams(short_weeks=2, long_weeks=10, warmup_weeks=14))

    assert any(one.fell[0] for one in read[34:37])
    assert read[39].seen_mean[1] == pytest.approx(counts[38:, 1].mean())
    assert read[39].seen_mean_long[1] == pytest.approx(counts[30:, 1].mean())


def test_params_check_themselves():
    for wrong in ({"target": 0}, {"short_weeks": 9}, {"warmup_weeks": 8}):
        with pytest.raises(ValueError):
            DetectorParams(**wrong)


@pytest.mark.parametrize("shape", [4.0, 30.0])
def test_false_alarms_keep_to_their_budget_whatever_the_noise(shape):
    made = fleet(1500, seed=11, weeks=104, shape=shape, amplitude=0.3)
    _, read = run(made.counts)
    years = sum(int(one.ready.sum()) for one in read) / 52
    large = made.size > 30

    assert sum(int(one.fell.sum()) for one in read) / years < 1.5 * PARAMS.target
    years = sum(int(one.ready[large].sum()) for one in read) / 52
    assert sum(int(one.fell[large].sum()) for one in read) / years < 2 * PARAMS.target


def test_season_and_noise_are_found_while_one_account_in_seven_falls():
    made = fleet(1000, weeks=90, shape=5.0, shares=(("fall 60%", 0.15),))
    state, read = run(made.counts)
    index = np.array([one.index for one in read]) / made.season
    bias = np.log(index[50:90] / index[30:45].mean())

    assert np.abs(bias).max() < 0.12

    assert state.fleet.dispersion.fleet == pytest.approx(0.2, rel=0.15)
    assert isinstance(state.fleet.dispersion, estimates.Dispersion)
