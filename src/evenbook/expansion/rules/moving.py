"""How an opening moves: from opened to answered, in talks, and to its end; what hinders a move.

An end is final: what comes up again later is a new opening. One that is held is neither answered nor
taken into talks; it may be dropped, for instance because the customer left.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

OPENED, ANSWERED, TALKS, WON, LOST, DROPPED = "opened", "answered", "talks", "won", "lost", "dropped"
ENDS = (WON, LOST, DROPPED)
NEXT = {
    OPENED: (ANSWERED, TALKS, WON, LOST, DROPPED),
    ANSWERED: (TALKS, WON, LOST, DROPPED),
    TALKS: (WON, LOST, DROPPED),
}
CALLED = {
    OPENED: "Waits for a first answer",
    ANSWERED: "Answered",
    TALKS: "In talks",
    WON: "Won",
    LOST: "Lost",
    DROPPED: "Dropped",
}
HUMAN = frozenset({"implementation", "support", "csm", "other"})
"""Roles of openers who are one of us; the others are the product's own."""

MOST_CENTS = 10**14


@dataclass(frozen=True)
class Move:
    """To which state, for how much in minor units where it is won, and why."""

    to: str
    amount_cents: int | None = None
    currency: str = ""
    reason: str = ""


def fault_of(state: str, move: Move, *, is_held: bool, currencies: tuple[str, ...]) -> tuple[str, str]:
    """Return what is wrong with a move and how to mend it; empty where nothing is.

    Args:
        state: the one that it is in.
        move: what is asked for.
        is_held: whether nobody reaches out because the account is being saved.
        currencies: those of the organization and those that it has a rate for.
    """
    if state in ENDS:
        return f"It is {CALLED[state].lower()}, and an end is final.", "Open a new one."
    if move.to not in NEXT[state]:
        names = ", ".join(NEXT[state])
        return f"'{move.to[:40]}' does not follow '{CALLED[state].lower()}'.", f"Choose from: {names}."
    if is_held and move.to != DROPPED:
        return (
            "It is held: the account is on the hot sheet.",
            "Wait until the save is closed, or ask a leader to release it.",
        )
    if move.to in {LOST, DROPPED} and not any(sign.isalnum() for sign in move.reason):
        return f"{CALLED[move.to]} needs a reason.", "Say in a few words why."
    return _fault_of_amount(move, currencies)


def _fault_of_amount(move: Move, currencies: tuple[str, ...]) -> tuple[str, str]:
    if move.amount_cents is None:
        if move.to == WON:
            return "What is won has an amount a year.", "Say how much the customer pays more a year."
        return "", ""
    if not 0 <= move.amount_cents <= MOST_CENTS:
        return "Such an amount can't be meant.", "Give an amount of 0 or more."
    if move.currency not in currencies:
        return (
            f"There is no rate for '{move.currency[:10]}'.",
            f"Choose from: {', '.join(currencies)}; the policy holds the rates.",
        )
    return "", ""
