"""Transitions of state, for programs that act on them."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.people.asking import asking
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import Day, Shape, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.states.queries import Change, changes

router = Router("States")
LATELY = timedelta(days=28)


class ChangesAsked(Paged):
    """Which changes."""

    after: Day | None = Field(None, description="After this day; else of the last 28 days.")
    until: Day | None = Field(None, description="Up to this day; else up to the newest week.")


class TransitionOut(Shape):
    """A change of an account's state."""

    account: str
    account_name: str
    on: date
    from_state: str | None
    to_state: str
    causes: list[str]
    policy_version: int


class Transitions(Page):
    """Transitions of state, the newest first."""

    items: list[TransitionOut]
    total: int


@router.reads("/transitions", Transitions)
def list_transitions(request: HttpRequest, asked: Query[ChangesAsked]) -> Transitions:
    """List the changes of state, the newest first, each with its causes."""
    viewer = asking(request)
    newest = week_asked(viewer, None).run
    until = asked.until or newest.as_of
    first = date.min + LATELY
    after = asked.after or (max(until, first) - LATELY)
    found = changes(viewer, after=after, until=until)
    place = Place.of(request, asked, basis=newest.id)
    rows = place.within(found)
    items = [_out(each) for each in place.cut(rows)]
    return Transitions(items=items, next=place.next(rows), total=len(found))


def _out(change: Change) -> TransitionOut:
    return TransitionOut(
        account=change.account_key,
        account_name=change.account_name,
        on=change.on,
        from_state=said_or_none(change.from_state),
        to_state=change.to_state,
        causes=list(change.causes),
        policy_version=change.policy_version,
    )
