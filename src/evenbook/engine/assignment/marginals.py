"""What one change of a plan is worth, term by term: why an item moves, who else could take it, hand edits.

The differences are exact: the same costs that the plan was judged by, before and after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenbook.engine.assignment.problem import Problem, Shape, steps
from evenbook.engine.given_arrays import Floats, Places


@dataclass(frozen=True)
class Difference:
    """What a change costs more, in points; negative where it makes the plan better.

    Attributes:
        arcs: by the arcs themselves.
        uneven: [resources] by loads off their targets.
        penalties: [resources] by loads beyond their limits.
    """

    arcs: float
    uneven: Floats
    penalties: Floats

    @property
    def total(self) -> float:
        """All of it."""
        return float(self.arcs + self.uneven.sum() + self.penalties.sum())


class Pricer:
    """Answers what changes of one plan are worth; what does not change is worked out once."""

    def __init__(self, problem: Problem, plan: Places) -> None:
        self.problem, self.plan = problem, plan.copy()
        self.loads = problem.loads(plan)
        self._shape: Shape = problem.shape()

    def of(self, item: int, arc: int) -> Difference:
        """Return what it costs more that an item takes an arc, all others as they are."""
        arcs, was = self.problem.arcs, int(self.plan[item])
        even, over = np.zeros(self.loads.shape[1]), np.zeros(self.loads.shape[1])
        if arcs.person[arc] != arcs.person[was]:
            for each, sign in ((was, -1.0), (arc, 1.0)):
                person = int(arcs.person[each])
                weight = arcs.weight[each if arcs.by_arc else item]
                one, other = (
                    self._costs(person, self.loads[person] + sign * weight),
                    self._costs(person, self.loads[person]),
                )
                even += one[0] - other[0]
                over += one[1] - other[1]
        return Difference(float(arcs.cost[arc] - arcs.cost[was]), even, over)

    def take(self, item: int, arc: int) -> None:
        """Let an item take an arc from now on."""
        arcs, was = self.problem.arcs, int(self.plan[item])
        for each, sign in ((was, -1.0), (arc, 1.0)):
            self.loads[arcs.person[each]] += sign * arcs.weight[each if arcs.by_arc else item]
        self.plan[item] = arc

    def ranked(self, item: int) -> list[tuple[int, Difference]]:
        """Return the arcs of an item with what each costs more than the one it has, best first."""
        arcs = self.problem.arcs
        found = [(arc, self.of(item, arc)) for arc in range(arcs.start[item], arcs.start[item + 1])]
        return sorted(found, key=lambda each: (each[1].total, each[0]))

    def _costs(self, person: int, load: Floats) -> tuple[Floats, Floats]:
        shape = self._shape
        even = shape.even[person] * steps(np.abs(load * shape.inverse[person] - 1.0))
        return even, shape.over[person] * np.maximum(0.0, load - shape.limit[person])
