"""The mail about handoffs, and what policy says of it."""

from __future__ import annotations

from evenbook.briefings.numbers import BriefingsNumbers
from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy

HANDOFF = "handoff"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    says = "When a handoff is announced in which you receive accounts, and from which day."
    return {HANDOFF: MailKind(HANDOFF, "Handoffs", says, policy.of(BriefingsNumbers).handoff_mails)}
