"""Who takes what, with a bound on how far from the best the answer can be.

``Problem`` says what may be and what it costs, ``solve`` finds a plan and proves a bound, ``Pricer`` says
what a change is worth, ``irreducible`` which rules can't all hold, ``fewest`` how many persons it takes at
least. ``knapsacks`` poses the problem as the literature does, ``simulator`` makes up books to measure on.
"""

from evenbook.engine.assignment.conflicts import irreducible
from evenbook.engine.assignment.fewest import Fewest, Staffing, fewest
from evenbook.engine.assignment.knapsacks import knapsacks
from evenbook.engine.assignment.marginals import Difference, Pricer
from evenbook.engine.assignment.problem import KEPT, Arcs, Problem, Value, kept, value_of
from evenbook.engine.assignment.solving import Solution, solve

__all__ = [
    "KEPT",
    "Arcs",
    "Difference",
    "Fewest",
    "Pricer",
    "Problem",
    "Solution",
    "Staffing",
    "Value",
    "fewest",
    "irreducible",
    "kept",
    "knapsacks",
    "solve",
    "value_of",
]
