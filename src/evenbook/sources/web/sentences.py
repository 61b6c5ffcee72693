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
    return _said(Counts(**totals), would=True)


def of_load(counts: Counts) -> str:
    """Return what a load did."""
    return _said(counts, would=False) if counts.rows else "Nothing was in the files to load."


def _said(counts: Counts, *, would: bool) -> str:
    """Return what becomes, or became, of rows: what is new first, or that nothing is."""
    changed = "would change something" if would else "changed something"
    parts = [f"{counts.changed:,} {changed}"] if counts.changed else []
    parts += [f"{counts.rejected:,} {_be(counts.rejected, would)} rejected"] if counts.rejected else []
    waits = plural(counts.held, "waits", "wait") if would else "waited"
    held = f"; {counts.held:,} {waits} for an answer" if counts.held else ""
    if counts.created or counts.changed or not counts.unchanged:
        new = f"{counts.created:,} of {_of(counts.rows)} {_be(counts.created, would)} new"
        return f"{', '.join([new, *parts])}{held}."
    known = (
        _all(counts.rows)
        if counts.unchanged == counts.rows
        else f"{counts.unchanged:,} of {_of(counts.rows)}"
    )
    is_ = plural(counts.unchanged, "is", "are") if would else plural(counts.unchanged, "was", "were")
    nothing = "Nothing would change" if would else "Nothing changed"
    return f"{nothing}: {', '.join([f'{known} {is_} known already', *parts])}{held}."


def _be(count: int, would: bool) -> str:
    return "would be" if would else plural(count, "was", "were")


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
