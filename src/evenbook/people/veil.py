"""Taking out of any text the names of people who were forgotten, without keeping their names.

What is kept of a name is a salted digest and how many words it has. A text is read in windows of so many
words; where the digest of one is known, the pseudonym takes its place. So a name that comes again, from a
source or out of the audit trail, is known and not shown, and nobody can read the list of who was forgotten.

Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

WORD = re.compile(r"[\w.+'’-]+@[\w.-]+|[\w'’]+(?:-[\w'’]+)*")
EDGES = ".'’-+"
OWNING = ("'s", "’s")
WHOLE = 0
"""A mark of so many words holds of a whole text alone: of a name that is one word, as many words are."""

NAME, MAIL, KEY = "name", "mail", "key"
PERSON, CONTACT = "person", "contact"
FORMER = re.compile(r"former-(person|contact)-\d+@former-\1\.invalid")
KINDS = (PERSON, CONTACT)


@dataclass(frozen=True)
class Pseudonym:
    """What somebody who was forgotten is called from then on: ``kind`` is person or contact."""

    kind: str
    number: int

    @property
    def name(self) -> str:
        """Their name."""
        return f"former {self.kind} {self.number}"

    @property
    def key(self) -> str:
        """Their key in addresses and figures."""
        return f"former-{self.kind}-{self.number}"

    @property
    def mail(self) -> str:
        """Their mail address, at a domain that nobody can ever have."""
        return f"{self.key}@former-{self.kind}.invalid"

    def instead_of(self, stands_for: str) -> str:
        """Return what takes the place of their name, mail address or key."""
        return {NAME: self.name, MAIL: self.mail, KEY: self.key}[stands_for]


@dataclass(frozen=True)
class Spelling:
    """One way in which somebody is written, and what it is: a name, a mail address or a key."""

    text: str
    stands_for: str = NAME


@dataclass(frozen=True)
class Mark:
    """What is kept of a spelling: its digest, its words (``WHOLE`` for whole texts alone), what it is."""

    digest: str
    words: int
    stands_for: str


@dataclass(frozen=True)
class Forgot:
    """One who was forgotten: what they are called now, and the marks of what they were called."""

    called: Pseudonym
    marks: tuple[Mark, ...]
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Veil:
    """Replaces the names of those who were forgotten; without any of them it does nothing."""

    salt: str
    called: Mapping[str, str] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    by_id: Mapping[str, Pseudonym] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()

    @classmethod
    def over(cls, salt: str, forgotten: Iterable[Forgot]) -> Veil:
        """Return the veil over these people."""
        known = list(forgotten)
        marks = [(mark, each.called) for each in known for mark in each.marks]
        return cls(
            salt,
            {mark.digest: called.instead_of(mark.stands_for) for mark, called in marks},
            tuple(sorted({mark.words for mark, _ in marks if mark.words != WHOLE}, reverse=True)),
            {digest: each.called for each in known for digest in each.ids},
            frozenset(each.called.key for each in known),
        )

    def text(self, text: str) -> str:
        """Return a text with pseudonyms in the place of names, mail addresses and keys."""
        if not self.called or not text:
            return text
        words = [_trimmed(found) for found in WORD.finditer(text)]
        whole = self.called.get(_digest(self.salt, WHOLE, [word for word, _, _ in words]))
        return whole if whole is not None else self._windows(text, words)

    def values(self, value: Any) -> Any:
        """Return a value with every text in it replaced, however deep; keys of objects too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.values(name): self.values(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.values(each) for each in value]
        return value

    def behind(self, source: str, external_id: str) -> Pseudonym | None:
        """Return who stands behind an id of a source, if it is one of those who were forgotten."""
        return self.by_id.get(id_digest(self.salt, source, external_id)) if self.by_id else None

    def knows_mail(self, mail: str) -> bool:
        """Return whether a mail address is one of somebody who was forgotten."""
        return bool(self.called) and self.text(mail.strip()) != mail.strip()

    def _windows(self, text: str, words: list[tuple[str, int, int]]) -> str:
        pieces: list[str] = []
        at = taken = 0
        while at < len(words):
            length, instead = self._found(words, at)
            if length:
                pieces += [text[taken : words[at][1]], instead]
                taken = words[at + length - 1][2]
            at += length or 1
        return "".join([*pieces, text[taken:]]) if pieces else text

    def _found(self, words: list[tuple[str, int, int]], at: int) -> tuple[int, str]:
        for length in self.lengths:
            window = [word for word, _, _ in words[at : at + length]]
            instead = self.called.get(_digest(self.salt, length, window)) if len(window) == length else None
            if instead is not None:
                return length, instead
        return 0, ""


def is_former(mail: str) -> bool:
    """Return whether a mail address is that of a pseudonym."""
    return FORMER.fullmatch(mail) is not None


def marks(salt: str, spellings: Iterable[Spelling]) -> tuple[Mark, ...]:
    """Return what is kept of spellings.

    A name of several words is known in either order of its first and last; a name or a key that is one
    plain word is known only where it stands alone, for it is a word of the language or somebody else's
    name too.
    """
    found: dict[str, Mark] = {}
    for each in spellings:
        words = [_trimmed(match)[0] for match in WORD.finditer(each.text)]
        if not words:
            continue
        lone = len(words) == 1 and each.stands_for != MAIL and "-" not in words[0]
        orders = [words, [words[-1], *words[:-1]]] if each.stands_for == NAME else [words]
        for order in orders:
            length = WHOLE if lone else len(order)
            digest = _digest(salt, length, order)
            found.setdefault(digest, Mark(digest, length, each.stands_for))
    return tuple(found.values())


def word_mark(salt: str, text: str) -> tuple[Mark, ...]:
    """Return what is kept of a spelling that a person gave: it holds in any text, one word or more."""
    words = [_trimmed(match)[0] for match in WORD.finditer(text)]
    return (Mark(_digest(salt, len(words), words), len(words), NAME),) if words else ()


def id_digest(salt: str, source: str, external_id: str) -> str:
    """Return what is kept of the id by which a source calls somebody."""
    return _hash(salt, f"id {source}\n{external_id}")


def _trimmed(found: re.Match[str]) -> tuple[str, int, int]:
    """Return a word in the form in which words are compared, and where it stands in its text."""
    word, start = found.group(), found.start()
    left = len(word) - len(word.lstrip(EDGES))
    word = word.strip(EDGES)
    if word.endswith(OWNING):
        word = word[:-2]
    return unicodedata.normalize("NFKC", word).casefold(), start + left, start + left + len(word)


def _digest(salt: str, length: int, words: list[str]) -> str:
    return _hash(salt, f"{length} {' '.join(words)}")


def _hash(salt: str, text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), key=salt.encode()[:64], digest_size=20).hexdigest()
