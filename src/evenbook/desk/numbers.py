"""How much a page of the desk shows at once."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, number


class DeskNumbers(Section):
    """My week and Team week."""

    name: ClassVar[str] = "desk"
    title: ClassVar[str] = "My week and Team week"

    top_accounts: int = number(
        3, unit="accounts", reason="What one person can turn to first in a day.", at_least=1, at_most=20
    )
    meeting_days: int = number(
        7, unit="days ahead", reason="A week's meetings can still be prepared.", at_least=1, at_most=31
    )
    change_days: int = number(
        7, unit="days back", reason="What changed since the last Monday.", at_least=1, at_most=31
    )
