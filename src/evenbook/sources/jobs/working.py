"""Does what takes long: the dry run of an upload and its load, once each however often it is asked.

What is small is done while the browser waits. What is large is durable work: a worker does it, a page
says how far it is and can be left, and a restart of anything loses nothing. Where no worker runs, a
thread of the server does it. A load is one transaction: what stops in its middle has loaded nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import counted
from evenbook.people.queries import viewer_by_mail, viewer_by_token_id
from evenbook.people.viewer import PAGE, SYSTEM, Viewer
from evenbook.policy.queries import latest
from evenbook.runs import actions as runs
from evenbook.runs.declared import IMPORTS, Doing, Stopped, Work
from evenbook.runs.queries import job, worker_is_here
from evenbook.sources.actions import answer, import_files
from evenbook.sources.jobs import uploads
from evenbook.sources.jobs.uploads import Failure, Upload
from evenbook.sources.queries import state_of_imports
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import FileReport, ImportReport

OF_A_TOKEN = "token:"
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
    """Return whether somebody works on the upload at this moment, or is asked to."""
    if not upload.doing:
        return False
    run = job(SYSTEM, upload.job) if upload.job is not None else None
    if run is not None and run.is_open:
        return True
    with uploads.alone(upload) as is_mine:
        return not is_mine


def look(upload: Upload, viewer: Viewer, *, now: datetime) -> None:
    """Find out what a load of the upload would do."""
    if not _ask(upload, LOOK, viewer, now=now):
        _start(upload, "preview", lambda own: _look(own, viewer, now=now))


def load(upload: Upload, viewer: Viewer, *, now: datetime) -> None:
    """Load the upload; a second time, or at the same time, it does nothing."""
    if not _ask(upload, LOAD, viewer, now=now):
        _start(upload, "load", lambda own: _load(own, viewer, now=now))


def _ask(upload: Upload, work: Work, viewer: Viewer, *, now: datetime) -> bool:
    """Ask a worker to do it, and return whether it is asked; what is small is not worth the asking."""
    if upload.size <= WHILE_WAITING or not worker_is_here(viewer, now=now):
        return False
    with transaction.atomic():
        number = runs.begin(
            work,
            key=f"{work.name}:{upload.token}:{now.isoformat()}",
            by=viewer.name,
            now=now,
            about=_about(upload),
            given={"token": upload.token, "sent_by": upload.by, "mail": viewer.mail},
        )
        upload.save(doing=DOING[work.name], failed=None, job=number)
    return True


def _about(upload: Upload) -> str:
    """Return what an upload holds, for people."""
    if not upload.files:
        return "rows that waited for an answer"
    more = len(upload.files) - 1
    return f"{upload.files[0].name[:120]}{f' and {more} more' if more else ''}"


def do_look(doing: Doing, *, token: str, sent_by: str, mail: str) -> str:
    """Do the dry run of an upload."""
    return doing.step("Look at the files", lambda: _as_run(doing, "preview", token, sent_by, mail=mail))


def do_load(doing: Doing, *, token: str, sent_by: str, mail: str) -> str:
    """Load an upload."""
    return doing.step("Load the files", lambda: _as_run(doing, "load", token, sent_by, mail=mail))


def sender(sent_by: str, mail: str, *, now: datetime) -> Viewer | None:
    """Return who sent an upload: a person by their address, a program by its token; None for neither.

    Raises:
        TokenRefused: the token was ended meanwhile, or its day has passed.
    """
    number = sent_by.removeprefix(OF_A_TOKEN)
    if number != sent_by and number.isdecimal():
        return viewer_by_token_id(int(number), now=now)
    return viewer_by_mail(mail, surface=PAGE)


def _as_run(doing: Doing, what: str, token: str, sent_by: str, *, mail: str) -> str:
    """Do one of both as durable work; the same again after a crash does no harm."""
    upload, viewer = uploads.find(home(), token, by=sent_by), sender(sent_by, mail, now=datetime.now(UTC))
    if upload is None or viewer is None:
        return "The files, or the person who sent them, are no longer here."
    if upload.load is not None:
        return "They were loaded already."
    with uploads.alone(upload) as is_mine:
        if not is_mine:
            raise Busy("Somebody else works on these files.", fix="Wait until they are done.")
        own, now = upload.save(doing=what, failed=None), datetime.now(UTC)
        work = _look if what == "preview" else _load
        try:
            return work(own, viewer, now=now, count=Count(own, doing))
        except Stopped:
            own.save(doing="", job=None)
            raise
        except EvenbookError as error:
            _fail(own, Failure(error.what, error.fix))
            return f"Nothing was loaded. {error.what}"
        except Exception:
            _fail(own, BROKE_OFF)
            raise


class Busy(EvenbookError):
    """Two processes would work on one upload."""

    kind = "upload-busy"
    retry = True


LOOK = Work("import-look", "Dry run of an import", IMPORTS, do_look)
LOAD = Work("import-load", "Import", IMPORTS, do_load)
DOING = {LOOK.name: "preview", LOAD.name: "load"}


def _start(upload: Upload, doing: str, work: Callable[[Upload], object]) -> None:
    if upload.size <= WHILE_WAITING:
        _guarded(upload, doing, work)
        return
    thread = Thread(target=_apart, args=(upload, doing, work), name=f"import-{doing}", daemon=True)
    thread.start()
    thread.join(timeout=1.5)


def _apart(upload: Upload, doing: str, work: Callable[[Upload], object]) -> None:
    try:
        _guarded(upload, doing, work)
    finally:
        connections.close_all()


def _guarded(upload: Upload, doing: str, work: Callable[[Upload], object]) -> None:
    with uploads.alone(upload) as is_mine:
        current = uploads.find(home(), upload.token, by=upload.by)
        if not is_mine or current is None or current.load is not None:
            return
        own = current.save(doing=doing, failed=None, job=None)
        try:
            work(own)
        except EvenbookError as error:
            _fail(own, Failure(error.what, error.fix))
        except Exception:
            log.exception("An import from the browser broke off.")
            _fail(own, BROKE_OFF)


def _fail(upload: Upload, failure: Failure) -> None:
    upload.save(doing="", failed=failure, preview={}, basis="")


def _look(upload: Upload, viewer: Viewer, *, now: datetime, count: Count | None = None) -> str:
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
        progress=count or Count(upload),
    )
    asked = {**upload.asked, **{each.id: asdict(each) for each in report.questions}}
    upload.save(doing="", failed=None, basis=basis, preview=as_document(report), asked=asked)
    return f"{counted(report.total('rows'), 'row', 'rows')} looked at; nothing is loaded yet."


def _load(upload: Upload, viewer: Viewer, *, now: datetime, count: Count | None = None) -> str:
    if upload.files:
        given, progress = upload.given(), count or Count(upload)
        report = import_files(
            given, by=viewer, now=now, home=home(), answers=upload.answers, progress=progress
        )
    else:
        report = answer(upload.answers, by=viewer, now=now, home=home())
    uploads.finish(upload, report.load)
    return f"{counted(report.total('rows'), 'row', 'rows')} read."


class Count:
    """Tells now and then how many rows were read: the page that waits, and the run if it is one."""

    EVERY = 20_000

    def __init__(self, upload: Upload, doing: Doing | None = None) -> None:
        self.upload, self.doing, self.rows, self.said = upload, doing, 0, 0

    def __call__(self, file: str, rows: int) -> None:
        """Count rows of a file."""
        self.rows += rows
        if self.rows - self.said >= self.EVERY:
            self.said = self.rows
            uploads.say(self.upload, f"{self.rows:,} rows read, now {file}")
        if self.doing is not None:
            self.doing.count(self.rows, words=f"rows, now {file}")


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
