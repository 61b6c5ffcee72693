"""Each person's book as a run found it, and the accounts in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.balance.queries.gathering import Gathered, gathered
from evenbook.balance.rules.answers import BookRow
from evenbook.balance.rules.books import HOLDS, RULES, Client
from evenbook.balance.rules.document import books_document
from evenbook.balance.rules.explained import book_rows, standing
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

UNSHOWN = "Pools shared with people whom you do not see"


@dataclass(frozen=True)
class Beside:
    """Hours a month that somebody carries beside their book: of a pool that they share, or a member's own.

    ``key`` is of that pool or member; empty where it is not shown.
    """

    key: str
    name: str
    hours: float


@dataclass(frozen=True)
class BookShown:
    """A person or a pool with their book."""

    key: str
    name: str
    row: BookRow
    beside: tuple[Beside, ...] = ()

    @property
    def arr_cents(self) -> float:
        """The revenue in minor units."""
        return self.row.arr * 100


@dataclass(frozen=True)
class InBook:
    """An account of a book: what it weighs, and the rules that keep it there, in words."""

    key: str
    name: str
    client: Client

    @property
    def arr_cents(self) -> float:
        """The revenue in minor units."""
        return self.client.arr * 100

    @property
    def colored(self) -> int:
        """1 where it is red or yellow, else 0."""
        return int(self.client.colored)

    @property
    def kept_by(self) -> str:
        """Why it stays with its owner, where something says so."""
        return "; ".join(RULES[rule].lower() for rule in HOLDS if rule in self.client.holds)


def books(viewer: Viewer, week: Week) -> tuple[BookShown, ...]:
    """Return the books of the people and pools whom the viewer may see, by name."""
    return _shown(gathered(viewer, week))


def book(viewer: Viewer, week: Week, key: str) -> tuple[BookShown, tuple[InBook, ...]] | None:
    """Return one person's book with its accounts, those that take the most first; None if unseen."""
    found = gathered(viewer, week)
    shown = next((each for each in _shown(found) if each.key == key), None)
    if shown is None:
        return None
    owned = [each for each in found.books.clients if each.owner == shown.row.person]
    listed = (InBook(*found.accounts[each.id], each) for each in owned if each.id in found.accounts)
    return shown, tuple(sorted(listed, key=lambda each: (-each.client.effort, each.key)))


def books_now(viewer: Viewer, week: Week) -> list[dict[str, Any]]:
    """Return each person's book as a document, by name."""
    found = gathered(viewer, week)
    return books_document(book_rows(found.books, standing(found.books)), found.names)


def _shown(found: Gathered) -> tuple[BookShown, ...]:
    names = found.names.people
    rows = book_rows(found.books, standing(found.books))
    shown = (BookShown(*names[row.person], row, _beside(row, names)) for row in rows)
    return tuple(sorted(shown, key=lambda each: each.name))


def _beside(row: BookRow, names: Mapping[int, tuple[str, str]]) -> tuple[Beside, ...]:
    """Return what somebody carries beside their book, the most first."""
    called = ((names[who] if who is not None else ("", UNSHOWN), hours) for who, hours in row.beside)
    return tuple(sorted((Beside(*name, hours) for name, hours in called), key=lambda each: -each.hours))
