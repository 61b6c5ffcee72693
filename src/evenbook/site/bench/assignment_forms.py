"""One way to place a made-up book, in a process of its own: the engine, its peers, and greed.

``python -m evenbook.site.bench.assignment_forms FORM ACCOUNTS PEOPLE SECONDS`` prints one line of JSON.
Seconds are of the processor for all: a peer is stopped once its process has used them, at the next moment it
can be.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

from evenbook.engine.assignment import Problem, solve, value_of
from evenbook.engine.assignment.exact import whole_program
from evenbook.engine.assignment.problem import STEPS, steps
from evenbook.engine.assignment.simulator import book_problem
from evenbook.engine.given_arrays import Floats, Places

SEED = 1000
LONGEST = 10.0
"""So many times the seconds on the wall are the end in any case."""

SCALE = 1000
"""CP-SAT counts in whole numbers: so many to a unit of load, and their square to a point."""

STRATEGIES = 8

Found = tuple[Places | None, float | None]
"""The plan and the bound, as far as there are any."""


def engine(problem: Problem, seconds: float) -> Found:
    """Our own."""
    found = solve(problem, seconds=seconds, seed=1)
    return found.plan, found.bound


def greedy(problem: Problem, seconds: float) -> Found:
    """The heaviest first, each to whom it costs least at that moment."""
    arcs, shape = problem.arcs, problem.shape()
    loads = np.zeros_like(shape.even)

    def costs(person: Places, load: Floats) -> Floats:
        even = shape.even[person] * steps(np.abs(load * shape.inverse[person] - 1.0))
        over = shape.over[person] * np.maximum(0.0, load - shape.limit[person])
        return np.asarray((even + over).sum(axis=1))

    plan = arcs.start[:-1].copy()
    for item in np.argsort(-arcs.weight[:, 0], kind="stable"):
        own = slice(arcs.start[item], arcs.start[item + 1])
        person, weight = arcs.person[own].astype(np.int64), arcs.weight[item]
        more = costs(person, loads[person] + weight) - costs(person, loads[person])
        taken = int(np.argmin(arcs.cost[own] + more))
        loads[person[taken]] += weight
        plan[item] = arcs.start[item] + taken
    return plan, None


def highs(problem: Problem, seconds: float) -> Found:
    """HiGHS alone, on the whole program, without a plan to begin from."""
    solver, constant = whole_program(problem)
    solver.setOptionValue("time_limit", LONGEST * seconds)
    end = time.process_time() + seconds

    def ended(event: object) -> None:
        if time.process_time() > end:
            solver.cancelSolve()  # type: ignore[no-untyped-call]

    solver.HandleUserInterrupt = True
    for each in (solver.cbMipInterrupt, solver.cbSimplexInterrupt):
        each += ended
    solver.solve()
    bound = float(solver.getInfo().mip_dual_bound) + constant
    columns = np.array(solver.getSolution().col_value)
    plan = None
    if len(columns) and solver.getInfo().primal_solution_status == 2:
        plan = _read(problem, columns)
    return plan, bound if np.isfinite(bound) else None


def _read(problem: Problem, columns: Floats) -> Places:
    width = np.diff(problem.arcs.start)
    listed = np.flatnonzero(np.repeat(width > 1, width))
    plan = problem.arcs.start[:-1].copy()
    arc = listed[columns[: len(listed)] > 0.5]
    plan[np.searchsorted(problem.arcs.start, arc, side="right") - 1] = arc
    return plan


def cp_sat(problem: Problem, seconds: float) -> Found:
    """CP-SAT of OR-Tools, eight strategies by turns."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    arcs = problem.arcs
    taken = [model.new_bool_var("") for _ in range(len(arcs.person))]
    for item in range(problem.items):
        model.add_exactly_one(taken[arcs.start[item] : arcs.start[item + 1]])
    cost = np.round(arcs.cost * SCALE * SCALE).astype(np.int64)
    terms = [cp_model.LinearExpr.weighted_sum(taken, [int(each) for each in cost])]
    terms += _loads(model, problem, taken)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.interleave_search = True
    solver.parameters.num_workers = STRATEGIES
    solver.parameters.max_time_in_seconds = LONGEST * seconds
    done = _stopping(solver.stop_search, seconds)
    status = solver.solve(model)
    done.set()
    if status == cp_model.MODEL_INVALID:
        raise ValueError(model.validate())
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None
    chosen = np.array([solver.boolean_value(each) for each in taken])
    plan = np.flatnonzero(chosen)
    return plan, solver.best_objective_bound / SCALE**2


def _stopping(stop: Callable[[], None], seconds: float) -> threading.Event:
    """Stop a search once the process has used so many seconds more."""
    end, done = time.process_time() + seconds, threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            if time.process_time() > end:
                stop()

    threading.Thread(target=watch, daemon=True).start()
    return done


def _loads(model, problem: Problem, taken: list) -> list:  # type: ignore[no-untyped-def,type-arg]
    """What loads cost, each a number no less than any of its lines, rounded to whole numbers."""
    shape, terms = problem.shape(), []
    held = [np.flatnonzero(problem.arcs.person == person) for person in range(problem.persons)]
    item = np.repeat(np.arange(problem.items), np.diff(problem.arcs.start))
    for person, arcs in enumerate(held):
        for d in range(len(problem.penalty)):
            weight = np.round(problem.arcs.weight[item[arcs], d] * SCALE).astype(np.int64)
            load = sum(int(each) * taken[arc] for each, arc in zip(weight, arcs, strict=True) if each)
            even, level = shape.even[person, d], shape.inverse[person, d]
            most = int(np.abs(weight).sum()) + 1
            if even > 0 and level > 0:
                steepest = sum(more for _, more in STEPS) * even * SCALE
                cost = model.new_int_var(0, int(steepest * (level * most + 2 * SCALE)), "")
                slope, off = 0.0, 0.0
                for start, more in STEPS:
                    slope, off = slope + more, off + more * start
                    for side in (1, -1):
                        per = round(side * even * slope * level * SCALE)
                        model.add(cost >= per * load - round(SCALE**2 * even * (side * slope + off)))
                terms.append(cost)
            if shape.over[person, d] > 0:
                beyond = model.new_int_var(0, most, "")
                model.add(beyond >= load - round(SCALE * shape.limit[person, d]))
                terms.append(round(SCALE * shape.over[person, d]) * beyond)
    return terms


FORMS: dict[str, Callable[[Problem, float], Found]] = {
    "engine": engine, "HiGHS": highs, "CP-SAT": cp_sat, "greedy": greedy,
}  # fmt: skip


def main(form: str, accounts: int, people: int, seconds: float) -> dict[str, float | None]:
    """Return what a form finds, what it broke, and what it cost."""
    problem = book_problem(accounts, people, SEED)
    if form == "engine":
        solve(book_problem(40, 4, 1), seconds=0.05, seed=1)
    before = time.process_time()
    plan, bound = FORMS[form](problem, seconds)
    took = time.process_time() - before
    value = None if plan is None else value_of(problem, plan)
    return {
        "value": None if value is None else value.total,
        "bound": bound,
        "over": None if value is None else float((value.over > 1e-6).sum() + len(value.unassigned)),
        "seconds": took,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "arcs": float(len(problem.arcs.person)),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))))
