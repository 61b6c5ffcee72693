"""Keeping what an import did: the load, its files, its questions, and the file of answers to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from evenbook.people import audit
from evenbook.runs.actions import happened
from evenbook.sources.actions.context import Loading
from evenbook.sources.actions.rejects import Rejects
from evenbook.sources.models import FileLoad, Load
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import OUTCOMES, FileReport, ImportReport


def keep_load(
    reports: Sequence[FileReport],
    notes: Sequence[str],
    loading: Loading,
    rejects: Rejects,
) -> ImportReport:
    """Keep an import and return its report."""
    files = sorted(reports, key=lambda each: each.file)
    for note in notes:
        next((each for each in files if each.table == "accounts"), files[0]).note(note)
    questions = loading.questions.open()
    loading.questions.save()
    load = Load.objects.create(
        started_at=loading.now,
        ended_at=loading.ended_at(),
        by=loading.by,
        rejected=sum(each.rejected for each in files),
        held=sum(each.held for each in files),
    )
    FileLoad.objects.bulk_create([_file_load(load, each) for each in files])
    if any(each.created or each.changed for each in files):
        happened("facts.landed", by=loading.by, now=loading.ended_at())
    _record(load, files, loading)
    made = rejects.finish(f"{load.pk}.csv")
    if made is not None:
        load.rejects_name = made.name
        load.save(update_fields=["rejects_name"])
    return ImportReport(
        files=files,
        questions=questions,
        rejects_file=str(made) if made else None,
        load=load.pk,
        reasons=rejects.reasons.commonest(),
    )


def _record(load: Load, files: Sequence[FileReport], loading: Loading) -> None:
    """Record the load with its counts, and what it changed of owners and tiers, in bulk."""
    counts = {name: sum(getattr(each, name) for each in files) for name in OUTCOMES}
    thing = audit.Thing("load", str(load.pk), ", ".join(each.file for each in files))
    landed = counts["created"] + counts["changed"]
    audit.record(loading.who, "import.loaded", thing, at=loading.now, after=counts, rows=landed)
    for name, rows in sorted(loading.written.moved.items()):
        if rows:
            audit.record(loading.who, f"{name}.changed", thing, at=loading.now, rows=rows)


def _file_load(load: Load, report: FileReport) -> FileLoad:
    return FileLoad(
        load=load,
        file=report.file[:300],
        sha256=report.sha256,
        recognized_as=(report.recognised_as or "")[:300],
        table=report.table,
        source=report.source,
        rows=report.rows,
        notes=report.notes,
        **{name: getattr(report, name) for name in OUTCOMES},
    )


def write_answers(questions: Sequence[Question], path: Path) -> Path | None:
    """Write a file that only wants the answers filled in; None where nothing is asked."""
    if not questions:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    documents = [
        {
            "id": each.id,
            "file": each.file,
            "column": each.column,
            "asks": each.asks,
            "choices": list(each.choices),
            "means": dict(each.notes),
            "rows_held": each.rows_held,
            "answer": None,
        }
        for each in questions
    ]
    head = "# Write one of the choices after each 'answer:', then: evenbook import --answers THIS\n"
    text = yaml.safe_dump({"questions": documents}, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(head + text, encoding="utf-8")
    return path
