"""The reports of each cadence: their list with what became of each, one report, its PDF, what was decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.desk.actions import DecisionWithoutWords, decide_from, note_opened
from evenbook.desk.queries.reports import (
    NoReport,
    ReportNow,
    may_read,
    report_document,
    report_of,
    reports,
)
from evenbook.desk.rules.reports import MONTHLY, period_of
from evenbook.documents.pdf import as_pdf
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import TakenAway, taken
from evenbook.screens.shown import number_word, plural

WHAT = "the daily, weekly, monthly, quarterly and yearly reports, and what became of each"


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show every report: for whom, what it answers and decides, how often it was opened and decided from."""
    viewer = asking(request)
    if not may_read(viewer):
        raise Http404("The reports are for who leads.")
    shown = week(viewer)
    if shown is None:
        return render(request, "runs/no_run.html", {"page": "Reports", "what": WHAT})
    lines = reports(viewer, shown, today=shown.today(timezone.now()))
    unused = [each for each in lines if each.is_unused]
    made = sum(each.is_made for each in lines)
    said = f"{number_word(made, start=True)} {plural(made, 'report is', 'reports are')} made"
    if unused:
        verb = plural(len(unused), "is", "are")
        said += f"; {number_word(len(unused))} of them, from which nothing was decided for long, {verb} "
        said += "proposed for removal"
    context = {"week": shown, "lines": lines, "sentence": f"{said}."}
    return render(request, "desk/reports.html", context)


@require_GET
def report(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a report of a week, and keep that it was opened; the monthly one is the pack of the month."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if not may_read(viewer):
        raise Http404("The reports are for who leads.")
    if shown is None:
        return render(request, "runs/no_run.html", {"page": "Report", "what": WHAT})
    if kind == MONTHLY:
        note_opened(viewer, kind, period_of(kind, shown.run.as_of), now=timezone.now())
        return redirect("monthly")
    found = _found(viewer, shown, kind)
    note_opened(viewer, kind, found.period, now=timezone.now())
    return _page(request, found)


def _page(request: HttpRequest, found: ReportNow, *, refused: str = "", status: int = 200) -> HttpResponse:
    typed = request.POST.get("words", "") if refused else ""
    context = {"week": found.week, "found": found, "refused": refused, "typed": typed}
    return render(request, "desk/report.html", context, status=status)


@require_GET
def report_pdf(request: HttpRequest, kind: str) -> HttpResponse:
    """Give a report of a week as a PDF; taking it counts as opening it."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        raise Http404("No week is stored yet.")
    found = _found(viewer, shown, kind)
    note_opened(viewer, kind, found.period, now=timezone.now())
    answer = HttpResponse(as_pdf(report_document(viewer, found)), content_type="application/pdf")
    name = f"{kind}-{found.period}"
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return taken(answer, TakenAway(name, "pdf", sum(len(each.rows) for each in found.parts)))


@require_POST
def decided(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep what was decided from the report of the newest week."""
    viewer = asking(request)
    shown = week(viewer)
    if shown is None:
        raise Http404("No week is stored yet.")
    found = _found(viewer, shown, kind)
    try:
        is_new = decide_from(viewer, kind, found.period, request.POST.get("words", ""), now=timezone.now())
    except DecisionWithoutWords as error:
        return _page(request, found, refused=f"{error.what} {error.fix}", status=error.status)
    except NoReport as error:
        raise Http404(str(error)) from error
    messages.success(request, "What was decided is kept." if is_new else "It was there already.")
    return redirect("report", kind)


def _found(viewer: Viewer, shown: Week, kind: str) -> ReportNow:
    try:
        return report_of(viewer, shown, kind)
    except NoReport as error:
        raise Http404(str(error)) from error
