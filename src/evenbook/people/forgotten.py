"""Who was forgotten: kept as digests, so that nobody of them comes back and nobody can read the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evenbook.people.models import Forgotten
from evenbook.people.veil import Forgot, Mark, Pseudonym, Spelling, Veil, id_digest, marks, word_mark


def veil() -> Veil:
    """Return what hides everybody who was forgotten here."""
    rows = list(Forgotten.objects.order_by("pk"))
    return Veil.over(rows[0].salt, map(_forgot, rows)) if rows else Veil("")


def note_forgotten(
    kind: str,
    spellings: Iterable[Spelling],
    *,
    also: Iterable[str],
    ids: Iterable[tuple[str, str]],
    salt: str,
    now: datetime,
) -> tuple[Pseudonym, Veil]:
    """Keep the digests of what somebody was called, and return their pseudonym and the veil over them alone.

    Args:
        kind: person or contact.
        spellings: their names, mail addresses and key.
        also: what else a person says they are called; it holds in any text.
        ids: by which sources call them: source and id.
        salt: not to be guessed; used for the first who is forgotten, and kept for all others.
        now: when.
    """
    first = Forgotten.objects.order_by("pk").first()
    salt = first.salt if first else salt
    kept = [*marks(salt, spellings), *(mark for text in also for mark in word_mark(salt, text))]
    row = Forgotten.objects.create(
        kind=kind,
        salt=salt,
        marks=[[each.digest, each.words, each.stands_for] for each in kept],
        ids=sorted({id_digest(salt, source, external_id) for source, external_id in ids}),
        at=now,
    )
    known = _forgot(row)
    return known.called, Veil.over(salt, (known,))


def _forgot(row: Forgotten) -> Forgot:
    kept = tuple(Mark(digest, words, stands_for) for digest, words, stands_for in row.marks)
    return Forgot(Pseudonym(row.kind, row.pk), kept, frozenset(row.ids))
