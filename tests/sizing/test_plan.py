"""The headcount plan: hours by month against the closed form, hires and when they must start, what-ifs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine.event_sums import moments
from evenbook.sizing.numbers import StaffingNumbers
from evenbook.sizing.rules.hiring import hiring, starts_of
from evenbook.sizing.rules.known import Client, Known, Sale, WhatIf, Worker
from evenbook.sizing.rules.months import (
    StageDays,
    last_day_of,
    months_after,
    place_of,
    renewal_place,
    stages_ahead,
)
from evenbook.sizing.rules.plan import (
    clients,
    hired,
    moved_to_digital,
    newcomers,
    people,
    profile,
    ramp_months,
    sales,
    simulated,
)
from evenbook.sizing.rules.plan_told import plan_document

TODAY = date(2026, 3, 9)
MONTHS = months_after(TODAY, 12)
DAYS = StageDays(90, 180, 90, {"onboarding": 2.0, "adoption": 1.2, "value": 1.0, "renewal": 1.5})
EFFORT = {
    (tier, stage): hours * times
    for tier, hours in ((1, 8.0), (2, 2.0), (4, 0.1))
    for stage, times in DAYS.multipliers.items()
}
RAMP = ((0, 0.25), (30, 0.5), (60, 0.75), (90, 1.0))
NUMBERS = StaffingNumbers(runs=4000)
CERTAIN = StaffingNumbers(
    runs=100,
    attrition_share=0.0,
    leave_share=0.0,
    churn_share=0.0,
    slip_months=0.0,
    expansion_effort_share=0.5,
)


def worker(number: int, hours: float = 120.0) -> Worker:
    return Worker(number, (hours,) * 12, (0.0,) * 12)


def known(**more: object) -> Known:
    """Return a base of 30 accounts of tier 2 in value, 60 hours a month, and one person."""
    given_ = {
        "months": MONTHS,
        "clients": [Client(2, "value", 2.0)] * 30,
        "sales": [],
        "workers": [worker(1)],
        "stages": DAYS,
        "effort": EFFORT,
        "churn": {},
        "ramp": RAMP,
        "full_hours": 120.0,
    }
    return Known(**{**given_, **more})  # type: ignore[arg-type]


def test_the_months_are_whole_ones_after_the_day():
    assert (MONTHS[0], MONTHS[-1]) == (date(2026, 4, 1), date(2027, 3, 1))
    assert months_after(date(2026, 12, 31), 2) == (date(2027, 1, 1), date(2027, 2, 1))
    assert last_day_of(date(2028, 2, 1)) == date(2028, 2, 29)


def test_what_is_overdue_stands_in_the_first_month_and_what_is_late_in_none():
    assert place_of(date(2025, 1, 1), MONTHS) == 0
    assert place_of(date(2026, 5, 31), MONTHS) == 1
    assert place_of(date(2027, 4, 1), MONTHS) == 12
    assert renewal_place(date(2027, 4, 1), MONTHS) is None


def test_an_account_goes_through_its_stages():
    found = stages_ahead("onboarding", date(2026, 2, 1), date(2027, 2, 1), months=MONTHS, days=DAYS)

    assert found == (
        "onboarding", *("adoption",) * 3, *("value",) * 3, *("renewal",) * 3, *("value",) * 2,
    )  # fmt: skip


def test_an_account_in_renewal_goes_back_to_value_and_comes_again_a_year_later():
    found = stages_ahead("renewal", None, date(2026, 4, 20), months=MONTHS, days=DAYS)

    assert found[0] == "renewal" and found[1] == "value" and found[10] == "renewal"


def test_churn_comes_at_the_renewal_or_evenly_where_none_is_known():
    base = known(
        clients=[Client(2, "value", 2.0, renews_on=date(2026, 7, 4)), Client(2, "value", 2.0)], churn={2: 0.2}
    )
    by = clients(base, NUMBERS).ended_by

    assert by[0].tolist() == [0.0] * 3 + [0.2] * 9
    assert by[1, -1] == pytest.approx(0.2) and by[1, 5] == pytest.approx(1 - 0.8**0.5)


def test_a_certain_year_needs_what_the_accounts_take_and_has_what_people_can():
    found = simulated(known(), CERTAIN, WhatIf(), seed=1)

    assert np.allclose(found.need, 60.0) and np.allclose(found.capacity, 120.0)


def test_a_new_customer_takes_more_while_it_is_onboarded():
    assert profile(known(), 1)[:7].tolist() == [16.0, 16.0, 16.0, 9.6, 9.6, 9.6, 8.0]
    won = known(clients=[], sales=[Sale(1, 1.0, date(2026, 6, 15))])
    found = simulated(won, CERTAIN, WhatIf(), seed=1).need[0]

    assert found.tolist() == [0, 0, 16, 16, 16, *([pytest.approx(9.6)] * 3), 8, 8, 8, 8]


def test_an_expansion_adds_its_part_of_the_account_for_good():
    grown = known(clients=[], sales=[Sale(2, 1.0, date(2026, 5, 1), grows=4.0)])

    assert simulated(grown, CERTAIN, WhatIf(), seed=1).need[0].tolist() == [0.0] + [2.0] * 11


def test_the_mean_of_the_wins_is_the_sum_of_their_probabilities():
    listed = [Sale(1, share, date(2026, 4, 10)) for share in (0.1, 0.5, 0.9)] + [Sale(1, None, None)]
    found = moments(sales(known(sales=listed), replace_numbers(slip_months=0.0)))

    assert found.mean[0] == pytest.approx((0.1 + 0.5 + 0.9 + 0.25) * 16)
    assert found.variance[0] == pytest.approx((0.09 + 0.25 + 0.09 + 0.1875) * 16**2)


def replace_numbers(**more: object) -> StaffingNumbers:
    return NUMBERS.model_copy(update=more)


def test_sales_close_later_than_they_are_forecast_and_most_of_them_in_the_end():
    by = sales(known(sales=[Sale(1, 0.8, date(2026, 5, 1))]), replace_numbers(slip_months=1.0)).come_by[0]

    assert by[0] == 0 and by[1] == pytest.approx(0.4) and by[2] == pytest.approx(0.6)
    assert by[-1] == pytest.approx(0.8, abs=0.001)


def test_people_ramp_are_away_and_leave():
    some = people(known(workers=[Worker(1, (100.0,) * 12, (0.0, 0.12, 0.5) + (0.0,) * 9)]), NUMBERS)

    assert some.away is not None and some.away[0, :3].tolist() == [pytest.approx(0.12), 0.0, 0.0]
    assert some.ended_by[0, -1] == pytest.approx(1 - 0.85 ** (11.5 / 12))
    new = hired(known(), NUMBERS, WhatIf(hires=2, hired_in=3)).amounts
    assert new[0].tolist() == [0, 0, 0, 30, 60, 90, *([120.0] * 6)]
    assert ramp_months(RAMP) == 3


@pytest.mark.parametrize("seed", [1, 2])
def test_the_simulated_years_have_the_mean_of_the_closed_form(seed):
    busy = known(
        clients=[Client(2, "value", 2.0, renews_on=MONTHS[each % 12]) for each in range(80)],
        sales=[Sale(1, 0.3, MONTHS[each % 9]) for each in range(20)],
        workers=[worker(each) for each in range(6)],
        churn={2: 0.15},
        newcomers={1: 0.5},
    )
    found = simulated(busy, NUMBERS, WhatIf(), seed=seed)
    for runs, exact in ((found.need, found.exact_need), (found.capacity, found.exact_capacity)):
        error = np.sqrt(exact.variance / NUMBERS.runs)
        assert (np.abs(runs.mean(axis=0) - exact.mean) < 5 * error + 1e-9).all()
        assert np.allclose(runs.var(axis=0), exact.variance, rtol=0.12)


def test_hires_start_as_long_before_as_they_ramp_and_are_decided_before_that():
    found = starts_of([0, 0, 0, 0, 1, 1, 2, 1], MONTHS, ramp=3, search=2.0, as_of=TODAY)

    assert [(each.needed_from, each.start_by) for each in found] == [
        (date(2026, 8, 1), date(2026, 5, 1)),
        (date(2026, 10, 1), date(2026, 7, 1)),
    ]
    assert (found[0].decide_by, found[0].is_late) == (date(2026, 3, 1), True)
    assert (found[1].decide_by, found[1].is_late) == (date(2026, 5, 1), False)


def test_what_is_short_before_anybody_can_ramp_is_no_reason_to_hire():
    assert starts_of([3, 2, 1, 0, 0], MONTHS, ramp=3, search=2.0, as_of=TODAY) == ()
    late = starts_of([3, 2, 2, 1, 1], MONTHS, ramp=3, search=2.0, as_of=TODAY)
    assert [(each.needed_from, each.start_by) for each in late] == [(date(2026, 7, 1), date(2026, 4, 1))]


def test_a_base_that_needs_twice_the_hours_takes_a_second_person():
    full = known(clients=[Client(2, "value", 2.0)] * 120)
    found = hiring(simulated(full, CERTAIN, WhatIf(), seed=1), full, CERTAIN, as_of=TODAY)

    assert found.hires.middle == 1 and found.months[0].short_share == 1.0
    assert found.short_until == MONTHS[2]
    assert (
        hiring(simulated(known(), CERTAIN, WhatIf(), seed=1), known(), CERTAIN, as_of=TODAY).hires.middle == 0
    )


def test_a_tier_moved_to_digital_takes_digital_hours():
    base = known(clients=[Client(1, "value", 9.0)] * 2 + [Client(2, "value", 2.0)])
    found = moved_to_digital(base, 1, NUMBERS)

    assert [round(each.hours, 4) for each in found.clients] == [0.1125, 0.1125, 2.0]
    assert {each.tier for each in found.clients} == {4, 2}


def test_what_ifs_stand_beside_the_plan_and_move_it_the_right_way():
    what_ifs = [
        WhatIf("One more", hires=1),
        WhatIf("One leaves", leavers=(1,)),
        WhatIf("To digital", from_tier=2),
        WhatIf("A layer", layer_share=0.2),
    ]
    base = known(clients=[Client(2, "value", 2.0)] * 70, workers=[worker(1), worker(2)])
    said = plan_document(base, NUMBERS, what_ifs, as_of=TODAY, seed=1, rests_on={})
    now = said["balance_at_the_end"]["middle"]
    more, fewer, digital, layer = (each["balance_at_the_end"]["middle"] for each in said["what_ifs"])

    assert more > now > fewer and digital > now and layer > now
    assert said["what_ifs"][3]["need_at_the_end"]["middle"] == pytest.approx(
        0.8 * said["need_at_the_end"]["middle"], abs=0.001
    )
    assert said["exact"]["need"]["mean"][0] == pytest.approx(
        moments(clients(base, NUMBERS)).mean[0], abs=1e-3
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 500))
def test_the_same_seed_gives_the_same_plan(seed):
    few = replace_numbers(runs=200)
    one, other = (
        plan_document(known(), few, [WhatIf("One more", hires=1)], as_of=TODAY, seed=seed, rests_on={})
        for _ in range(2)
    )

    assert one == other


def test_without_accounts_or_people_a_plan_is_still_told():
    nobody = known(clients=[], workers=[])
    said = plan_document(nobody, NUMBERS, [], as_of=TODAY, seed=1, rests_on={})

    assert said["hires"] == {"low": 0, "middle": 0, "high": 0}
    assert "Nobody needs to be hired" in said["text"]
    assert moments(newcomers(nobody)).mean.sum() == 0


def test_accounts_without_anybody_need_people():
    alone = replace(known(), workers=[])
    said = plan_document(alone, NUMBERS, [], as_of=TODAY, seed=1, rests_on={})

    assert said["hires"]["middle"] == 1 and said["starts"][0]["is_late"]
