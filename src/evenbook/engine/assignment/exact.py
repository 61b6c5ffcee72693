"""The same problem as a mixed-integer program, solved to the end: for few free items, and to polish.

Loads that cost in steps become pieces of growing slope, which fill in their order by themselves; limits may
be exceeded at their penalty. Items with one arc are constants, so that a book of thousands in which a dozen
accounts are free is a small program. The search is bounded by nodes and not by seconds: the same answer
comes out on a slow machine.

Source:
    HiGHS: Huangfu and Hall, Math. Prog. Comp. 10 (2018), 119-142, and its MIP solver by Gottwald.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evenbook.engine.assignment.problem import STEPS, Problem, held, narrowed, slopes, steps, value_of
from evenbook.engine.given_arrays import Flags, Floats, Places

if TYPE_CHECKING:
    import highspy  # loaded where it is used: a process that has OR-Tools in it cannot have it as well

SECONDS = 60.0
"""A safety alone; an answer that ran into it says that it was stopped."""


class Effort(NamedTuple):
    """How much is searched.

    Attributes:
        nodes: how many parts of the tree are looked at.
        light: the root is not presolved again, and the solver looks for no plans of its own there.
        seconds: a safety.
    """

    nodes: int = 2000
    light: bool = False
    seconds: float = SECONDS


WHOLE = Effort()

LIGHT = {
    "mip_allow_restart": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}

WITHIN = 1e-5


class Proven(NamedTuple):
    """What the exact search found.

    Attributes:
        plan: the arcs taken.
        bound: no plan with these items free costs less.
        stopped: it ran out of seconds, so that another run may end elsewhere.
    """

    plan: Places
    bound: float
    stopped: bool


class _Priced(NamedTuple):
    """Rows of one resource: whose they are, and how much of a row a unit of load is."""

    resource: int
    rows: Places
    persons: Places
    level: Floats


@dataclass
class _Program:
    """Columns and rows as they are added."""

    cost: list[Floats]
    upper: list[Floats]
    triples: list[tuple[Places, Places, Floats]]
    row_lower: list[Floats]
    row_upper: list[Floats]
    priced: list[_Priced]
    columns: int = 0
    rows: int = 0

    def add_columns(self, cost: Floats, upper: Floats) -> Places:
        self.cost.append(cost)
        self.upper.append(upper)
        first, self.columns = self.columns, self.columns + len(cost)
        return np.arange(first, self.columns)

    def add_rows(self, lower: Floats, upper: Floats) -> Places:
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        first, self.rows = self.rows, self.rows + len(lower)
        return np.arange(first, self.rows)

    def fill(self, rows: Places, columns: Places, numbers: Floats) -> None:
        self.triples.append((rows, columns, numbers))


def exact(problem: Problem, plan: Places, *, effort: Effort = WHOLE) -> Proven:
    """Return the best plan found from a plan on, and what none can be better than.

    Args:
        plan: where it starts; the answer is never worse.
    """
    free = np.diff(problem.arcs.start) > 1
    if not free.any():
        return Proven(plan, value_of(problem, plan).total, False)
    listed = np.flatnonzero(np.repeat(free, np.diff(problem.arcs.start)))
    program, constant = _program(problem, plan, free, listed)
    solver = _solver(program, len(listed))
    _set(solver, effort)
    taken = np.isin(listed, plan).astype(np.float64)
    solver.setSolution(len(taken), np.arange(len(taken), dtype=np.int32), taken)
    solver.run()
    return _read(solver, problem, plan, (listed, constant))


def whole_program(problem: Problem) -> tuple[highspy.Highs, float]:
    """Return the solver with all of a problem, nothing set, and what is to be added to its value.

    Its first columns are the arcs of the items with more than one, in their order.
    """
    free = np.diff(problem.arcs.start) > 1
    listed = np.flatnonzero(np.repeat(free, np.diff(problem.arcs.start)))
    program, constant = _program(problem, problem.arcs.start[:-1], free, listed)
    return _solver(program, len(listed)), constant


def relaxed(problem: Problem) -> float:
    """Return the bound of the linear program, items cut into parts: the yardstick of prices."""
    return _linear(problem)[2]


def linear_prices(problem: Problem) -> tuple[Floats, float]:
    """Return the prices of loads and of a move at which the linear program is solved.

    Returns:
        [persons + 1, resources] points for a unit of load; points for a move that counts.
    """
    program, duals, _ = _linear(problem)
    load, free = slopes(problem, problem.loads(problem.arcs.start[:-1])), np.diff(problem.arcs.start) > 1
    load[np.unique(problem.arcs.person[np.repeat(free, np.diff(problem.arcs.start))])] = 0.0
    for each in program.priced:
        load[each.persons, each.resource] -= duals[each.rows] * each.level
    return load, 0.0 if problem.most_moves is None else max(0.0, -float(duals[-1]))


def among(
    problem: Problem, plan: Places, free: Flags, *, persons: Places | None = None, effort: Effort = WHOLE
) -> Places:
    """Return the plan with the free items placed anew, all others held: never worse.

    Args:
        persons: whom the free items may go to; None for all that they may.
    """
    arcs = narrowed(problem, plan, free, persons)
    found = exact(held(problem, arcs), np.searchsorted(arcs, plan), effort=effort)
    return np.asarray(arcs[found.plan])


def _linear(problem: Problem) -> tuple[_Program, Floats, float]:
    free = np.diff(problem.arcs.start) > 1
    listed = np.flatnonzero(np.repeat(free, np.diff(problem.arcs.start)))
    program, constant = _program(problem, problem.arcs.start[:-1], free, listed)
    if not program.columns:
        return program, np.zeros(program.rows), constant
    solver = _solver(program, len(listed))
    solver.setOptionValue("solve_relaxation", True)
    solver.run()
    value = float(solver.getInfo().objective_function_value) + constant
    return program, np.array(solver.getSolution().row_dual), value


def _program(problem: Problem, plan: Places, free: Flags, listed: Places) -> tuple[_Program, float]:
    program = _Program([], [], [], [], [], [])
    arcs = problem.arcs
    item = np.repeat(np.arange(problem.items), np.diff(arcs.start))[listed]
    taken = program.add_columns(arcs.cost[listed], np.ones(len(listed)))
    once = program.add_rows(np.ones(int(free.sum())), np.ones(int(free.sum())))
    program.fill(once[(np.cumsum(free) - 1)[item]], taken, np.ones(len(listed)))
    base = _base(problem, plan, free)
    constant = float(arcs.cost[plan[~free]].sum())
    for d in range(base.shape[1]):
        weight = arcs.weight[listed, d] if arcs.by_arc else arcs.weight[item, d]
        _loads(program, problem, (taken, arcs.person[listed].astype(np.int64), weight), (d, base))
        constant += _untouched(problem, d, base, np.unique(arcs.person[listed]))
    if problem.most_moves is not None:
        fixed = int(arcs.counted[plan[~free]].sum())
        row = program.add_rows(np.array([-np.inf]), np.array([float(problem.most_moves - fixed)]))
        moves = np.flatnonzero(arcs.counted[listed])
        program.fill(np.repeat(row, len(moves)), taken[moves], np.ones(len(moves)))
    return program, constant


def _base(problem: Problem, plan: Places, free: Flags) -> Floats:
    """[persons + 1, resources] the loads of the items that are not free."""
    holder, weight = problem.arcs.person[plan], problem.weights(plan) * ~free[:, None]
    columns = [np.bincount(holder, weight[:, d], problem.persons + 1) for d in range(weight.shape[1])]
    return np.stack(columns, axis=1)


def _untouched(problem: Problem, d: int, base: Floats, persons: Places) -> float:
    """What the loads of those cost to whom no free item may go."""
    shape = problem.shape()
    rest = np.setdiff1d(np.arange(problem.persons), persons)
    load = base[rest, d]
    even = shape.even[rest, d] * steps(np.abs(load * shape.inverse[rest, d] - 1.0))
    return float((even + shape.over[rest, d] * np.maximum(0.0, load - shape.limit[rest, d])).sum())


def _loads(
    program: _Program, problem: Problem, arcs: tuple[Places, Places, Floats], at: tuple[int, Floats]
) -> None:
    """Add the rows of one resource: how far each load is from its target, and beyond its limit."""
    taken, person, weight = arcs
    d, base = at
    shape = problem.shape()
    persons = np.unique(person[person < problem.persons])
    even = persons[(shape.even[persons, d] > 0) & (shape.inverse[persons, d] > 0)]
    if len(even):
        level = shape.inverse[even, d]
        right = 1.0 - base[even, d] * level
        row = _rows_of(program, (taken, person, weight), even, (right, right, level))
        program.priced.append(_Priced(d, row, even, level))
        _pieces(program, row, shape.even[even, d])
    limited = persons[shape.over[persons, d] > 0]
    if len(limited):
        room = shape.limit[limited, d] - base[limited, d]
        ends = (np.full(len(limited), -np.inf), room, np.ones(len(limited)))
        row = _rows_of(program, (taken, person, weight), limited, ends)
        program.priced.append(_Priced(d, row, limited, ends[2]))
        beyond = program.add_columns(shape.over[limited, d], np.full(len(limited), np.inf))
        program.fill(row, beyond, -np.ones(len(limited)))


def _rows_of(
    program: _Program,
    arcs: tuple[Places, Places, Floats],
    persons: Places,
    ends: tuple[Floats, Floats, Floats],
) -> Places:
    taken, person, weight = arcs
    lower, upper, level = ends
    row = program.add_rows(lower, upper)
    place = np.searchsorted(persons, person)
    inside = (place < len(persons)) & (persons[np.minimum(place, len(persons) - 1)] == person)
    program.fill(row[place[inside]], taken[inside], weight[inside] * level[place[inside]])
    return row


def _pieces(program: _Program, row: Places, even: Floats) -> None:
    """Above and below the target, each piece as wide as its step and steeper than the one before."""
    starts = [0.0, *(start for start, _ in STEPS), np.inf]
    slope = np.concatenate([[0.0], np.cumsum([slope for _, slope in STEPS])])
    for side in (-1.0, 1.0):
        for piece in range(len(slope)):
            width = np.full(len(row), starts[piece + 1] - starts[piece])
            columns = program.add_columns(slope[piece] * even, width)
            program.fill(row, columns, np.full(len(row), side))


def _solver(program: _Program, whole: int) -> highspy.Highs:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.columns, program.rows
    lp.col_cost_ = np.concatenate(program.cost)
    lp.col_lower_, lp.col_upper_ = np.zeros(program.columns), np.concatenate(program.upper)
    lp.row_lower_, lp.row_upper_ = np.concatenate(program.row_lower), np.concatenate(program.row_upper)
    rows, columns, numbers = (np.concatenate(each) for each in zip(*program.triples, strict=True))
    order = np.argsort(columns, kind="stable")
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(program.columns + 1)).astype(np.int32)
    lp.a_matrix_.index_ = rows[order].astype(np.int32)
    lp.a_matrix_.value_ = numbers[order]
    kinds = [highspy.HighsVarType.kInteger] * whole
    lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (program.columns - whole)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    solver.passModel(lp)
    return solver


def _set(solver: highspy.Highs, effort: Effort) -> None:
    options = {"mip_rel_gap": WITHIN, "mip_max_nodes": effort.nodes, "time_limit": effort.seconds}
    for name, value in (options | (LIGHT if effort.light else {})).items():
        solver.setOptionValue(name, value)


def _read(solver: highspy.Highs, problem: Problem, plan: Places, at: tuple[Places, float]) -> Proven:
    import highspy

    listed, constant = at
    info, status = solver.getInfo(), solver.getModelStatus()
    bound = float(info.mip_dual_bound) + constant
    stopped = status == highspy.HighsModelStatus.kTimeLimit
    values = np.array(solver.getSolution().col_value)
    if len(values) < len(listed):
        return Proven(plan, bound, stopped)
    found = plan.copy()
    arc = listed[values[: len(listed)] > 0.5]
    item = np.searchsorted(problem.arcs.start, arc, side="right") - 1
    found[item] = arc
    better = value_of(problem, found).total < value_of(problem, plan).total
    return Proven(found if better else plan, bound, stopped)
