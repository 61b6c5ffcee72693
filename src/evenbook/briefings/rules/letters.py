"""What the mail about a handoff says. Plain text; names are put on one line.

Pure.
"""

from __future__ import annotations

from evenbook.closures.rules.told import Letter
from evenbook.closures.rules.writing import one_line

RECEIVES = """{name},

{giver} hands {accounts} over to you from {day} on. You find what is written of each, and confirm it, at

{link}
"""


def to_a_receiver(name: str, giver: str, *, accounts: int, day: str, link: str) -> Letter:
    """Return what a receiver is told of a handoff."""
    said = "one account" if accounts == 1 else f"{accounts} accounts"
    text = RECEIVES.format(name=one_line(name), giver=one_line(giver), accounts=said, day=day, link=link)
    return Letter(f"{said[:1].upper()}{said[1:]} of {one_line(giver)[:80]} for you from {day}", text)
