"""Why a plan is as it is: what each move makes better, each book, what is broken, who else could own what.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evenbook.balance.rules.answers import BookRow, Broken, Candidate, Move
from evenbook.balance.rules.books import (
    BY_HAND,
    DEPARTURE,
    MISMATCH,
    OVERLOAD,
    POOL_OVERLOAD,
    REBALANCE,
    SILENT,
    TO_NAME,
    TO_POOL,
    UNOWNED,
    Asked,
    Books,
)
from evenbook.balance.rules.pools import hours_by_owner
from evenbook.balance.rules.posed import FIT, LOAD, RED_COUNT, RED_SHARE, RESOURCES, Posed
from evenbook.engine.assignment import Difference, Pricer, value_of
from evenbook.engine.given_arrays import Floats, Places

VISIBLE = 0.005
"""Points from which on something is said."""

TRACE = 1e-9
"""Hours a month below which nothing is carried."""


def terms_of(posed: Posed, arcs: tuple[int, int], change: Difference) -> dict[str, float]:
    """Return what a change costs more by term: loads, limits, what account and person cost together."""
    was, arc = arcs
    terms: dict[str, float] = {}
    for place, name in enumerate(FIT):
        terms[name] = terms.get(name, 0.0) + float(posed.fit[arc, place] - posed.fit[was, place])
    for d, name in enumerate(RESOURCES):
        terms[name] = terms.get(name, 0.0) + float(change.uneven[d])
        limit = "capacity_limit" if d == LOAD else "red_yellow_limit"
        terms[limit] = terms.get(limit, 0.0) + float(change.penalties[d])
    return {name: round(points, 6) for name, points in terms.items() if abs(points) >= VISIBLE}


def moves_of(posed: Posed, plan: Places, asked: Asked, *, limit: float) -> tuple[Move, ...]:
    """Return the moves of a plan, those that gain the most first.

    What a move makes better is the exact difference that undoing it alone would make. What can't stay, and
    what nobody had, is held against the next best person instead.
    """
    books, pricer, found = posed.books, Pricer(posed.problem, plan), []
    person, over = posed.person_of(plan), np.append(books.overloaded(limit), False)
    mismatched = books.mismatched(asked)
    for row, client in enumerate(books.clients):
        if person[row] == (books.owner[row] if books.owner[row] >= 0 else len(books.holders)):
            continue
        back, taken = _otherwise(posed, pricer, row), int(plan[row])
        known = (bool(posed.forced[row]), bool(mismatched[row]), bool(over[books.owner[row]]))
        reason = _reason(books, asked, row, known)
        improves = terms_of(posed, (taken, back), pricer.of(row, back))
        receiver = books.holders[person[row]].id if person[row] < len(books.holders) else None
        found.append(Move(client.id, client.owner, receiver, reason, improves, bool(posed.forced[row])))
    return tuple(sorted(found, key=lambda each: (-each.gain, each.account)))


def _otherwise(posed: Posed, pricer: Pricer, row: int) -> int:
    """The arc that a move is held against: back to the owner, else to the next best, else to nobody."""
    back = int(posed.problem.current[row])
    if back >= 0:
        return back
    others = [arc for arc, _ in pricer.ranked(row) if arc != pricer.plan[row]]
    return others[0] if others else int(pricer.plan[row])


def _reason(books: Books, asked: Asked, row: int, known: tuple[bool, bool, bool]) -> str:
    client, (forced, mismatched, over) = books.clients[row], known
    if client.id in asked.pins:
        return BY_HAND
    if books.owner[row] < 0:
        return UNOWNED
    who = books.holders[books.owner[row]]
    if forced and not mismatched:
        if who.leaves or who.id in asked.out:
            return SILENT if who.is_pool and who.leaves else DEPARTURE
        return BY_HAND
    if mismatched:
        return MISMATCH
    if books.displaced[row]:
        return TO_NAME if who.is_pool else TO_POOL
    if over:
        return POOL_OVERLOAD if who.is_pool else OVERLOAD
    return REBALANCE


def book_rows(books: Books, person: Places) -> tuple[BookRow, ...]:
    """Return each person's and pool's book when [accounts] are with these places."""
    many = len(books.holders)
    inside = person < many
    at = person[inside]

    def summed(values: Sequence[float]) -> list[float]:
        array = np.array(values, dtype=np.float64)
        return np.bincount(at, array[inside], many).tolist() if len(array) else [0.0] * many

    arr = summed([each.arr for each in books.clients])
    count = summed([1.0] * len(books.clients))
    complexity = summed([each.complexity for each in books.clients])
    red = summed([float(each.colored) for each in books.clients])
    own = np.array(summed([each.effort for each in books.clients]), dtype=np.float64)
    carried, hours, beside = books.carried(own), books.all_hours, _beside(books, own)
    return tuple(
        BookRow(
            who.id, float(hours[place]), float(carried[place]), arr[place], round(count[place]),
            complexity[place] / count[place] if count[place] else 0.0, round(red[place]),
            beside[place], who.is_pool,
        )
        for place, who in enumerate(books.holders)
    )  # fmt: skip


def _beside(books: Books, own: Floats) -> list[tuple[tuple[int | None, float], ...]]:
    """Return [people] what each carries beside the accounts of the book: parts of pools, others' books."""
    carried = books.carried(own)
    found: list[list[tuple[int | None, float]]] = [
        [(None, each.elsewhere)] if each.elsewhere else [] for each in books.holders
    ]
    for pool, members, parts in books.shared:
        for member, part in zip(members.tolist(), parts.tolist(), strict=True):
            taken = float(own[pool] * part)
            found[member].append((books.holders[pool].id, taken))
            found[pool].append((books.holders[member].id, float(carried[member]) - taken))
    return [tuple((who, hours) for who, hours in each if abs(hours) > TRACE) for each in found]


