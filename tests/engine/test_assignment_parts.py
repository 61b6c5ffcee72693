"""The parts of the assignment: what prices prove, what annealing keeps count of, what the exact solver holds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine import UnusableArrays
from evenbook.engine.assignment import kept, knapsacks, solve, value_of
from evenbook.engine.assignment.anneal import Stage, _anneal, _ground, anneal, cheapest
from evenbook.engine.assignment.exact import Effort, among, exact, linear_prices, relaxed
from evenbook.engine.assignment.knapsacks import made_up
from evenbook.engine.assignment.prices import best_prices, proven, reduced_costs, shortlist_of
from evenbook.engine.assignment.problem import held, narrowed
from evenbook.engine.assignment.simulator import book_problem, quarter_problem
from small_assignments import made, problems, slow_best

BOOK = book_problem(300, 10, 0)
PRICES = best_prices(BOOK, 1500)
COOLING = [Stage(40, 2.0, 0.1, 0.3), Stage(40, 0.1, 0.02)]
SMALL = settings(max_examples=40, deadline=None)


def any_plan(problem, chance):
    width = np.diff(problem.arcs.start)
    return problem.arcs.start[:-1] + (chance.random(problem.items) * width).astype(np.int64)


@SMALL
@given(problems())
def test_no_plan_costs_less_than_the_prices_prove_nor_than_the_linear_program(problem):
    best = slow_best(problem)

    assert best_prices(problem, 60).bound <= best + 1e-6
    assert relaxed(problem) <= best + 1e-6


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_prices_prove_nearly_what_the_linear_program_does(seed):
    problem = book_problem(300, 10, seed)
    best = relaxed(problem)

    assert best * (1 - 0.0005) <= best_prices(problem, 4000).bound <= best + 1e-6


@SMALL
@given(problems())
def test_the_prices_of_the_linear_program_prove_what_it_does(problem):
    found = proven(problem, *linear_prices(problem))

    assert found.bound == pytest.approx(relaxed(problem), abs=1e-5)


def test_with_a_number_of_moves_too():
    quarter = quarter_problem(
        BOOK, anneal(BOOK, PRICES, cheapest(BOOK, PRICES), stages=COOLING, seed=1), 0.01, 1
    )
    best, found = relaxed(quarter), best_prices(quarter, 6000)

    assert best * (1 - 0.0005) <= found.bound <= best + 1e-6
    assert found.move == pytest.approx(linear_prices(quarter)[1], abs=0.1) and found.move > 0.0


@pytest.mark.parametrize("more", [1.05, 1.5, 4.0])
def test_more_room_never_makes_the_bound_worse(more):
    wider = replace(BOOK, limit=BOOK.limit * more)

    assert relaxed(wider) <= relaxed(BOOK) + 1e-6
    assert best_prices(wider, 1500).bound <= PRICES.bound * 1.0005


@SMALL
@given(problems(), st.integers(0, 2**32))
def test_the_exact_solver_finds_the_best_and_proves_it(problem, seed):
    begin = kept(problem)
    if problem.most_moves is None:
        begin = any_plan(problem, np.random.default_rng(seed))

    proven = exact(problem, begin)

    assert value_of(problem, proven.plan).total == pytest.approx(slow_best(problem), abs=1e-4)
    assert proven.bound <= value_of(problem, proven.plan).total + 1e-6 and not proven.stopped


@SMALL
@given(problems(), st.integers(0, 2**32), st.lists(st.booleans(), min_size=5, max_size=5))
def test_items_that_are_held_stay_and_the_others_get_no_worse(problem, seed, drawn):
    plan = kept(problem)
    if problem.most_moves is None:
        plan = any_plan(problem, np.random.default_rng(seed))
    free = np.array(drawn[: problem.items])
    arcs = narrowed(problem, plan, free)
    narrow = held(problem, arcs)

    better = among(problem, plan, free)

    assert np.array_equal(better[~free], plan[~free])
    assert value_of(problem, better).total <= value_of(problem, plan).total + 1e-9
    assert value_of(narrow, np.searchsorted(arcs, plan)).total == pytest.approx(value_of(problem, plan).total)
    assert np.array_equal(np.diff(narrow.arcs.start)[~free], np.ones((~free).sum()))
    stands = narrow.current >= 0
    assert np.array_equal(arcs[narrow.current[stands]], problem.current[stands])


def test_few_persons_at_a_time_get_no_worse_and_the_others_keep_what_they_have():
    plan = anneal(BOOK, PRICES, cheapest(BOOK, PRICES), stages=COOLING, seed=1)
    free = np.isin(BOOK.arcs.person[plan], [0, 1, 2])

    better = among(BOOK, plan, free, persons=np.arange(3), effort=Effort(20, light=True))

    assert np.array_equal(better[~free], plan[~free])
    moved = better != plan
    assert set(BOOK.arcs.person[better[moved]]) <= {0, 1, 2}
    assert value_of(BOOK, better).total <= value_of(BOOK, plan).total


@SMALL
@given(problems(), st.integers(0, 1000), st.floats(0.01, 20.0), st.floats(0.02, 1.0))
def test_what_annealing_keeps_count_of_is_what_the_plan_costs(problem, seed, heat, share):
    begin, prices = kept(problem), best_prices(problem, 20)
    ground, listed = _ground(problem, prices, begin, seed)

    _anneal(ground, (20, heat, heat / 4, share))

    here = listed[ground.items["at"]]
    first, now = value_of(problem, begin).total, value_of(problem, here).total
    assert first + ground.tally[0]["value"] == pytest.approx(now, abs=1e-6)
    assert ground.books["load"] == pytest.approx(problem.loads(here), abs=1e-9)
    assert ground.tally[0]["moves"] == problem.moves(here)
    best = value_of(problem, listed[ground.best]).total
    assert first + ground.tally[0]["best"] == pytest.approx(best, abs=1e-6) and best <= min(first, now) + 1e-6
    assert np.array_equal(
        ground.people["count"], np.bincount(problem.arcs.person[here], minlength=problem.persons + 1)
    )


def test_a_search_that_is_long_and_hot_keeps_count_as_well():
    begin = cheapest(BOOK, PRICES)
    ground, listed = _ground(BOOK, PRICES, begin, 3)

    _anneal(ground, (400, 5.0, 0.05, 1.0))

    here = listed[ground.items["at"]]
    expected = value_of(BOOK, begin).total + ground.tally[0]["value"]
    assert expected == pytest.approx(value_of(BOOK, here).total, rel=1e-9)


def test_annealing_is_never_worse_than_where_it_began_and_the_same_seed_ends_alike():
    begin = cheapest(BOOK, PRICES)
    one, again, other = (anneal(BOOK, PRICES, begin, stages=COOLING, seed=seed) for seed in (5, 5, 6))

    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert value_of(BOOK, one).total <= value_of(BOOK, begin).total
    assert anneal(BOOK, PRICES, begin, stages=[], seed=1) is begin


def test_annealing_makes_no_more_moves_than_allowed():
    quarter = quarter_problem(
        BOOK, anneal(BOOK, PRICES, cheapest(BOOK, PRICES), stages=COOLING, seed=1), 0.03, 1
    )
    prices = best_prices(quarter, 500)

    plan = anneal(quarter, prices, cheapest(quarter, prices), stages=COOLING, seed=2)

    assert quarter.moves(plan) <= quarter.most_moves == 9


@SMALL
@given(problems(), st.integers(1, 3), st.integers(0, 100))
def test_the_shortlist_is_the_cheapest_in_order_and_what_stands(problem, short, seed):
    costs = np.random.default_rng(seed).integers(0, 5, len(problem.arcs.person)).astype(float)
    start, listed = shortlist_of(problem.arcs, costs, problem.current, short)

    for item in range(problem.items):
        arcs = range(problem.arcs.start[item], problem.arcs.start[item + 1])
        expected = sorted(arcs, key=lambda arc: (costs[arc], arc))[:short]
        stands = problem.current[item]
        if stands >= 0 and stands not in expected:
            expected.append(stands)
        assert listed[start[item] : start[item + 1]].tolist() == expected


def test_reduced_costs_are_those_of_the_arc_its_load_and_its_move():
    problem = made([[1, 2]], [[3.0, 0.5]], current=[0])
    load = np.array([[1.0, 2.0], [-1.0, 4.0], [0.0, 0.0]])

    assert reduced_costs(problem.arcs, load, 10.0).tolist() == [1 + 3 + 1, 2 - 3 + 2 + 10, 50 + 10]


def test_the_exact_solver_begins_from_the_plan_it_is_given():
    plan = anneal(BOOK, PRICES, cheapest(BOOK, PRICES), stages=COOLING, seed=1)

    found = exact(BOOK, plan, effort=Effort(1, light=True))

    assert value_of(BOOK, found.plan).total <= value_of(BOOK, plan).total and np.isfinite(found.bound)


def brute_knapsack(costs, weights, capacity):
    agents, jobs = costs.shape
    best = np.inf
    for code in np.ndindex(*([agents] * jobs)):
        taken = np.array(code)
        loads = np.bincount(taken, weights[taken, np.arange(jobs)], agents)
        if (loads <= capacity).all():
            best = min(best, costs[taken, np.arange(jobs)].sum())
    return best


@pytest.mark.parametrize("kind", ["c", "d", "e"])
@pytest.mark.parametrize("seed", [1, 2])
def test_agents_and_jobs_are_assigned_as_well_as_by_looking_at_every_plan(kind, seed):
    costs, weights, capacity = made_up(kind, 3, 6, seed)
    capacity = np.maximum(capacity, weights.min(axis=0).max())

    found = solve(knapsacks(costs, weights, capacity), seconds=0.1, seed=1)

    best = brute_knapsack(costs, weights, capacity)
    assert (found.value.total if found.value.feasible else np.inf) == best
    assert found.bound <= found.value.total


@pytest.mark.parametrize("kind", ["c", "d", "e"])
def test_larger_ones_are_feasible_and_within_a_hundredth_of_the_bound(kind):
    found = solve(knapsacks(*made_up(kind, 10, 200, 3)), seconds=0.6, seed=1)

    assert found.value.feasible and 0.0 <= found.gap <= 0.01


def test_a_job_that_fits_no_agent_is_left_to_nobody():
    found = solve(
        knapsacks(np.ones((2, 2)), np.array([[9.0, 1.0], [9.0, 1.0]]), np.array([2.0, 2.0])),
        seconds=0.1,
        seed=1,
    )

    assert found.value.unassigned.tolist() == [0] and not found.value.feasible


@pytest.mark.parametrize("agents", [1, 3])
def test_agents_and_jobs_that_do_not_fit_together_are_refused(agents):
    with pytest.raises(UnusableArrays, match="do not fit together"):
        knapsacks(np.ones((2, 4)), np.ones((2, 4)), np.ones(agents))


@pytest.mark.parametrize("name", ["costs", "weights", "capacity"])
def test_agents_and_jobs_without_a_number_are_refused(name):
    given = {"costs": np.ones((2, 4)), "weights": np.ones((2, 4)), "capacity": np.ones(2)}
    given[name].reshape(-1)[0] = np.nan

    with pytest.raises(UnusableArrays, match="not a number"):
        knapsacks(**given)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_people_who_are_all_alike_and_items_that_weigh_nothing_are_no_trouble(weight):
    problem = made(np.zeros((40, 8)), np.full((40, 2), weight), target=5 * weight, limit=6.0)

    found = solve(problem, seconds=0.2, seed=1)

    assert found.value.total == pytest.approx(found.bound, abs=1e-6)
    assert found.value.total == pytest.approx(0.0, abs=1e-9) and found.value.feasible


def test_locked_items_stay_though_it_costs():
    problem = made([[9, 0]] * 3, [[1.0]] * 3, target=1.5, current=[0, 0, 0])
    keep = np.flatnonzero(problem.arcs.person != 1)
    arcs = problem.arcs
    locked = replace(
        problem,
        arcs=arcs._replace(
            start=np.arange(4) * 2, person=arcs.person[keep], cost=arcs.cost[keep], counted=arcs.counted[keep]
        ),
        current=np.array([0, 2, 4]),
    )

    found = solve(locked, seconds=0.05, seed=1)

    assert locked.arcs.person[found.plan].tolist() == [0, 0, 0] and found.gap == pytest.approx(0.0, abs=1e-9)
    assert locked.moves(found.plan) == 0
