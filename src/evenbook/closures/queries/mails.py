"""The mails about loops and coverage: their kinds, and what policy says of each."""

from __future__ import annotations

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy

OWN_LOAD, WARNINGS, AUDIT, POOLS = "own_load", "early_warnings", "weekly_audit", "pool_overdue"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    numbers = policy.of(ClosuresNumbers)
    found = (
        MailKind(
            OWN_LOAD,
            "Your own load",
            "When more of yours stays unwritten than usual, and when that warns; once each time.",
            numbers.warning_mails,
        ),
        MailKind(
            WARNINGS,
            "Early warnings",
            "To leaders: whose load is past what can be sustained, all new ones of a week in one.",
            numbers.warning_mails,
        ),
        MailKind(
            AUDIT, "Weekly audit", "To leaders: the audit of the week in a sentence.", numbers.audit_mails
        ),
        MailKind(
            POOLS,
            "Overdue in a pool",
            "To who leads a pool: how many of its loops are overdue, in weeks with new ones.",
            numbers.pool_mails,
        ),
    )
    return {each.kind: each for each in found}
