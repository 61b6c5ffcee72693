"""Over how many handoffs their days are told, and whether receivers are mailed."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, flag, number


class BriefingsNumbers(Section):
    """Handoffs."""

    name: ClassVar[str] = "briefings"
    title: ClassVar[str] = "Handoffs"

    median_handoffs: int = number(
        10,
        unit="handoffs done",
        reason="The last ones tell how the team hands over now; of all, how it once did.",
        at_least=1,
        at_most=200,
    )
    handoff_mails: bool = flag(
        True, reason="Who receives accounts may not look at handoffs. Each may choose otherwise."
    )
