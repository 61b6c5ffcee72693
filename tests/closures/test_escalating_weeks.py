"""An escalation that a person opened, down the river: its loop, and the open escalation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.closures.owing import answers, viewer
from tests.closures.test_closing_at_once import at_once, home
from tests.site.test_weekly import NOW, TODAY

from evenbook.book.directory import has_churned
from evenbook.closures.actions.closing import close
from evenbook.closures.actions.escalating import escalate, resolve
from evenbook.closures.models import Loop
from evenbook.closures.queries.issues import issues_at
from evenbook.people.viewer import SYSTEM
from evenbook.records.models import Ticket
from evenbook.runs.queries import week
from evenbook.signals.models import Signal
from evenbook.site.jobs import run_week
from evenbook.site.weekly import compute

__all__ = ["home"]

CAUSE = "Exports have failed since Monday"
SUPPORT = "select tickets_recent, tickets_normal, open_escalations from condition_as_of where account = {}"


def support(home: Path, account: int) -> dict[str, Any]:
    with compute(TODAY, home=home).session as session:
        return session.rows(SUPPORT.format(account)).to_pylist()[0]


def quiet_account() -> Any:
    """Return an account with an owner, without an escalated ticket, and with a loop."""
    taken = Ticket.objects.exclude(escalated_at=None).values("account")
    loops = Loop.objects.filter(closed_at=None, withdrawn_at=None, person__isnull=False)
    found = [each.account for each in loops.exclude(account__in=taken).order_by("pk")]
    return next(each for each in found if not has_churned(each.pk, now=NOW))


@pytest.mark.django_db(transaction=True)
def test_its_loop_opens_with_the_run_and_the_issue_stays_until_it_is_resolved(home: Path) -> None:
    account = quiet_account()
    before = support(home, account.pk)
    at = NOW - timedelta(hours=1)
    found = [
        escalate(account.key, f"{CAUSE}, {severity}", severity, by=SYSTEM, now=at)
        for severity in ("urgent", "high", "normal")
    ]
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    shown = issues_at(SYSTEM, week(SYSTEM), account.pk, now=NOW).open
    loops = [each.loop for each in shown]

    assert [each.issue.event for each in shown] == [each.event for each in found]
    assert [loop and loop.key for loop in loops] == [f"escalation:{each.event}" for each in found]
    working = [loop.due_on for loop in loops if loop]
    assert working == sorted(working) and working[0] > TODAY and (working[2] - working[0]).days >= 4
    assert support(home, account.pk) == {**before, "open_escalations": 3}
    assert Signal.objects.filter(account=account, kind="ticket_escalated", run__as_of=TODAY).exists()

    assert loops[0] is not None
    key, later = loops[0].key, NOW + timedelta(minutes=5)
    given = answers("escalation_handoff", today=TODAY)
    assert close(key, given, by=SYSTEM, tier=1, now=NOW).is_closed
    resolve(found[1].event, by=SYSTEM, now=later)
    run_week(TODAY, by=SYSTEM, home=home, store=True)

    assert support(home, account.pk)["open_escalations"] == 2, "what was handed over is still open outside"
    kept = {loop.key: loop for loop in Loop.objects.filter(account=account, kind="escalation")}
    assert kept[key].closed_at == NOW
    of_resolved = kept[f"escalation:{found[1].event}"]
    assert (of_resolved.closed_at, of_resolved.withdrawn_at) == (None, None), "its own part is still owed"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_or_resolve_the_same_at_once_one_does() -> None:
    from tests.closures.owing import NOW as then
    from tests.pages import company

    account = company.build(4).of("ben")[0]

    def opening(name: str) -> Callable[[], Any]:
        return lambda: escalate(account.key, CAUSE, "urgent", by=viewer(name), now=then).event

    def resolving(name: str) -> Callable[[], Any]:
        return lambda: resolve(f"evenbook:hand-{account.pk}-1", by=viewer(name), now=then).event

    event = f"evenbook:hand-{account.pk}-1"
    opened = at_once(opening("ben"), opening("amara"), opening("olu"))
    assert sorted(map(str, opened)) == [event, "issue-open", "issue-open"]
    resolved = at_once(resolving("ben"), resolving("amara"))
    assert sorted(map(str, resolved)) == [event, "issue-resolved"]
    assert Ticket.objects.filter(source="evenbook").count() == 2, "the ticket and its later version"
