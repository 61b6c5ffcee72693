"""How words from outside reach the terminal: as they are, without marks or control characters.

A customer's name may hold anything; it must neither color the screen nor move the cursor.
"""

from __future__ import annotations

import unicodedata

from rich.console import Console
from rich.text import Text

WIDE = 140
"""Columns where nobody watches, so that files and pipes get whole lines."""


def plain(text: object, *, style: str = "") -> Text:
    """Return words as a cell of a table: nothing in them is a command."""
    return Text(safe(str(text)), style=style)


def safe(text: str) -> str:
    """Return ``text`` with each control character, line ends apart, as a space."""
    return "".join(" " if unicodedata.category(each) == "Cc" and each != "\n" else each for each in text)


def screen() -> Console:
    """Return the terminal, or a wide page where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDE)
