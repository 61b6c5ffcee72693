"""Who takes what: beside every plan there is, on problems small enough to write them all out."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine import UnusableArrays
from evenbook.engine.assignment import KEPT, Pricer, irreducible, kept, solve, value_of
from evenbook.engine.assignment.simulator import book_problem, quarter_problem
from small_assignments import made, problems, slow_best, slow_value

BOOK = book_problem(120, 6, 3)
SHORT = {"seconds": 0.05, "seed": 1}


def any_plan(problem, chance):
    """Return a plan drawn at random from the arcs there are."""
    width = np.diff(problem.arcs.start)
    return problem.arcs.start[:-1] + (chance.random(problem.items) * width).astype(np.int64)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_small_problem_is_solved_as_well_as_by_looking_at_every_plan(problem):
    found = solve(problem, **SHORT)

    assert found.value.total == pytest.approx(slow_best(problem), abs=1e-6)
    assert found.bound <= found.value.total + 1e-9
    assert problem.most_moves is None or problem.moves(found.plan) <= problem.most_moves


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 2**32))
def test_what_a_plan_costs_is_what_it_costs_person_by_person(problem, seed):
    plan = any_plan(problem, np.random.default_rng(seed))
    value = value_of(problem, plan)

    assert value.total == pytest.approx(slow_value(problem, plan), abs=1e-9)
    assert list(value.unassigned) == [
        item for item, arc in enumerate(plan) if problem.arcs.person[arc] == problem.persons
    ]


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 2**32))
def test_the_price_of_a_change_is_the_difference_of_two_plans(problem, seed):
    chance = np.random.default_rng(seed)
    plan = any_plan(problem, chance)
    item = int(chance.integers(problem.items))
    ranked = Pricer(problem, plan).ranked(item)

    assert [arc for arc, _ in ranked] and all(
        one.total <= other.total for (_, one), (_, other) in zip(ranked, ranked[1:], strict=False)
    )
    before = value_of(problem, plan)
    for arc, difference in ranked:
        changed = plan.copy()
        changed[item] = arc
        after = value_of(problem, changed)
        assert difference.total == pytest.approx(after.total - before.total, abs=1e-9)
        assert difference.uneven == pytest.approx(after.uneven - before.uneven, abs=1e-9)
        assert difference.penalties == pytest.approx(after.penalties - before.penalties, abs=1e-9)


def test_the_least_full_takes_the_next_item():
    problem = made([[0, 0]] * 4, [[1.0]] * 4, target=2.0)

    found = solve(problem, **SHORT)

    assert found.value.total == found.gap == 0.0 and found.value.feasible
    assert sorted(problem.arcs.person[found.plan]) == [0, 0, 1, 1]


def test_one_person_takes_all_and_what_is_too_much_is_named():
    found = solve(made([[1.0]] * 3, [[2.0]] * 3, limit=5.0), **SHORT)

    assert found.value.over.tolist() == [[1.0]] and found.value.penalties.tolist() == [20.0]
    assert found.value.total == 23.0 and not found.value.feasible


def test_an_item_that_nobody_may_take_is_named():
    problem = made([[1.0]], [[2.0]])
    alone = problem.arcs._replace(
        start=np.array([0, 1]),
        person=problem.arcs.person[1:],
        cost=problem.arcs.cost[1:],
        counted=problem.arcs.counted[1:],
    )

    found = solve(replace(problem, arcs=alone), **SHORT)

    assert found.value.unassigned.tolist() == [0] and not found.value.feasible and found.gap == 0.0


def test_no_items_cost_nothing_where_nothing_has_a_target():
    found = solve(made(np.zeros((0, 2)), np.zeros((0, 1))), **SHORT)

    assert found.value.total == found.bound == 0.0 and not len(found.plan) and found.value.feasible


def test_without_people_nobody_has_anything():
    found = solve(made(np.zeros((3, 0)), np.ones((3, 1))), **SHORT)

    assert found.value.unassigned.tolist() == [0, 1, 2] and found.bound == found.value.total


def test_with_no_moves_everything_stays_and_what_nobody_had_is_placed():
    problem = made([[5, 0], [5, 0], [5, 0]], [[1.0]] * 3, current=[0, 0, KEPT], most=0)

    found = solve(problem, **SHORT)

    assert problem.arcs.person[found.plan].tolist() == [0, 0, 1] and problem.moves(found.plan) == 0


def test_there_are_never_more_moves_than_allowed_and_it_is_never_worse_than_what_stands():
    settled = solve(BOOK, seconds=0.1, seed=1)
    for share in (0.0, 0.02, 0.05):
        quarter = quarter_problem(BOOK, settled.plan, share, 5)

        found = solve(quarter, seconds=0.2, seed=1)

        assert quarter.moves(found.plan) <= quarter.most_moves == int(share * 120)
        assert found.bound <= found.value.total <= value_of(quarter, kept(quarter)).total


def test_more_moves_never_make_the_best_worse():
    costs = np.random.default_rng(4).integers(0, 9, (5, 2))
    best = [
        solve(made(costs, [[1.0]] * 5, target=2.5, current=[0] * 5, most=most), **SHORT).value.total
        for most in range(6)
    ]

    assert best == sorted(best, reverse=True)


def test_a_known_plan_is_never_made_worse():
    good = solve(BOOK, seconds=0.5, seed=1)

    again = solve(BOOK, seconds=0.05, seed=9, start=good.plan)

    assert again.value.total <= good.value.total


def test_the_same_seed_gives_the_same_plan_in_another_process():
    script = (
        "import hashlib; from evenbook.engine.assignment import solve;"
        "from evenbook.engine.assignment.simulator import book_problem;"
        "found = solve(book_problem(120, 6, 3), seconds=0.3, seed=7);"
        "print(hashlib.sha256(found.plan.tobytes()).hexdigest(), found.bound.hex())"
    )
    here = solve(BOOK, seconds=0.3, seed=7)

    there = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ}
    )

    said = f"{hashlib.sha256(here.plan.tobytes()).hexdigest()} {here.bound.hex()}\n"
    assert there.stdout == said and not there.stderr
    assert not here.stopped_early


def test_stopped_it_says_so_and_gives_what_it_has():
    asked = []

    def after_one() -> bool:
        asked.append(1)
        return len(asked) > 1

    at_once, later = (solve(BOOK, seconds=1.5, seed=1, stop=stop) for stop in (lambda: True, after_one))

    assert at_once.stopped_early and later.stopped_early and len(asked) == 2
    assert later.value.total <= at_once.value.total <= value_of(BOOK, kept(BOOK)).total
    assert at_once.bound <= later.value.total


def test_nothing_is_said_on_the_way(capfd):
    solve(BOOK, **SHORT)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["cost", "weight"])
def test_an_arc_with_no_number_is_refused_in_words(name):
    spoiled = getattr(BOOK.arcs, name).copy()
    spoiled.reshape(-1)[5] = np.nan

    with pytest.raises(UnusableArrays, match=f"{name} holds what is not a number"):
        solve(replace(BOOK, arcs=BOOK.arcs._replace(**{name: spoiled})), **SHORT)


@pytest.mark.parametrize("name", ["target", "even", "limit", "penalty"])
def test_a_person_with_no_number_is_refused_in_words(name):
    spoiled = getattr(BOOK, name).copy()
    spoiled.reshape(-1)[1] = np.nan

    with pytest.raises(UnusableArrays, match=f"{name} holds what is not a number"):
        solve(replace(BOOK, **{name: spoiled}), **SHORT)


def spoiled_arcs(**changes):
    return replace(BOOK, arcs=BOOK.arcs._replace(**changes))


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (spoiled_arcs(start=np.where(np.arange(121) == 3, BOOK.arcs.start[4], BOOK.arcs.start)), "item has no arc"),
        (spoiled_arcs(start=BOOK.arcs.start[:-1]), "do not fit together"),
        (spoiled_arcs(cost=BOOK.arcs.cost[1:]), "do not fit together"),
        (spoiled_arcs(weight=BOOK.arcs.weight[1:]), "do not fit together"),
        (spoiled_arcs(counted=BOOK.arcs.counted[1:]), "do not fit together"),
        (spoiled_arcs(person=BOOK.arcs.person + np.int32(1)), "person that does not exist"),
        (spoiled_arcs(person=np.zeros_like(BOOK.arcs.person)), "leads to somebody"),
        (replace(BOOK, limit=BOOK.limit[:, 1:]), "do not fit together"),
        (replace(BOOK, penalty=BOOK.penalty[1:]), "do not fit together"),
        (replace(BOOK, current=BOOK.current[1:]), "do not fit together"),
        (replace(BOOK, current=np.roll(BOOK.current, 1)), "is not one of its arcs"),
        (replace(BOOK, penalty=-BOOK.penalty), "below 0"),
        (replace(BOOK, even=-BOOK.even), "below 0"),
        (replace(BOOK, most_moves=-1), "below 0"),
    ],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_refused_in_words(spoiled, said):
    with pytest.raises(UnusableArrays, match=said) as refused:
        solve(spoiled, **SHORT)

    assert refused.value.fix


def test_a_start_that_is_no_plan_of_the_problem_is_refused():
    moved = replace(made([[5, 0]] * 2, [[1.0]] * 2, current=[0, 0]), most_moves=1)

    for start in (np.array([1, 1]), np.array([1]), moved.arcs.start[:-1] + 1):
        with pytest.raises(UnusableArrays, match="plan to start from"):
            solve(moved, **SHORT, start=start)


def test_moves_that_are_forced_beyond_those_allowed_are_refused():
    problem = made([[0, 0]] * 2, [[1.0]] * 2, current=[0, 0], most=1)
    forced = problem.arcs._replace(counted=np.ones_like(problem.arcs.counted))

    with pytest.raises(UnusableArrays, match="2 moves are forced, and 1 is allowed"):
        solve(replace(problem, arcs=forced), **SHORT)


CONFLICTS = st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=3), max_size=4)


@given(CONFLICTS)
def test_a_conflict_is_irreducible(conflicts):
    def can_hold(rules):
        return not any(conflict <= set(rules) for conflict in conflicts)

    found = irreducible(range(7), can_hold)

    assert (found == ()) == (not conflicts)
    if conflicts:
        assert set(found) in conflicts and list(found) == sorted(found)
        assert all(can_hold([each for each in found if each != rule]) for rule in found)


def test_a_conflict_of_nothing_at_all_is_no_rules():
    assert irreducible([], lambda rules: True) == ()
