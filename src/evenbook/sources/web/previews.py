"""What an upload would do, before it does anything: a dry run, its questions, and the button that loads."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenbook.people.viewer import Viewer
from evenbook.sources import queries
from evenbook.sources.jobs import uploads, working
from evenbook.sources.jobs.uploads import Upload
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import OUTCOMES, ImportReport
from evenbook.sources.web import forms, sentences
from evenbook.sources.web.keepers import keeper, upload_of
from evenbook.sources.web.loads import REFUSED, SHOWN_REJECTS, as_download

REFRESH_SECONDS = "2"


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an upload would do; take answers; load it or drop it."""
    viewer = keeper(request)
    upload = upload_of(viewer, token)
    if upload.load is not None:
        return redirect("import-load", upload.load)
    if working.is_under_way(upload):
        return _under_way(request, upload)
    if not upload.files:
        return _answered(request, upload)
    if request.method == "POST":
        return _step(request, viewer, upload)
    if working.needs_preview(viewer, upload):
        working.look(upload, viewer, now=timezone.now())
        return _after(request, upload_of(viewer, token))
    return _page(request, upload)


def _step(request: HttpRequest, viewer: Viewer, upload: Upload) -> HttpResponse:
    step = request.POST.get("step", "look")
    if step == "drop":
        uploads.drop(upload)
        messages.success(request, "The files were taken away; nothing was loaded.")
        return redirect("import")
    chosen, problems = forms.chosen(request.POST, _asked(upload))
    if problems:
        return _page(request, upload, answers={**upload.answers, **chosen}, problems=problems)
    upload = upload.save(answers={**upload.answers, **chosen}, failed=None)
    if step == "load":
        working.load(upload, viewer, now=timezone.now())
    elif working.needs_preview(viewer, upload):
        working.look(upload, viewer, now=timezone.now())
    found = uploads.find(working.home(), upload.token, by=upload.by) or upload
    return (
        redirect("import-load", found.load)
        if found.load is not None
        else redirect("import-preview", upload.token)
    )


def _answered(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Say how answers fared that loaded nothing."""
    if upload.failed:
        messages.error(request, f"{upload.failed.what} {upload.failed.fix}")
        uploads.drop(upload)
        return redirect("import-questions")
    messages.success(request, "The answers are kept; no row was waiting for them.")
    return redirect("import")


def _after(request: HttpRequest, upload: Upload) -> HttpResponse:
    return _under_way(request, upload) if working.is_under_way(upload) else _page(request, upload)


def _under_way(request: HttpRequest, upload: Upload) -> HttpResponse:
    answer = render(request, "sources/under_way.html", {"upload": upload, "said": uploads.said(upload)})
    answer["Refresh"] = REFRESH_SECONDS
    return answer


def _page(
    request: HttpRequest,
    upload: Upload,
    *,
    answers: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    viewer = keeper(request)
    report = working.as_report(upload.preview)
    asked = forms.asked(_asked(upload), answers or upload.answers, problems)
    path, counted = rejects_path(upload), totals(report)
    context = {
        "upload": upload,
        "report": report,
        "files": list(enumerate(report.files)),
        "totals": counted,
        "loadable": counted["rows"] - counted["rejected"] - counted["held"],
        "questions": [each for each in asked if not upload.answers.get(each.question.id) or each.problem],
        "answered": [each for each in asked if upload.answers.get(each.question.id) and not each.problem],
        "sentence": sentences.of_preview(
            counted, files=len(upload.files), is_refused=upload.failed is not None
        ),
        "problem": sentences.of_problems(len(problems or {})),
        "rejects": queries.rejects_in(viewer, path, limit=SHOWN_REJECTS) if path else (),
        "reasons": queries.reasons_in(viewer, path) if path else (),
        "has_rejects": path is not None,
    }
    return render(request, "sources/preview.html", context, status=REFUSED if problems else 200)


@require_safe
def preview_rejects(request: HttpRequest, token: str) -> FileResponse:
    """Give the rows that a load of the upload would reject as a file."""
    path = rejects_path(upload_of(keeper(request), token))
    if path is None:
        raise Http404
    return as_download(path, "rejects-of-preview.csv")


def rejects_path(upload: Upload) -> Path | None:
    """Return where the rows lie that a load would reject, None where there are none."""
    said = upload.preview.get("rejects_file")
    path = Path(str(said)) if said else None
    is_ours = path is not None and path.resolve().is_relative_to(upload.folder.resolve())
    return path if path is not None and is_ours and path.is_file() else None


def totals(report: ImportReport) -> dict[str, int]:
    """Return how many rows of all files have each outcome, and how many there are."""
    return {"rows": report.total("rows"), **{name: report.total(name) for name in OUTCOMES}}


def _asked(upload: Upload) -> list[Question]:
    """Return the questions of the upload, those that rows wait for first, with today's counts."""
    waiting = {each.id: each for each in working.as_report(upload.preview).questions}
    earlier = [
        working.question_in(each).holding(0) for key, each in upload.asked.items() if key not in waiting
    ]
    return [*waiting.values(), *(each for each in earlier if each.id in upload.answers)]
