"""Imports in the browser: send files, look at what they would do, answer, load, look back.

Only operations have these pages; for everybody else they are not there. Three steps, each with an
address of its own, so that nothing is sent or loaded twice: files go to the disk of the instance
(``receiving``, ``uploads``), a dry run says what they would do (``previews``), a load does it
(``working``) and stays among the past ones (``loads``).
"""

from evenbook.sources.web.files import file
from evenbook.sources.web.loads import imports, past, questions, rejects
from evenbook.sources.web.previews import preview, preview_rejects

__all__ = ["file", "imports", "past", "preview", "preview_rejects", "questions", "rejects"]
