"""The Monday mail of the hot sheet, and what policy says of it."""

from __future__ import annotations

from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy

HOT_SHEET = "hot_sheet"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    kind = MailKind(
        HOT_SHEET,
        "Hot sheet",
        "Once a week: your rows of the sheet and what to do first; to leaders what does not fit into hours.",
        policy.of(HotsheetNumbers).mails,
    )
    return {kind.kind: kind}
