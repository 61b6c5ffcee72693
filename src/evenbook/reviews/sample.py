"""What the sample company writes into its reviews: news of its products, and requests that shipped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from evenbook.book.queries import account_names
from evenbook.people.viewer import SYSTEM
from evenbook.reviews.actions.editing import write_news, write_shipped

WRITTEN_DAYS_AGO = 5
NEWS = (
    ("Exports in the background", "A long export no longer keeps the page waiting.", "Core", 40),
    ("Sign-in with the company account", "Nobody needs a second password.", "", 26),
    ("Forecast by region", "The forecast of each region stands beside the total.", "Forecast", 19),
    ("Audit reports as PDF", "What an auditor asks for is one file.", "Audit", 12),
)
SHIPPED = (
    ("The weekly report comes on Mondays", "It is there before the first meeting of the week.", 33, 3),
    ("Roles of your own", "You decide who may see which numbers.", 16, 7),
)
"""Title, words, days ago, and which share of the accounts had asked: one in so many."""


def write_sample(as_of: date) -> None:
    """Write news and shipped requests as they would be known by a day."""
    now = datetime.combine(as_of - timedelta(days=WRITTEN_DAYS_AGO), time(9), tzinfo=UTC)
    for title, says, product, days in NEWS:
        write_news(
            title=title,
            says=says,
            product=product,
            released_on=as_of - timedelta(days=days),
            by=SYSTEM,
            now=now,
        )
    keys = sorted(key for key, _ in account_names(SYSTEM).values())
    for title, says, days, share in SHIPPED:
        shipped_on = as_of - timedelta(days=days)
        write_shipped(
            title=title, says=says, shipped_on=shipped_on, asked_by=keys[::share], by=SYSTEM, now=now
        )
