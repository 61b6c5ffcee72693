"""A document as a Word file: A4, with the styles of a plain document, so that people can go on writing in it.

The library is loaded when the first file is written, not before: it takes longer than a command's
start. What the parts become is in ``word``. The same document gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from evenbook.documents.parts import Document

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The day that a ZIP's clock starts with; without it each file inside would carry the hour of writing."""


def as_docx(document: Document) -> bytes:
    """Return the document as a Word file."""
    from evenbook.documents import word

    return _without_clock(word.written(document))


def _without_clock(archive: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as read, ZipFile(out, "w", ZIP_DEFLATED) as write:
        for name in read.namelist():
            entry = ZipInfo(name, EARLIEST)
            entry.compress_type = ZIP_DEFLATED
            write.writestr(entry, read.read(name))
    return out.getvalue()
