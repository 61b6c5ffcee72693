"""The sentence that each page of imports opens with. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from evenbook.screens.shown import number_word, plural
from evenbook.sources.queries import Counts, PastLoad


def of_imports(newest: PastLoad | None, *, questions: int, held: int) -> str:
    """Return what matters first about all imports."""
    if questions:
        keep = plural(questions, "keeps", "keep")
        return f"{_counted(questions, 'question')} {keep} {_rows(held)} from loading."
    if newest is None:
        return "Nothing was imported yet."
    day = f"{newest.at.day} {newest.at:%B %Y}"
    rows = newest.counts.rows
    return f"{_rows(rows, start=True)} {plural(rows, 'was', 'were')} read on {day}; no question is open."


def of_preview(totals: Mapping[str, int], *, files: int, is_refused: bool) -> str:
    """Return what a load would do."""
    if is_refused:
        return "Nothing can be loaded as it stands."
    if not totals["rows"]:
        return f"Nothing in {plural(files, 'this file', 'these files')} can be loaded."
    if totals["rows"] == totals["unchanged"]:
        known = plural(totals["rows"], "is", "are")
        return f"Nothing would change: {_all(totals['rows'])} {known} known already."
    said = [f"{totals['created']:,} of {_of(totals['rows'])} would be new"]
    said += [f"{totals['changed']:,} would change something"] if totals["changed"] else []
    said += [f"{totals['rejected']:,} would be rejected"] if totals["rejected"] else []
    held = totals["held"]
    waits = f"; {held:,} {plural(held, 'waits', 'wait')} for an answer" if held else ""
    return f"{', '.join(said)}{waits}."


def of_load(counts: Counts) -> str:
    """Return what a load did."""
    if not counts.rows:
        return "Nothing was in the files to load."
    if counts.rows == counts.unchanged:
        return f"Nothing changed: {_all(counts.rows)} {plural(counts.rows, 'was', 'were')} known already."
    said = [f"{counts.created:,} of {_of(counts.rows)} {plural(counts.created, 'was', 'were')} new"]
    said += [f"{counts.changed:,} changed something"] if counts.changed else []
    said += (
        [f"{counts.rejected:,} {plural(counts.rejected, 'was', 'were')} rejected"] if counts.rejected else []
    )
    waited = f"; {counts.held:,} waited for an answer" if counts.held else ""
    return f"{', '.join(said)}{waited}."


def of_questions(questions: int, *, held: int) -> str:
    """Return how many rows wait for how many answers."""
    if not questions:
        return "No question is open."
    waits, answers = plural(held, "waits", "wait"), plural(questions, "answer")
    return f"{_rows(held, start=True)} {waits} for {number_word(questions)} {answers}."


def of_problems(problems: int) -> str:
    """Return how many answers can't stand; "" where all can."""
    if not problems:
        return ""
    return f"{_counted(problems, 'answer')} cannot stand; nothing was loaded."


def _counted(count: int, noun: str) -> str:
    return f"{number_word(count, start=True)} {plural(count, noun)}"


def _rows(count: int, *, start: bool = False) -> str:
    return f"{number_word(count, start=start)} {plural(count, 'row')}"


def _of(count: int) -> str:
    return f"{count:,} {plural(count, 'row')}"


def _all(count: int) -> str:
    return "the one row" if count == 1 else f"all {count:,} rows"
