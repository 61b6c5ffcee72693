"""Which account a record speaks of: one we have, a new one, or one that a person has to say.

The order is external id, then company domain, then exact normalized name. Anything less is no
match: a near miss is a question, with the accounts it might be. Two records of one source with
different ids are two records, so only what other sources said is matched by domain or likeness.

Pure: callers bring normalized names and company domains (free mail taken out).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

SAME: Literal["same"] = "same"
NEW: Literal["new"] = "new"
DOUBT: Literal["doubt"] = "doubt"

LEGAL_FORMS = frozenset(
    """inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh mbh ag kg kgaa ug ohg
    se sa sas sasu sarl sl slu srl spa sae bv nv vof oy oyj ab as asa aps pty pte kk kabushiki kaisha
    sp zoo z o spolka doo the""".split()
)
SHORTEST_FUZZY = 5
BLOCK = 4
LONGEST_BLOCK = 400


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of an account for matching.

    Args:
        account: its id.
        key: its public id.
        name: as people write it.
        matched: the name, normalized; equal means the same name.
        domain: its company domain, or "".
    """

    account: int
    key: str
    name: str
    matched: str
    domain: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that speaks of an account. ``external_id`` is "" where its source gives none."""

    source: str
    external_id: str
    name: str
    matched: str
    domain: str


@dataclass(frozen=True, slots=True)
class Match:
    """The answer: ``account`` for ``same``; ``others`` and ``why`` for ``doubt``."""

    kind: Literal["same", "new", "doubt"]
    account: int | None = None
    others: tuple[int, ...] = ()
    why: str = ""


@dataclass(slots=True)
class Register:
    """The accounts to match against; grows while records land."""

    by_id: dict[tuple[str, str], int] = field(default_factory=dict)
    by_foreign_id: dict[str, set[int]] = field(default_factory=dict)
    by_domain: dict[str, list[int]] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    named: dict[int, Named] = field(default_factory=dict)
    speakers: dict[int, set[str]] = field(default_factory=dict)
    spoken: Counter[str] = field(default_factory=Counter)
    blocks: dict[str, list[int]] = field(default_factory=dict)

    def add(self, account: Named, aliases: Iterable[tuple[str, str]] = ()) -> None:
        """Take an account in, or take over what is now known of it."""
        known = self.named.get(account.account)
        self.named[account.account] = account
        if known is None or known.matched != account.matched:
            self.by_name.setdefault(account.matched, []).append(account.account)
            for block in blocks_of(core(account.matched)):
                self.blocks.setdefault(block, []).append(account.account)
        if account.domain and (known is None or known.domain != account.domain):
            self.by_domain.setdefault(account.domain, []).append(account.account)
        for source, external_id in aliases:
            self.alias(account.account, source, external_id)

    def alias(self, account: int, source: str, external_id: str) -> None:
        """Note that ``source`` calls the account by this id."""
        self.by_id[source, external_id] = account
        self.by_foreign_id.setdefault(external_id, set()).add(account)
        if not self.is_spoken_for(source, account):
            self.speakers.setdefault(account, set()).add(source)
            self.spoken[source] += 1

    def is_spoken_for(self, source: str, account: int) -> bool:
        """Return whether a source has an id of its own for the account."""
        return source in self.speakers.get(account, ())

    def by_any_id(self, source: str, external_id: str) -> int | None:
        """Return the account of an id of this source, else of the one source that uses the id."""
        found = self.by_id.get((source, external_id))
        if found is not None:
            return found
        others = self.by_foreign_id.get(external_id, set())
        return next(iter(others)) if len(others) == 1 else None

    def by_exact_name(self, matched: str) -> list[int]:
        """Return the accounts of exactly this normalized name."""
        return [each for each in self.by_name.get(matched, ()) if self.named[each].matched == matched]


def match(
    candidate: Candidate, register: Register, *, likeness: float, beside: Set[int] = frozenset()
) -> Match:
    """Return which account a record speaks of.

    Args:
        candidate: the record.
        register: the accounts so far.
        likeness: share of a name's characters from which two names are asked about.
        beside: accounts that stand in the same list as the record, so that likeness proves nothing.
    """
    known = register.by_id.get((candidate.source, candidate.external_id)) if candidate.external_id else None
    if known is not None:
        return Match(SAME, known)
    for look in (_by_foreign_id, _by_domain, _by_name):
        found = look(candidate, register)
        if found is not None:
            return found
    return _by_likeness(candidate, register, likeness, beside) or Match(NEW)


def near(
    matched: str, register: Register, *, likeness: float, counts: Callable[[int], bool] = lambda _: True
) -> list[int]:
    """Return the accounts whose names are nearly this one, the nearest first, at most five."""
    wanted = core(matched)
    seen: dict[int, float] = {}
    for block in blocks_of(wanted):
        for account in register.blocks.get(block, [])[:LONGEST_BLOCK]:
            if account not in seen and counts(account):
                seen[account] = _likeness(wanted, core(register.named[account].matched), likeness)
    return sorted(
        (each for each, share in seen.items() if share >= likeness), key=lambda each: (-seen[each], each)
    )[:5]


def is_near(one: str, other: str, *, likeness: float) -> bool:
    """Return whether two normalized names are so alike that a person should be asked."""
    return _likeness(core(one), core(other), likeness) >= likeness


def is_distinctive(external_id: str) -> bool:
    """Return whether two sources would hardly use this id for different things by accident."""
    has_letters = any(each.isalpha() for each in external_id)
    digits = sum(each.isdigit() for each in external_id)
    return digits >= 8 or (has_letters and digits > 0 and len(external_id) >= 6)


def _by_foreign_id(candidate: Candidate, register: Register) -> Match | None:
    if not is_distinctive(candidate.external_id):
        return None
    others = register.by_foreign_id.get(candidate.external_id, set())
    if len(others) != 1:
        return None
    account = next(iter(others))
    if not candidate.matched or candidate.matched == register.named[account].matched:
        return Match(SAME, account)
    return Match(DOUBT, others=(account,), why="another source uses the same id for another name")


def _by_domain(candidate: Candidate, register: Register) -> Match | None:
    hits = (
        _elsewhere(candidate, register, register.by_domain.get(candidate.domain, ()))
        if candidate.domain
        else []
    )
    hits = [each for each in hits if register.named[each].domain == candidate.domain]
    if not hits:
        return None
    alike = [
        each for each in hits if register.named[each].matched == candidate.matched or not candidate.matched
    ]
    if len(alike) == 1 and not _is_second_record(candidate, register, alike[0]):
        return Match(SAME, alike[0])
    why = "the same domain and name" if alike else "the same domain, another name"
    return Match(DOUBT, others=tuple(alike or hits), why=why)


def _by_name(candidate: Candidate, register: Register) -> Match | None:
    hits = register.by_exact_name(candidate.matched) if candidate.matched else []
    if not hits:
        return None
    if len(hits) > 1:
        return Match(DOUBT, others=tuple(hits), why="several accounts have this name")
    other = register.named[hits[0]]
    if _is_second_record(candidate, register, hits[0]):
        return Match(DOUBT, others=(hits[0],), why="the same name under another id")
    if candidate.domain and other.domain and candidate.domain != other.domain:
        return Match(DOUBT, others=(hits[0],), why="the same name, another domain")
    return Match(SAME, hits[0])


def _by_likeness(candidate: Candidate, register: Register, likeness: float, beside: Set[int]) -> Match | None:
    has_id = bool(candidate.external_id)
    if not candidate.matched or (has_id and register.spoken[candidate.source] == len(register.named)):
        return None

    def counts(account: int) -> bool:
        return account not in beside and not (has_id and register.is_spoken_for(candidate.source, account))

    hits = near(candidate.matched, register, likeness=likeness, counts=counts)
    return Match(DOUBT, others=tuple(hits), why="nearly the same name") if hits else None


def _elsewhere(candidate: Candidate, register: Register, accounts: Sequence[int]) -> list[int]:
    """Return the accounts that the source itself doesn't already tell apart from the candidate."""
    return [
        each
        for each in accounts
        if not _is_second_record(candidate, register, each)
        or register.named[each].matched == candidate.matched
    ]


