"""Imports, for programs: send a file, see what it would do, answer what it asks, load it, look back."""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path as InPath
from ninja import Query
from pydantic import Field, StringConstraints

from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.entrance import BYTES
from evenbook.rest.once import How, done_once, sent
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.problems import Invalid, NothingHere, TooLarge
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Asked, Body, Shape, instant, said_or_none
from evenbook.sources import queries
from evenbook.sources.actions import answer
from evenbook.sources.actions.asking import AnswerRefused
from evenbook.sources.actions.importing import REJECTS
from evenbook.sources.jobs import uploads, working
from evenbook.sources.jobs.uploads import Stored, Upload
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import FileReport, ImportReport
from evenbook.sources.web.keepers import known_as, limits

router = Router("Imports")
MEGABYTE = 1024 * 1024
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
UploadId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
Choice = Annotated[str, StringConstraints(max_length=200, pattern=NO_NULL)]


class CountsOut(Shape):
    """What became of rows; the five others add up to ``rows``."""

    rows: int
    created: int
    changed: int
    unchanged: int
    rejected: int
    held: int


class QuestionOut(Shape):
    """A question that an import asks instead of guessing."""

    question: str
    file: str
    column: str | None
    asks: str
    choices: list[str]
    rows_held: int


class FileOut(CountsOut):
    """What became of a file, or would."""

    file: str
    recognized_as: str | None
    notes: list[str]


class UploadOut(Shape):
    """A file that was sent and waits to be loaded, with what a load would do."""

    upload: str
    at: datetime | None
    doing: str | None = Field(description="`preview` or `load` while that is under way; ask again.")
    failed: str | None
    fix: str | None
    load: int | None = Field(description="The load that came of it.")
    files: list[FileOut]
    questions: list[QuestionOut]
    answers: dict[str, str]


class LoadOut(CountsOut):
    """A past import."""

    load: int
    at: datetime | None
    seconds: float
    by_name: str
    file_count: int
    open_questions: int


class Loads(Page):
    """Past imports, the newest first."""

    items: list[LoadOut]
    total: int


class WholeLoadOut(LoadOut):
    """A past import with its files and questions."""

    files: list[FileOut]
    questions: list[QuestionOut]
    notes: list[str]


class RejectOut(Shape):
    """A rejected row: where it stands, why it was not taken, what it held."""

    file: str
    row: str
    column: str | None
    reason: str
    original: str


class Rejects(Page):
    """Rejected rows of an import, in their order."""

    items: list[RejectOut]
    load: int


class Questions(Page):
    """Open questions, those that hold most rows first."""

    items: list[QuestionOut]
    rows_held: int


class Answers(Body):
    """Answers by the ids of their questions."""

    answers: dict[Choice, Choice] = Field(max_length=500)


class AnsweredOut(CountsOut):
    """What was loaded of the rows that waited, and what is asked now."""

    load: int | None
    questions: list[QuestionOut]


class UploadAsked(Asked):
    """The name of the file that is sent."""

    name: FileName = Field(description="Such as accounts.csv; several files go in one zip.")


@router.reads("/imports", Loads, scope="import")
def list_imports(request: HttpRequest, asked: Query[Paged]) -> Loads:
    """List past imports, the newest first."""
    viewer = _keeper(request)
    newest = queries.past_loads(viewer, limit=1)[1]
    place = Place.of(request, asked, basis=newest[0].id if newest else "")
    total, found = queries.past_loads(viewer, offset=place.offset, limit=place.more)
    items = [LoadOut(**_load(each)) for each in place.cut(found)]
    return Loads(items=items, next=place.next(found), total=total)


@router.reads("/imports/{int:load}", WholeLoadOut, scope="import")
def get_import(request: HttpRequest, load: int) -> WholeLoadOut:
    """Give a past import with its files and its questions."""
    found = _past(_keeper(request), load)
    files = [
        FileOut(
            file=each.file, recognized_as=said_or_none(each.recognized_as), notes=list(each.notes),
            **vars(each.counts),
        )
        for each in found.files
    ]  # fmt: skip
    questions = [_question(each) for each in found.questions]
    return WholeLoadOut(**_load(found.line), files=files, questions=questions, notes=list(found.notes))


