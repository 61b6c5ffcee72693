"""Which work counts against a ceiling, what it costs, and how soon a risk should be seen."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Row, Section, choice, number, rows, text, words

WORK = {
    "strategic": "Strategic call",
    "onboarding": "Onboarding session",
    "escalation": "Escalation",
    "internal": "Internal advocacy",
    "admin": "Admin",
}
"""The kinds of work that a week is made of."""


class WorkKind(Row):
    """What work a kind of interaction is."""

    key = ("kind",)

    kind: str = text(unit="kind of interaction", reason="As the records name it.", longest=30)
    work: str = choice(options=WORK, reason="Five kinds that people tell apart when they are tired.")


class Energy(Row):
    """What one piece of work of a kind takes."""

    key = ("work",)

    work: str = choice(options=WORK, unit="kind of work", reason="As the week is made of it.")
    energy: float = number(
        unit="strategic calls that take as much",
        reason="An hour with a customer in trouble is not an hour of filing.",
        at_least=0,
        at_most=5,
    )


class Ceiling(Row):
    """How many strategic interactions a week a role can hold and hold well."""

    key = ("role",)

    role: str = text(unit="role", reason="As the team's records name it.", longest=40)
    tier: int = number(
        unit="tier",
        reason="A role that is not listed has the ceiling of the tier that takes most of the person's hours.",
        at_least=1,
        at_most=4,
    )
    a_week: float = number(
        unit="strategic interactions a week",
        reason="Past it calls get worse; fit it from the team's own weeks once there are enough.",
        above=0,
        at_most=100,
    )


class DetectionWindow(Row):
    """How soon a signal of a kind should be answered by a person."""

    key = ("signal",)

    signal: str = text(unit="kind of signal", reason="As the records of signals name it.", longest=40)
    days: float = number(
        unit="days from the signal to a person's answer",
        reason="Past it the risk was there for anyone to see, and nobody had the time.",
        above=0,
        at_most=90,
    )


class ThroughputNumbers(Section):
    """The weekly seven."""

    name: ClassVar[str] = "throughput"
    title: ClassVar[str] = "Throughput and detection"

    kinds: tuple[WorkKind, ...] = rows(
        (
            WorkKind(kind="meeting", work="strategic"),
            WorkKind(kind="call", work="strategic"),
            WorkKind(kind="strategic", work="strategic"),
            WorkKind(kind="business_review", work="strategic"),
            WorkKind(kind="onboarding", work="onboarding"),
            WorkKind(kind="escalation", work="escalation"),
            WorkKind(kind="internal", work="internal"),
            WorkKind(kind="admin", work="admin"),
        ),
        unit="kind of work by kind of interaction",
        reason="Mails, bulk sends and notes are left out: they are no piece of work by themselves.",
    )
    energies: tuple[Energy, ...] = rows(
        (
            Energy(work="strategic", energy=1.0),
            Energy(work="onboarding", energy=0.9),
            Energy(work="escalation", energy=1.5),
            Energy(work="internal", energy=0.5),
            Energy(work="admin", energy=0.3),
        ),
        unit="strategic calls by kind of work",
        reason="Two weeks with as many meetings are not two equal weeks.",
        fixed=True,
    )
    strategic_minutes: float = number(
        15,
        unit="minutes with the customer present",
        reason="Shorter is a question, not a conversation.",
        at_least=0,
        at_most=240,
    )
    ceilings: tuple[Ceiling, ...] = rows(
        (
            Ceiling(role="enterprise", tier=1, a_week=12),
            Ceiling(role="mid_market", tier=2, a_week=16),
            Ceiling(role="scale", tier=3, a_week=20),
            Ceiling(role="digital", tier=4, a_week=25),
        ),
        unit="strategic interactions a week by role",
        reason="Deep accounts take more out of a person than light ones.",
    )
    intervene_weeks: int = number(
        3,
        unit="weeks running over the ceiling",
        reason="One week is a quarter's end, three are a way of working that will not last.",
        at_least=1,
        at_most=13,
    )
    present_share: float = number(
        0.4,
        unit="share of the week's working days, 0 to 1",
        reason="A week mostly away says nothing of the pace: it neither lengthens nor ends a run.",
        at_least=0,
        at_most=1,
    )
    talk_weeks: int = number(
        4,
        unit="weeks",
        reason="Follow-ups and scores of one week are too few to be read.",
        at_least=1,
        at_most=13,
    )
    quality_least: int = number(
        5, unit="scored calls", reason="A mean of fewer says more of chance than of calls.", at_least=1
    )
    slope_weeks: int = number(
        8, unit="weeks", reason="A direction over two months, not a bad fortnight.", at_least=3, at_most=26
    )
    slope_least: int = number(
        4, unit="weeks with scored calls", reason="A line through three points is a wish.", at_least=2
    )
    survey_weeks: int = number(
        13,
        unit="weeks",
        reason="Surveys are rare: a quarter's answers make a figure, a month's a mood.",
        at_least=1,
        at_most=104,
    )
    windows: tuple[DetectionWindow, ...] = rows(
        (
            DetectionWindow(signal="ticket_escalated", days=2),
            DetectionWindow(signal="champion_left", days=5),
            DetectionWindow(signal="champion_silent", days=5),
            DetectionWindow(signal="sentiment_negative", days=7),
            DetectionWindow(signal="sentiment_falling", days=7),
            DetectionWindow(signal="usage_drop", days=14),
            DetectionWindow(signal="usage_silent", days=14),
            DetectionWindow(signal="renewal_near", days=14),
        ),
        unit="days by kind of signal",
        reason="What can be seen early has to be answered early; over it, capacity is the problem.",
    )
    answers: tuple[str, ...] = words(
        (
            "check_in_note",
            "renewal_risk_brief",
            "escalation_handoff",
            "silence_record",
            "decision_record",
        ),
        unit="kinds of artifacts",
        reason="A written answer is an answer; a health review signed with thirty others is none.",
    )
    detection_days: int = number(
        30,
        unit="days",
        reason="The risks of the last month; one that nobody answered counts with its age.",
        at_least=7,
        at_most=90,
    )
    merge_days: int = number(
        14,
        unit="days",
        reason="A signal that comes back within a fortnight is the same risk.",
        at_least=0,
        at_most=90,
    )

    @model_validator(mode="after")
    def _slope_has_weeks(self) -> Self:
        if self.slope_least > self.slope_weeks:
            raise ValueError("slope_least: more weeks with calls than slope_weeks looks at.")
        return self
