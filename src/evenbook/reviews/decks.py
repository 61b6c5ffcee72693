"""The files of a review: its slides and its PDF, as pages, API, commands and its reader are given them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from evenbook.documents.pdf import as_pdf
from evenbook.documents.pptx import as_pptx
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import slug
from evenbook.reviews.models import Master, Review
from evenbook.reviews.rules.deck import Deck, deck_of
from evenbook.reviews.rules.document import pdf_document, slides_document

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MEDIA_TYPES = {"pptx": SLIDES, "pdf": "application/pdf"}


class NoSuchDeck(EvenbookError):
    """A review asked for in a form that it is not written in."""

    kind = "no-such-deck"


@dataclass(frozen=True)
class DeckFile:
    """A review as a file: its name, its media type, its bytes."""

    name: str
    media_type: str
    contents: bytes


def file_of(deck: Deck, kind: str, *, made_at: datetime, master: bytes | None, link: str = "") -> DeckFile:
    """Return a review as a file; the same review gives the same bytes.

    Args:
        deck: what it says.
        kind: ``pptx`` or ``pdf``.
        made_at: the instant that the file's own data name.
        master: the organization's own slides, as they were uploaded; None for ours.
        link: where a hand is raised, where that is known.

    Raises:
        NoSuchDeck: ``kind`` is neither.
        TooLongForPdf: its pages were not set in time.
    """
    if kind not in MEDIA_TYPES:
        raise NoSuchDeck(f"There is no review as '{kind[:40]}'.", fix="The forms are: pptx, pdf.")
    writes: dict[str, Callable[[], bytes]] = {
        "pptx": lambda: as_pptx(slides_document(deck, made_at=made_at, link=link), master=master),
        "pdf": lambda: as_pdf(pdf_document(deck, made_at=made_at, link=link)),
    }
    name = f"review-{slug(deck.account)}-{deck.as_of.isoformat()}.{kind}"
    return DeckFile(name, MEDIA_TYPES[kind], writes[kind]())


def file_of_review(number: int, kind: str, *, link: str = "") -> DeckFile:
    """Return a review of a batch as a file, on the master that its batch was drawn up with."""
    row = Review.objects.select_related("batch").get(pk=number)
    made_at, master = row.batch.made_at, master_of(row.batch.master_id)
    return file_of(deck_of(row.contents), kind, made_at=made_at, master=master, link=link)


def master_of(number: int | None) -> bytes | None:
    """Return the file of a master; None without one."""
    found = Master.objects.filter(pk=number).values_list("file", flat=True).first() if number else None
    return bytes(found) if found is not None else None
