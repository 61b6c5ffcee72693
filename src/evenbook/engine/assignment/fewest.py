"""The fewest persons whose room takes all work, by classes: what no smaller team can do.

Items that may go to the same persons are one class, and their work may be cut into any parts. So whatever
team takes the items whole takes the classes too, and fewer than are needed here are too few. Whether these
few can take the items whole is another question, which ``solve`` answers.

Persons who may take the same classes are alike but for their room: the roomier come first, which changes
nothing and spares the search all orders of equal persons.

Source:
    Aggregation of a set covering with capacities: Nemhauser and Wolsey, *Integer and Combinatorial
    Optimization* (Wiley 1988), II.2. HiGHS as in ``exact``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from evenbook.engine.given_arrays import Flags, Floats, Places, UnusableArrays

if TYPE_CHECKING:
    import highspy  # loaded where it is used: see `exact`

NODES = 5000
PREFERRED = 1e-6
"""How much dearer each kind is than the one before, so that of equal teams the first kinds are taken."""

SLACK = 1e-3


@dataclass(frozen=True)
class Staffing:
    """Work and who may take it.

    Attributes:
        work: [classes] how much there is; a class without any still needs somebody who may take it.
        may: [classes, persons] who may take what.
        room: [persons] how much each can take.
        kind_may: [classes, kinds] what persons of a kind may take, of whom any number can be added; the
            kinds that are preferred stand first.
        kind_room: [kinds] how much each of them can take.
    """

    work: Floats
    may: Flags
    room: Floats
    kind_may: Flags
    kind_room: Floats


@dataclass(frozen=True)
class Fewest:
    """A smallest team by classes.

    Attributes:
        bound: no team has fewer of those who are counted.
        persons: [some] who is in it.
        kinds: [kinds] how many of each are added.
    """

    bound: int
    persons: Places
    kinds: Places


def fewest(
    staffing: Staffing,
    *,
    counted: Flags | None = None,
    staying: Flags | None = None,
    all_stay: bool = False,
    at_least: int = 0,
) -> Fewest | None:
    """Return the fewest persons who can take all work by classes; None where no team can.

    Args:
        counted: [persons] who is counted, the others come for nothing; None for all.
        staying: [persons] who is in the team whatever it takes; None for nobody in particular.
        all_stay: whether every person is in the team, and only those added are counted.
        at_least: so many are added, even where fewer would do.

    Raises:
        UnusableArrays: the arrays do not fit together.
    """
    _check(staffing)
    people, kinds = len(staffing.room), len(staffing.kind_room)
    stays = np.full(people, all_stay) if staying is None or all_stay else staying
    if not len(staffing.work):
        there = np.flatnonzero(stays)
        return Fewest(at_least if all_stay else len(there), there, np.zeros(kinds, dtype=np.int64))
    if not bool((staffing.may.any(axis=1) | staffing.kind_may.any(axis=1)).all()):
        return None
    cost = np.ones(people) if counted is None else counted.astype(np.float64)
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for name, value in (("threads", 1), ("random_seed", 1), ("mip_max_nodes", NODES)):
        solver.setOptionValue(name, value)
    _columns(solver, staffing, np.zeros(people) if all_stay else cost, stays)
    _rows(solver, staffing, cost + 2.0 * stays, at_least)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    return _read(solver, people, kinds)


def _read(solver: highspy.Highs, people: int, kinds: int) -> Fewest | None:
    values = np.array(solver.getSolution().col_value)
    if len(values) < people + kinds:
        return None
    bound = max(0, ceil(float(solver.getInfo().mip_dual_bound) - SLACK))
    chosen = np.flatnonzero(values[:people] > 0.5)
    return Fewest(bound, chosen, np.rint(values[people : people + kinds]).astype(np.int64))


def _columns(solver: highspy.Highs, staffing: Staffing, cost: Floats, stays: Flags) -> None:
    """Add a column for each person and each kind; those of the work's parts come with its rows."""
    import highspy

    people, kinds = len(staffing.room), len(staffing.kind_room)
    lower = np.concatenate([stays.astype(np.float64), np.zeros(kinds)])
    upper = np.concatenate([np.ones(people), np.full(kinds, np.inf)])
    solver.addVars(people + kinds, lower, upper)
    for column, each in enumerate([*cost, *(1.0 + PREFERRED * np.arange(kinds))]):
        solver.changeColCost(column, float(each))
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)


