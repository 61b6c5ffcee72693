"""The reports of each cadence, for programs. A program's reading is not counted as opening."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.desk.queries.reports import ReportNow, report_of, reports
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import AsOf, Shape
from evenbook.runs.asked import week_asked

router = Router("Executive")


class ReportLineOut(Shape):
    """A report, and what became of it."""

    report: str
    report_name: str
    audience: str
    answers: str
    decides: str
    made: bool
    opened: int = Field(description="Each person counts once a period.")
    decided: int
    last_opened_at: datetime | None
    proposed_for_removal: bool


class ReportLines(Shape):
    """Every report, the most frequent first."""

    items: list[ReportLineOut]


class ReportRowOut(Shape):
    """A row of a part, as it is said; ``opens`` is the page of its first cell."""

    cells: list[str]
    opens: str


class ReportPartOut(Shape):
    """A part of a report: its sentence and its first rows."""

    part: str
    part_name: str
    sentence: str
    heads: list[str]
    rows: list[ReportRowOut]
    opens: str


class ReportNoteOut(Shape):
    """What was decided from the report of a period."""

    period: str
    by: str
    words: str
    at: datetime


class CadenceReportOut(Shape):
    """A report of a week."""

    report: str
    report_name: str
    period: str
    as_of: date
    policy_version: int
    audience: str
    answers: str
    decides: str
    sentence: str
    parts: list[ReportPartOut]
    decided: list[ReportNoteOut]


@router.reads("/reports", ReportLines)
def list_reports(request: HttpRequest) -> ReportLines:
    """List the reports with what each answers and decides, and what became of it."""
    viewer = asking(request)
    week = week_asked(viewer, None)
    lines = reports(viewer, week, today=week.today(timezone.now()))
    return ReportLines(
        items=[
            ReportLineOut(
                report=each.report.kind, report_name=each.report.title, audience=each.report.audience,
                answers=each.report.answers, decides=each.report.decides, made=each.is_made,
                opened=each.opened, decided=each.decided, last_opened_at=each.last_opened_at,
                proposed_for_removal=each.is_unused,
            )
            for each in lines
        ]
    )  # fmt: skip


@router.reads("/reports/{report}", CadenceReportOut)
def get_report(request: HttpRequest, report: str, asked: Query[AsOf]) -> CadenceReportOut:
    """Give a report of a week: daily, weekly, quarterly or yearly; the monthly one is the month's pack."""
    viewer = asking(request)
    return _report(report_of(viewer, week_asked(viewer, asked.as_of), report))


def _report(found: ReportNow) -> CadenceReportOut:
    parts = [
        ReportPartOut(
            part=each.key,
            part_name=each.title,
            sentence=each.sentence,
            heads=list(each.heads),
            rows=[ReportRowOut(cells=list(row.cells), opens=row.opens) for row in each.rows],
            opens=each.opens,
        )
        for each in found.parts
    ]
    notes = [
        ReportNoteOut(period=each.period, by=each.by, words=each.words, at=each.at) for each in found.notes
    ]
    return CadenceReportOut(
        report=found.report.kind, report_name=found.report.title, period=found.period,
        as_of=found.week.run.as_of, policy_version=found.week.run.policy_version,
        audience=found.report.audience, answers=found.report.answers, decides=found.report.decides,
        sentence=found.headline, parts=parts, decided=notes,
    )  # fmt: skip
