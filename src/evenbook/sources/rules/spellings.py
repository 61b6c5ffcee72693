"""Words that look like slips of the pen. They are kept as written, and a person is told. Pure.

Two things give a slip away: an industry one letter away from a common one, and a value that another
file's list of such values does not have, but nearly has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import permutations
from pathlib import PurePosixPath

from evenbook.sources.profile import ColumnProfile, SheetProfile
from evenbook.sources.rules.mapping import FileMapping

INDUSTRIES = (
    "agriculture automotive banking construction consulting education employment energy entertainment "
    "finance government healthcare hospitality insurance logistics manufacturing marketing media medical "
    "pharmaceutical retail services software technology telecommunications transportation utilities"
).split()
NEAR = 0.88
LIKE_NAMES = frozenset({"category", "name", "text", "id"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A table that was looked at; ``mapping`` is None where it is left out or waits."""

    file: str
    profile: SheetProfile
    mapping: FileMapping | None


def slips(tables: Sequence[Seen]) -> Iterator[tuple[str, str]]:
    """Yield files, each with a sentence about a value in it that looks like a slip."""
    for each in tables:
        yield from ((each.file, note) for note in _industries(each))
    for user, owner in permutations(tables, 2):
        if PurePosixPath(user.file).parent == PurePosixPath(owner.file).parent:
            yield from ((user.file, note) for note in _not_in_list(user, owner))


def _industries(table: Seen) -> Iterator[str]:
    header = table.mapping.header_of("industry") if table.mapping else ""
    column = next((each for each in table.profile.columns if header and each.name == header), None)
    for said in column.distinct if column else ():
        word = said.strip().lower()
        near = get_close_matches(word, INDUSTRIES, n=1, cutoff=NEAR)
        if near and word not in INDUSTRIES:
            yield f"'{said}' in {header} may be '{near[0]}', misspelled; it is kept as written."


def _not_in_list(user: Seen, owner: Seen) -> Iterator[str]:
    """Yield what is said of values that the list of another file nearly has."""
    lists = {each.name: each.distinct for each in owner.profile.columns if _is_list(each)}
    for column in user.profile.columns:
        listed = lists.get(column.name)
        if listed is None or column.has_more_values or _is_list(column):
            continue
        for said in column.distinct:
            near = "" if said in listed else _nearest(said, listed)
            if near:
                what = f"'{said}' in {column.name} is not in {owner.file}, which has '{near}'"
                yield f"{what}; it is kept as written."


def _is_list(column: ColumnProfile) -> bool:
    """Return whether a column names things, each once."""
    filled = column.rows - column.blanks
    is_whole = not column.has_more_values and filled == len(column.distinct) > 1
    return is_whole and column.looks_like in LIKE_NAMES


def _nearest(said: str, listed: Sequence[str]) -> str:
    plain = {_letters(each): each for each in listed}
    near = get_close_matches(_letters(said), plain, n=1, cutoff=NEAR)
    return plain[near[0]] if near else ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
