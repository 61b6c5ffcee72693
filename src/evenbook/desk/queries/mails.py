"""The mails that somebody may choose: each kind, what it tells, and whether they get it."""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.briefings.queries.mails import mail_kinds as of_handoffs
from evenbook.closures.queries.mails import mail_kinds as of_loops
from evenbook.desk.queries.reports import mail_kinds as of_reports
from evenbook.expansion.queries.mails import mail_kinds as of_openings
from evenbook.hotsheet.queries.mails import mail_kinds as of_sheets
from evenbook.people.mail_choices import MailKind, mail_choices
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.reviews.queries.mails import mail_kinds as of_reviews
from evenbook.throughput.queries.mails import mail_kinds as of_decisions


@dataclass(frozen=True)
class ChosenMail:
    """A kind of mail, and whether the viewer gets it; ``is_chosen`` where they said so themselves."""

    of: MailKind
    is_wanted: bool
    is_chosen: bool


def kinds_of_mails(viewer: Viewer) -> dict[str, MailKind]:
    """Return all kinds of mails that may be chosen, by name."""
    policy = latest().policy
    of = (of_loops, of_sheets, of_decisions, of_openings, of_handoffs, of_reviews, of_reports)
    return {name: kind for kinds in of for name, kind in kinds(viewer, policy).items()}


def chosen_mails(viewer: Viewer) -> tuple[ChosenMail, ...]:
    """Return each kind of mail with whether the viewer gets it."""
    chosen = mail_choices(viewer)
    return tuple(
        ChosenMail(each, chosen.get(kind, each.is_default), kind in chosen)
        for kind, each in kinds_of_mails(viewer).items()
    )
