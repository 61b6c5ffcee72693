"""The weekly audit added up, and a person's weeks of closing, for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.book.queries import member
from evenbook.closures.queries.closing_weeks import closings
from evenbook.closures.queries.gaps import EVERYBODY
from evenbook.closures.queries.report import report
from evenbook.people.asking import asking
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import AsOf, Line, Shape
from evenbook.runs.asked import week_asked

router = Router("Coverage")


class ReportAsked(AsOf):
    """Which week's audit."""

    everybody: bool = Field(False, description="All accounts, as far as policy leaves coverage open.")


class TierOut(Shape):
    """Requirements of a tier by how they stand."""

    tier: int
    current: int
    missing: int
    expired: int
    not_yet_due: int


class BecameOut(Shape):
    """What became of loops in the week; ``late`` are of those closed, waivers stand by their reason."""

    closed: int
    late: int
    batch: int
    overloaded: int
    requirement: int
    interaction: int
    withdrawn: int
    overdue: int


class LackingOut(Shape):
    """How many artifacts of a kind an owner lacks."""

    owner: str
    owner_name: str
    requirement: str
    missing: int


class WritingOut(Shape):
    """How long a kind takes to write: the median of those written in a form."""

    requirement: str
    median_minutes: float
    artifacts: int
    form_at_fault: bool


class JudgedOut(Shape):
    """How often a suggested diagnosis was confirmed, and how often overruled."""

    diagnosis: str
    confirmed_in_week: int
    overruled_in_week: int
    confirmed_ever: int
    overruled_ever: int


class ReportOut(Shape):
    """The audit of a week, as far as you may see it; what is missing stands at /coverage/audit."""

    as_of: date
    policy_version: int
    missing: int
    tiers: list[TierOut]
    loops: BecameOut
    groups: list[LackingOut]
    writing: list[WritingOut]
    writing_minutes: int = Field(description="What takes longer is a fault of the form.")
    diagnoses: list[JudgedOut]


class WeeksAsked(AsOf):
    """Whose weeks."""

    person: Line = Field(description="A person's key.")


class ClosingWeekOut(Shape):
    """A week of closing at its end; shares are of 1."""

    up_to: date
    opened: int
    closed: int
    late: int
    batch: int
    overdue: int
    follow_ups_overdue: int
    unfinished: int
    due: int
    missing: int
    missing_share: float | None
    away: bool


class ClosingWeeksOut(Shape):
    """A person's last weeks, oldest first, and whether a warning holds: about load, never about a person."""

    person: str
    person_name: str
    as_of: date
    policy_version: int
    warns: bool
    reasons: list[str]
    base: float | None = Field(description="What the missing share is held against.")
    base_is_own: bool
    weeks_above: int
    clean_closures: int | None = Field(description="Closures a week, to compare with and no verdict.")
    unfinished_line: int | None = Field(description="Unfinished work, to compare with and no verdict.")
    weeks: list[ClosingWeekOut]


@router.reads("/coverage/audit/report", ReportOut)
def get_audit_report(request: HttpRequest, asked: Query[ReportAsked]) -> ReportOut:
    """Add up the audit of a week."""
    viewer = asking(request)
    found = report(viewer, week_asked(viewer, asked.as_of), whose=EVERYBODY if asked.everybody else "")
    return ReportOut(
        as_of=found.as_of,
        policy_version=found.policy_version,
        missing=found.gaps,
        tiers=[TierOut(**asdict(each)) for each in found.tiers],
        loops=BecameOut(**asdict(found.became)),
        groups=[
            LackingOut(
                owner=each.owner_key, owner_name=each.owner_name, requirement=each.kind, missing=each.gaps
            )
            for each in found.groups
        ],
        writing=[
            WritingOut(
                requirement=each.kind,
                median_minutes=round(each.minutes, 2),
                artifacts=each.artifacts,
                form_at_fault=each.is_fault,
            )
            for each in found.written
        ],
        writing_minutes=found.writing_minutes,
        diagnoses=[
            JudgedOut(
                diagnosis=now.diagnosis,
                confirmed_in_week=now.confirmed,
                overruled_in_week=now.overruled,
                confirmed_ever=ever.confirmed,
                overruled_ever=ever.overruled,
            )
            for now, ever in found.judged
        ],
    )


@router.reads("/closing-weeks", ClosingWeeksOut)
def get_closing_weeks(request: HttpRequest, asked: Query[WeeksAsked]) -> ClosingWeeksOut:
    """Give a person's last weeks of closing, if you may see their load."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    who = member(viewer, asked.person)
    if who is None:
        raise NothingHere("There is nobody of this key whose weeks you may see.", fix="See /api/v1/people.")
    found = closings(viewer, shown, [who.id]).get(who.id)
    stands = found.standing if found else None
    return ClosingWeeksOut(
        person=who.key,
        person_name=who.name,
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        warns=bool(found and found.warns),
        reasons=list(found.reasons) if found else [],
        base=stands.base if stands else None,
        base_is_own=bool(stands and stands.is_own),
        weeks_above=stands.above if stands else 0,
        clean_closures=found.clean_closures if found else None,
        unfinished_line=found.unfinished_line if found else None,
        weeks=[
            ClosingWeekOut(
                up_to=each.as_of,
                opened=each.opened,
                closed=each.closed,
                late=each.late,
                batch=each.batch,
                overdue=each.overdue,
                follow_ups_overdue=each.follow_ups,
                unfinished=each.unfinished,
                due=each.due,
                missing=each.missing,
                missing_share=each.share,
                away=each.is_away,
            )
            for each in (found.weeks if found else ())
        ],
    )
