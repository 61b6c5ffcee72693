"""The first pass over a file: its columns in figures, what it is, how it will be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evenbook.sources.actions.context import Loading
from evenbook.sources.actions.files import Opened
from evenbook.sources.actions.mappings import Given, propose, remembered
from evenbook.sources.profile import Profiler, SheetProfile
from evenbook.sources.reading import ReadingStopped, RejectedRow, Sheet, reason_of
from evenbook.sources.rules import matches
from evenbook.sources.rules.generic_facts import all_tables
from evenbook.sources.rules.mapping import SKIP, FileMapping
from evenbook.sources.rules.plans import Plan, plan_of
from evenbook.sources.rules.recognition import Look, Recognized, mapping_for, recognize
from evenbook.sources.rules.report import FileReport
from evenbook.sources.rules.special import TABLES as SPECIAL

LEAST_TO_REPEAT = 20
REPEATS_ABOVE = 0.05


@dataclass(slots=True)
class Surveyed:
    """A file that was looked at: how it will be read, or what it waits for."""

    sheet: Sheet
    opened: Opened
    report: FileReport
    profile: SheetProfile | None = None
    plan: Plan | None = None
    was_mapped: FileMapping | None = None
    sample: list[Sequence[object]] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)


def survey(opened: Opened, sheet: Sheet, loading: Loading, *, given: Given, home: Path | None) -> Surveyed:
    """Look at a file once and decide how it is read.

    Args:
        opened: the file.
        sheet: its table.
        loading: the state of the import.
        given: mappings that came with the command.
        home: the instance's folder, for a proposed mapping; None where none may be written.
    """
    report = FileReport(sheet.file, None, sha256=sheet.sha256, notes=list(sheet.notes))
    found = Surveyed(sheet, opened, report)
    profile = found.profile = _profiled(found)
    if profile is None:
        return found
    report.notes.extend(_header_note(sheet))
    look = Look(sheet.file, sheet.header, sheet.object_type or "", profile, _repeats(sheet, found.sample))
    found.was_mapped = given.for_file(sheet.file, sheet.header)
    mapping = found.was_mapped or remembered(sheet.header)
    recognized = Recognized(mapping, "known") if mapping else recognize(look)
    settled = _settled(recognized, look, found, loading, home=home)
    if settled is None:
        return found
    report.recognised_as, report.table, report.source = settled.label, settled.table, settled.source
    found.plan = plan_of(sheet.file, settled, profile, loading.settings, sample=found.sample)
    report.notes.extend(found.plan.notes)
    return found


def _profiled(found: Surveyed) -> SheetProfile | None:
    profiler = Profiler(found.sheet.header)
    try:
        for batch in found.sheet.batches():
            profiler.see(batch)
            if not found.sample:
                found.sample = list(batch.rows)
    except ReadingStopped as error:
        found.report.recognised_as = f"not read: {reason_of(error)}"
        found.report.needs_a_person = True
        return None
    return profiler.result()


def _header_note(sheet: Sheet) -> list[str]:
    return [] if sheet.has_header else ["The file has no header; its columns are numbered."]


def _repeats(sheet: Sheet, sample: Sequence[Sequence[object]]) -> dict[str, bool]:
    """Return whether the values of each column repeat, in the sample."""
    found: dict[str, bool] = {}
    for position, name in enumerate(sheet.header):
        values = [str(row[position]) for row in sample if row[position] not in (None, "")]
        if len(values) >= LEAST_TO_REPEAT:
            found[name] = len(set(values)) < (1 - REPEATS_ABOVE) * len(values)
    return found


def _settled(
    recognized: Recognized, look: Look, found: Surveyed, loading: Loading, *, home: Path | None
) -> FileMapping | None:
    """Return what the file is; None where it is left out or has to be asked about."""
    report, mapping = found.report, recognized.mapping
    if recognized.verdict == "unused":
        report.recognised_as = f"{mapping.label} (not used: {recognized.why})"
        return None
    if mapping.table == SKIP:
        report.recognised_as = mapping.label
        return None
    if recognized.verdict == "known":
        return mapping
    return _asked(recognized, look, found, loading, home=home)


def _asked(
    recognized: Recognized, look: Look, found: Surveyed, loading: Loading, *, home: Path | None
) -> FileMapping | None:
    report, mapping = found.report, recognized.mapping
    is_unknown = recognized.verdict == "unknown"
    likely = [each for each in (mapping.table, *recognized.rivals) if each]
    rest = [name for name in all_tables() if name not in SPECIAL and name not in likely]
    tables = (*likely, *rest) if is_unknown else tuple(likely)
    question = matches.table(report.file, tables, is_unknown=is_unknown)
    answer = loading.questions.ask(question)
    if answer == matches.SKIP:
        report.recognised_as = "left out, as answered"
        return None
    if answer is not None:
        return mapping_for(answer, look)
    if is_unknown and home is not None:
        report.proposal = propose(home, found.sheet.file, mapping)
    rows = look.profile.rows
    report.rows = report.held = rows
    loading.questions.hold(question.id, rows)
    nearest = f"; the nearest is {all_tables()[likely[0]].label}" if likely else ""
    if is_unknown:
        report.note(f"Not recognized{nearest}.")
    return None
