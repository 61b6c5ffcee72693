"""``evenbook import``: files in, on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from evenbook.kit.findings import counted
from evenbook.people.viewer import Viewer
from evenbook.sources.actions import import_files
from evenbook.sources.actions.importing import ImportRefused
from evenbook.sources.rules.report import OUTCOMES, FileReport, ImportReport

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WIDE = 160
SHOWN_REASONS = 20


class Acting(Protocol):
    """Who acts, when and on which instance, as ``site`` hands it to commands."""

    @property
    def now(self) -> datetime: ...

    @property
    def home(self) -> Path: ...

    @property
    def viewer(self) -> Viewer: ...

    def writer(self) -> Viewer: ...

    def ready(self) -> None: ...


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--answers", type=FILE, help="A file of answers; without PATHS, what waited is loaded.")
@click.option("--mapping", type=FILE, help="A file that says what columns mean.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --dry-run: write the rows that would be rejected to this file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def import_command(
    acting: Acting,
    paths: tuple[Path, ...],
    *,
    dry_run: bool,
    answers: Path | None,
    mapping: Path | None,
    rejects: Path | None,
    as_json: bool,
) -> int:
    """Load files or folders of them: CSV, XLSX, JSON, Parquet, zip.

    Recognizes the exports of common tools and tables with plain headers. What is in doubt is asked:
    rows that a question touches wait, all others load at once. Repeating an import changes nothing.
    """
    if rejects and not dry_run:
        raise ImportRefused(
            "--rejects goes with --dry-run: a load keeps its rejected rows by itself and says where.",
            fix="Leave --rejects out, or add --dry-run.",
        )
    acting.ready()
    by = acting.writer()
    console = Console(stderr=True)
    with _progress(console, is_shown=not as_json) as progress:
        report = import_files(
            paths,
            by=by,
            now=acting.now,
            home=acting.home,
            answers=answers,
            mapping=mapping,
            dry_run=dry_run,
            dry_rejects=rejects,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        _print(report, Console(width=None if sys.stdout.isatty() else WIDE, highlight=False))
    return 1 if report.waits_for_a_person else 0


COMMANDS = (import_command,)


class _Shown:
    """Counts rows on the screen as they are read."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.tasks: dict[str, int] = {}

    def __call__(self, file: str, rows: int) -> None:
        if file not in self.tasks:
            self.tasks[file] = self.progress.add_task(file, total=None)
        self.progress.advance(self.tasks[file], rows)  # type: ignore[arg-type]


@contextmanager
def _progress(console: Console, *, is_shown: bool) -> Iterator[_Shown]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not (is_shown and console.is_terminal)
    ) as shown:
        yield _Shown(shown)


def _print(report: ImportReport, console: Console) -> None:
    used = [each for each in report.files if each.table or each.rows or each.needs_a_person]
    if used:
        console.print(_files(used))
    _print_notes(report, console)
    _print_left_out([each for each in report.files if each not in used], console)
    _print_rejects(report, console)
    _print_questions(report, console)
    console.print(f"\n{_last_line(report)}", soft_wrap=True)


def _files(files: list[FileReport]) -> Table:
    """Return what became of each file; an outcome that no row had takes no column."""
    table = Table(box=None, pad_edge=False)
    table.add_column("File", overflow="fold")
    table.add_column("Recognized as", overflow="fold")
    shown = ["rows", *(name for name in OUTCOMES if any(getattr(each, name) for each in files))]
    for name in shown:
        table.add_column(name.capitalize(), justify="right", no_wrap=True)
    for each in files:
        counts = [f"{getattr(each, name):,}" for name in shown]
        table.add_row(each.file, each.recognised_as or "not recognized", *counts)
    return table


def _print_notes(report: ImportReport, console: Console) -> None:
    for each in report.files:
        for note in each.notes:
            console.print(f"{each.file}: {note}", markup=False, soft_wrap=True)


def _print_left_out(files: list[FileReport], console: Console) -> None:
    for each in files:
        console.print(f"{each.file}: {each.recognised_as}", markup=False, soft_wrap=True, style="dim")


def _print_rejects(report: ImportReport, console: Console) -> None:
    """Print why rows are rejected, the commonest reasons first, and where all of them stand."""
    if not report.reasons:
        return
    console.print("\nRejected:")
    for each in report.reasons[:SHOWN_REASONS]:
        where = f"{each.column}: " if each.column else ""
        first = f"row {each.row}" if each.rows == 1 else f"{each.rows:,} rows, the first is row {each.row}"
        console.print(f"  {each.file}, {first}: {where}{each.reason}", markup=False, soft_wrap=True)
    if len(report.reasons) > SHOWN_REASONS:
        more = counted(len(report.reasons) - SHOWN_REASONS, "more reason", "more reasons")
        console.print(f"  and {more}.")
    if report.rejects_file:
        console.print(f"  Each row with its reason: {report.rejects_file}", markup=False, soft_wrap=True)


def _print_questions(report: ImportReport, console: Console) -> None:
    proposals = {each.file: each.proposal for each in report.files if each.proposal}
    for each in report.questions:
        where = f"{each.file}, {each.column}" if each.column else each.file
        waits = counted(each.rows_held, "row waits", "rows wait")
        lines = [f"\n? {each.asks}", f"  {where}: {waits}. {each.id}: {' | '.join(each.choices)}"]
        if each.kind == "table" and each.file in proposals:
            lines.append(
                f"  Or say it column by column in {proposals[each.file]} and name it with --mapping."
            )
        for line in lines:
            console.print(line, markup=False, soft_wrap=True)
    if report.answers_file:
        said = f"\nFill in: {report.answers_file}\n  Then: evenbook import --answers {report.answers_file}"
        console.print(said, markup=False, soft_wrap=True)
    elif report.questions:
        said = (
            "\nTo answer beforehand, write a file with a line 'id: choice' for each and add --answers FILE."
        )
        console.print(said, markup=False, soft_wrap=True)


def _last_line(report: ImportReport) -> str:
    rows = counted(report.total("rows"), "row", "rows")
    counts = ", ".join(f"{report.total(name):,} {name}" for name in OUTCOMES if report.total(name))
    asked = (
        f"; {counted(len(report.questions), 'question', 'questions')} to answer" if report.questions else ""
    )
    if report.is_dry_run:
        would = f": {counts}" if counts else ""
        return f"A dry run: nothing was loaded. {rows} would be read{would}{asked}."
    return f"{rows} read{f': {counts}' if counts else ''}{asked}."
