"""Values out of a long JSON text, one at a time, without holding the whole of it.

A top-level list gives its elements. A top-level object gives what its keys hold: the elements of
lists of objects one by one, everything else whole. One value must fit into memory; the text need not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from evenbook.kit.errors import EvenbookError

PIECE = 256 * 1024
_SPACE = re.compile(r"[ \t\n\r]*")


class NotJson(EvenbookError):
    """The text is not JSON, or one value of it is too long."""

    kind = "not-json"


@dataclass(frozen=True, slots=True)
class Found:
    """One value: in which list it stood (the key, '' for the top level), at which place from 1.

    ``place`` is 0 for a value that is not an element of a list.
    """

    key: str
    place: int
    value: Any


def decoder() -> json.JSONDecoder:
    """Return the decoder of all JSON input: NaN and Infinity come as text, not as numbers."""
    return json.JSONDecoder(parse_constant=str)


def values_of(text: TextIO, longest: int) -> Iterator[Found]:
    """Return the values of a JSON text, in order.

    Raises:
        NotJson: the text breaks off, is wrong, or holds a value of more than ``longest`` characters.
    """
    reader = _Reader(text, longest)
    start = reader.peek()
    if start == "[":
        yield from reader.elements("")
    elif start == "{":
        yield from reader.members()
    elif start:
        yield Found("", 1, reader.value())
    if reader.peek():
        raise reader.wrong("there is more text after the end of the JSON")


class _Reader:
    """A window that moves over the text."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self.text, self.longest = text, longest
        self.window, self.at, self.passed, self.ended = "", 0, 0, False
        self.decode = decoder().raw_decode

    def wrong(self, what: str) -> NotJson:
        place = self.passed + self.at + 1
        return NotJson(f"It is not valid JSON: {what} (character {place:,}).", fix="Export the file again.")

    def more(self) -> None:
        piece = self.text.read(max(PIECE, len(self.window) - self.at))
        self.ended = not piece
        self.passed += self.at
        self.window, self.at = self.window[self.at :] + piece, 0

    def peek(self) -> str:
        """Return the next character that is not white space; '' at the end."""
        while True:
            self.at = _SPACE.match(self.window, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.window):
                return self.window[self.at]
            if self.ended:
                return ""
            self.more()

    def take(self, expected: str) -> str:
        """Step over the next character, which must be one of ``expected``."""
        character = self.peek()
        if not character or character not in expected:
            wanted = " or ".join(expected)
            raise self.wrong(f"expected {wanted}, found {character or 'the end'}")
        self.at += 1
        return character

    def value(self) -> Any:
        """Return the next value whole."""
        self.peek()
        while True:
            try:
                value, end = self.decode(self.window, self.at)
            except json.JSONDecodeError as error:
                if self.ended:
                    self.at = error.pos
                    raise self.wrong(error.msg[0].lower() + error.msg[1:]) from None
            except (RecursionError, ValueError):
                raise self.wrong("it is nested too deeply or holds an endless number") from None
            else:
                if end < len(self.window) or self.ended:
                    self.at = end
                    return value
            if len(self.window) - self.at > self.longest:
                raise self.wrong(f"one record is longer than {self.longest:,} characters")
            self.more()

    def elements(self, key: str) -> Iterator[Found]:
        """Give the elements of the list that starts here."""
        self.take("[")
        place = 0
        if self.peek() == "]":
            self.at += 1
            return
        while True:
            place += 1
            yield Found(key, place, self.value())
            if self.take(",]") == "]":
                return

    def members(self) -> Iterator[Found]:
        """Give what the object that starts here holds."""
        self.take("{")
        if self.peek() == "}":
            self.at += 1
            return
        while True:
            key = self.value() if self.peek() == '"' else self.take('"')
            self.take(":")
            if self.peek() == "[":
                yield from self.elements(str(key))
            else:
                yield Found(str(key), 0, self.value())
            if self.take(",}") == "}":
                return
