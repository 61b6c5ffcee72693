"""The mails about openings, and what policy says of them."""

from __future__ import annotations

from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy

OPENINGS = "openings"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    kind = MailKind(
        OPENINGS,
        "Openings",
        "To who closes: each opening, each trial that its customer ends, and every Monday what waits.",
        policy.of(ExpansionNumbers).mails,
    )
    return {kind.kind: kind}