def _is_second_record(candidate: Candidate, register: Register, account: int) -> bool:
    return bool(candidate.external_id) and register.is_spoken_for(candidate.source, account)


@lru_cache(maxsize=262_144)
def core(matched: str) -> str:
    """Return a normalized name without its legal form, unless nothing else is left."""
    words = [word for word in matched.split() if word not in LEGAL_FORMS]
    return " ".join(words) or matched


def blocks_of(name: str) -> set[str]:
    """Return the short pieces under which names that may be alike are looked up."""
    squashed = name.replace(" ", "")
    if len(squashed) < SHORTEST_FUZZY:
        return {"=" + squashed}
    return {"<" + squashed[:BLOCK], ">" + squashed[-BLOCK:]}


def _likeness(one: str, other: str, least: float) -> float:
    """Return how alike two names are, 0 to 1; names that differ in a number are not alike."""
    if one == other:
        return 1.0
    if _numbers(one) != _numbers(other) or min(len(one), len(other)) < SHORTEST_FUZZY:
        return 0.0
    if abs(len(one) - len(other)) > (1 - least) * 2 * max(len(one), len(other)):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= least else 0.0


def _numbers(name: str) -> list[str]:
    return ["".join(filter(str.isdigit, word)) for word in name.split() if any(map(str.isdigit, word))]
