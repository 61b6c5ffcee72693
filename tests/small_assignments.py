"""Small problems of who takes what, drawn by hypothesis, and what each plan costs, written out in full."""

import itertools
import math

import numpy as np
from hypothesis import strategies as st

from evenbook.engine.assignment import KEPT, Arcs, Problem

NOBODY = 50.0


def made(costs, weights, *, target=None, limit=None, even=3.0, penalty=20.0, current=None, most=None):
    """Return the problem in which everybody may take everything: costs [items, people], weights [items, resources]."""
    costs, weights = np.asarray(costs, float), np.asarray(weights, float)
    items, people = costs.shape
    person = np.tile(np.arange(people + 1), items)
    cost = np.hstack([costs, np.full((items, 1), NOBODY)]).reshape(-1)
    start = np.arange(items + 1) * (people + 1)
    holds = np.full(items, KEPT) if current is None else np.asarray(current)
    stands = np.where(holds >= 0, start[:-1] + holds, KEPT)
    counted = np.repeat(holds >= 0, people + 1) & (person != np.repeat(holds, people + 1))
    shape = (people, weights.shape[1])
    arcs = Arcs(start, person.astype(np.int32), cost, weights, False, counted.astype(np.uint8))
    return Problem(
        arcs,
        np.broadcast_to(np.asarray(0.0 if target is None else target, float), shape).copy(),
        np.broadcast_to(np.asarray(even, float), shape).copy(),
        np.broadcast_to(np.asarray(math.inf if limit is None else limit, float), shape).copy(),
        np.full(shape[1], float(penalty)),
        stands,
        most,
    )


def slow_value(problem, taken):
    """Return what a plan costs, item by item and person by person."""
    arcs, total = problem.arcs, 0.0
    load = [[0.0] * len(problem.penalty) for _ in range(problem.persons + 1)]
    for item, arc in enumerate(taken):
        total += arcs.cost[arc]
        for d, weight in enumerate(arcs.weight[arc if arcs.by_arc else item]):
            load[arcs.person[arc]][d] += weight
    for m in range(problem.persons):
        for d, penalty in enumerate(problem.penalty):
            if problem.target[m, d] > 0:
                away = abs(load[m][d] / problem.target[m, d] - 1)
                further = max(0, away - 0.05) + 1.5 * max(0, away - 0.15) + 2.5 * max(0, away - 0.30)
                total += problem.even[m, d] * further
            if math.isfinite(problem.limit[m, d]):
                total += penalty * max(0.0, load[m][d] - problem.limit[m, d])
    return total


def slow_best(problem):
    """Return what the best of all plans costs, with no more moves than there may be."""
    arcs = problem.arcs
    choices = [range(arcs.start[i], arcs.start[i + 1]) for i in range(problem.items)]
    most = math.inf if problem.most_moves is None else problem.most_moves
    allowed = (plan for plan in itertools.product(*choices) if sum(arcs.counted[a] for a in plan) <= most)
    return min(slow_value(problem, plan) for plan in allowed)


def _amounts(draw, shape, choices):
    count = int(np.prod(shape))
    drawn = draw(st.lists(st.sampled_from(choices), min_size=count, max_size=count))
    return np.array(drawn, float).reshape(shape)


@st.composite
def problems(draw):
    """Draw a problem of up to 5 items, 3 people and 3 resources, with everything that may be left out left out at times."""
    items, people, resources = (draw(st.integers(1, most)) for most in (5, 3, 3))
    arcs = []
    for item in range(items):
        may = draw(st.sets(st.integers(0, people - 1)))
        holder = draw(st.sampled_from([KEPT, *may]))
        arcs += [(item, person, holder) for person in sorted(may)] + [(item, people, holder)]
    item, person, holder = (np.array(column) for column in zip(*arcs, strict=True))
    start = np.searchsorted(item, np.arange(items + 1))
    stands = np.flatnonzero(person == holder)
    current = np.full(items, KEPT)
    current[item[stands]] = stands
    by_arc = draw(st.booleans())
    cost = np.where(person == people, NOBODY, _amounts(draw, len(arcs), [0, 0.5, 1, 2, 7]))
    weight = _amounts(draw, (len(arcs) if by_arc else items, resources), [0, 1, 2.5, 4, -0.5])
    shape = (people, resources)
    return Problem(
        Arcs(start, person.astype(np.int32), cost, weight, by_arc, ((holder >= 0) & (person != holder)).astype(np.uint8)),
        _amounts(draw, shape, [0, 2, 5]),
        _amounts(draw, shape, [0, 1, 6]),
        _amounts(draw, shape, [0, 3, 6, math.inf]),
        _amounts(draw, resources, [0, 5, 30]),
        current,
        draw(st.sampled_from([None, None, 0, 1, 2])),
    )  # fmt: skip
