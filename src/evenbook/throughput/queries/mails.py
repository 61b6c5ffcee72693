"""The mails about new decisions and about the month that is over, and what policy says of them."""

from __future__ import annotations

from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy
from evenbook.throughput.numbers.monthly import MonthlyNumbers
from evenbook.throughput.numbers.triggers import TriggersNumbers

DECISIONS, MONTHLY = "decisions", "monthly_pack"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    found = (
        MailKind(
            DECISIONS,
            "Decisions",
            "To leaders: what newly waits for your decision, all of a week in one.",
            policy.of(TriggersNumbers).mails,
        ),
        MailKind(
            MONTHLY,
            "Monthly calibration",
            "To leaders: the pack for the calibration meeting, once a month is over.",
            policy.of(MonthlyNumbers).mails,
        ),
    )
    return {each.kind: each for each in found}
