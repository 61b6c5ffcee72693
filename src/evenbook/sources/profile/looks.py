"""What a column looks like as a whole, from the kinds of its cells and the words of its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evenbook.sources.profile.findings import CellKind, DateFinding, LooksLike, NumberFinding
from evenbook.sources.profile.words import COUNT, ID, MONEY, NAME, words_of

MOST = 0.6
NEARLY_ALL = 0.9
_CODE = re.compile(r"(?=.*\d)[\w./+=-]{3,64}$")


@dataclass(frozen=True, slots=True)
class Looks:
    """What is weighed: shares of kinds among different cells, the findings, the values kept."""

    name: str
    share: Mapping[CellKind, float]
    numbers: NumberFinding | None
    dates: DateFinding | None
    values: tuple[str, ...]
    has_more: bool
    rows: int
    filled: int


def looks_like(looks: Looks) -> LooksLike:
    """Return the best single word for a column."""
    if not looks.filled:
        return "empty"
    words = words_of(looks.name)
    if _is_boolean(looks, words):
        return "boolean"
    if looks.dates is not None:
        return "date"
    kinds: tuple[tuple[CellKind, LooksLike], ...] = (("email", "email"), ("url", "url"), ("domain", "domain"))
    for kind, word in kinds:
        if looks.share.get(kind, 0) >= MOST:
            return word
    if words & ID and not words & COUNT:
        return "id"
    return _number_or_text(looks, words)


def _is_boolean(looks: Looks, words: frozenset[str]) -> bool:
    if looks.has_more:
        return False
    texts = {value.casefold() for value in looks.values}
    if texts <= {"0", "1"}:
        return len(texts) == 2 and not words & COUNT
    return looks.share.get("boolean", 0) >= NEARLY_ALL


def _number_or_text(looks: Looks, words: frozenset[str]) -> LooksLike:
    if looks.numbers is not None:
        is_money = looks.share.get("money", 0) >= MOST or bool(words & MONEY and not words & COUNT)
        return "money" if is_money else "number"
    if "name" not in words and _is_code(looks):
        return "id"
    if not looks.has_more and looks.filled >= 2 * len(looks.values):
        return "category"
    if words & NAME:
        return "name"
    return "text"


def _is_code(looks: Looks) -> bool:
    """Mostly different short codes with digits in them, such as A-2e4581."""
    codes = sum(1 for value in looks.values if _CODE.match(value))
    mostly_new = looks.has_more or len(looks.values) * 2 > looks.filled
    return mostly_new and codes >= NEARLY_ALL * len(looks.values)
