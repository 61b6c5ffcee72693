"""Loops, artifacts and coverage: what opens a loop, what closes it, which artifacts a tier must hold."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.closures.numbers import artifacts as forms
from evenbook.closures.numbers import loops as openings
from evenbook.closures.numbers.artifacts import Kind, Question
from evenbook.closures.numbers.loops import Cadence, Loop, Severity
from evenbook.policy.schema import Row, Section, choice, day, flag, number, rows, text

NEEDED = {
    "always": "Always current",
    "renewal": "From the renewal window until the renewal is booked",
    "usage": "Usage seen within the days, or the artifact",
}

SEEN = {
    "acknowledged": "Each leader has said that they read it",
    "sent": "It was sent to each leader by mail, on a recorded date",
}


class Requirement(Row):
    """An artifact that accounts of a tier must hold to be covered."""

    key = ("tier", "kind")

    tier: int = number(unit="tier", reason="How the account is served.", at_least=1, at_most=4)
    kind: str = text(unit="kind of artifact", reason="Which artifact must be current.", longest=40)
    needed: str = choice(options=NEEDED, unit="when", reason="A renewal brief is not owed all year.")
    valid_days: int = number(
        unit="days", reason="For so long the artifact, or the usage, stays current.", at_least=1, at_most=730
    )
    first_days: int = number(
        unit="days from the account's start or its move into the tier",
        reason="Until then the first one is not yet due.",
        at_least=0,
        at_most=730,
    )


class Refresh(Row):
    """A day before the renewal on which the brief expires unless it is refreshed."""

    key = ("days_before",)

    days_before: int = number(
        unit="days before the renewal", reason="What was true goes stale.", at_least=1, at_most=365
    )


DEFAULT_REQUIREMENTS = tuple(
    Requirement(tier=tier, kind=kind, needed=needed, valid_days=valid_days, first_days=first_days)
    for tier, kind, needed, valid_days, first_days in (
        (1, "check_in_note", "always", 45, 45),
        (1, "health_review_log", "always", 14, 14),
        (1, "renewal_risk_brief", "renewal", 120, 0),
        (2, "check_in_note", "always", 60, 60),
        (2, "health_review_log", "always", 31, 31),
        (2, "renewal_risk_brief", "renewal", 120, 0),
        (3, "check_in_note", "always", 92, 92),
        (3, "health_review_log", "always", 92, 92),
        (3, "renewal_risk_brief", "renewal", 120, 0),
        (4, "silence_record", "usage", 60, 60),
    )
)


class ClosuresNumbers(Section):
    """Artifacts and coverage."""

    name: ClassVar[str] = "closures"
    title: ClassVar[str] = "Artifacts and coverage"

    start_on: date | None = day(
        None,
        unit="date; empty: the day of the first load",
        reason="Imported history must not bury a team on its first day: only later events open loops.",
    )
    kinds: tuple[Kind, ...] = rows(
        forms.KINDS,
        unit="title by kind of artifact",
        reason="The seven artifacts run the team; an organization may add its own.",
    )
    questions: tuple[Question, ...] = rows(
        forms.QUESTIONS,
        unit="questions by kind of artifact",
        reason="A standard that a machine checks field by field; at most six questions, or nobody writes it.",
    )
    loops: tuple[Loop, ...] = rows(
        openings.LOOPS,
        unit="opening, artifact and days by kind of loop",
        reason="Work without a sign that it is done stays in the head of whoever did it.",
    )
    cadences: tuple[Cadence, ...] = rows(
        openings.CADENCES,
        unit="days by kind of loop and tier",
        reason="The closer an account is served, the sooner it is looked at again.",
    )
    severities: tuple[Severity, ...] = rows(
        openings.SEVERITIES,
        unit="working days by priority",
        reason="The worse an escalation is, the sooner it is handed over; other priorities as the loop says.",
    )
    cohort_tiers: str = text(
        "4",
        unit="tiers, with commas between; empty: none",
        reason="Where nobody looks after single accounts, those that fall silent together have one record.",
        pattern="(?:[1-4](?:, ?[1-4]){0,3})?",
        longest=12,
    )
    cohort_of: str = choice(
        "week",
        options=openings.COHORTS,
        unit="what a cohort is",
        reason="A week's silent accounts can be looked at in one go; a month's are late for the first.",
    )
    long_leave_days: int = number(
        15,
        unit="working days",
        reason="So long a leave asks for a brief of each account; a shorter one for one note on the book.",
        at_least=1,
        at_most=260,
    )
    asynchronous_tiers: str = text(
        "3, 4",
        unit="tiers, with commas between",
        reason="Where no person calls regularly, the next touchpoint may be a channel instead of a date.",
        pattern="(?:[1-4](?:, ?[1-4]){0,3})?",
        longest=12,
    )
    requirements: tuple[Requirement, ...] = rows(
        DEFAULT_REQUIREMENTS,
        unit="days by tier and kind of artifact",
        reason="Covered means that each of these is there and current; it is asked of no one's memory.",
    )
    renewal_brief_days: int = number(
        90,
        unit="days before the renewal",
        reason="The risk is written down a quarter ahead.",
        at_least=1,
        at_most=365,
    )
    renewal_early_days: int = number(
        30,
        unit="days before a brief is owed",
        reason="A brief written so early still counts: the work opens 120 days before the renewal.",
        at_least=0,
        at_most=180,
    )
    renewal_refresh_early_days: int = number(
        7,
        unit="days before a refresh is owed",
        reason="A brief of last week says what a refresh would; one of last month does not.",
        at_least=0,
        at_most=90,
    )
    renewal_refreshes: tuple[Refresh, ...] = rows(
        (Refresh(days_before=60), Refresh(days_before=30)),
        unit="days before the renewal",
        reason="A brief goes stale as the day comes near; unrefreshed, it expires.",
    )
    chain_artifacts: str = text(
        "renewal_risk_brief",
        unit="kinds of artifacts, with commas between; empty: none",
        reason="A risk that no leader has heard of is nobody's decision: the leaders above its owner see it.",
        pattern="(?:[a-z][a-z0-9_]*(?:, ?[a-z][a-z0-9_]*)*)?",
        longest=300,
    )
    chain_seen: str = choice(
        "acknowledged",
        options=SEEN,
        unit="what counts as seen",
        reason="A mail in an inbox is not yet read; who wants no waiting lets the date of sending count.",
    )
    review_step: float = number(
        10,
        unit="points of the health score",
        reason="A score that moved by as much is looked into even where the band is the same.",
        above=0,
        at_most=100,
    )
    warning_window_weeks: int = number(
        4,
        unit="weeks",
        reason="The missing share is of the loops due in them: a single week has too few to tell.",
        at_least=1,
        at_most=13,
    )
    warning_base_weeks: int = number(
        8,
        unit="weeks before",
        reason="A person is held against their own weeks; fewer are noise, more another time of year.",
        at_least=4,
        at_most=26,
    )
    warning_weeks: int = number(
        2, unit="weeks running", reason="One week may be an accident.", at_least=1, at_most=8
    )
    warning_margin: float = number(
        0.07,
        unit="share of the loops due, over the base",
        reason="The smallest rise with at most one false warning a person in two years; see benchmarks.",
        above=0,
        at_most=0.5,
    )
    warning_share: float = number(
        0.25,
        unit="share of the loops due",
        reason="A quarter unwritten is past what can be sustained, whatever the weeks before were.",
        above=0,
        at_most=1,
    )
    warning_overdue: int = number(
        20,
        unit="loops",
        reason="More than a week of closures is overdue: nobody catches that up beside the week's own.",
        at_least=1,
        at_most=1000,
    )
    warning_least_loops: int = number(
        4,
        unit="loops, more than the base leads one to expect",
        reason="In a small book one loop more or less moves the share by more than the margin.",
        at_least=1,
        at_most=100,
    )
    diagnosis_share: float = number(
        0.6,
        unit="share of the owners, or of the accounts",
        reason="What most of them lack, or what leads nowhere at most of them, is not one person's doing.",
        above=0.5,
        at_most=1,
    )
    diagnosis_least: int = number(
        3, unit="owners, or accounts", reason="Of two, most says nothing.", at_least=2, at_most=100
    )
    diagnosis_weeks: int = number(
        26,
        unit="weeks of artifacts looked at",
        reason="Long enough for every cadence to come round, short enough for the requirement of today.",
        at_least=4,
        at_most=104,
    )
    diagnosis_follow_days: int = number(
        28,
        unit="days after an artifact",
        reason="So long something may follow it before its absence means anything.",
        at_least=1,
        at_most=180,
    )
    writing_minutes: int = number(
        5,
        unit="minutes, the median of a kind",
        reason="What takes longer to write is a fault of the form, not of the person.",
        at_least=1,
        at_most=120,
    )
    writing_weeks: int = number(
        13,
        unit="weeks of artifacts looked at",
        reason="A quarter of the form of today.",
        at_least=1,
        at_most=104,
    )
    writing_least: int = number(
        5,
        unit="artifacts of a kind",
        reason="The median of fewer is one person's day.",
        at_least=1,
        at_most=100,
    )
    warning_mails: bool = flag(
        True,
        reason="The person hears it first, then whoever leads them; once a spell. Each may choose otherwise.",
    )
    audit_mails: bool = flag(
        True, reason="Leaders have the audit when the week begins, once a week. Each may choose otherwise."
    )
    pool_mails: bool = flag(
        True, reason="What is overdue in a pool is its lead's, who may not look. Each may choose otherwise."
    )
    clean_closures: int = number(
        15,
        unit="closures a week",
        reason="About what a full book asks of a person; a line to compare with, no verdict.",
        at_least=1,
        at_most=200,
    )
    unfinished_line: int = number(
        40,
        unit="loops and follow-ups past due",
        reason="About where work is no longer in anybody's head; a line to compare with, no verdict.",
        at_least=1,
        at_most=1000,
    )

    @model_validator(mode="after")
    def _loops_and_forms_fit(self) -> Self:
        known = frozenset(row.kind for row in self.kinds)
        closing = frozenset(row.artifact for row in self.loops)
        fault = openings.fault_of(self.loops, self.cadences, known) or forms.fault_of(
            known, closing, self.questions
        )
        if fault:
            raise ValueError(fault)
        return self

    @model_validator(mode="after")
    def _requirements_are_of_known_kinds(self) -> Self:
        known = {row.kind for row in self.kinds}
        strange = {each.strip() for each in self.chain_artifacts.split(",") if each.strip()} - known
        if strange:
            raise ValueError(f"chain_artifacts names an artifact that kinds does not have: {min(strange)}")
        unknown = {row.kind for row in self.requirements} - known
        if unknown:
            raise ValueError(f"requirements names an artifact that kinds does not have: {min(unknown)}")
        late = [
            row.days_before for row in self.renewal_refreshes if row.days_before >= self.renewal_brief_days
        ]
        if late:
            raise ValueError(
                f"the refresh {late[0]} days before the renewal must come after the brief itself"
            )
        return self
