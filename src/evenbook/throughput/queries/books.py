"""Each person's book as of a run, and the sales to come, for the triggers."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta

from evenbook.book.queries import presences, staff
from evenbook.capacity.queries import (
    Wanted,
    counts_by_owner,
    counts_by_worker,
    owned_by_nobody,
    renewals_by_owner,
    revenues,
)
from evenbook.kit.dates import week_series
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.values import trends
from evenbook.people.viewer import Viewer
from evenbook.records.queries import new_customers
from evenbook.runs.queries import Week
from evenbook.states.queries import accounts_with
from evenbook.throughput.numbers.triggers import TriggersNumbers
from evenbook.throughput.rules.newcomers import Sale
from evenbook.throughput.rules.triggers import Absence, Book

LOAD = "effort_load"
COLORED = ("red", "yellow")


def books(viewer: Viewer, week: Week) -> tuple[Book, ...]:
    """Return the book of each person whose week the viewer may see, as a run found it, by name."""
    run, day = week.run.id, week.run.as_of
    days = week_series(day, week.policy.of(MeasuresNumbers).trend_weeks)
    loads = trends(viewer, days, measure=LOAD, kinds=["csm"])
    owned = counts_by_owner(viewer, run, wanted=Wanted())
    worked = counts_by_worker(viewer, run, wanted=Wanted())
    dark = counts_by_worker(viewer, run, wanted=Wanted(unmonitored=True))
    colored = [
        counts_by_owner(viewer, run, wanted=Wanted(among=(accounts_with(viewer, run, color=color),)))
        for color in COLORED
    ]
    ahead = timedelta(days=week.policy.of(TriggersNumbers).cluster_ahead_days)
    renewals = renewals_by_owner(viewer, run, wanted=Wanted(renews_from=day, renews_until=day + ahead))
    there = presences(viewer, day)
    return tuple(
        Book(
            person_id=who.id,
            loads=loads.get(("csm", who.key), ()),
            by_tier=owned.get(who.id, {}),
            worked=worked.get(who.id, {}),
            dark=dark.get(who.id, {}),
            colored=sum(sum(each.get(who.id, {}).values()) for each in colored),
            renewals=renewals.get(who.id, ()),
            started_on=there[who.id].started_on,
            left_on=there[who.id].left_on,
            absences=tuple(Absence(*each) for each in there[who.id].leaves),
        )
        for who in staff(viewer)
        if who.is_person and who.id in there
    )


def sales(viewer: Viewer, week: Week) -> tuple[Sale, ...]:
    """Return the sales to new customers, signed lately or expected soon, whom nobody owned in a run."""
    day, days = week.run.as_of, timedelta(days=week.policy.of(TriggersNumbers).likely_days)
    found = new_customers(viewer, signed_from=day - days, expected_until=day + days)
    nobodys = owned_by_nobody(viewer, week.run.id, [each.account_id for each in found]) if found else set()
    known = revenues(viewer, week.run.id) if nobodys else ()
    return tuple(
        Sale(
            account_id=each.account_id,
            signed_on=each.won_at.date() if each.won_at else None,
            expected_on=each.expected_on,
            probability=each.probability,
            share_above=_share_above(known, each.amount_cents),
        )
        for each in found
        if each.account_id in nobodys
    )


def _share_above(known: tuple[int, ...], amount: int | None) -> float | None:
    """Return the share of the revenues, which are in order, that are more than an amount."""
    if not known or amount is None:
        return None
    return (len(known) - bisect_right(known, amount)) / len(known)
