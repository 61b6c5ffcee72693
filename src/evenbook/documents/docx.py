"""A document as a Word file: A4, with the styles of a plain document, so that people can go on writing in it.

The library is loaded when the first file is written, not before: it takes longer than a command's
start. What the parts become is in ``word``. The same document gives the same bytes.
"""

from __future__ import annotations

from evenbook.documents.archives import without_clock
from evenbook.documents.parts import Document


def as_docx(document: Document) -> bytes:
    """Return the document as a Word file."""
    from evenbook.documents import word

    return without_clock(word.written(document))
