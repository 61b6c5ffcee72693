"""On which scale a score is, and whether a high one is good.

A column that never passes 10 may be a scale of ten or a scale of a hundred with unhappy customers;
nobody can tell from the numbers, so such a column has several scales and a person is asked.
"""

from __future__ import annotations

import re

from evenbook.sources.profile.findings import NumberFinding, Scale, ScoreFinding
from evenbook.sources.profile.words import REVERSED, SATISFACTION, SCORE, words_of

COLORS = frozenset("red amber yellow orange green blue gray grey".split())
WORDS = frozenset(
    "good bad poor fair average excellent healthy unhealthy critical low medium high positive negative "
    "neutral happy unhappy satisfied dissatisfied stable churning".split()
    + ["at risk", "at-risk", "very good", "very bad"]
)
_LETTER = re.compile(r"[A-F][+-]?$", re.IGNORECASE)


def score_of(
    name: str, numbers: NumberFinding | None, values: tuple[str, ...], *, closed: bool
) -> ScoreFinding | None:
    """Return the scale of a column of scores; None where the name speaks of no score.

    Args:
        name: the column.
        numbers: its numbers, if most of its cells are numbers.
        values: its different values, as far as they were kept.
        closed: whether ``values`` are all of them.
    """
    words = words_of(name)
    if not words & SCORE:
        return None
    reversed_ = bool(words & REVERSED)
    if numbers is not None:
        scales = _scales(numbers, words)
        return ScoreFinding(scales, len(scales) == 1, reversed_) if scales else None
    scale = _named_scale(values) if closed else None
    if scale is None:
        return None
    return ScoreFinding((scale,), scale != "word", reversed_, values)


def _scales(numbers: NumberFinding, words: frozenset[str]) -> tuple[Scale, ...]:
    low, high = numbers.minimum, numbers.maximum
    if low < -100 or high > 100:
        return ()
    if low < 0:
        return ("-100-100",)
    if numbers.percents or high > 10:
        return ("0-100",) if "nps" not in words or numbers.percents else ("-100-100", "0-100")
    if high <= 1 and not numbers.whole:
        return ("0-1",)
    if high > 5:
        return ("0-10", "0-100")
    if words & SATISFACTION and numbers.whole and low >= 1 and high == 5:
        return ("1-5",)
    return ("1-5", "0-10", "0-100") if low >= 1 else ("0-10", "0-1", "0-100")


def _named_scale(values: tuple[str, ...]) -> Scale | None:
    texts = {value.strip().casefold() for value in values}
    if not texts:
        return None
    if texts <= COLORS:
        return "color"
    if all(_LETTER.match(text) for text in texts):
        return "letter"
    return "word" if texts <= WORDS else None