@router.reads("/imports/{int:load}/rejects", Rejects, scope="import")
def list_rejects(request: HttpRequest, load: int, asked: Query[Paged]) -> Rejects:
    """List the rows that an import rejected, each with its reason."""
    viewer = _keeper(request)
    name = _past(viewer, load).rejects_name
    place = Place.of(request, asked, basis=load)
    path = working.home() / REJECTS / (name or "none")
    rows = place.within(queries.rejects_in(viewer, path, limit=place.offset + place.more))
    items = [
        RejectOut(
            file=each.file, row=each.row, column=said_or_none(each.column), reason=each.reason,
            original=each.original,
        )
        for each in place.cut(rows)
    ]  # fmt: skip
    return Rejects(items=items, next=place.next(rows), load=load)


@router.reads("/questions", Questions, scope="import")
def list_questions(request: HttpRequest, asked: Query[Paged]) -> Questions:
    """List the questions that rows wait for."""
    viewer = _keeper(request)
    place = Place.of(request, asked)
    rows = place.within(queries.open_questions(viewer))
    items = [_question(each) for each in place.cut(rows)]
    return Questions(items=items, next=place.next(rows), rows_held=queries.rows_waiting(viewer))


@router.writes("POST", "/questions/answers", AnsweredOut, scope="import", apart=True)
def answer_questions(request: HttpRequest, given: Answers) -> AnsweredOut:
    """Answer questions, and load the rows that waited for them."""
    viewer = _keeper(request)
    if not given.answers:
        raise AnswerRefused("No question was answered.", fix="See /api/v1/questions for the open ones.")
    report = answer(given.answers, by=viewer, now=timezone.now(), home=working.home())
    return _answered(report)


def _most_bytes() -> int:
    return limits().max_upload_mb * MEGABYTE


SENT = {
    "requestBody": {
        "required": True,
        "content": {BYTES: {"schema": {"type": "string", "contentMediaType": BYTES}}},
        "description": "The bytes of the file.",
    }
}


@router.writes(
    "POST", "/uploads", UploadOut, status=201, scope="import", takes=BYTES, most_bytes=_most_bytes, extra=SENT
)
def send_file(request: HttpRequest, asked: Query[UploadAsked]) -> Any:
    """Send a file, or a zip of several; the answer says what loading it would do. Nothing is loaded."""
    viewer = _keeper(request)
    name = uploads.clean_name(asked.name)
    if not uploads.is_wanted(name):
        raise Invalid("This is no name of a file to import.", fix="Name it like accounts.csv.")
    folder = uploads.fresh_folder(working.home())
    try:
        digest = _received(request, folder / "1")
        known = sent(request, body=digest)
        return done_once(known, lambda: _looked_at(viewer, folder, name), How(201, apart=True))
    finally:
        if not (folder / uploads.NOTE).exists():
            shutil.rmtree(folder, ignore_errors=True)


@router.reads("/uploads/{upload}", UploadOut, scope="import")
def get_upload(request: HttpRequest, upload: InPath[UploadId]) -> UploadOut:
    """Give an upload: what loading it would do, what it asks, or which load came of it."""
    return _upload(_upload_of(_keeper(request), upload))


@router.writes("PUT", "/uploads/{upload}/answers", UploadOut, scope="import", apart=True)
def answer_upload(request: HttpRequest, upload: InPath[UploadId], given: Answers) -> UploadOut:
    """Answer questions of an upload; the answer says what loading it would do then."""
    viewer = _keeper(request)
    found = _waiting(viewer, upload)
    asked = {each.id: each for each in working.as_report(found.preview).questions}
    asked |= {key: working.question_in(each) for key, each in found.asked.items() if key not in asked}
    for key, choice in given.answers.items():
        if key not in asked or not asked[key].accepts(choice):
            raise AnswerRefused(
                "An answer belongs to no question of this upload, or is none of its choices.",
                fix="See 'questions' of the upload.",
            )
    changed = found.save(answers={**found.answers, **given.answers}, failed=None)
    if working.needs_preview(viewer, changed):
        working.look(changed, viewer, now=timezone.now())
    return _upload(_upload_of(viewer, upload))


