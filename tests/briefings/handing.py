"""Ben hands his book over to Chidi: handoffs for tests, and the loops that a run would open for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.closures.owing import NOW, answers, owed, viewer

from evenbook.book.models import Account, Handover, Leave
from evenbook.briefings.actions.announcing import announce
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.briefings.queries.plans import HandoffWanted
from evenbook.closures.actions.closing import close
from evenbook.closures.models import Loop
from evenbook.people.models import AuditEntry
from evenbook.runs.models import Happening

TODAY = NOW.date()
FIRST = date(2026, 4, 1)


def wanted(**more: Any) -> HandoffWanted:
    usual = {"giver": "ben", "reason": "departure", "first_on": FIRST, "receiver": "chidi"}
    return HandoffWanted(**{**usual, **more})


def announced(by: str = "ben", *, now: datetime = NOW, **more: Any) -> Handoff:
    return Handoff.objects.get(pk=announce(wanted(**more), by=viewer(by), now=now))


def short_leave(**more: Any) -> Handoff:
    first_on = more.get("first_on", FIRST)
    return announced(reason="leave", back_on=first_on + timedelta(days=7), **more)


def brief_loops(handoff: Handoff) -> list[Loop]:
    """Open the loops that ask for the briefs of a handoff, as the next run would."""
    rows = Handover.objects.filter(pk__in=handoff.accounts.values("handover")).select_related(
        "account", "giver"
    )
    return [
        owed(
            row.account,
            by=row.giver,
            kind="change_of_owner",
            event=f"{row.account.key}:{row.first_on}:{row.pk}",
            due_on=row.first_on - timedelta(days=1),
        )
        for row in rows
    ]


def write_briefs(handoff: Handoff, *, now: datetime = NOW) -> None:
    """Open the loops of a handoff and close them with their transfer briefs."""
    for loop in brief_loops(handoff):
        found = close(
            loop.key, answers("transfer_brief", today=now.date()), by=viewer("ben"), tier=1, now=now
        )
        assert found.is_closed, found.refusals


def of_ben(team: Any) -> Account:
    account: Account = team.of("ben")[0]
    return account


def everything() -> list[Any]:
    """Return all that a handoff could change."""
    kept = (Handoff, HandoffAccount, Handover, Leave, AuditEntry, Happening)
    return [list(model.objects.order_by("pk").values()) for model in kept]
