"""In which encoding a text file is written, found by reading all of it once.

A byte order mark decides. Without one, a file that is valid UTF-8 is UTF-8. One with bytes that are
not, and no sign of UTF-8 elsewhere, is Windows-1252 (which holds Latin-1). A file that is mostly UTF-8
keeps that, and the rows with wrong bytes are rejected one by one. Text that looks like another script
in an old encoding is refused: wrong letters in names would be worse than a question.

The same pass takes the digest and looks for what would hurt later: NUL characters, endless lines.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Origin

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 without a byte order mark",
    "utf-16-be": "UTF-16 without a byte order mark",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}
ODD = re.compile("[\0\ufffd\udc80-\udcff]")
"""Characters that stand for bytes that are no text; looked for only where the pass met such bytes."""

_HIGH = bytes(range(128, 256))
_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
LONGEST_NAME = 200
MANY_WRONG = 10
FEW_LETTERS = 8
FEW_CONTROLS = 32


@dataclass(slots=True)
class TextSurvey:
    """What one pass over a text file showed.

    ``odd`` where some rows hold bytes that are no text, so that readers have to look at each.
    ``refusal`` is a sentence where the file cannot be read as text at all. ``longest_line`` is right for
    lines longer than a piece of the file; shorter ones do no harm.
    """

    sha256: str = ""
    encoding: str = "utf-8"
    odd: bool = False
    refusal: str | None = None
    longest_line: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def encoding_name(self) -> str:
        """The encoding in words."""
        return NAMES[self.encoding]

    def refused_lines(self, limits: Limits) -> str | None:
        """Return why a file that is read line by line is not read; None where its lines are fine."""
        if self.refusal or self.longest_line <= limits.line_bytes:
            return self.refusal
        return f"it has a line of more than {limits.line_bytes:,} bytes"


@dataclass(slots=True)
class _Counts:
    """Running counts over the bytes of a file."""

    nuls: int = 0
    controls: int = 0
    high: int = 0
    in_runs: int = 0
    undefined: int = 0
    since_line: int = 0
    longest_line: int = 0
    size: int = 0

    def see(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._see_lines(chunk)
        if b"\0" in chunk:
            self.nuls += chunk.count(0)
        if not chunk.isascii():
            self.high += len(chunk) - len(chunk.translate(None, _HIGH))
            self.in_runs += sum(map(len, _HIGH_RUN.findall(chunk)))
            self.undefined += len(chunk) - len(chunk.translate(None, _UNDEFINED))
        self.controls += len(chunk) - len(chunk.translate(None, _CONTROL))

    def _see_lines(self, chunk: bytes) -> None:
        """Measure lines that pass from chunk to chunk; those inside one are short enough."""
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        if last < 0:
            self.since_line += len(chunk)
        else:
            first = min(at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0)
            self.longest_line = max(self.longest_line, self.since_line + first)
            self.since_line = len(chunk) - last
        self.longest_line = max(self.longest_line, self.since_line)


class _Utf8:
    """Counts characters that are more than a byte, and bytes that are not UTF-8."""

    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.right = self.wrong = 0

    def see(self, chunk: bytes, *, final: bool = False) -> None:
        if chunk.isascii() and not self.decoder.getstate()[0] and not final:
            return
        text = self.decoder.decode(chunk, final)
        wrong = text.count("\ufffd")
        self.wrong += wrong
        self.right += len(text) - len(text.encode("ascii", "ignore")) - wrong


def survey_text(origin: Origin) -> TextSurvey:
    """Return encoding, digest and dangers of a text file, after one pass over it."""
    head = origin.head()
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None) or _unmarked_utf16(head)
    survey, counts, utf8 = TextSurvey(encoding=marked or "utf-8"), _Counts(), _Utf8()
    digest = hashlib.sha256()
    wide = codecs.getincrementaldecoder(marked)("replace") if marked and "8" not in marked else None
    for chunk in origin.chunks():
        digest.update(chunk)
        counts.see(chunk)
        if wide is None:
            utf8.see(chunk)
        else:
            survey.odd |= ODD.search(wide.decode(chunk)) is not None
    survey.sha256 = digest.hexdigest()
    if wide is None:
        utf8.see(b"", final=True)
        _judge_narrow(survey, counts, utf8)
    elif wide.decode(b"", final=True):
        survey.odd = True
    survey.longest_line = counts.longest_line
    return survey


def open_text(origin: Origin, survey: TextSurvey, *, newline: str = "") -> io.TextIOWrapper:
    """Return the text from the start; bytes that are no text come as characters of ``ODD``."""
    errors = "replace" if survey.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(cast(BinaryIO, origin.open()), survey.encoding, errors, newline=newline)


def odd_reason(text: str, encoding_name: str) -> str | None:
    """Return why a text that was read is no text, naming the byte; None where it is fine."""
    found = ODD.search(text)
    if found is None:
        return None
    character = found[0]
    if character == "\0":
        return "holds a NUL character (byte 0x00)"
    if character == "\ufffd":
        return f"holds a character that is not {encoding_name}"
    return f"holds the byte 0x{ord(character) - 0xDC00:02X}, which is not {encoding_name}"


def printable(text: str) -> str:
    """Return text that can be stored and shown: wrong bytes as Windows-1252, NUL as its symbol."""
    if ODD.search(text) is None:
        return text
    as_bytes = re.sub(
        "[\udc80-\udcff]", lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), text
    )
    return as_bytes.replace("\0", "␀")


def column_name(text: str) -> str:
    """Return the name of a column in one line of characters that can be seen; '' where none is left."""
    line = " ".join(printable(text).split())
    return "".join(filter(str.isprintable, line))[:LONGEST_NAME].strip()


def _unmarked_utf16(head: bytes) -> str | None:
    """Every second byte of English UTF-16 is zero."""
    sample = head[:4096]
    if len(sample) < 4 or sample.count(0) < len(sample) * 0.3:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 9 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 9 * odd else None


def _judge_narrow(survey: TextSurvey, counts: _Counts, utf8: _Utf8) -> None:
    survey.odd = counts.nuls > 0
    if counts.controls > max(FEW_CONTROLS, counts.size * 0.05):
        survey.refusal = "it is not text (many control characters)"
        return
    if not utf8.wrong:
        return
    survey.odd = True
    if utf8.wrong <= MANY_WRONG * utf8.right:
        survey.notes.append(f"Bytes that are not UTF-8: {utf8.wrong}; their rows are rejected.")
        return
    if counts.high >= FEW_LETTERS and counts.in_runs * 2 > counts.high:
        survey.refusal = "it is not UTF-8, and not Western European either; save it as UTF-8 and try again"
        return
    survey.encoding = "cp1252"
    survey.odd = counts.nuls + counts.undefined > 0
    survey.notes.append("Read as Windows-1252, because it is not UTF-8.")
