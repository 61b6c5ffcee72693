"""A document as slides (PowerPoint): a slide for each heading, charts that can be edited, tables, sentences.

A heading of level 1 begins a slide; the first paragraph under it is the slide's sentence, quiet ones stand
at its foot. A table that is too long goes on, with its headings, on a slide of its own. Texts are never
read as formulas, not in the sheets inside charts either. The same document gives the same bytes.

The library is loaded when the first file is written, as for ``docx``. What the parts become is in ``slides``.
"""

from __future__ import annotations

from evenbook.documents.archives import without_clock
from evenbook.documents.parts import Document


def as_pptx(document: Document, *, master: bytes | None = None) -> bytes:
    """Return the document as a PowerPoint file, on a master of the organization's own where one is given.

    Args:
        document: what is written.
        master: a file that ``masters.checked`` took.
    """
    from evenbook.documents import slides

    return without_clock(slides.written(document, master=master))
