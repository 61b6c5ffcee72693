"""Working a proposal out for a viewer: gather the books, ask, name who is in the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from evenbook.balance.queries.gathering import Gathered, gathered
from evenbook.balance.rules.answers import Answer
from evenbook.balance.rules.asking import HEADCOUNT, ONE, AskedWrong, Question, asked_of
from evenbook.balance.rules.books import HOLDS, Asked
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.document import candidate_document, document
from evenbook.balance.rules.explained import candidates
from evenbook.balance.rules.headcount import headcount
from evenbook.balance.rules.headcount_told import headcount_document
from evenbook.balance.rules.hires import Template
from evenbook.balance.rules.pools import asked_by_name, by_name
from evenbook.balance.rules.posed import pose
from evenbook.balance.rules.proposing import propose
from evenbook.book.access import may_move_accounts, people_ids_seen_by
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.engine.assignment import kept
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for, by keys.

    Args:
        seconds: how long it is looked for, in steps that follow from it; None for policy's.
        pins: (account, person) that are settled; forbidden: that must not be.
    """

    mode: str
    moves: int | None = None
    person: str = ""
    account: str = ""
    seconds: float | None = None
    seed: int = 1
    pins: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Proposed:
    """An answer with what it was asked of, and as a document."""

    gathered: Gathered
    question: Question
    answer: Answer
    document: dict[str, Any]
    seconds: float


def propose_for(
    viewer: Viewer, week: Week, wanted: Wanted, *, stop: Callable[[], bool] = lambda: False
) -> Proposed:
    """Return a proposal over the books that the viewer may see.

    Raises:
        AskedWrong: nobody is called so, or what is asked can't be.
    """
    found = gathered(viewer, week)
    question = _question(found, wanted)
    asked = asked_of(found.books, question, found.numbers, limit=found.limit)
    seconds = found.numbers.seconds if wanted.seconds is None else wanted.seconds
    effort = Effort(seconds, wanted.seed, stop)
    answer = propose(found.books, asked, found.numbers, limit=found.limit, effort=effort)
    said = document(answer, found.names, seconds=seconds)
    if question.mode == ONE:
        said["candidates"] = _candidates(found, question, asked)
    if question.mode == HEADCOUNT:
        said["headcount"] = _headcount(found, asked, effort)
    return Proposed(found, question, answer, said, seconds)


def _candidates(found: Gathered, question: Question, asked: Asked) -> list[dict[str, Any]]:
    """Return who could own the account, the best first, even where a rule keeps it where it is for now."""
    assert question.account is not None, "one account is asked of"
    wide = replace(asked, without=asked.without | frozenset(HOLDS))
    posed = pose(found.books, wide, found.numbers, limit=found.limit)
    listed = candidates(posed, kept(posed.problem), found.books.row[question.account])
    return [candidate_document(each, found.names) for each in listed]


def may_ask(viewer: Viewer) -> bool:
    """Return whether the viewer may propose, and approve, how the people they see share accounts."""
    return may_move_accounts(viewer, people_ids_seen_by(viewer))


def _question(found: Gathered, wanted: Wanted) -> Question:
    """Return what is asked for with ids in the place of keys.

    Raises:
        AskedWrong: no person or account of the books has such a key.
    """
    people = {key: who for who, (key, _) in found.names.people.items()}
    accounts = {key: account for account, (key, _) in found.accounts.items()}

    def person(key: str) -> int:
        if key not in people:
            raise AskedWrong(
                f"There is nobody '{key[:40]}' in these books.",
                fix="Name a person by key, or write pool: and the key of a pool.",
            )
        return people[key]

    def account(key: str) -> int:
        if key not in accounts:
            raise AskedWrong(f"There is no account '{key[:40]}' in these books.", fix="Name one by its key.")
        return accounts[key]

    return Question(
        mode=wanted.mode,
        moves=wanted.moves,
        person=person(wanted.person) if wanted.person else None,
        account=account(wanted.account) if wanted.account else None,
        pins=tuple((account(one), person(other)) for one, other in wanted.pins),
        forbidden=tuple((account(one), person(other)) for one, other in wanted.forbidden),
    )


def _headcount(found: Gathered, asked: Asked, effort: Effort) -> dict[str, Any]:
    """Return how many people these books need, as a document; pools keep what they have."""
    hours, named = found.week.policy.of(CapacityNumbers).monthly_hours, by_name(found.books)
    answer = headcount(
        named,
        asked_by_name(asked, named),
        found.numbers,
        limit=found.limit,
        effort=effort,
        roles={each.id: found.people[each.id].role for each in named.holders},
        templates=[Template(each.role, hours, each.lowest_tier) for each in found.numbers.tiers_by_role],
    )
    said = headcount_document(answer, found.names)
    if len(named.holders) < len(found.books.holders):
        said["text"] += " What pools have stays with them, and their members have the hours that it leaves."
    return said