@router.writes("POST", "/uploads/{upload}/load", UploadOut, scope="import", takes="", apart=True)
def load_upload(request: HttpRequest, upload: InPath[UploadId]) -> UploadOut:
    """Load an upload. A second time it does nothing; a large one goes on after the answer (`doing`)."""
    viewer = _keeper(request)
    found = _upload_of(viewer, upload)
    if found.load is None:
        working.load(found, viewer, now=timezone.now())
    return _upload(_upload_of(viewer, upload))


@router.writes("DELETE", "/uploads/{upload}", None, status=204, scope="import", takes="")
def delete_upload(request: HttpRequest, upload: InPath[UploadId]) -> None:
    """Take an upload away without loading it; taking it away again changes nothing."""
    found = uploads.find(working.home(), upload, by=known_as(_keeper(request)))
    if found is not None and not working.is_under_way(found):
        uploads.drop(found)


def _keeper(request: HttpRequest) -> Viewer:
    viewer = asking(request)
    if not viewer.is_operations:
        raise PermissionDenied
    return viewer


def _past(viewer: Viewer, number: int) -> queries.WholeLoad:
    found = queries.past_load(viewer, number)
    if found is None:
        raise NothingHere("There is no such import.", fix="See /api/v1/imports.")
    return found


def _upload_of(viewer: Viewer, token: str) -> Upload:
    found = uploads.find(working.home(), token, by=known_as(viewer))
    if found is None:
        raise NothingHere("There is no such upload of yours.", fix="Send the file again.")
    return found


def _waiting(viewer: Viewer, token: str) -> Upload:
    found = _upload_of(viewer, token)
    if found.load is not None:
        raise AnswerRefused("This upload was loaded.", fix="See its load, and /api/v1/questions.")
    return found


def _received(request: HttpRequest, path: Path) -> str:
    """Write the body of a request to a file, and return its digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size, most = hashlib.sha256(), 0, _most_bytes()
    with path.open("wb") as file:
        while piece := request.read(MEGABYTE):
            size += len(piece)
            if size > most:
                raise TooLarge(f"The file is larger than {most:,} bytes.", fix="Use `evenbook import`.")
            digest.update(piece)
            file.write(piece)
    if not size:
        raise Invalid("The file is empty.", fix="Send its bytes as the body.")
    return digest.hexdigest()


def _looked_at(viewer: Viewer, folder: Path, name: str) -> UploadOut:
    now = timezone.now()
    uploads.sweep(working.home(), now=now)
    file = Stored(name, "", folder / "1", (folder / "1").stat().st_size)
    found = uploads.keep(folder, [file], by=known_as(viewer), at=now, refused=())
    working.look(found, viewer, now=now)
    return _upload(_upload_of(viewer, found.token))


def _upload(found: Upload) -> UploadOut:
    report = working.as_report(found.preview)
    return UploadOut(
        upload=found.token,
        at=instant(found.at),
        doing=said_or_none(found.doing) if working.is_under_way(found) else None,
        failed=found.failed.what if found.failed else None,
        fix=found.failed.fix if found.failed else None,
        load=found.load,
        files=[_file(each) for each in report.files],
        questions=[_question(each) for each in report.questions],
        answers=dict(found.answers),
    )


def _file(each: FileReport) -> FileOut:
    counts = {name: getattr(each, name) for name in CountsOut.model_fields}
    return FileOut(file=each.file, recognized_as=each.recognised_as, notes=list(each.notes), **counts)


def _question(each: Question) -> QuestionOut:
    return QuestionOut(
        question=each.id,
        file=each.file,
        column=said_or_none(each.column),
        asks=each.asks,
        choices=list(each.choices),
        rows_held=each.rows_held,
    )


def _load(line: queries.PastLoad) -> dict[str, Any]:
    return {
        "load": line.id,
        "at": instant(line.at),
        "seconds": line.seconds,
        "by_name": line.by,
        "file_count": line.files,
        "open_questions": line.questions,
        **vars(line.counts),
    }


def _answered(report: ImportReport) -> AnsweredOut:
    counts = {name: report.total(name) for name in CountsOut.model_fields}
    questions = [_question(each) for each in report.questions]
    return AnsweredOut(load=report.load, questions=questions, **counts)
