"""From books to a proposal.

Pure.
"""

from __future__ import annotations

from dataclasses import replace

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.answers import Answer, Broken
from evenbook.balance.rules.books import Asked, Books
from evenbook.balance.rules.bounding import Effort, RulesAsked
from evenbook.balance.rules.explained import book_rows, broken_by, moves_of, standing
from evenbook.balance.rules.posed import Posed, pose
from evenbook.engine.assignment import Pricer, value_of
from evenbook.engine.given_arrays import Places


def propose(books: Books, asked: Asked, numbers: BalanceNumbers, *, limit: float, effort: Effort) -> Answer:
    """Return the best plan found for these books, explained.

    Args:
        limit: the most that a person may carry, as a share of what they can sustain.
    """
    books = _asked_about(books, asked)
    posed = pose(books, asked, numbers, limit=limit)
    found = effort.solved(posed, 1.0)
    plan = worth(posed, found.plan)
    value = value_of(posed.problem, plan)
    rules = RulesAsked(books, asked, numbers, limit, effort)
    broken = broken_by(posed, plan, limit)
    return Answer(
        owners=_owners(posed, plan),
        value=value.total,
        bound=min(found.bound, value.total),
        gap=replace(found, plan=plan, value=value).gap,
        moves=moves_of(posed, plan, asked, limit=limit),
        before=book_rows(books, standing(books)),
        after=book_rows(books, posed.person_of(plan)),
        binding=rules.binding(posed, plan) if broken == Broken() else (),
        broken=broken,
        conflict=rules.conflict() if broken != Broken() else (),
        stopped_early=found.stopped_early,
    )


def _asked_about(books: Books, asked: Asked) -> Books:
    """Return the books without what nobody owns and nobody asked about: it is no fault of the answer."""
    about = [
        each.owner is not None or asked.free is None or each.id in asked.free or each.id in asked.pins
        for each in books.clients
    ]
    if all(about):
        return books
    some = [each for each, is_about in zip(books.clients, about, strict=True) if is_about]
    return Books(some, books.holders, books.shares)


def worth(posed: Posed, plan: Places) -> Places:
    """Return the plan without the moves that it is better without, the worst first."""
    arcs, current, pricer = posed.problem.arcs, posed.problem.current, Pricer(posed.problem, plan)
    moved = [row for row in range(len(plan)) if current[row] >= 0 and arcs.counted[plan[row]]]
    while True:
        gains = sorted((pricer.of(row, int(current[row])).total, row) for row in moved)
        before = len(moved)
        for gain, row in gains:
            if gain >= 0.0:
                break
            if pricer.of(row, int(current[row])).total < 0.0:
                pricer.take(row, int(current[row]))
                moved.remove(row)
        if len(moved) == before:
            return pricer.plan


def _owners(posed: Posed, plan: Places) -> dict[int, int | None]:
    books = posed.books
    return {
        client.id: books.holders[place].id if place < len(books.holders) else None
        for client, place in zip(books.clients, posed.person_of(plan).tolist(), strict=True)
    }
