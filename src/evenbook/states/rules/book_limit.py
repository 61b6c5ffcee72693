"""How many red and yellow accounts one book can hold.

Pure.
"""

from __future__ import annotations

from evenbook.states.numbers import StatesNumbers


def book_limit(accounts: int, share_of_all: float, numbers: StatesNumbers) -> float:
    """Return how many of a book's accounts may be red or yellow; at the limit it still holds.

    Args:
        accounts: how many are in the book.
        share_of_all: the share of all accounts that is red or yellow, 0 to 1.
        numbers: the shares of policy.
    """
    plain = numbers.book_share * accounts
    if share_of_all < numbers.fleet_share:
        return plain
    beside_others = (share_of_all + numbers.book_points / 100) * accounts
    return max(plain, beside_others, float(numbers.book_least))
