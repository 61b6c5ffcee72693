"""How much room a text takes, so that none runs over its box on a slide.

The fonts of whoever opens a file are not known here. So a text is measured by classes of letters, each taken
as wide as it is in the wider of common fonts: what fits by this measure fits in them.

Pure.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LINE = 1.22
"""The height of a line, in sizes of its font."""
NARROW, WIDE = frozenset("iljtfr.,:;'!|()[]I /\\-"), frozenset("mwMW@%—")
POINTS_AN_INCH = 72


def wide(text: str) -> float:
    """Return how wide a text is at the most, in sizes of its font."""
    return sum(map(_wide, text))


def lines(text: str, *, most: float) -> int:
    """Return how many lines a text takes where a line holds ``most`` sizes of its font; words stay whole."""
    return sum(_lines_of(line, max(most, 1.2)) for line in text.split("\n")) if text else 0


def size_for(text: str, *, inches: tuple[float, float], size: float, least: float) -> float:
    """Return the largest size, in points, at which a text fits into a box; ``least`` where none does.

    Args:
        text: what is said.
        inches: width and height of the box, without its margins.
        size: the size that is wanted.
        least: the smallest that can be read.
    """
    while size > least and not fits(text, inches=inches, size=size):
        size = max(least, size - 1)
    return size


def fits(text: str, *, inches: tuple[float, float], size: float) -> bool:
    """Return whether a text fits into a box at a size."""
    width, height = (each * POINTS_AN_INCH / size for each in inches)
    return lines(text, most=width) * LINE <= height + 1e-6


def cut(text: str, *, inches: tuple[float, float], size: float) -> str:
    """Return as much of a text as fits into a box at a size, with an ellipsis where it was cut."""
    if fits(text, inches=inches, size=size):
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_ended(text, middle), inches=inches, size=size):
            low = middle
        else:
            high = middle - 1
    return _ended(text, low)


def _ended(text: str, length: int) -> str:
    """Return the beginning of a text with an ellipsis; no letter is cut from its marks or joiners."""
    while 0 < length < len(text) and _belongs(text[length - 1], text[length]):
        length -= 1
    return f"{text[:length].rstrip()}…"


def _belongs(before: str, here: str) -> bool:
    return "\u200d" in (before, here) or unicodedata.category(here)[0] == "M" or here in "\ufe0e\ufe0f"


def _lines_of(line: str, most: float) -> int:
    """Return the lines that a text without line ends takes, word after word; a long word is broken."""
    count, filled = 1, 0.0
    for word in line.split(" "):
        width = wide(word)
        if filled and filled + _wide(" ") + width > most:
            count, filled = count + 1, 0.0
        if width > most:
            whole = int(width // (most - 1.1)) if most > 2.2 else int(width)
            count, filled = count + whole, width - whole * (most - 1.1) if most > 2.2 else 0.0
            continue
        filled += width + (_wide(" ") if filled else 0.0)
    return count


@lru_cache(maxsize=4096)
def _wide(letter: str) -> float:
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf"}:
        return 0.0
    if letter in NARROW:
        return 0.42
    if letter in WIDE:
        return 1.02
    if unicodedata.east_asian_width(letter) in "WF" or category == "So":
        return 1.35 if category == "So" else 1.05
    if letter.isascii():
        return 0.8 if letter.isupper() else 0.66 if letter.isalnum() else 0.86
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter:
        return max(_wide(base), 0.5)
    return _foreign(letter)


def _foreign(letter: str) -> float:
    """Return the width of a letter that is none of ASCII's, without its marks."""
    if unicodedata.normalize("NFKD", letter) != letter or unicodedata.name(letter, "").endswith(("AE", "OE")):
        return 1.45
    return 0.75 if unicodedata.bidirectional(letter) in {"R", "AL"} else 1.1
