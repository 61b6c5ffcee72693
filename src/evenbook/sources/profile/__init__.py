"""What the columns of a sheet look like, in one pass and bounded memory.

The findings feed the proposed mapping and the questions; they decide nothing by themselves.
"""

from evenbook.sources.profile.findings import (
    CellKind,
    ColumnProfile,
    DateFinding,
    LooksLike,
    NumberFinding,
    ScoreFinding,
    SheetProfile,
    Sighting,
)
from evenbook.sources.profile.profiler import Profiler, profile_of
from evenbook.sources.profile.words import words_of

__all__ = [
    "CellKind",
    "ColumnProfile",
    "DateFinding",
    "LooksLike",
    "NumberFinding",
    "Profiler",
    "ScoreFinding",
    "SheetProfile",
    "Sighting",
    "profile_of",
    "words_of",
]
