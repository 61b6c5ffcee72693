"""Decisions for programs: what waits, deciding it, taking it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.decisions import actions
from evenbook.decisions.queries import (
    DecisionRow,
    DecisionsWanted,
    decision,
    decisions,
    how_many_decisions,
)
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Line, Shape, instant, said_or_none

router = Router("Decisions")


class DecisionsAsked(Paged):
    """Which decisions."""

    state: Literal["open", "accepted", "done", "declined", "lapsed"] | None = None
    kind: Line = Field("", description="A kind of decision, such as early_warning.")
    person: Line = Field("", description="A person's key.")


class EvidenceOut(Shape):
    """A figure that a decision rests on, and what it is held against; a share is of 1."""

    name: str
    value: float | None
    unit: str
    against: float | None
    against_name: str | None


class DecisionOut(Shape):
    """A decision: about a person or an account, in a sentence, with what it rests on."""

    id: int
    kind: str
    kind_name: str
    person: str | None
    person_name: str | None
    account: str | None
    account_name: str | None
    sentence: str
    reasons: list[str]
    evidence: list[EvidenceOut]
    state: str = Field(
        description="noticed (the person alone sees it), open, accepted, done, declined or lapsed."
    )
    owners: list[str] = Field(description="The leaders nearest above: for them it waits.")
    noticed_on: date
    waiting_from: date | None
    as_of: date = Field(description="The day of the evidence.")
    ended_on: date | None = Field(description="Since when it does not hold any more.")
    choices: list[str]
    decided: str | None
    note: str | None
    decided_by: str | None
    decided_at: datetime | None
    done_at: datetime | None
    effect: str | None = Field(description="What came of it, in words.")
    may_decide: bool


class Decisions(Page):
    """Decisions, those that wait first."""

    items: list[DecisionOut]
    total: int


class TakenDecision(Body):
    """What a leader decides."""

    decision: int = Field(ge=1, le=2**31)
    choice: str = Field(max_length=40, pattern=NO_NULL, description="One of the decision's choices.")
    note: str = Field("", max_length=500, pattern=NO_NULL)


class OneDecision(Body):
    """A decision by its number."""

    decision: int = Field(ge=1, le=2**31)


@router.reads("/decisions", Decisions)
def list_decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> Decisions:
    """List the decisions that you may see."""
    viewer = asking(request)
    wanted = DecisionsWanted(state=asked.state or "", kind=asked.kind, person=asked.person)
    total = how_many_decisions(viewer, wanted=wanted)
    place = Place.of(request, asked, basis=total)
    rows = decisions(viewer, wanted=wanted, offset=place.offset, limit=place.more)
    return Decisions(items=[_out(each) for each in place.cut(rows)], next=place.next(rows), total=total)


@router.writes("POST", "/decisions/decide", DecisionOut)
def decide_decision(request: HttpRequest, given: TakenDecision) -> DecisionOut:
    """Decide what waits. For a leader above whom it is about; the last word stands."""
    viewer = asking(request)
    actions.decide(given.decision, given.choice, given.note, by=viewer, now=timezone.now())
    return _found(viewer, given.decision)


@router.writes("POST", "/decisions/done", DecisionOut)
def finish_decision(request: HttpRequest, given: OneDecision) -> DecisionOut:
    """Say that what was accepted has been done; from now on its effect is measured."""
    viewer = asking(request)
    actions.finish(given.decision, by=viewer, now=timezone.now())
    return _found(viewer, given.decision)


@router.writes("POST", "/decisions/take-back", DecisionOut)
def take_decision_back(request: HttpRequest, given: OneDecision) -> DecisionOut:
    """Let a decision wait again, as long as what it is about holds."""
    viewer = asking(request)
    actions.take_back(given.decision, by=viewer, now=timezone.now())
    return _found(viewer, given.decision)


def _found(viewer: Viewer, number: int) -> DecisionOut:
    found = decision(viewer, number)
    assert found is not None, "it was changed a moment ago"
    return _out(found)


def _out(row: DecisionRow) -> DecisionOut:
    return DecisionOut(
        id=row.id,
        kind=row.kind,
        kind_name=row.title,
        person=said_or_none(row.person_key),
        person_name=said_or_none(row.person_name),
        account=said_or_none(row.account_key),
        account_name=said_or_none(row.account_name),
        sentence=row.sentence,
        reasons=list(row.reasons),
        evidence=[
            EvidenceOut(
                name=each.name,
                value=each.value,
                unit=each.unit,
                against=each.against,
                against_name=said_or_none(each.against_name),
            )
            for each in row.evidence
        ],
        state=row.state,
        owners=list(row.owners),
        noticed_on=row.noticed_on,
        waiting_from=row.waits_from_on,
        as_of=row.as_of,
        ended_on=row.ended_on,
        choices=[each.value for each in row.choices],
        decided=said_or_none(row.choice),
        note=said_or_none(row.note),
        decided_by=said_or_none(row.decided_by),
        decided_at=instant(row.decided_at),
        done_at=instant(row.done_at),
        effect=said_or_none(row.effect),
        may_decide=row.may_decide,
    )
