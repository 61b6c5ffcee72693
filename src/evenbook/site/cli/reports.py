"""The command of the reports: their list with what became of each, one of them, its PDF."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import counted
from evenbook.runs.asked import week_asked
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, safe, screen
from evenbook.site.cli.told import bare_table

if TYPE_CHECKING:
    from evenbook.desk.queries.reports import ReportLine, ReportNow


class ReportNotWritten(EvenbookError):
    """A PDF without a report, or a file that can't be written."""

    kind = "report-not-written"


@click.command()
@click.argument("kind", required=False, default="")
@click.option(
    "--as-of", "day", metavar="DATE", default="", help="The week stored by this day; else the newest."
)
@click.option(
    "--pdf", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write the report as a PDF."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def reports(acting: Acting, *, kind: str, day: str, pdf: Path | None, as_json: bool) -> int:
    """List the reports and what became of each; show the report KIND, or write it as PDF.

    KIND is daily, weekly, quarterly or yearly; the monthly one is: evenbook monthly.
    """
    from evenbook.desk.queries.reports import report_of
    from evenbook.desk.queries.reports import reports as reports_of

    acting.ready()
    viewer, week = acting.viewer, week_asked(acting.viewer, day_given(day))
    if not kind:
        if pdf is not None:
            raise ReportNotWritten(
                "A PDF is of one report.", fix="Name it: evenbook reports weekly --pdf FILE"
            )
        return _say_lines(reports_of(viewer, week, today=week.today(datetime.now(UTC))), as_json=as_json)
    found = report_of(viewer, week, kind)
    if pdf is not None:
        _write(acting, found, pdf)
    if as_json:
        click.echo(json.dumps(_document(found), ensure_ascii=False, default=str))
        return 0
    click.echo(safe(f"{found.report.title}, {found.period}: {found.report.answers}"))
    for part in found.parts:
        click.echo(safe(f"\n{part.title}: {part.sentence}"))
        if part.rows:
            table = bare_table(heads=part.heads, numbers=())
            for row in part.rows:
                table.add_row(*map(plain, row.cells))
            screen().print(table)
    click.echo(f"reports: {counted(len(found.parts), 'part', 'parts')}.")
    return 0


COMMANDS = (reports,)


def _say_lines(lines: tuple[ReportLine, ...], *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps({"reports": [_line(each) for each in lines]}, ensure_ascii=False, default=str))
        return 0
    table = bare_table(heads=("Report", "For", "Opened", "Decided", "Stands"), numbers=("Opened", "Decided"))
    for each in lines:
        stands = "proposed for removal" if each.is_unused else "made" if each.is_made else "not made"
        table.add_row(each.report.title, each.report.audience, str(each.opened), str(each.decided), stands)
    screen().print(table)
    unused = sum(each.is_unused for each in lines)
    click.echo(f"reports: {counted(unused, 'report is', 'reports are')} proposed for removal.")
    return 0


def _line(each: ReportLine) -> dict[str, Any]:
    return {
        "report": each.report.kind,
        "report_name": each.report.title,
        "audience": each.report.audience,
        "answers": each.report.answers,
        "decides": each.report.decides,
        "made": each.is_made,
        "opened": each.opened,
        "decided": each.decided,
        "last_opened_at": each.last_opened_at,
        "proposed_for_removal": each.is_unused,
    }


def _document(found: ReportNow) -> dict[str, Any]:
    return {
        "report": found.report.kind,
        "report_name": found.report.title,
        "period": found.period,
        "as_of": found.week.run.as_of,
        "policy_version": found.week.run.policy_version,
        "sentence": found.headline,
        "parts": [
            {
                "part": each.key,
                "part_name": each.title,
                "sentence": each.sentence,
                "heads": each.heads,
                "rows": [row.cells for row in each.rows],
            }
            for each in found.parts
        ],
        "decided": [{"period": each.period, "by": each.by, "words": each.words} for each in found.notes],
    }


def _write(acting: Acting, found: ReportNow, path: Path) -> None:
    from evenbook.desk.queries.reports import report_document
    from evenbook.documents.pdf import as_pdf

    try:
        path.write_bytes(as_pdf(report_document(acting.viewer, found)))
    except OSError as error:
        raise ReportNotWritten(
            f"{path} can't be written: {error.strerror}.", fix="Choose another file."
        ) from None
