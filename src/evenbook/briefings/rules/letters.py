"""What the mail about a handoff says. Plain text; names are put on one line.

Pure.
"""

from __future__ import annotations

from evenbook.closures.rules.told import Letter
from evenbook.closures.rules.writing import one_line

RECEIVES = """{name},

{giver} hands {what} over to you from {day} on. You find what is written of each, and confirm it, at

{link}
"""


def to_a_receiver(
    name: str, giver: str, *, accounts: int, day: str, link: str, is_role: bool = False
) -> Letter:
    """Return what a receiver is told of a handoff; ``is_role`` of one that passes a role on alone."""
    said = "one account" if accounts == 1 else f"{accounts} accounts"
    said = f"a role on {said}" if is_role else said
    text = RECEIVES.format(name=one_line(name), giver=one_line(giver), what=said, day=day, link=link)
    return Letter(f"{said[:1].upper()}{said[1:]} of {one_line(giver)[:80]} for you from {day}", text)
