"""Who hears of the month that is over."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, flag


class MonthlyNumbers(Section):
    """The monthly calibration meeting."""

    name: ClassVar[str] = "monthly"
    title: ClassVar[str] = "Monthly calibration"

    mails: bool = flag(
        True, reason="Leaders have the pack when a month is over, once. Each may choose otherwise."
    )
