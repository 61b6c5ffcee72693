"""Very many loops at once: the first are listed, the rest are counted by kind, and nobody gets a mail for each."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from evenbook.closures.models import Loop
from evenbook.messages.models import Mail

TODAY = datetime.now(UTC).date()


def opened(team: Any, count: int, *, kind: str = "check_in", artifact: str = "check_in_note") -> None:
    """Open so many loops of Ben's at once, as one import does; half of them are due today."""
    account, at = team.of("ben")[0], datetime.combine(TODAY - timedelta(days=3), time(9), tzinfo=UTC)
    Loop.objects.bulk_create(
        Loop(
            key=f"{kind}:crm:{number}", kind=kind, account=account, artifact_kind=artifact, event_at=at,
            opened_at=at, due_on=TODAY + timedelta(days=5 * (number % 2)), person=team.people["ben"],
        )
        for number in range(count)
    )  # fmt: skip


def test_five_thousand_loops_are_grouped_and_mail_nobody(team: Any, as_user: Any) -> None:
    opened(team, 4000)
    opened(team, 1000, kind="escalation", artifact="escalation_handoff")
    page = as_user("ben").get("/my-week").content.decode()

    assert page.count('data-loop="due"') == 60 and page.count('data-loop="later"') == 60
    assert '<span data-left="due">2500</span> open' in page
    assert "Check-in: 1940</a>" in page and "Escalation: 500</a>" in page
    assert len(page) < 150_000 and not Mail.objects.exists()


def test_of_one_kind_more_are_listed(team: Any, as_user: Any) -> None:
    opened(team, 1000, kind="escalation", artifact="escalation_handoff")
    opened(team, 100)
    page = as_user("ben").get("/my-week?person=ben&kind=escalation").content.decode()
    assert (
        page.count('data-loop="due"') == 200 and "Escalation: 300</a>" in page and "Check-in: 50</a>" in page
    )
    assert "All kinds" in page
    strange = as_user("ben").get("/my-week?kind=%3Cb%3E").content.decode()
    assert 'data-loop="due"' not in strange and "Check-in: 50</a>" in strange
