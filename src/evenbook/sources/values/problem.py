"""Why a cell could not be understood, as a value and not as an exception.

A bad cell is an expected outcome of an import: it is stored with its row, shown, and repaired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProblemKind = Literal["unreadable", "not_plausible", "order", "decimal", "open_end", "damaged"]

LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason in words, starting with the cell in quotes, without a full stop.

    ``kind`` tells programs apart what to do: ``order`` (day or month first is the wrong answer or
    was not given), ``decimal`` (the same for the decimal mark), ``open_end`` (a far date such as
    9999-12-31 that means "no end"), ``damaged`` (a spreadsheet spoiled it), ``not_plausible``, and
    ``unreadable`` for the rest.
    """

    reason: str
    kind: ProblemKind = "unreadable"


def quoted(value: object) -> str:
    """Return the cell in quotes as reasons show it, cut to a readable length."""
    text = str(value).replace("\n", " ").replace("\r", " ")
    shown = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return f'"{shown}"'
