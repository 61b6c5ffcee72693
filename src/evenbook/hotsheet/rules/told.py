"""What a replay and what it learned say, in sentences.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from evenbook.hotsheet.rules.learned import Learned
from evenbook.hotsheet.rules.replayed import Fared

CHANCE = "chance"


def headline(fared: Sequence[Fared]) -> str:
    """Return how many losses the sheets of the past saw, and how early; the hot sheet stands first."""
    sheet = fared[0]
    if not sheet.losses:
        return "No customer was lost or cut in these weeks, so there is nothing to hold the sheet against."
    lead = f", {sheet.lead_weeks[1]:.0f} weeks before at the median" if sheet.lead_weeks else ""
    return f"Of {_count(sheet.losses, 'loss', 'losses')}, {sheet.seen:,} stood on the sheet before{lead}."


def compared(fared: Sequence[Fared]) -> str:
    """Return how often the sheet was right beside chance, and what it held of what was about to be lost."""
    sheet, chance = fared[0], next((each for each in fared if each.list == CHANCE), None)
    if sheet.precision is None:
        return "It is too early to say how many rows were right."
    said = f"Of 100 rows {100 * sheet.precision:.0f} were followed by a loss"
    if chance is None or chance.precision is None:
        return f"{said}."
    said += f", of 100 drawn by chance {100 * chance.precision:.0f}"
    if sheet.revenue_recall is None or chance.revenue_recall is None:
        return f"{said}."
    return (
        f"{said}; a sheet held {100 * sheet.revenue_recall:.0f}% of the revenue that was about to be lost, "
        f"chance {100 * chance.revenue_recall:.0f}%."
    )


def learned_sentence(found: Learned) -> str:
    """Return what was learned of the points, in a sentence."""
    if found.why:
        return f"Nothing is proposed: {found.why[0].lower()}{found.why[1:]}"
    first, last = found.risk[0], found.risk[-1]
    worth = (
        f"An account with no points lost {100 * first[1]:.1f}% of its revenue in the weeks after, "
        f"one with {last[0]:.0f} would lose {100 * last[1]:.0f}%"
    )
    if not found.is_reweighted:
        return f"{worth}. Other points would not have told more, so they stay."
    assert found.error_in_force is not None and found.error_learned is not None
    return (
        f"{worth}. Other points would have told more: on days that were kept apart the error is "
        f"{found.error_learned:.4f}, with the points in force {found.error_in_force:.4f}."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def each_week_by(versions: Sequence[tuple[int, int]]) -> str:
    """Return which versions of the policy drew up how many sheets, in words; empty without any."""
    parts = [f"version {number} ({weeks:,} sheet{'' if weeks == 1 else 's'})" for number, weeks in versions]
    return ", ".join(parts)