def _rows(solver: highspy.Highs, staffing: Staffing, alike: Floats, at_least: int) -> None:
    """Add the rows; persons may be ordered by their room only among those of the same number in ``alike``."""
    people, kinds = len(staffing.room), len(staffing.kind_room)
    for may in np.concatenate([staffing.may, staffing.kind_may], axis=1):
        _row(solver, (1.0, np.inf), np.flatnonzero(may), np.ones(int(may.sum())))
    if at_least:
        _row(solver, (float(at_least), np.inf), people + np.arange(kinds), np.ones(kinds))
    groups = _groups(staffing, alike)
    for _, _, columns in groups:
        for pair in zip(columns[:-1], columns[1:], strict=True):
            if alike[pair[0]] == alike[pair[1]]:
                _row(solver, (0.0, np.inf), np.array(pair), np.array([1.0, -1.0]))
    _parts(solver, staffing, groups)


def _parts(solver: highspy.Highs, staffing: Staffing, groups: list[tuple[Flags, Floats, Places]]) -> None:
    """Add the parts of the work: all of it is taken, and by nobody more than they have room for."""
    parts: list[list[int]] = [[] for _ in staffing.work]
    for may, room, columns in groups:
        takes = np.flatnonzero(may & (staffing.work > 0))
        own = solver.getNumCol() + np.arange(len(takes))
        solver.addVars(len(takes), np.zeros(len(takes)), np.full(len(takes), np.inf))
        for place, column in zip(takes.tolist(), own.tolist(), strict=True):
            parts[place].append(column)
        numbers = np.concatenate([np.ones(len(own)), -room])
        _row(solver, (-np.inf, 0.0), np.concatenate([own, columns]), numbers)
    for place in np.flatnonzero(staffing.work > 0).tolist():
        total = float(staffing.work[place])
        _row(solver, (total, np.inf), np.array(parts[place], dtype=np.int64), np.ones(len(parts[place])))


def _groups(staffing: Staffing, alike: Floats) -> list[tuple[Flags, Floats, Places]]:
    """Return persons who are alike, the roomier first, and each kind: what they may take, room, columns."""
    found: list[tuple[Flags, Floats, Places]] = []
    people = len(staffing.room)
    if people:
        abilities, of = np.unique(staffing.may.T, axis=0, return_inverse=True)
        for place, may in enumerate(abilities):
            members = np.flatnonzero(of.reshape(-1) == place)
            members = members[np.lexsort((members, -staffing.room[members], alike[members]))]
            found.append((may, staffing.room[members], members))
    for kind, room in enumerate(staffing.kind_room):
        found.append((staffing.kind_may[:, kind], np.array([room]), np.array([people + kind])))
    return found


def _row(solver: highspy.Highs, ends: tuple[float, float], columns: Places, numbers: Floats) -> None:
    solver.addRow(*ends, len(columns), columns.astype(np.int32), numbers.astype(np.float64))


def _check(staffing: Staffing) -> None:
    classes, people, kinds = len(staffing.work), len(staffing.room), len(staffing.kind_room)
    if staffing.may.shape != (classes, people) or staffing.kind_may.shape != (classes, kinds):
        raise UnusableArrays("Work and persons do not fit together.", fix="Give a row for each class.")
    for array in (staffing.work, staffing.room, staffing.kind_room):
        if not bool(np.isfinite(array).all()) or float(array.min(initial=0.0)) < 0:
            raise UnusableArrays(
                "Work or room is no number, or less than none.", fix="Give numbers from 0 on."
            )
