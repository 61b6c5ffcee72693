"""The list of imports with the form that starts one, one past import, and the questions that are open."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from evenbook.people.viewer import Viewer
from evenbook.screens.exports import TakenAway, taken
from evenbook.screens.tables import PAGE_SIZE, Ask, Column, Listing
from evenbook.sources import queries
from evenbook.sources.actions.importing import REJECTS
from evenbook.sources.jobs import uploads, working
from evenbook.sources.web import forms, sentences
from evenbook.sources.web.keepers import keeper, known_as, limits
from evenbook.sources.web.receiving import receive, sorted_out

REFUSED = 422
SHOWN_REJECTS = 50
NO_FILE = uploads.Failure("No file was chosen.", "Choose one or more files, then send them.")
COLUMNS = (
    Column("at", "Import", sorts=False),
    Column("by", "By", sorts=False),
    Column("rows", "Rows", is_number=True, sorts=False),
    Column("created", "Created", is_number=True, sorts=False),
    Column("changed", "Changed", is_number=True, sorts=False),
    Column("unchanged", "Unchanged", is_number=True, sorts=False),
    Column("rejected", "Rejected", is_number=True, sorts=False),
    Column("held", "Held", is_number=True, sorts=False, hint="Rows that waited for an answer then"),
    Column("open", "Open questions", is_number=True, sorts=False, hint="Of its files, today"),
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show past imports and the form that starts one; take what it sends.

    Exempt, for its token stands behind the files; ``receive`` checks it once they are read.
    """
    viewer = keeper(request)
    if request.method != "POST":
        return _list(request, viewer)
    folder = uploads.fresh_folder(working.home())

    def refuse(what: str, fix: str) -> HttpResponse:
        return _list(request, viewer, failed=uploads.Failure(what, fix))

    def take(request: HttpRequest) -> HttpResponse:
        return _take(request, viewer, folder)

    most = limits().max_upload_mb
    answered: HttpResponse = receive(request, folder, most_megabytes=most, then=take, refuse=refuse)
    return answered


def _take(request: HttpRequest, viewer: Viewer, folder: Path) -> HttpResponse:
    files, refused = sorted_out(request)
    if not files:
        return _list(request, viewer, refused=refused, failed=None if refused else NO_FILE)
    now = timezone.now()
    uploads.sweep(working.home(), now=now)
    upload = uploads.keep(folder, files, by=known_as(viewer), at=now, refused=refused)
    return redirect("import-preview", upload.token)


def _list(
    request: HttpRequest,
    viewer: Viewer,
    *,
    refused: list[str] | None = None,
    failed: uploads.Failure | None = None,
) -> HttpResponse:
    ask = Ask.of(request.GET, columns=COLUMNS, sort="-at")
    total, loads = queries.past_loads(viewer, offset=(ask.page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    asked = queries.open_questions(viewer)
    context = {
        "listing": Listing(
            "imports", "Imports, the newest first", COLUMNS, ask, total, exports=False, noun="import"
        ),
        "loads": loads,
        "sentence": sentences.of_imports(
            next(iter(queries.past_loads(viewer, limit=1)[1]), None),
            questions=len(asked),
            held=queries.rows_waiting(viewer) if asked else 0,
        ),
        "open": len(asked),
        "waiting": uploads.waiting(working.home(), by=known_as(viewer)),
        "most_megabytes": limits().max_upload_mb,
        "refused": refused or [],
        "failed": failed,
    }
    return render(request, "sources/import.html", context, status=REFUSED if refused or failed else 200)


@require_safe
def past(request: HttpRequest, number: int) -> HttpResponse:
    """Show what became of one import: its files, what was rejected, what was asked."""
    viewer = keeper(request)
    found = _load(viewer, number)
    path = rejects_path(found)
    context = {
        "load": found,
        "sentence": sentences.of_load(found.line.counts),
        "questions": forms.asked(found.questions, {}),
        "token": uploads.fresh_folder(working.home()).name,
        "answered": [
            (each, each.question.asks, forms.said(each.question, each.answer)) for each in found.answered
        ],
        "rejects": queries.rejects_in(viewer, path, limit=SHOWN_REJECTS) if path else (),
        "reasons": queries.reasons_in(viewer, path) if path else (),
        "has_rejects": path is not None,
    }
    return render(request, "sources/load.html", context)


@require_safe
def rejects(request: HttpRequest, number: int) -> FileResponse:
    """Give the rejected rows of an import as a file."""
    path = rejects_path(_load(keeper(request), number))
    if path is None:
        raise Http404
    return as_download(path, f"rejects-of-import-{number}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """Show the questions that rows wait for; take answers and load those rows."""
    viewer = keeper(request)
    waiting = queries.open_questions(viewer)
    if request.method != "POST":
        return _questions(request, forms.asked(waiting, {}))
    sent_before = uploads.find(working.home(), request.POST.get("token", ""), by=known_as(viewer))
    if sent_before is not None:
        return redirect("import-preview", sent_before.token)
    chosen, problems = forms.chosen(request.POST, waiting)
    if problems or not chosen:
        note = "" if problems else "No answer was chosen; nothing was loaded."
        return _questions(request, forms.asked(waiting, chosen, problems), note=note)
    now, home = timezone.now(), working.home()
    by, waits = known_as(viewer), queries.bytes_waiting(viewer, home)
    token = request.POST.get("token", "")
    upload = uploads.keep_answers(home, token, chosen, by=by, at=now, waits=waits)
    if upload is None:
        return redirect("import-preview", token)
    working.load(upload, viewer, now=now)
    return redirect("import-preview", upload.token)


def _questions(request: HttpRequest, asked: tuple[forms.Asked, ...], *, note: str = "") -> HttpResponse:
    is_refused = bool(note) or any(each.problem for each in asked)
    waiting = queries.rows_waiting(keeper(request)) if asked else 0
    context: dict[str, Any] = {
        "questions": asked,
        "token": uploads.fresh_folder(working.home()).name,
        "sentence": sentences.of_questions(len(asked), held=waiting),
        "note": note,
        "problem": sentences.of_problems(sum(bool(each.problem) for each in asked)),
    }
    return render(request, "sources/questions.html", context, status=REFUSED if is_refused else 200)


def rejects_path(found: queries.WholeLoad) -> Path | None:
    """Return where the rejected rows of an import lie, None where it has none."""
    path = working.home() / REJECTS / found.rejects_name
    return path if found.rejects_name and path.is_file() else None


def as_download(path: Path, name: str) -> FileResponse:
    """Return a file of rejects as a download."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = max(0, sum(1 for _ in csv.reader(lines)) - 1)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
    return taken(response, TakenAway(name.removesuffix(".csv"), "csv", rows))


def _load(viewer: Viewer, number: int) -> queries.WholeLoad:
    found = queries.past_load(viewer, number)
    if found is None:
        raise Http404
    return found
