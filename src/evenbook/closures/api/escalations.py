"""Escalations for programs: what is open at an account, opening one, and its resolution outside."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.closures.actions.escalating import escalate, no_such_account, resolve
from evenbook.closures.queries.issues import account_with_issues, issues_at
from evenbook.people.asking import asking
from evenbook.records.queries import Issue
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Line, Shape, instant, said_or_none
from evenbook.runs.queries import week

router = Router("Loops")


class IssuesAsked(Paged):
    """The issues of which account."""

    account: Line = Field(description="An account's key.")


class IssueOut(Shape):
    """An issue that is settled outside the CS team: an escalated ticket, or one that a person opened."""

    id: str
    account: str
    account_name: str
    cause: str
    severity: str | None
    opened_at: datetime | None
    opened_by: str | None = Field(description="Who opened it here; null for a ticket of another system.")
    note: str | None
    source: str
    loop: str | None = Field(description="The loop that it opened; null until the next refresh.")
    loop_state: str | None


class Issues(Page):
    """A page of the open issues of an account, the oldest first."""

    items: list[IssueOut]
    account: str
    account_name: str
    total: int


class Escalating(Body):
    """An escalation."""

    account: str = Field(max_length=200, pattern=NO_NULL)
    cause: str = Field(max_length=20_000, pattern=NO_NULL, description="What is wrong, in a line.")
    severity: str = Field(max_length=200, pattern=NO_NULL, description="A priority of the policy.")
    note: str = Field("", max_length=20_000, pattern=NO_NULL)


class Resolving(Body):
    """An issue that was resolved outside."""

    escalation: str = Field(max_length=320, pattern=NO_NULL, description="Its id.")
    note: str = Field("", max_length=20_000, pattern=NO_NULL, description="How it was resolved.")


class Resolved(Shape):
    """What was written down."""

    id: str
    resolved: bool


@router.reads("/escalations", Issues)
def list_escalations(request: HttpRequest, asked: Query[IssuesAsked]) -> Issues:
    """List the issues that are open at an account that you may open or answer for."""
    viewer = asking(request)
    account = account_with_issues(viewer, asked.account)
    if account is None:
        raise no_such_account(asked.account)
    place = Place.of(request, asked)
    found = issues_at(viewer, week(viewer), account.id, now=timezone.now()).open
    rows = place.within(found)
    return Issues(
        items=[
            _issue(each.issue, each.loop.key if each.loop else "", each.loop.state if each.loop else "")
            for each in place.cut(rows)
        ],
        next=place.next(rows),
        account=account.key,
        account_name=account.name,
        total=len(found),
    )


@router.writes("POST", "/escalations", IssueOut)
def open_escalation(request: HttpRequest, given: Escalating) -> IssueOut:
    """Open an escalation at an account; its loop opens with the next refresh of the figures."""
    by, now = asking(request), timezone.now()
    return _issue(escalate(given.account, given.cause, given.severity, given.note, by=by, now=now))


@router.writes("POST", "/escalations/resolve", Resolved)
def resolve_escalation(request: HttpRequest, given: Resolving) -> Resolved:
    """Write down that an issue that was opened here was resolved outside; its loop stays as it is."""
    issue = resolve(given.escalation, given.note, by=asking(request), now=timezone.now())
    return Resolved(id=issue.event, resolved=True)


def _issue(issue: Issue, loop: str = "", loop_state: str = "") -> IssueOut:
    return IssueOut(
        id=issue.event,
        account=issue.account_key,
        account_name=issue.account_name,
        cause=issue.cause,
        severity=said_or_none(issue.severity),
        opened_at=instant(issue.escalated_at),
        opened_by=said_or_none(issue.opened_by),
        note=said_or_none(issue.note),
        source=issue.source,
        loop=said_or_none(loop),
        loop_state=said_or_none(loop_state),
    )
