"""The mail in which a review goes out, and the one that tells us of a raised hand.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.documents.wording import clean, one_line, shortened
from evenbook.reviews.rules.deck import Deck
from evenbook.reviews.rules.wording import filled

LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


def review_letter(deck: Deck, *, reader: str, link: str, ends: str) -> Letter:
    """Return the mail of a review; its subject is one line that every mail server takes."""
    places = {"reader": one_line(reader) or "all", "link": link, "ends": ends}
    said = "".join(each for each in one_line(filled(deck.subject, places)) if each.isprintable())
    subject = shortened(said, LONGEST_SUBJECT) or "Your business review"
    return Letter(subject, clean(filled(deck.mail, places)))


def hand_letter(*, account: str, wants: str, note: str, contact: str, address: str) -> Letter:
    """Return the mail that tells who answers for an account that its reader raised a hand."""
    who = f" ({one_line(contact)})" if contact else ""
    said = f"\nThey wrote:\n{clean(note)}\n" if note else ""
    name = one_line(account)
    subject = "".join(each for each in f"A hand was raised: {name}" if each.isprintable())
    text = f"{name}{who} answered their review: {wants}.\n{said}\n{address}\n"
    return Letter(shortened(subject, LONGEST_SUBJECT), text)
