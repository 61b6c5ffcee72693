"""The file that goes with the mail of a review, where the policy that its batch was drawn up with says so."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from evenbook.documents.pdf import TooLongForPdf
from evenbook.messages.actions import MailFile
from evenbook.reviews.decks import file_of
from evenbook.reviews.models import ReviewBatch
from evenbook.reviews.rules.deck import Deck

BYTES_A_KB = 1000


@dataclass(frozen=True)
class Attached:
    """A file, or a sentence that says why a mail goes without it; neither where none was asked for."""

    file: MailFile | None = None
    why_not: str = ""


def attached(deck: Deck, batch: ReviewBatch, *, master: bytes | None, link: str) -> Attached:
    """Return what goes with the mail of a review of a batch.

    Args:
        deck: what the review says.
        batch: says in which form it is attached, and how large it may be.
        master: the organization's own slides; None for ours.
        link: where a hand is raised; it stands in the file as well.
    """
    if not batch.attaches:
        return Attached()
    try:
        made = file_of(deck, batch.attaches, made_at=batch.made_at, master=master, link=link)
    except TooLongForPdf:
        return Attached(why_not="It went without its file: the PDF was not set in time.")
    size = ceil(len(made.contents) / BYTES_A_KB)
    if size > batch.attach_most_kb:
        allowed = f"the policy allows {batch.attach_most_kb:,}"
        return Attached(why_not=f"It went without its file: that has {size:,} kB, {allowed}.")
    return Attached(MailFile(made.name, made.media_type, made.contents))
