"""What a run keeps for its audit, and the mail that tells leaders of it once a week."""

from __future__ import annotations

from collections.abc import Mapping

from evenbook.closures.actions.sending import leaders, sending_of, week_of
from evenbook.closures.models import AuditBasis
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.basis import counted
from evenbook.closures.queries.closing_weeks import Closing
from evenbook.closures.queries.mails import AUDIT
from evenbook.closures.queries.report import report
from evenbook.closures.rules.report import summary
from evenbook.closures.rules.told import of_the_audit
from evenbook.decisions.queries import DecisionsWanted, how_many_decisions
from evenbook.decisions.rules import OPEN
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.screens.places import address
from evenbook.screens.shown import day_text


def keep_audit(viewer: Viewer, shown: Week, found: Mapping[int, Closing]) -> None:
    """Keep what the audit of a run rests on."""
    AuditBasis.objects.update_or_create(
        run_id=shown.run.id, defaults={"counted": counted(viewer, shown, found).stored}
    )


def tell_of_audit(shown: Week) -> None:
    """Post the week's audit to each leader, once a calendar week however often the week is run."""
    sending, numbers = sending_of(shown), shown.policy.of(ClosuresNumbers)
    if sending is None:
        return
    titles = {row.kind: row.title for row in numbers.kinds}
    of_week = week_of(shown)
    for leader in leaders():
        waiting = how_many_decisions(leader, wanted=DecisionsWanted(state=OPEN))
        letter = of_the_audit(
            leader.name,
            summary(report(leader, shown), titles, waiting=waiting),
            day=day_text(shown.run.as_of),
            link=f"{sending.base}{address('weekly-audit')}",
        )
        sending.send(AUDIT, leader.mail, letter, key=f"audit-{of_week}-{leader.user_id}")
