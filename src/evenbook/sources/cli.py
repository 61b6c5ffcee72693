"""``evenbook import``: files in, on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from evenbook.people.viewer import Viewer
from evenbook.sources.actions import import_files
from evenbook.sources.rules.report import OUTCOMES, FileReport, ImportReport

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def import_command(
    acting: Acting,
    paths: tuple[Path, ...],
    *,
    dry_run: bool,
    answers: Path | None,
    mapping: Path | None,
    as_json: bool,
) -> int:
    """Load files or folders of them: CSV, XLSX, JSON, Parquet, zip.

    Recognizes the exports of common tools and tables with plain headers. What is in doubt is asked:
    rows that a question touches wait, all others load at once. Repeating an import changes nothing.
    """
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
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        _print(report, Console())
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
    _print_questions(report, console)
    if report.rejects_file:
        console.print(f"Rejected rows, each with its reason: {report.rejects_file}", soft_wrap=True)
    console.print(_last_line(report), soft_wrap=True)


def _files(files: list[FileReport]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("File", overflow="fold")
    table.add_column("Recognized as", overflow="fold")
    for name in ("rows", *OUTCOMES):
        table.add_column(name.capitalize(), justify="right", no_wrap=True)
    for each in files:
        counts = [f"{getattr(each, name):,}" for name in ("rows", *OUTCOMES)]
        table.add_row(each.file, each.recognised_as or "not recognized", *counts)
    return table


def _print_notes(report: ImportReport, console: Console) -> None:
    for each in report.files:
        for note in each.notes:
            console.print(f"{each.file}: {note}", markup=False, soft_wrap=True)


def _print_left_out(files: list[FileReport], console: Console) -> None:
    for each in files:
        console.print(f"{each.file}: {each.recognised_as}", markup=False, soft_wrap=True, style="dim")


def _print_questions(report: ImportReport, console: Console) -> None:
    for each in report.questions:
        where = f"{each.file}, {each.column}" if each.column else each.file
        console.print(f"\n? {each.asks}", markup=False, soft_wrap=True)
        console.print(
            f"  {where}: {each.rows_held:,} rows wait. {each.id}: {' | '.join(each.choices)}",
            markup=False,
            soft_wrap=True,
        )
    if report.answers_file:
        console.print(f"\nFill in: {report.answers_file}", markup=False, soft_wrap=True)
        console.print(
            f"  Then: evenbook import --answers {report.answers_file}", markup=False, soft_wrap=True
        )


def _last_line(report: ImportReport) -> str:
    done = "Would load" if report.is_dry_run else "Loaded"
    counts = ", ".join(f"{report.total(name):,} {name}" for name in OUTCOMES)
    waits = len(report.questions)
    asked = f"; {waits} question{'s' if waits != 1 else ''} to answer" if waits else ""
    return f"{done} {report.total('rows'):,} rows: {counts}{asked}."
