"""A person's dates, as a calendar shows them: what they owe, what they wrote down, renewals, meetings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from evenbook.book.queries import contract_versions, me
from evenbook.capacity.queries import Wanted, account_rows
from evenbook.closures.queries.causes import causes
from evenbook.closures.queries.loops import LoopsWanted, loops
from evenbook.closures.queries.touchpoints import touchpoints_by
from evenbook.closures.queries.written import follow_ups_owed
from evenbook.documents.calendar import Days, Event, Span
from evenbook.people.viewer import Viewer
from evenbook.records.queries import booked
from evenbook.runs.queries import Week

BEFORE, AHEAD = timedelta(days=14), timedelta(days=400)
"""Dates of before are kept for a while, so that a calendar does not lose the week that has just gone."""
MOST = 2_000
USUAL_MINUTES = 30
PageOf = Callable[[str, object], str]


def agenda(viewer: Viewer, week: Week, *, now: datetime, page_of: PageOf) -> tuple[Event, ...]:
    """Return the dates of the person that the viewer is; none where they are no member of the team.

    Args:
        viewer: who asks, for themselves.
        week: the newest stored week.
        now: when.
        page_of: returns the address of a page, by its name and what it is of.
    """
    person = me(viewer)
    if person is None:
        return ()
    today = week.today(now)
    wanted = LoopsWanted(person_id=person.id, pools=person.pools, as_they_are=True)
    owed = loops(viewer, week.policy, today, wanted=wanted, limit=MOST)
    why = causes(viewer, week.policy, owed)
    events = [
        Event(
            f"loop-{row.id}@evenbook", Days(row.due_on), f"{row.artifact_title}: {row.account_name}",
            why[row.key], page_of("loop", row.id),
        )
        for row in owed
    ]  # fmt: skip
    events += [
        Event(
            f"follow-up-{each.id}@evenbook", Days(each.due_on), f"{each.what} ({each.account_name})",
            "Named in an artifact.", page_of("account", each.account_key),
        )
        for each in follow_ups_owed(viewer, person.id)[:MOST]
    ]  # fmt: skip
    events += [
        Event(
            f"touchpoint-{each.called}@evenbook", Days(each.day), f"{each.title}: {each.account_name}",
            f"Named in the {each.artifact_title.lower()}.", page_of("account", each.account_key),
            revision=each.revision,
        )
        for each in touchpoints_by(viewer, week.policy, person.id, first=today - BEFORE)[:MOST]
    ]  # fmt: skip
    return (*events, *_renewals(viewer, week, now, page_of), *_meetings(viewer, person.id, now, page_of))


def _renewals(viewer: Viewer, week: Week, now: datetime, page_of: PageOf) -> Iterator[Event]:
    person, today = me(viewer), week.today(now)
    if person is None:
        return
    book = Wanted(book_of=person.id, book_pools=person.pools)
    rows = [row for row in account_rows(viewer, week.run.id, wanted=book, limit=MOST) if row.renews_on]
    versions = contract_versions(viewer, [row.id for row in rows])
    for row in rows:
        if row.renews_on and today - BEFORE <= row.renews_on <= today + AHEAD:
            yield Event(
                f"renewal-{row.id}@evenbook", Days(row.renews_on), f"Renewal: {row.name}", "",
                page_of("account", row.key), revision=versions.get(row.id, 0),
            )  # fmt: skip


def _meetings(viewer: Viewer, person_id: int, now: datetime, page_of: PageOf) -> Iterator[Event]:
    for each in booked(viewer, person_id, first=now - BEFORE, until=now + AHEAD, limit=MOST):
        ends_at = each.at + timedelta(minutes=each.minutes or USUAL_MINUTES)
        yield Event(
            f"meeting-{each.called}@evenbook", Span(each.at, ends_at),
            f"{each.kind}: {each.account_name}", each.subject,
            page_of("account", each.account_key), revision=each.revision,
        )  # fmt: skip
