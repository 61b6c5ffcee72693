"""What the sample company tells in its reviews: features of its products, news, and requests that shipped."""

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

POLICY = {
    "reviews": {
        "features": [
            {
                "measure": "exports",
                "title": "Exports on a schedule",
                "product": "Core",
                "worth": "The numbers come to you; nobody fetches them.",
            },
            {
                "measure": "scenarios",
                "title": "Scenarios side by side",
                "product": "Forecast",
                "worth": "What a good and a bad quarter would mean, before it comes.",
            },
            {
                "measure": "syncs",
                "title": "Syncs with your other systems",
                "product": "Connect",
                "worth": "What changes there is here within minutes; nobody types it again.",
            },
            {
                "measure": "reports_built",
                "title": "Reports of your own",
                "product": "Studio",
                "worth": "Your team builds the report that it asks us for.",
            },
        ]
    }
}
"""What the sample's policy says of the features of its own products, whose use its feed counts."""


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
