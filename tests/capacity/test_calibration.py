"""What hours speak for: planted weights are found, the defaults stand where nothing can be said."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.capacity.hours import company, rows
from tests.random_world import answer
from tests.random_world import company as random_company
from tests.site.test_as_of import weeks

from evenbook.capacity.numbers import FACTORS, BaseHours, CapacityNumbers, Multiplier
from evenbook.capacity.numbers.calibration import CalibrationNumbers
from evenbook.capacity.rules.fitted import NO_BASE, NO_MINUTES, NOBODY, SILENT, proposal
from evenbook.capacity.rules.heard import inputs
from evenbook.capacity.rules.proposal import CeilingFound, Proposal, TierHours, Weight
from evenbook.capacity.rules.taxonomy import factors, places, product
from evenbook.capacity.rules.told import conversations, sentence

EFFORT, NUMBERS = CapacityNumbers(), CalibrationNumbers()
PLANTED = {("regulated", "yes"): 2.4, ("stage", "onboarding"): 3.0}


def weight(found: Proposal, factor: str, level: str) -> Weight:
    (one,) = [each for each in found.weights if (each.factor, each.level) == (factor, level)]
    return one


@pytest.fixture(scope="module")
def planted() -> Proposal:
    return proposal(company(seed=3, planted=PLANTED), EFFORT, NUMBERS, seed=1)


def test_planted_weights_are_found_and_proposed_and_the_others_are_not(planted: Proposal):
    for (factor, level), true in PLANTED.items():
        found = weight(planted, factor, level)
        assert found.low * 0.9 <= true <= found.high * 1.1
        assert not found.low <= found.in_force <= found.high
        assert found.proposed == pytest.approx(true, rel=0.25) and found.is_changed
    assert {each.factor for each in planted.weights if each.is_changed} <= {
        "regulated",
        "stage",
        "products",
        "complexity",
    }
    assert planted.errors.fitted < planted.errors.in_force


def test_the_product_of_the_levels_is_that_of_the_effort_rule():
    steps_seen = 0
    for seed in (1, 2, 5):
        with answer(random_company(seed, accounts=20), weeks(52, 60)) as session:
            held = session.rows("select * from effort_as_of order by as_of, account").to_pydict()
        taxonomy = factors(EFFORT)
        levels = [places(each, held) for each in taxonomy]
        found = product([each.multipliers for each in taxonomy], levels)
        assert np.allclose(found, held["product"], rtol=1e-8)
        steps_seen += len(found)
    assert steps_seen > 100


def test_defaults_that_are_true_stay():
    found = proposal(company(seed=11), EFFORT, NUMBERS, seed=1)
    assert sum(each.is_changed for each in found.weights) <= 6
    assert all(each.low <= each.fitted <= each.high for each in found.weights)


def test_every_weight_keeps_its_side_of_one_and_a_reference_stays(planted: Proposal):
    for each in planted.weights:
        assert (each.fitted - 1) * (each.in_force - 1) >= -1e-9 and 0 < each.proposed <= 5
        assert 0 <= each.pulled <= 1
        assert each.is_reference == (each.in_force == 1 and each.fitted == 1 and each.low == 1)


def test_what_all_accounts_take_together_stays_and_tiers_share_it_as_hours_are_shared(planted: Proposal):
    total = sum(each.accounts * each.mean for each in planted.base_hours)
    then = sum(each.accounts * each.proposed for each in planted.base_hours)
    assert then == pytest.approx(total, rel=0.01)
    tier_4 = next(each for each in planted.base_hours if each.tier == 4)
    assert tier_4 == TierHours(4, 0.05, 0.05, 0.05, 0.05, 0.05, 0)


def test_the_changes_are_paths_of_the_policy_and_centering_comes_with_them(planted: Proposal):
    changes = planted.changes()
    assert changes["capacity.centered"] is True
    assert (
        changes["capacity.multipliers[regulated,yes].multiplier"]
        == weight(planted, "regulated", "yes").proposed
    )
    assert Proposal.from_json(planted.as_json()) == planted
    assert Proposal("nothing", 8).changes() == {}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (rows(), "No account is active"),
        (rows(*({"hours": 0.0},) * 80), "No hours were logged"),
        (rows(*({"hours": None},) * 80), "No hours were logged"),
        (rows(*({"person": 1},) * 80), "Only one person"),
        (
            rows(*({"person": number % 3 + 1} for number in range(30))),
            "Only 30 accounts have hours; it takes 50",
        ),
    ],
)
def test_where_nothing_can_be_said_a_sentence_says_why(given, why):
    found = proposal(given, EFFORT, NUMBERS)
    assert found.why.startswith(why) and found.changes() == {} and found.weights == ()
    assert sentence(found).startswith(why)


def test_a_person_with_twelve_accounts_and_no_history_is_left_out_and_counted():
    given = company(seed=3, accounts=200, people=6)
    for at in range(12):
        given["person"][at], given["hours"][at] = 99, 0.0
    found = proposal(given, EFFORT, NUMBERS)
    assert found.left_out == {SILENT: 12} and found.accounts == 188 and found.people == 6


def test_accounts_that_say_nothing_are_left_out_each_for_its_reason():
    given = company(seed=3, accounts=200, people=6)
    given["person"][0] = None
    given["hours"][1] = None
    given["tier"][2] = 4
    bases = tuple(each if each.tier != 4 else BaseHours(tier=4, hours=0) for each in EFFORT.base_hours)
    found = proposal(given, EFFORT.model_copy(update={"base_hours": bases}), NUMBERS)
    assert found.left_out == {NOBODY: 1, NO_MINUTES: 1, NO_BASE: 1}
    assert next(each for each in found.base_hours if each.tier == 4).proposed == 0


def test_a_pool_logs_as_one():
    given = company(seed=3, accounts=200, people=6)
    given["person"] = [None if who == 6 else who for who in given["person"]]
    given["pool"] = [1 if who is None else None for who in given["person"]]
    assert proposal(given, EFFORT, NUMBERS).people == 6


@pytest.mark.parametrize("bad", [0.0, -1.0])
def test_a_weight_in_force_of_zero_or_below_is_said_and_nothing_is_fitted(bad):
    weak = Multiplier.model_construct(factor="regulated", level="yes", at_least=None, multiplier=bad)
    rest = tuple(each for each in EFFORT.multipliers if (each.factor, each.level) != ("regulated", "yes"))
    found = proposal(company(seed=3), EFFORT.model_copy(update={"multipliers": (*rest, weak)}), NUMBERS)
    assert found.why == "The weight of regulated, yes is not above 0, so no product can be fitted."


def test_all_scores_missing_is_fitted_without_them(planted: Proposal):
    levels = {each.level: each.accounts for each in planted.inputs if each.factor == "heard_sentiment"}
    assert levels == {"none": 400, "low": 0, "middle": 0, "high": 0}
    assert planted.errors.with_conversations is not None


def test_inputs_are_thirds_of_the_tier_and_few_are_in_the_middle():
    values = [float(each) for each in range(9)]
    given = rows(
        *({"tier": 1, "call_minutes": each} for each in values),
        {"tier": 2, "call_minutes": 900.0},
        {"tier": 2},
    )
    (_, found), *_ = inputs(given)
    assert found.tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 0]


def test_a_conversation_input_that_drives_hours_brings_the_error_down():
    given = company(seed=5)
    rng = np.random.default_rng(1)
    minutes = rng.uniform(10, 400, len(given["hours"]))
    given["call_minutes"] = minutes.tolist()
    given["hours"] = [
        hours * (0.4 if each < 140 else 2.2) for hours, each in zip(given["hours"], minutes, strict=True)
    ]
    found = proposal(given, EFFORT, NUMBERS)
    assert found.errors.with_conversations < found.errors.without_conversations - 0.05
    assert conversations(found.errors).startswith("What was said in calls brings the error per account from")
    assert not any(each.is_changed for each in found.inputs)
    assert not any("heard" in path for path in found.changes())


def test_once_centered_base_hours_are_asked_only_where_tiers_are():
    given = company(seed=3, planted=PLANTED)
    found = proposal(given, EFFORT.model_copy(update={"centered": True}), NUMBERS, seed=1)
    learned = any(each.low != each.high and each.is_changed for each in found.base_hours)
    assert learned or not any(each.is_changed for each in found.base_hours)


def test_the_sentence_names_hours_weights_and_errors(planted: Proposal):
    changed = sum(each.is_changed for each in planted.weights)
    said = sentence(planted)
    assert said.startswith(
        f"Logged hours of {planted.with_hours} accounts over 8 weeks suggest a change of {changed} of 36 weights; error"
    )
    ceiling = CeilingFound("enterprise", "score", 12, 9.0, 8.5, 9.4, -2.0, 5, 200, False, 9.0, "")
    assert sentence(dataclasses.replace(planted, ceilings=(ceiling,))).endswith(
        " 1 ceiling would change too."
    )


def test_the_order_of_accounts_changes_nothing():
    given = company(seed=3, accounts=200)
    turned = {name: list(reversed(column)) for name, column in given.items()}
    first, second = proposal(given, EFFORT, NUMBERS), proposal(turned, EFFORT, NUMBERS)
    assert [each.proposed for each in first.weights] == [each.proposed for each in second.weights]
    assert set(FACTORS) == {each.factor for each in first.weights}
