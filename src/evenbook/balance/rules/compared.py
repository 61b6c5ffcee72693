"""Two proposals side by side: what each costs, each person's book under both, what both move.

Both are taken as they stand now, as documents, changed by hand where somebody has. They may be of different
weeks: then the books of somebody, or an account, may be in one of them alone, and that is said.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenbook.balance.rules.asking import FULL, HEADCOUNT

CRITERIA = ("load_percent", "arr", "accounts", "complexity", "red_yellow_share")
"""What books are compared by, as ``rules.document`` calls it."""


@dataclass(frozen=True)
class Side:
    """One of two proposals: what it says, its moves, and the books as they would be with them.

    Attributes:
        contents: as ``rules.document`` writes it.
        moves: by account's key, from whom to whom, by key; empty for nobody.
        names: by key, of accounts and people.
        books: each person's book with all changes by hand.
        points: what it costs with all changes by hand.
    """

    number: int
    mode: str
    as_of: date
    state: str
    contents: Mapping[str, Any]
    moves: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]
    books: Sequence[Mapping[str, Any]]
    points: float

    @property
    def is_full(self) -> bool:
        """Whether all books are placed anew."""
        return self.mode in (FULL, HEADCOUNT)


@dataclass(frozen=True)
class Spread:
    """The least and the most of a criterion among books of people with accounts; None where none has any."""

    criterion: str
    least: float | None
    most: float | None


@dataclass(frozen=True)
class Pair:
    """A person's book under one and the other; None where they are not in its books."""

    csm: str
    csm_name: str
    one: Mapping[str, Any] | None
    other: Mapping[str, Any] | None

    @property
    def differs(self) -> bool:
        """Whether any criterion is not the same."""
        if self.one is None or self.other is None:
            return True
        return any(self.one.get(name) != self.other.get(name) for name in CRITERIA)


@dataclass(frozen=True)
class Moved:
    """An account that one of them moves, or both: to whom, by name; empty where it stays, or to nobody."""

    account: str
    account_name: str
    giver_name: str
    one_name: str | None
    other_name: str | None

    @property
    def agrees(self) -> bool:
        """Whether both give it to the same person."""
        return self.one_name is not None and self.one_name == self.other_name


@dataclass(frozen=True)
class Compared:
    """Two proposals side by side.

    Attributes:
        spreads: (one, other) by criterion.
        both: accounts that both move; ``one_only`` and ``other_only`` that one alone does.
        binding: by rule and its name, the points that dropping it gives, None where it does not bind.
    """

    one: Side
    other: Side
    pairs: tuple[Pair, ...]
    spreads: tuple[tuple[Spread, Spread], ...]
    both: tuple[Moved, ...]
    one_only: tuple[Moved, ...]
    other_only: tuple[Moved, ...]
    binding: tuple[tuple[str, str, float | None, float | None], ...]

    @property
    def incomparable(self) -> str:
        """Why their points can't be compared, in words; empty where they can."""
        if self.one.as_of != self.other.as_of:
            return "they are of different weeks"
        if self.one.is_full != self.other.is_full:
            return "where all books are placed anew a move counts for less"
        return ""


def compared(one: Side, other: Side) -> Compared:
    """Return two proposals side by side; people and accounts by name."""
    moved = [_moved(account, one, other) for account in {*one.moves, *other.moves}]
    moved.sort(key=lambda each: (each.account_name, each.account))
    return Compared(
        one=one,
        other=other,
        pairs=_pairs(one, other),
        spreads=tuple((_spread(one, name), _spread(other, name)) for name in CRITERIA),
        both=tuple(each for each in moved if each.account in one.moves and each.account in other.moves),
        one_only=tuple(each for each in moved if each.account not in other.moves),
        other_only=tuple(each for each in moved if each.account not in one.moves),
        binding=_binding(one, other),
    )


def _pairs(one: Side, other: Side) -> tuple[Pair, ...]:
    first, second = ({each["csm"]: each for each in side.books} for side in (one, other))
    names = {key: str(each["csm_name"]) for key, each in [*second.items(), *first.items()]}
    return tuple(
        Pair(key, names[key], first.get(key), second.get(key))
        for key in sorted(names, key=lambda key: (names[key], key))
    )


def _spread(side: Side, name: str) -> Spread:
    books = (each for each in side.books if each["accounts"] and not each.get("is_pool"))
    values = [float(each[name]) for each in books if each.get(name) is not None]
    return Spread(name, min(values, default=None), max(values, default=None))


def _moved(account: str, one: Side, other: Side) -> Moved:
    names = {**other.names, **one.names}
    giver = (one.moves.get(account) or other.moves[account])[0]
    first, second = (
        None if account not in side.moves else names.get(side.moves[account][1], "") for side in (one, other)
    )
    return Moved(account, names.get(account, account), names.get(giver, ""), first, second)


def _binding(one: Side, other: Side) -> tuple[tuple[str, str, float | None, float | None], ...]:
    first, second = (
        {each["rule"]: sum(each["relaxing_gives"].values()) for each in side.contents["binding"]}
        for side in (one, other)
    )
    names = {
        each["rule"]: str(each["rule_name"])
        for each in [*one.contents["binding"], *other.contents["binding"]]
    }
    order = sorted(names, key=lambda rule: (-max(first.get(rule, 0.0), second.get(rule, 0.0)), rule))
    return tuple((rule, names[rule], first.get(rule), second.get(rule)) for rule in order)


def compared_document(found: Compared) -> dict[str, Any]:
    """Return two proposals side by side as one JSON document; lists by name, rules by what they cost."""
    return {
        "one": _side_document(found.one),
        "other": _side_document(found.other),
        "incomparable": found.incomparable or None,
        "spread": [
            {"criterion": one.criterion, "one": [one.least, one.most], "other": [other.least, other.most]}
            for one, other in found.spreads
        ],
        "people": [
            {"csm": pair.csm, "csm_name": pair.csm_name, "one": _book(pair.one), "other": _book(pair.other)}
            for pair in found.pairs
        ],
        "both_move": [_moved_document(each) for each in found.both],
        "only_one_moves": [_moved_document(each) for each in found.one_only],
        "only_other_moves": [_moved_document(each) for each in found.other_only],
        "binding": [
            {"rule": rule, "rule_name": name, "one": one, "other": other}
            for rule, name, one, other in found.binding
        ],
    }


def _side_document(side: Side) -> dict[str, Any]:
    said = side.contents
    return {
        "id": side.number,
        "mode": side.mode,
        "as_of": side.as_of.isoformat(),
        "state": side.state,
        "feasible": said["feasible"],
        "value": round(side.points, 6),
        "bound": said["bound"],
        "gap": said["gap"],
        "moves": len(side.moves),
    }


def _book(book: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if book is None:
        return None
    return {name: book.get(name) for name in (*CRITERIA, "effort_hours", "capacity_hours", "red_yellow")}


def _moved_document(each: Moved) -> dict[str, Any]:
    return {
        "account": each.account,
        "account_name": each.account_name,
        "from_name": each.giver_name or None,
        "to_name_in_one": each.one_name or None,
        "to_name_in_other": each.other_name or None,
        "agree": each.agrees,
    }
