"""Made-up books, small enough to be looked at."""

from __future__ import annotations

import numpy as np

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.answers import Answer
from evenbook.balance.rules.asking import Question, asked_of
from evenbook.balance.rules.books import Books, Client, Holder, Shares
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.proposing import propose

NUMBERS = BalanceNumbers()
PLAIN = Shares(book=0.3, any_book=0.0)
LIMIT = 1.1


def books(clients: list[Client], holders: list[Holder], shares: Shares = PLAIN) -> Books:
    return Books(clients, holders, shares)


def uneven(accounts: int = 12, seed: int = 3) -> Books:
    """One person with everything, one with nothing, one with a little; all could own all."""
    chance = np.random.default_rng(seed)
    clients = [
        Client(
            id=100 + each,
            effort=float(chance.uniform(4, 12)),
            arr=float(chance.uniform(10, 90)) * 1000,
            complexity=float(chance.integers(1, 6)),
            owner=1 if each < accounts - 2 else 3,
            owned_days=400,
        )
        for each in range(accounts)
    ]
    return books(clients, [Holder(1, 60.0), Holder(2, 60.0), Holder(3, 60.0)])


def answer(
    given: Books, mode: str = "full", *, seconds: float = 0.2, seed: int = 1, **asked: object
) -> Answer:
    question = Question(mode, **asked)  # type: ignore[arg-type]
    effort = Effort(seconds, seed)
    return propose(given, asked_of(given, question, NUMBERS), NUMBERS, limit=LIMIT, effort=effort)
