"""One table of an upload: its first rows, and the form that says what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenbook.people.viewer import Viewer
from evenbook.sources import queries
from evenbook.sources.actions import remember_mapping
from evenbook.sources.actions.files import limits_of
from evenbook.sources.actions.mappings import MappingRefused
from evenbook.sources.jobs import working
from evenbook.sources.jobs.uploads import Upload
from evenbook.sources.reading import Unread
from evenbook.sources.rules.mapping import CUSTOM, SKIP, FileMapping
from evenbook.sources.rules.report import FileReport
from evenbook.sources.web import samples
from evenbook.sources.web.keepers import keeper, limits, upload_of
from evenbook.sources.web.loads import REFUSED, SHOWN_REJECTS
from evenbook.sources.web.previews import rejects_path
from evenbook.sources.web.samples import Sample


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Show one table of an upload; take what its columns mean."""
    viewer = keeper(request)
    upload = upload_of(viewer, token)
    if upload.load is not None:
        return redirect("import-load", upload.load)
    files = working.as_report(upload.preview).files
    if number >= len(files):
        raise Http404
    numbers = limits()
    found = samples.sample_of(
        upload.given(),
        files[number].file,
        limits_of(numbers),
        rows=numbers.sample_rows,
        shown=numbers.preview_rows,
    )
    if isinstance(found, Unread):
        return _page(request, viewer, upload, files[number], unread=found)
    if request.method == "POST":
        return _said(request, viewer, upload, files[number], sample=found)
    kept = queries.mapping_kept(viewer, found.layout)
    mapping = samples.mapping_in_force(found, kept, table=files[number].table)
    return _page(
        request, viewer, upload, files[number], sample=found, mapping=mapping, is_kept=kept is not None
    )


def _said(
    request: HttpRequest, viewer: Viewer, upload: Upload, report: FileReport, *, sample: Sample
) -> HttpResponse:
    """Keep what the columns mean, or propose it anew for another table."""
    table = request.POST.get("table", "")
    kept = queries.mapping_kept(viewer, sample.layout)
    before = samples.mapping_in_force(sample, kept, table=report.table)
    if table != SKIP and table not in dict(samples.tables_to_choose()):
        said = "Choose what the file holds."
        return _page(request, viewer, upload, report, sample=sample, mapping=before, refusal=said)
    if table != SKIP and table != request.POST.get("was", ""):
        mapping = samples.proposed_for(sample, table)
        note = f"These columns are proposed for {mapping.label}; nothing is kept yet."
        return _page(request, viewer, upload, report, sample=sample, mapping=mapping, note=note)
    start = before if before.table == table else FileMapping(table, "generic", samples.label_of(table), {})
    mapping = replace(start, columns=_targets(request.POST, sample, start.columns))
    try:
        remember_mapping(report.file, sample.headers, mapping.as_document(), by=viewer, now=timezone.now())
    except MappingRefused as error:
        return _page(request, viewer, upload, report, sample=sample, mapping=mapping, refusal=error.what)
    messages.success(request, f"Kept for {report.file}, and for later files with the same columns.")
    return redirect("import-preview", upload.token)


def _targets(post: Mapping[str, str], sample: Sample, before: Mapping[str, str]) -> dict[str, str]:
    """Return what each column is taken for: as chosen, else as it was."""
    return {
        header: post.get(f"column-{place}", "") or before.get(header, CUSTOM)
        for place, header in enumerate(sample.headers)
    }


def _page(
    request: HttpRequest,
    viewer: Viewer,
    upload: Upload,
    report: FileReport,
    *,
    sample: Sample | None = None,
    unread: Unread | None = None,
    mapping: FileMapping | None = None,
    is_kept: bool = False,
    note: str = "",
    refusal: str = "",
) -> HttpResponse:
    path = rejects_path(upload)
    rejects = queries.rejects_in(viewer, path, limit=SHOWN_REJECTS, file=report.file) if path else ()
    context = {
        "upload": upload,
        "file": report,
        "sample": sample,
        "unread": unread,
        "mapping": mapping,
        "columns": samples.columns_of(sample, mapping.columns) if sample and mapping else (),
        "more_columns": max(0, len(sample.headers) - samples.WIDEST) if sample else 0,
        "tables": samples.tables_to_choose(),
        "fields": samples.fields_to_choose(mapping.table) if mapping else [],
        "is_kept": is_kept,
        "note": note,
        "refusal": refusal,
        "rejects": rejects,
        "reasons": queries.reasons_in(viewer, path, file=report.file) if path else (),
    }
    return render(request, "sources/file.html", context, status=REFUSED if refusal else 200)
