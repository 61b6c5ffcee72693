"""The reports as they are read: one of a week, and all of them with what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from evenbook.desk.models import ReportTouch
from evenbook.desk.numbers import ReportsNumbers
from evenbook.desk.queries.executive import subjects_of
from evenbook.desk.queries.report_parts import PARTS, Gathering, ReportPart
from evenbook.desk.rules.reports import LEAD, MONTHLY, REPORTS, Report, is_left_unused, period_of
from evenbook.documents.parts import Column, Document, Heading, Paragraph, Part, Table
from evenbook.kit.errors import EvenbookError
from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy
from evenbook.runs.queries import Week, week_days
from evenbook.screens.sentences import Part as Said
from evenbook.screens.shown import day_text

NOTES = 20
"""What was decided from a report, the newest first; older words stay in the database."""


class NoReport(EvenbookError):
    """There is no such report, policy makes it no more, or it is not for whoever asks."""

    kind = "no-report"
    status = 404


@dataclass(frozen=True)
class Note:
    """What somebody decided from the report of a period."""

    period: str
    by: str
    words: str
    at: datetime


@dataclass(frozen=True)
class ReportNow:
    """A report of a week. ``period`` is the one that the week falls into."""

    report: Report
    week: Week
    period: str
    parts: tuple[ReportPart, ...]
    notes: tuple[Note, ...]

    @property
    def headline(self) -> str:
        """The sentence that it opens with."""
        return self.parts[0].sentence if self.parts else "There is nothing to say yet."

    @property
    def said(self) -> tuple[Said, ...]:
        """The same with figures that open."""
        return (self.parts[0].said if self.parts else ()) or (self.headline,)


@dataclass(frozen=True)
class ReportLine:
    """A report in the list: how often it was opened and decided from, and whether it has had its day.

    ``is_made`` is false where policy makes it no more.
    """

    report: Report
    is_made: bool
    opened: int
    decided: int
    last_opened_at: datetime | None
    is_unused: bool
    unused_periods: int


def _is_made(policy: Policy, kind: str) -> bool:
    """Return whether policy has a report made; the monthly pack always is."""
    return kind == MONTHLY or _made(policy)[kind]


def _made(policy: Policy) -> Mapping[str, bool]:
    numbers = policy.of(ReportsNumbers)
    return {
        "daily": numbers.daily, "weekly": numbers.weekly, "quarterly": numbers.quarterly,
        "yearly": numbers.yearly,
    }  # fmt: skip


def may_read(viewer: Viewer) -> bool:
    """Return whether the reports are for somebody: they lead, keep the records or read of everybody."""
    return viewer.role in LEAD and bool(subjects_of(viewer))


def report_of(viewer: Viewer, week: Week, kind: str) -> ReportNow:
    """Return a report as of a week, as far as the viewer may see what is in it.

    Raises:
        NoReport: there is none of this kind, policy makes it no more, or it is not the viewer's to read.
    """
    found = REPORTS.get(kind)
    if found is None or not may_read(viewer) or kind == MONTHLY:
        raise NoReport("There is no such report for you.", fix="The reports are listed at /reports.")
    if not _is_made(week.policy, kind):
        raise NoReport(
            f"The policy makes no report '{found.title}' any more.",
            fix=f"Operations can switch it on: evenbook policy set reports.{kind} true",
        )
    given = Gathering(viewer, week)
    parts = (PARTS[name](given) for name in found.parts)
    return ReportNow(
        report=found,
        week=week,
        period=period_of(kind, week.run.as_of),
        parts=tuple(each for each in parts if each is not None),
        notes=_notes(kind),
    )


def _notes(kind: str) -> tuple[Note, ...]:
    rows = ReportTouch.objects.filter(report=kind, what=ReportTouch.What.DECIDED)
    fields = rows.order_by("-at", "-pk").values_list("period", "user__name", "words", "at")
    return tuple(Note(*row) for row in fields[:NOTES])


def reports(viewer: Viewer, week: Week | None, *, today: date) -> tuple[ReportLine, ...]:
    """Return every report with what became of it; none for whom they are not."""
    if not may_read(viewer) or week is None:
        return ()
    made_on = week_days(viewer, limit=400)
    return tuple(_line(each, week.policy, made_on, today) for each in REPORTS.values())


def _line(report: Report, policy: Policy, made_on: tuple[date, ...], today: date) -> ReportLine:
    rows = list(
        ReportTouch.objects.filter(report=report.kind).order_by("at").values_list("what", "period", "at")
    )
    opened = [at for what, _, at in rows if what == ReportTouch.What.OPENED]
    acted = {period for what, period, _ in rows if what == ReportTouch.What.DECIDED}
    periods = policy.of(ReportsNumbers).unused_periods
    made = _is_made(policy, report.kind)
    return ReportLine(
        report=report,
        is_made=made,
        opened=len(opened),
        decided=sum(what == ReportTouch.What.DECIDED for what, _, _ in rows),
        last_opened_at=opened[-1] if opened else None,
        is_unused=made
        and report.kind != MONTHLY
        and is_left_unused(report.kind, today, made_on=made_on, acted=acted, periods=periods),
        unused_periods=periods,
    )


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails about reports by name; what policy makes no more has none."""
    numbers = policy.of(ReportsNumbers)
    defaults = {kind: numbers.mails for kind in _made(policy)} | {"daily": numbers.daily_mails}
    return {
        f"report_{kind}": MailKind(
            f"report_{kind}",
            REPORTS[kind].title,
            f"To leaders and executives: {REPORTS[kind].answers}",
            defaults[kind],
        )
        for kind, is_on in _made(policy).items()
        if is_on
    }


def report_document(viewer: Viewer, found: ReportNow) -> Document:
    """Return a report as a document: each part with its sentence and its rows."""
    parts: list[Part] = [Paragraph(f"{found.report.answers} It decides: {found.report.decides}")]
    for each in found.parts:
        parts += [Heading(each.title), Paragraph(each.sentence)]
        if each.rows:
            parts.append(Table([Column(head) for head in each.heads], [list(row.cells) for row in each.rows]))
    under = f"{found.period}, as of {day_text(found.week.run.as_of)}, for {viewer.name}"
    return Document(found.report.title, under, parts, made_at=found.week.run.ended_at)