def broken_by(posed: Posed, plan: Places, limit: float) -> Broken:
    """Return what a plan can't keep to.

    A pool and its members may be past the parts of their hours, and each member within all of them: then
    nothing is broken.
    """
    books, value = posed.books, value_of(posed.problem, plan)
    ids = [each.id for each in books.holders]
    past = np.minimum(value.over[:, LOAD], _past(books, posed.person_of(plan), limit))
    hours = [(ids[place], float(over)) for place, over in enumerate(past) if over > 1e-6]
    reds = value.over[:, RED_SHARE] + value.over[:, RED_COUNT]
    red = [(ids[place], int(np.ceil(over - 1e-9))) for place, over in enumerate(reds) if over > 1e-6]
    return Broken(tuple(books.clients[row].id for row in value.unassigned), tuple(hours), tuple(red))


def _past(books: Books, places: Places, limit: float) -> Floats:
    """Return [people] hours past what each sustains; of a pool, of whichever member is furthest past."""
    found = np.full(len(books.holders), np.inf)
    if not books.shared:
        return found
    beyond = books.carried(hours_by_owner(books, places)) - limit * books.all_hours
    for pool, members, _ in books.shared:
        found[members] = np.maximum(0.0, beyond[members])
        found[pool] = max(0.0, float(beyond[members].max()))
    return found


def candidates(posed: Posed, plan: Places, row: int) -> tuple[Candidate, ...]:
    """Return who could own one account, the best first, all else as the plan has it."""
    books, pricer = posed.books, Pricer(posed.problem, plan)
    ranked = [each for each in pricer.ranked(row) if posed.problem.arcs.person[each[0]] < len(books.holders)]
    if not ranked:
        return ()
    best, found, person = ranked[0], [], posed.person_of(plan)
    own = hours_by_owner(books, person)
    for arc, change in ranked:
        place = int(posed.problem.arcs.person[arc])
        who, taken = books.holders[place], int(plan[row])
        costs = terms_of(posed, (taken, arc), change)
        least = terms_of(posed, (taken, best[0]), best[1])
        more = {name: costs.get(name, 0.0) - least.get(name, 0.0) for name in {*costs, *least}}
        then = _load_with(books, own, row, (int(person[row]), place))
        found.append(
            Candidate(
                who.id,
                {name: points for name, points in sorted(more.items()) if abs(points) >= VISIBLE},
                then,
                bool(books.owner[row] == place),
            )
        )
    return tuple(found)


def standing(books: Books) -> Places:
    """Return [accounts] the place of the person who has each now; the number of people for nobody."""
    return np.where(books.owner >= 0, books.owner, len(books.holders))


def _load_with(books: Books, own: Floats, row: int, places: tuple[int, int]) -> float | None:
    """Return the load of whoever is at the second place once an account goes there from the first."""
    giver, taker = places
    then, effort = own.copy(), books.clients[row].effort
    then[taker] += effort
    if giver < len(own):
        then[giver] -= effort
    hours = float(books.all_hours[taker])
    return float(books.carried(then)[taker]) / hours if hours > 0 else None
