"""One import: looked at, asked about, loaded in one transaction or not at all.

Files are read twice: once for their columns in figures, once to load them. Usage is folded
between the two, outside the transaction. A dry run does everything and takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.sources.actions.asking import Questions
from evenbook.sources.actions.context import Loading, begin, read_book
from evenbook.sources.actions.files import (
    Opened,
    given_files,
    keep_waiting,
    kept_files,
    let_go,
    limits_of,
    opened,
)
from evenbook.sources.actions.finishing import finish
from evenbook.sources.actions.loading_rows import LANDERS, Progress, RowLoader
from evenbook.sources.actions.mappings import Given as GivenMappings
from evenbook.sources.actions.mappings import keep_mapping, read_mappings
from evenbook.sources.actions.records import keep_load, write_answers
from evenbook.sources.actions.rejects import Rejects
from evenbook.sources.actions.survey import Surveyed, survey
from evenbook.sources.actions.usage import land, resolve
from evenbook.sources.actions.usage_rows import UsageRows, key_of_row
from evenbook.sources.reading import Given, Unread
from evenbook.sources.rules.plans import Plan
from evenbook.sources.rules.questions import answers_of
from evenbook.sources.rules.report import FileReport, ImportReport
from evenbook.sources.rules.rows import Held, Refusal
from evenbook.sources.rules.spellings import Seen, slips

REJECTS = "rejects"
WANTS_A_PERSON = frozenset({"damaged", "refused"})
Folds = dict[int, UsageRows]


class ImportRefused(EvenbookError):
    """An import can't be run as asked."""

    kind = "import-refused"


def import_files(
    paths: Sequence[Path | Given],
    *,
    by: Viewer,
    now: datetime,
    home: Path,
    answers: Mapping[str, str] | Path | None = None,
    mapping: Path | None = None,
    dry_run: bool = False,
    dry_rejects: Path | None = None,
    progress: Progress = lambda file, rows: None,
) -> ImportReport:
    """Import files, or with answers and no files those that wait for them.

    One transaction, which a failure or a dry run undoes; the same again changes nothing. Refusals
    are ImportRefused, AnswerRefused and MappingRefused.

    Args:
        paths: files and folders.
        by: who imports; only operations may.
        now: the load time.
        home: the instance's folder.
        answers: id of a question to a choice, or a file of them.
        mapping: a file that says what columns mean.
        dry_run: say what would happen, and change nothing.
        dry_rejects: where a dry run writes what would be rejected; else it writes no file.
        progress: called with a file and the rows read of it since.
    """
    files = _files(paths, by=by, home=home)
    loading = begin(Questions(read_answers(answers), by=by, now=now), by=by, now=now)
    rejects = _rejects(home, now, asked=dry_rejects, dry_run=dry_run)
    try:
        means = read_mappings(mapping)
        surveyed, unread = _surveyed(files, loading, given=means, home=None if dry_run else home)
        report = _loaded(surveyed, unread, loading, rejects=rejects, dry_run=dry_run, progress=progress)
    except BaseException:
        rejects.discard()
        raise
    return report if dry_run else _kept(report, surveyed, home, now)


def _rejects(home: Path, now: datetime, *, asked: Path | None, dry_run: bool) -> Rejects:
    """Return what takes the rejected rows: beside their place until all is done."""
    if not dry_run:
        return Rejects(home / REJECTS / f".import-{now:%Y%m%dT%H%M%S%f}.csv")
    return Rejects(asked and asked.with_name(f".{asked.name}.part"), target=asked)


def _kept(report: ImportReport, surveyed: Sequence[Surveyed], home: Path, now: datetime) -> ImportReport:
    """Keep the files that wait, with a file of answers to fill in."""
    _keep_files(surveyed, home, now)
    answers = write_answers(report.questions, home / REJECTS / f"{report.load}-answers.yaml")
    return replace(report, answers_file=str(answers) if answers else None)


def _files(paths: Sequence[Path | Given], *, by: Viewer, home: Path) -> Any:
    """Return the files to import, once it is clear that the viewer may and that there are any."""
    if not by.is_operations:
        raise ImportRefused("Only operations may import.", fix="Ask somebody in operations, or use --as.")
    _check_there(paths)
    files = given_files(paths) if paths else kept_files(home)
    if not files:
        raise ImportRefused(
            "There is nothing to import: no file is given and none waits for an answer.",
            fix="Name a file or folder.",
        )
    return files


def _check_there(paths: Sequence[Path | Given]) -> None:
    for path in paths:
        if isinstance(path, Path) and not path.exists():
            raise ImportRefused(f"There is no file or folder {path}.", fix="Check the path.")


