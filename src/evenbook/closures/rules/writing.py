"""What a text holds when it is read closely: whether it says anything, and how much.

Who types only to be let through types ``n/a``, one word five times, or signs that nobody sees. A
text is read as a person sees it: what is invisible counts for nothing. Scripts without spaces
between words (Chinese, Japanese, Thai) count two signs as a word.

Pure.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence

LONGEST_ECHO = 40
"""Characters of what was typed that a refusal repeats."""

PLACEHOLDERS = frozenset(
    "na none nil null tbd tba tbc todo test testing lorem foo bar foobar asdf asdfgh qwerty blah".split()
)
"""What stands for an answer, alone or in a row: letters and digits only, so that N/A is na."""

NO_ANSWERS = PLACEHOLDERS | frozenset(
    """
    yes no ok okay done fine good same ditto nothing unknown pending later soon idk dunno placeholder
    loremipsum notapplicable notavailable tobedetermined tobeconfirmed tobedone todolater sameasabove
    seeabove asabove sameasbefore willfollow comingsoon thisisatest testtext sometext dontknow idontknow
    """.split()
)
"""What says nothing where it is the whole text."""

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_GONE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
"""Control characters, halves of characters, and signs that show nothing or turn the line around."""
_EMPTY_LETTER = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Letters that show nothing: in the tables of Unicode they are no spaces."""
_EDGES = (
    " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_JOINERS = "\u061c\u200c\u200d\u200e\u200f"
"""Signs that show nothing by themselves and that some scripts need inside a text."""
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_PIECE = re.compile(f"[{_UNSPACED}]{{1,2}}|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_SENTENCE_END = re.compile(r"[!?…。！？；]+|[.;](?=\s|$)|\n")
_MARKS = string.punctuation + "…“”‘’«»„–—·•、，：（）「」"


def cleaned(text: str) -> str:
    """Return a text as it is kept: trimmed, lines ended alike, without characters that nobody sees."""
    lines = _LINE_END.sub("\n", text)
    return _EMPTY_LETTER.sub(" ", _GONE.sub("", lines)).strip(_EDGES + _JOINERS)


def one_line(text: str) -> str:
    """Return a cleaned text with one space for whatever space was in it."""
    return " ".join(cleaned(text).split())


def folded(text: str) -> str:
    """Return a text for comparing: without case, width of letters, and kinds of space."""
    return one_line(unicodedata.normalize("NFKC", cleaned(text)).casefold())


def short(text: str) -> str:
    """Return the beginning of what was typed, on one line, for a refusal to repeat."""
    line = one_line(text)
    return line if len(line) <= LONGEST_ECHO else f"{line[: LONGEST_ECHO - 1].rstrip()}…"


def has_letters(text: str) -> bool:
    """Return whether there is a letter in a cleaned text; digits and pictures are none."""
    return any(sign.isalpha() for sign in text)


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, folded, without anything between them."""
    return "".join(sign for sign in folded(text) if sign.isalnum())


def words_in(text: str) -> list[str]:
    """Return the words of a text, folded; marks and pictures are none."""
    pieces = [piece for part in folded(text).split() for piece in _PIECE.findall(part)]
    return [piece.strip(_MARKS) for piece in pieces if any(sign.isalnum() for sign in piece)]


def is_placeholder(text: str) -> bool:
    """Return whether a text only stands where an answer should: n/a, tbd, xxx, lorem ipsum."""
    letters = letters_of(text)
    if letters in NO_ANSWERS or "lorem ipsum" in folded(text):
        return True
    if len(set(letters)) == 1 and not _IS_UNSPACED.match(letters):
        return True
    words = [found for word in folded(text).split() if (found := letters_of(word))]
    return bool(words) and PLACEHOLDERS.issuperset(words)


def is_repeated(text: str, *, least_words: int = 0) -> bool:
    """Return whether a text says the same word, the same words or the same sentences again and again.

    Args:
        text: a cleaned text.
        least_words: so many different words are enough, however often they come.
    """
    words = words_in(text)
    if words and 2 * _period(words) <= len(words):
        return True
    different = len(set(words))
    if different < least_words and different * 2 <= len(words):
        return True
    sentences = [found for each in _SENTENCE_END.split(text) if (found := tuple(words_in(each)))]
    return len(sentences) > 1 and len(set(sentences)) * 2 <= len(sentences)


def _period(words: Sequence[str]) -> int:
    """Return after how many words all of them begin again (the failure function of Knuth, Morris, Pratt)."""
    borders = [0] * len(words)
    border = 0
    for place in range(1, len(words)):
        while border and words[place] != words[border]:
            border = borders[border - 1]
        border += words[place] == words[border]
        borders[place] = border
    return len(words) - border
