"""From a mode to a question: what may move, how many, and who is given nothing.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, inf

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.books import Asked, Books
from evenbook.kit.errors import EvenbookError

FULL, INCREMENTAL, EXCEPTION, NEW, ONE, HEADCOUNT = (
    "full", "incremental", "exception", "new", "one", "headcount"
)  # fmt: skip
MODES = {
    FULL: "Place all books anew",
    INCREMENTAL: "A few moves where they help most",
    EXCEPTION: "Only what one person or account touches",
    NEW: "Only accounts that nobody owns",
    ONE: "Who could own one account",
    HEADCOUNT: "How many people are needed",
}


class AskedWrong(EvenbookError):
    """A proposal was asked for that can't be: nobody of that name, no account, pins against each other."""

    kind = "asked-wrong"
    status = 422


@dataclass(frozen=True)
class Question:
    """What somebody asks for: ids of the person and the account it is about, what was settled by hand."""

    mode: str
    moves: int | None = None
    person: int | None = None
    account: int | None = None
    pins: tuple[tuple[int, int], ...] = ()
    forbidden: tuple[tuple[int, int], ...] = ()
    without: frozenset[str] = field(default_factory=frozenset)


def asked_of(books: Books, question: Question, numbers: BalanceNumbers, *, limit: float = inf) -> Asked:
    """Return what a question asks for of these books.

    Args:
        limit: the most that a person may carry, as a share of what they can sustain.

    Raises:
        AskedWrong: the person or account is not among them, or an account is pinned to two people.
    """
    _check(books, question)
    pins = dict(question.pins)
    forbidden: dict[int, frozenset[int]] = {}
    for account, person in question.forbidden:
        forbidden[account] = forbidden.get(account, frozenset()) | {person}
    free, out = _touched(books, question, limit)
    return Asked(
        free=free,
        most_moves=most_moves(books, question, numbers),
        is_full=question.mode in (FULL, HEADCOUNT),
        out=out,
        pins=pins,
        forbidden=forbidden,
        without=question.without,
    )


def most_moves(books: Books, question: Question, numbers: BalanceNumbers) -> int | None:
    """Return how many moves there may be: as asked, or as policy says of a quarter."""
    if question.moves is not None or question.mode != INCREMENTAL:
        return question.moves
    return max(numbers.quarter_least, ceil(numbers.quarter_moves * len(books.clients)))


def _touched(books: Books, question: Question, limit: float) -> tuple[frozenset[int] | None, frozenset[int]]:
    """The accounts that may move, None for all, and who is given nothing."""
    if question.mode == NEW:
        return frozenset(each.id for each in books.clients if each.owner is None), frozenset()
    if question.mode in (EXCEPTION, ONE) and question.account is not None:
        return frozenset({question.account}), frozenset()
    if question.mode == EXCEPTION and question.person is not None:
        who = books.holders[books.place[question.person]]
        owned = _owned(books, who.id) | _of_full_pools(books, who.id, limit)
        goes = who.leaves or (who.hours <= 0 and (who.is_pool or who.all_hours <= 0))
        return owned, frozenset({who.id}) if goes else frozenset()
    return None, frozenset()


def _owned(books: Books, holder: int) -> frozenset[int]:
    return frozenset(each.id for each in books.clients if each.owner == holder)


def _of_full_pools(books: Books, member: int, limit: float) -> frozenset[int]:
    """Return the accounts of the pools of somebody that are past their limit, such as since they leave."""
    found: frozenset[int] = frozenset()
    for pool in books.holders:
        if any(who == member for who, _ in pool.members):
            owned = _owned(books, pool.id)
            hours = sum(books.clients[books.row[each]].effort for each in owned)
            found |= owned if hours > limit * pool.hours else frozenset()
    return found


def _check(books: Books, question: Question) -> None:
    if question.mode not in MODES:
        raise AskedWrong(f"There is no mode '{question.mode[:40]}'.", fix=f"Use one of {', '.join(MODES)}.")
    if question.moves is not None and question.moves < 0:
        raise AskedWrong("Fewer than no moves can't be made.", fix="Give 0 or more.")
    if question.person is not None and question.person not in books.place:
        raise AskedWrong("That person owns no accounts here.", fix="Name somebody who is in the team.")
    if question.account is not None and question.account not in books.row:
        raise AskedWrong("That account is not among the books.", fix="Name one that a person may own.")
    if question.mode == EXCEPTION and question.person is None and question.account is None:
        raise AskedWrong("An exception is about somebody or an account.", fix="Name a person or an account.")
    if question.mode == ONE and question.account is None:
        raise AskedWrong("No account is named.", fix="Name the account.")
    _check_by_hand(books, question)


def _check_by_hand(books: Books, question: Question) -> None:
    pinned: dict[int, int] = {}
    for account, person in (*question.pins, *question.forbidden):
        if account not in books.row or person not in books.place:
            raise AskedWrong("What was settled by hand names who is not there.", fix="Take it out.")
    for account, person in question.pins:
        if pinned.setdefault(account, person) != person:
            raise AskedWrong("An account is pinned to two people.", fix="Pin it to one.")
        if (account, person) in question.forbidden:
            raise AskedWrong("An account is pinned to whom it must not have.", fix="Take one of the two out.")
