"""The mail about raised hands: its kind, and what policy says of it."""

from __future__ import annotations

from evenbook.people.mail_choices import MailKind
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy
from evenbook.reviews.numbers import ReviewsNumbers

HANDS = "raised_hands"


def mail_kinds(viewer: Viewer, policy: Policy) -> dict[str, MailKind]:
    """Return the kinds of mails by name."""
    when = "When a customer whose account you own answers a review by raising a hand; once a review."
    return {HANDS: MailKind(HANDS, "Raised hands", when, policy.of(ReviewsNumbers).hand_mails)}
