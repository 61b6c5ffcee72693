"""The invented team as reviews need it, and the steps that tests take with a batch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.pages import company

from evenbook.book.models import AccountValue, Contact
from evenbook.people.queries import viewer_by_mail
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Ticket, UsageWeek
from evenbook.reviews.actions import deciding, sending
from evenbook.reviews.actions.drawing import Chosen, draw_up, fill
from evenbook.reviews.models import Review
from evenbook.runs.queries import Week, week

NOW = company.NOW
LATER = NOW + timedelta(hours=2)
AS_OF = company.AS_OF


def build(accounts: int = 8) -> company.Company:
    """Make the team; each account has 20 weeks of usage, seats, a ticket that was solved, and somebody with a mail."""
    made = company.build(accounts)
    ensure_first(company.LONG_AGO)
    for number, account in enumerate(made.accounts):
        monday = AS_OF - timedelta(days=AS_OF.weekday())
        UsageWeek.objects.bulk_create(
            UsageWeek(
                account=account, week_on=monday - timedelta(weeks=back), measure="active_users",
                value=20 + number - (back % 3), source="sample",
                known_at=datetime(monday.year, monday.month, monday.day, tzinfo=UTC) - timedelta(weeks=back - 1),
            )
            for back in range(1, 21)
        )  # fmt: skip
        AccountValue.objects.create(
            account=account, name="seats", value="40", source="sample", **company.known()
        )
        Contact.objects.create(
            account=account, name=f"Reader {number}", mail=f"reader{number}@customer.example", title="Head of Things",
            **company.version(f"reader-{number}"),
        )  # fmt: skip
        opened = NOW - timedelta(days=20)
        Ticket.objects.create(
            account=account, subject="The export stops halfway", solved_at=NOW - timedelta(days=18),
            **{**company.version(f"solved-{number}", opened), "source": "desk"},
        )  # fmt: skip
    Ticket.objects.filter(escalated_at__isnull=False).update(solved_at=NOW - timedelta(days=60))
    return made


def shown() -> Week:
    found = week(SYSTEM)
    assert found is not None
    return found


def viewer(name: str) -> Viewer:
    found = viewer_by_mail(f"{name}@example.com", surface="page")
    assert found is not None
    return found


def drawn(by: Viewer = SYSTEM, **chosen: str) -> int:
    """Return a batch that waits for approval."""
    number = draw_up(Chosen(**chosen), week=shown(), by=by, now=NOW)
    fill(number, week=shown(), by=by, now=NOW, told=lambda done, total: None)
    return number


def looked(number: int, by: Viewer = SYSTEM) -> None:
    """Look at the whole sample of a batch."""
    for pk in Review.objects.filter(batch=number, in_sample=True).values_list("pk", flat=True):
        deciding.look_at(pk, by=by, now=NOW)


def order(number: int, home: Path, by: Viewer = SYSTEM) -> sending.Sending:
    """Return how a batch is sent; each token says which it is."""
    tokens = iter(range(10_000))
    return sending.sending(
        number, by=by, home=home, token=lambda: f"token-of-{number}-{next(tokens):030d}", clock=lambda: LATER
    )


def sent(home: Path, by: Viewer = SYSTEM, **chosen: str) -> int:
    """Return a batch that was approved and sent."""
    number = drawn(by, **chosen)
    looked(number, by)
    deciding.approve(number, by=by, now=NOW)
    sending.send(order(number, home, by), told=lambda done, total: None)
    return number


def review_of(number: int, account: Any) -> Review:
    return Review.objects.get(batch=number, account=account)


DAY = date(2026, 3, 9)
