"""The mail about new decisions, and what policy says of it."""

from __future__ import annotations

from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy
from evenbook.throughput.numbers.triggers import TriggersNumbers

DECISIONS = "decisions"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    says = "To leaders: what newly waits for your decision, all of a week in one."
    return {DECISIONS: MailKind(DECISIONS, "Decisions", says, policy.of(TriggersNumbers).mails)}
