"""What the mails about openings say. Plain text; names are put on one line.

Pure.
"""

from __future__ import annotations

from evenbook.closures.rules.told import Letter
from evenbook.closures.rules.writing import one_line

ONE = """{name},

{account} may want {what}. Opened by: {opener}.
{held}
You take it to yes or no. It stands with its note at

{link}
"""

HELD = "The account is on the hot sheet: reach out once the save is closed, not before.\n"


def of_opening(name: str, account: str, *, opener: str, product: str, is_held: bool, link: str) -> Letter:
    """Return what whoever closes is told of one opening."""
    what = one_line(product) or "more than they have"
    text = ONE.format(
        name=one_line(name),
        account=one_line(account),
        what=what,
        opener=one_line(opener),
        held=HELD if is_held else "",
        link=link,
    )
    return Letter(f"Opened for you: {one_line(account)}", text)
