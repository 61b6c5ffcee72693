"""What the doctor looks at in imports: questions that nobody answered, and the rows that wait for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from evenbook.kit.findings import Check, Finding, counted, listed
from evenbook.people.viewer import SYSTEM
from evenbook.sources.models import KeptFile
from evenbook.sources.queries import open_questions, rows_waiting


def questions(now: datetime) -> Finding | None:
    """Find questions that rows wait for."""
    found = open_questions(SYSTEM)
    if not found:
        return None
    rows = rows_waiting(SYSTEM)
    files = list(dict.fromkeys(each.file for each in found))
    waiting = counted(rows, "row waits", "rows wait")
    asked = counted(len(found), "question", "questions")
    return Finding(
        f"{waiting} for answers to {asked}: {listed(files)}.",
        "Answer them on the page Import, or in a file: evenbook import --answers FILE",
    )


def kept_files(now: datetime) -> Finding | None:
    """Find files whose rows wait and that are no longer in the instance's folder."""
    home = Path(settings.EVENBOOK_HOME)
    rows = KeptFile.objects.order_by("name").values_list("name", "path")
    gone = [name for name, path in rows if not (home / path).exists()]
    if not gone:
        return None
    files = counted(len(gone), "file is", "files are")
    return Finding(
        f"{files} gone whose rows wait for an answer: {listed(gone)}.",
        "Import them again once the questions are answered.",
    )


CHECKS = (
    Check("import-questions", "No row waits for an answer.", questions),
    Check("import-files", "Every file that waits for an answer is there.", kept_files),
)
