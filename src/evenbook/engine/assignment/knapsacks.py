"""The generalized assignment problem as the literature poses it: costs, weights and capacities, no more.

Each job goes to one agent; what it costs and weighs depends on the agent; no agent may carry more than it
can. The public instances are a yardstick for the assignment of books, which is the same problem with more
on top.

Source:
    Martello and Toth, *Knapsack Problems* (Wiley 1990), chapter 7; the made-up kinds c, d and e after
    Chu and Beasley, Computers & OR 24 (1997), 17-23, and Laguna et al., EJOR 82 (1995), 176-189.
"""

from __future__ import annotations

import numpy as np

from evenbook.engine.assignment.problem import KEPT, Arcs, Problem
from evenbook.engine.given_arrays import Floats, Places, UnusableArrays


def knapsacks(costs: Floats, weights: Floats, capacity: Floats) -> Problem:
    """Return the problem of agents and jobs.

    Args:
        costs, weights: [agents, jobs].
        capacity: [agents].

    Raises:
        UnusableArrays: the arrays do not fit together, or hold what is not a number.
    """
    agents, jobs = costs.shape
    if not all(bool(np.isfinite(each).all()) for each in (costs, weights, capacity)):
        raise UnusableArrays("A cost, weight or capacity is not a number.", fix="Correct it.")
    if weights.shape != costs.shape or capacity.shape != (agents,):
        raise UnusableArrays(
            "Costs, weights and capacities do not fit together.", fix="Give agents x jobs twice, and agents."
        )
    fits = weights.T <= capacity
    job, agent = np.nonzero(fits)
    beyond = float(np.abs(costs).max(initial=1.0)) * 10.0
    order = np.argsort(np.concatenate([job, np.arange(jobs)]), kind="stable")
    person = np.concatenate([agent, np.full(jobs, agents)])[order]
    cost = np.concatenate([costs[agent, job], np.full(jobs, beyond)])[order]
    weight = np.concatenate([weights[agent, job], np.zeros(jobs)])[order]
    start = np.concatenate([[0], np.cumsum(fits.sum(axis=1) + 1)])
    none = np.zeros((agents, 1))
    arcs = Arcs(
        start, person.astype(np.int32), cost, weight[:, None], True, np.zeros(len(person), dtype=np.uint8)
    )
    return Problem(arcs, none, none, capacity[:, None].astype(np.float64), np.array([beyond]), _nobody(jobs))


def _nobody(jobs: int) -> Places:
    return np.full(jobs, KEPT)


def made_up(kind: str, agents: int, jobs: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return costs, weights and capacities of kind c (loose), d (dear is light: hard) or e (skewed)."""
    chance = np.random.default_rng(seed)
    if kind == "e":
        weights = 1.0 - 10.0 * np.log(chance.uniform(1e-9, 1.0, (agents, jobs)))
        costs = 1000.0 / weights - 10.0 * chance.uniform(0.0, 1.0, (agents, jobs))
        weights, costs = np.ceil(weights), np.maximum(1.0, np.round(costs))
    elif kind == "d":
        weights = chance.integers(1, 101, (agents, jobs)).astype(np.float64)
        costs = 111.0 - weights + chance.integers(-10, 11, (agents, jobs))
    else:
        weights = chance.integers(5, 26, (agents, jobs)).astype(np.float64)
        costs = chance.integers(10, 51, (agents, jobs)).astype(np.float64)
    return costs, weights, np.floor(0.8 * weights.sum(axis=1) / agents)