def read_answers(answers: Mapping[str, str] | Path | None) -> dict[str, str]:
    """Return answers by question.

    Raises:
        ImportRefused: the file can't be read.
    """
    if answers is None:
        return {}
    if isinstance(answers, Mapping):
        return {key: str(value) for key, value in answers.items()}
    try:
        return answers_of(yaml.safe_load(answers.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        what = f"The answers in {answers.name} can't be read: {type(error).__name__}."
        raise ImportRefused(
            what, fix="Write them as YAML or JSON: id of the question, then the choice."
        ) from error
    except ValueError as error:
        raise ImportRefused(
            f"{answers.name} holds no answers: {error}.", fix="See the import guide."
        ) from error


def _surveyed(
    files: Sequence[Given], loading: Loading, *, given: GivenMappings, home: Path | None
) -> tuple[list[Surveyed], list[FileReport]]:
    surveyed: list[Surveyed] = []
    unread: list[FileReport] = []
    for each in opened(files, limits_of(loading.numbers)):
        if isinstance(each.found, Unread):
            unread.append(_unread(each, each.found))
        else:
            surveyed.append(survey(each, each.found, loading, given=given, home=home))
    _note_slips(surveyed)
    return surveyed, unread


def _note_slips(surveyed: Sequence[Surveyed]) -> None:
    reports = {each.report.file: each.report for each in surveyed}
    seen = [
        Seen(each.report.file, each.profile, each.plan.mapping if each.plan else None)
        for each in surveyed
        if each.profile is not None
    ]
    for file, note in slips(seen):
        reports[file].note(note)


def _unread(opened_: Opened, found: Unread) -> FileReport:
    wants = found.cause in WANTS_A_PERSON
    label = f"not read: {found.reason}"
    return FileReport(found.file, label, sha256=found.sha256, needs_a_person=wants)


def _loaded(
    surveyed: Sequence[Surveyed],
    unread: Sequence[FileReport],
    loading: Loading,
    *,
    rejects: Rejects,
    dry_run: bool,
    progress: Progress,
) -> ImportReport:
    """Load all files in one transaction; a dry run takes it back."""
    folds = _folds(surveyed, rejects, progress)
    with transaction.atomic():
        read_book(loading)
        _land(surveyed, folds, loading, rejects=rejects, progress=progress)
        notes = finish(loading)
        notes += [f"Nobody asked {each}; its answer is not used." for each in loading.questions.unused()]
        _keep_mappings(surveyed, loading)
        report = keep_load([*(each.report for each in surveyed), *unread], notes, loading, rejects)
        if dry_run:
            transaction.set_rollback(True)
            report = replace(report, load=None, is_dry_run=True)
    return report


def _land(
    surveyed: Sequence[Surveyed], folds: Folds, loading: Loading, *, rejects: Rejects, progress: Progress
) -> None:
    order = [*LANDERS]
    order.insert(order.index("scores"), "usage")
    for each in sorted(surveyed, key=lambda one: order.index(one.plan.mapping.table) if one.plan else -1):
        if each.plan is None:
            continue
        if id(each) in folds:
            _land_usage(each, each.plan, folds[id(each)], loading, rejects=rejects)
        else:
            RowLoader(each, each.plan, loading, rejects).run(progress)


def _keep_mappings(surveyed: Sequence[Surveyed], loading: Loading) -> None:
    for each in surveyed:
        if each.was_mapped is not None:
            keep_mapping(
                each.report.file,
                each.sheet.header,
                each.was_mapped.as_document(),
                by=loading.who,
                now=loading.now,
            )


def _folds(surveyed: Sequence[Surveyed], rejects: Rejects, progress: Progress) -> Folds:
    """Fold the files of usage, before the transaction."""
    folds: Folds = {}
    for each in surveyed:
        if each.plan is None or each.plan.mapping.table != "usage":
            continue
        rows = folds[id(each)] = UsageRows(each.plan, each.sample)
        for batch in each.sheet.batches():
            for row in batch.rejected:
                _refuse(each, row.number, Refusal(row.column or "", row.reason), row.cells, rejects=rejects)
            for number, cells, refusal in rows.read(batch.numbers, batch.rows):
                _refuse(each, number, refusal, cells, rejects=rejects)
            progress(each.report.file, len(batch.rows))
        rows.folded.fold.finish()
    return folds


def _refuse(
    surveyed: Surveyed, number: int, refusal: Refusal, cells: Sequence[object], *, rejects: Rejects
) -> None:
    surveyed.report.count("rejected")
    rejects.add((surveyed.report.file, number), refusal, header=surveyed.sheet.header, cells=cells)


def _land_usage(
    surveyed: Surveyed, plan: Plan, rows: UsageRows, loading: Loading, *, rejects: Rejects
) -> None:
    folded, report = rows.folded, surveyed.report
    resolved = resolve(folded, loading, file=report.file)
    for outcome, count in land(folded, resolved, loading).items():
        report.count(outcome, count)
    report.count("unchanged", folded.repeated)
    for question, count in folded.held.items():
        report.count("held", count)
        loading.questions.hold(question, count)
    if resolved.stopped:
        _return_rows(surveyed, rows, resolved.stopped, loading, rejects=rejects)
    wanted = {measure for measure in folded.fold.weeks}
    report.note(f"Measures: {', '.join(sorted(wanted))}." if wanted else "No measure was found.")


def _return_rows(
    surveyed: Surveyed,
    rows: UsageRows,
    stopped: Mapping[int, Refusal | Held],
    loading: Loading,
    *,
    rejects: Rejects,
) -> None:
    """Read a file again for the rows whose account is not known, and reject or hold them."""
    for batch in surveyed.sheet.batches():
        for number, row in zip(batch.numbers, batch.rows, strict=True):
            key = key_of_row(rows.folded, rows.keys, row)
            verdict = stopped.get(key) if key is not None else None
            if verdict is None or not rows.was_folded(row):
                continue
            if isinstance(verdict, Held):
                surveyed.report.count("held")
                loading.questions.hold(verdict.question)
            else:
                column = surveyed.plan.mapping.header_of(verdict.column) if surveyed.plan else ""
                shown = Refusal(column or verdict.column, verdict.reason)
                _refuse(surveyed, number, shown, row, rejects=rejects)


def _keep_files(surveyed: Sequence[Surveyed], home: Path, now: datetime) -> None:
    """Keep the files of which rows wait, let go of the others."""
    waiting: dict[Given, bool] = {}
    sha: dict[Given, str] = {}
    for each in surveyed:
        given = each.opened.given
        waiting[given] = waiting.get(given, False) or each.report.held > 0
        sha.setdefault(given, each.report.sha256)
    keep_waiting(home, [(given, sha[given]) for given, waits in waiting.items() if waits], now)
    let_go(home, [(sha[given], given.name) for given, waits in waiting.items() if not waits])
