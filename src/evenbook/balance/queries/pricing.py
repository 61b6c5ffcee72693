"""What a proposal costs as somebody changes it by hand: at once, for the books are kept at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.balance.models import Proposal
from evenbook.balance.queries.at_hand import AtHand, seen_in
from evenbook.balance.queries.gathering import Gathered, gathered
from evenbook.balance.queries.proposals import proposal
from evenbook.balance.rules.asking import FULL, HEADCOUNT, AskedWrong
from evenbook.balance.rules.books import CAPACITY, RED_YELLOW, RULES
from evenbook.balance.rules.document import books_document
from evenbook.balance.rules.pools import Held, held_by, holder_of
from evenbook.balance.rules.priced import plan_of, priced
from evenbook.people.viewer import Viewer
from evenbook.runs.asked import week_asked

BOOKS: AtHand[Gathered] = AtHand(2)


@dataclass(frozen=True)
class ByHand:
    """A proposal as it stands now, with its changes by hand: books, points more, what it breaks in words."""

    books: list[dict[str, Any]]
    points: Mapping[str, float]
    breaks: tuple[str, ...]

    @property
    def total(self) -> float:
        """All points more; below 0 it is better."""
        return sum(self.points.values())


def by_hand(viewer: Viewer, number: int, account: str = "", person: str = "") -> ByHand | None:
    """Return a proposal as changed by hand, and by one more change, beside what was proposed; None if unseen.

    Raises:
        AskedWrong: nobody is called so in these books.
    """
    shown = proposal(viewer, number)
    if shown is None:
        return None
    found = _books(viewer, number)
    row = Proposal.objects.get(pk=number)
    taken = row.moves.values_list("account_id", "receiver_id", "receiver_pool_id")
    now = {account: holder_of(person, pool) for account, person, pool in taken}
    names = found.names
    people = {key: who for who, (key, _) in names.people.items()}
    accounts = {key: each for each, (key, _) in names.accounts.items()}
    proposed = {
        accounts[each["account"]]: people.get(each.get("to", ""))
        for each in shown.contents["moves"]
        if each["account"] in accounts
    }
    if account:
        moved, receiver = _ids_of(found, account, person)
        now[moved] = receiver
    plans = plan_of(found.books, proposed), plan_of(found.books, now)
    told = priced(found.books, found.numbers, plans, limit=found.limit, full=shown.mode in (FULL, HEADCOUNT))
    said = []
    for rule, who in told.breaks.items():
        whom = names.people if rule in (CAPACITY, RED_YELLOW) else names.accounts
        called = [whom[each][1] for each in who]
        said.append(f"{RULES[rule]}: {', '.join(called[:5])}{' …' if len(called) > 5 else ''}")
    return ByHand(books_document(told.books, names), told.points, tuple(said))


def _books(viewer: Viewer, number: int) -> Gathered:
    day, made_at = Proposal.objects.values_list("as_of", "made_at").get(pk=number)
    week = week_asked(viewer, day)
    return BOOKS.of((made_at, *seen_in(viewer, week)), lambda: gathered(viewer, week))


def ids_of(viewer: Viewer, number: int, account: str, person: str) -> tuple[int, Held]:
    """Return the ids of an account and of a person, or a pool, of a proposal's books.

    Raises:
        AskedWrong: nobody is called so in these books.
    """
    row, who = _ids_of(_books(viewer, number), account, person)
    return row, held_by(who)


def _ids_of(found: Gathered, account: str, person: str) -> tuple[int, int]:
    names = found.names
    people = {key: who for who, (key, _) in names.people.items()}
    accounts = {key: each for each, (key, _) in names.accounts.items()}
    if account not in accounts or person not in people:
        raise AskedWrong("These books know no such account or person.", fix="Choose from the lists.")
    return accounts[account], people[person]
