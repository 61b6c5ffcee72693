"""Does what takes long: the dry run of an upload and its load, once each however often it is asked.

What is small is done while the browser waits. What is large is done in a thread of the server, with
a page that says how long it has been going on and can be left. A load is one transaction: a server
that stops in its middle has loaded nothing, and the upload is still there to be loaded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connections

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.sources.actions import answer, import_files
from evenbook.sources.queries import state_of_imports
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import FileReport, ImportReport
from evenbook.sources.web import uploads
from evenbook.sources.web.uploads import Failure, Upload

WHILE_WAITING = 256 * 1024
BROKE_OFF = Failure(
    "It broke off, and nothing was loaded.",
    "Try again; if it happens again, load the files with `evenbook import`, which says more.",
)
log = logging.getLogger(__name__)


def home() -> Path:
    """Return the folder of the instance."""
    return Path(settings.EVENBOOK_HOME)


def basis_of(viewer: Viewer, upload: Upload) -> str:
    """Return what a dry run of this upload would stand on now."""
    return f"{state_of_imports(viewer)}/{latest().number}/{sorted(upload.answers.items())}"


def needs_preview(viewer: Viewer, upload: Upload) -> bool:
    """Return whether the dry run has to be done, or done again."""
    return upload.load is None and upload.failed is None and upload.basis != basis_of(viewer, upload)


def is_under_way(upload: Upload) -> bool:
    """Return whether somebody works on the upload at this moment."""
    if not upload.doing:
        return False
    with uploads.alone(upload) as is_mine:
        return not is_mine


def look(upload: Upload, viewer: Viewer, *, now: datetime) -> None:
    """Find out what a load of the upload would do."""
    _start(upload, "preview", lambda own: _look(own, viewer, now=now))


def load(upload: Upload, viewer: Viewer, *, now: datetime) -> None:
    """Load the upload; a second time, or at the same time, it does nothing."""
    _start(upload, "load", lambda own: _load(own, viewer, now=now))


def _start(upload: Upload, doing: str, work: Callable[[Upload], None]) -> None:
    if upload.size <= WHILE_WAITING:
        _guarded(upload, doing, work)
        return
    thread = Thread(target=_apart, args=(upload, doing, work), name=f"import-{doing}", daemon=True)
    thread.start()
    thread.join(timeout=1.5)


def _apart(upload: Upload, doing: str, work: Callable[[Upload], None]) -> None:
    try:
        _guarded(upload, doing, work)
    finally:
        connections.close_all()


def _guarded(upload: Upload, doing: str, work: Callable[[Upload], None]) -> None:
    with uploads.alone(upload) as is_mine:
        current = uploads.find(home(), upload.token, by=upload.by)
        if not is_mine or current is None or current.load is not None:
            return
        own = current.save(doing=doing, failed=None)
        try:
            work(own)
        except EvenbookError as error:
            _fail(own, Failure(error.what, error.fix))
        except Exception:
            log.exception("An import from the browser broke off.")
            _fail(own, BROKE_OFF)


def _fail(upload: Upload, failure: Failure) -> None:
    upload.save(doing="", failed=failure, preview={}, basis="")


def _look(upload: Upload, viewer: Viewer, *, now: datetime) -> None:
    """Do the dry run; what it would reject lies in the upload's own folder."""
    basis = basis_of(viewer, upload)
    report = import_files(
        upload.given(),
        by=viewer,
        now=now,
        home=home(),
        answers=upload.answers,
        dry_run=True,
        dry_rejects=upload.folder / uploads.REJECTS,
        progress=Count(upload),
    )
    asked = {**upload.asked, **{each.id: asdict(each) for each in report.questions}}
    upload.save(doing="", failed=None, basis=basis, preview=as_document(report), asked=asked)


def _load(upload: Upload, viewer: Viewer, *, now: datetime) -> None:
    if upload.files:
        report = import_files(
            upload.given(), by=viewer, now=now, home=home(), answers=upload.answers, progress=Count(upload)
        )
    else:
        report = answer(upload.answers, by=viewer, now=now, home=home())
    uploads.finish(upload, report.load)


class Count:
    """Writes down now and then how many rows were read, for the page that waits."""

    EVERY = 20_000

    def __init__(self, upload: Upload) -> None:
        self.upload, self.rows, self.said = upload, 0, 0

    def __call__(self, file: str, rows: int) -> None:
        """Count rows of a file."""
        self.rows += rows
        if self.rows - self.said >= self.EVERY:
            self.said = self.rows
            uploads.say(self.upload, f"{self.rows:,} rows read, now {file}")


def as_document(report: ImportReport) -> dict[str, Any]:
    """Return a report as a note keeps it."""
    return {
        "files": [asdict(each) for each in report.files],
        "questions": [asdict(each) for each in report.questions],
        "rejects_file": report.rejects_file,
    }


def as_report(document: Any) -> ImportReport:
    """Return the report that a note keeps."""
    return ImportReport(
        files=[FileReport(**each) for each in document.get("files", ())],
        questions=[question_in(each) for each in document.get("questions", ())],
        rejects_file=document.get("rejects_file"),
        is_dry_run=True,
    )


def question_in(document: Any) -> Question:
    """Return a question that a note keeps."""
    return Question(**{**document, "choices": tuple(document["choices"])})
