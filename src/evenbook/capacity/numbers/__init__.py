"""What an account takes and what a person can sustain, in hours a month."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from evenbook.policy.schema import Row, Section, choice, flag, number, rows, text, words

FACTORS = {
    "stage": "Lifecycle stage",
    "stakeholders": "Stakeholders",
    "complexity": "Complexity",
    "products": "Product footprint",
    "regulated": "Regulated",
    "trajectory": "Health trajectory",
    "expansion": "Expansion",
    "signals": "Signal density",
    "sentiment": "Sentiment",
    "follow_ups": "Follow-up density",
}
COUNTED = {"stakeholders", "complexity", "products"}
"""Factors whose levels hold from a count on; the levels of the others are names."""

ATTRIBUTES = {
    "integrations": "Integration depth (integrations in use)",
    "stakeholders": "Stakeholders (active contacts)",
    "use_cases": "Use-case variety (use cases in use)",
}


class BaseHours(Row):
    """The standing care of a tier."""

    key = ("tier",)

    tier: int = number(unit="tier", reason="How the account is served.", at_least=1, at_most=4)
    hours: float = number(
        unit="hours a month",
        reason="A full book at the upper guideline is a full month.",
        at_least=0,
        at_most=744,
    )


class Multiplier(Row):
    """By how much one level of a factor raises or lowers the effort.

    ``at_least`` is the count from which a level of a counted factor holds; the levels of other
    factors are names and have none.
    """

    key = ("factor", "level")

    factor: str = choice(options=FACTORS, unit="factor", reason="What makes an account easier or harder.")
    level: str = text(unit="level", reason="As the account is tagged.", longest=30)
    at_least: float | None = number(
        None,
        unit="count from which the level holds, or empty",
        reason="Counted factors have steps.",
        at_least=0,
    )
    multiplier: float = number(
        unit="times the base hours",
        reason="1 changes nothing; calibrate from logged hours.",
        above=0,
        at_most=5,
    )


class ComplexityPoints(Row):
    """How many points an attribute of an account adds to its complexity."""

    key = ("attribute", "at_least")

    attribute: str = choice(
        options=ATTRIBUTES, unit="attribute", reason="What makes a set-up hard to know by heart."
    )
    at_least: float = number(
        unit="count from which the points hold", reason="Steps, not a slope.", at_least=0
    )
    points: int = number(unit="points", reason="Summed over the attributes.", at_least=0, at_most=10)


class ComplexityLevel(Row):
    """From how many points on a level holds."""

    key = ("level",)

    level: int = number(
        unit="level, 1 to 5", reason="Five steps that people can tell apart.", at_least=1, at_most=5
    )
    at_least: float = number(
        unit="points from which the level holds", reason="Summed over the attributes.", at_least=0
    )


class RampStep(Row):
    """The share of full capacity from a day of tenure on."""

    key = ("from_day",)

    from_day: int = number(
        unit="days since the start", reason="Tenure, first day 0.", at_least=0, at_most=1000
    )
    share: float = number(
        unit="share of full capacity, 0 to 1",
        reason="A new CSM learns before they carry.",
        above=0,
        at_most=1,
    )


def _levels(factor: str, levels: dict[str, float]) -> tuple[Multiplier, ...]:
    return tuple(Multiplier(factor=factor, level=level, multiplier=value) for level, value in levels.items())


def _steps(factor: str, levels: dict[str, tuple[float, float]]) -> tuple[Multiplier, ...]:
    return tuple(
        Multiplier(factor=factor, level=level, at_least=start, multiplier=value)
        for level, (start, value) in levels.items()
    )


DEFAULT_MULTIPLIERS = (
    *_levels("stage", {"onboarding": 1.6, "adoption": 1.1, "value": 0.9, "renewal": 1.3}),
    *_steps("stakeholders", {"0-1": (0, 0.9), "2-4": (2, 1.0), "5-9": (5, 1.2), "10+": (10, 1.4)}),
    *_steps("complexity", {"1": (1, 0.85), "2": (2, 0.95), "3": (3, 1.0), "4": (4, 1.15), "5": (5, 1.3)}),
    *_steps(
        "products",
        {"1": (0, 1.0), "2": (2, 1.05), "3": (3, 1.10), "4": (4, 1.15), "5": (5, 1.20), "6+": (6, 1.25)},
    ),
    *_levels("regulated", {"no": 1.0, "yes": 1.1}),
    *_levels(
        "trajectory", {"steady": 1.0, "declining": 1.3, "at_risk": 1.5, "silent": 1.1, "recovering": 1.15}
    ),
    *_levels("expansion", {"none": 1.0, "emerging": 1.05, "qualified": 1.1, "active": 1.3}),
    *_levels("signals", {"usual": 1.0, "dense": 1.1}),
    *_levels("sentiment", {"steady": 1.0, "falling": 1.15}),
    *_levels("follow_ups", {"usual": 1.0, "dense": 1.15}),
)


class CapacityNumbers(Section):
    """Effort, capacity and load."""

    name: ClassVar[str] = "capacity"
    title: ClassVar[str] = "Effort and capacity"

    base_hours: tuple[BaseHours, ...] = rows(
        (
            BaseHours(tier=1, hours=8),
            BaseHours(tier=2, hours=2.4),
            BaseHours(tier=3, hours=0.6),
            BaseHours(tier=4, hours=0.05),
        ),
        unit="hours a month by tier",
        reason="What the tier's standing care takes before anything happens.",
        fixed=True,
    )
    multipliers: tuple[Multiplier, ...] = rows(
        DEFAULT_MULTIPLIERS,
        unit="times the base hours, by factor and level",
        reason="Accounts are not interchangeable: each cause of effort is named and weighed.",
        fixed=True,
    )
    max_multiplier: float = number(
        3,
        unit="times the base hours",
        reason="Past it an account is in the wrong tier.",
        at_least=1,
        at_most=10,
    )
    centered: bool = flag(
        False, reason="On once calibrated: each tier's mean over its base becomes 1, so totals stay true."
    )
    renewal_window_days: int = number(
        90, unit="days before the renewal", reason="When renewal work starts.", at_least=0, at_most=365
    )
    stakeholder_days: int = number(
        90, unit="days", reason="A contact not heard of for a quarter takes no time.", at_least=1, at_most=730
    )
    complexity_points: tuple[ComplexityPoints, ...] = rows(
        (
            ComplexityPoints(attribute="integrations", at_least=1, points=1),
            ComplexityPoints(attribute="integrations", at_least=3, points=2),
            ComplexityPoints(attribute="integrations", at_least=6, points=3),
            ComplexityPoints(attribute="stakeholders", at_least=5, points=1),
            ComplexityPoints(attribute="stakeholders", at_least=10, points=2),
            ComplexityPoints(attribute="use_cases", at_least=2, points=1),
            ComplexityPoints(attribute="use_cases", at_least=4, points=2),
        ),
        unit="points by attribute and count",
        reason="Complexity is counted from the records, so two people tag one account alike.",
    )
    complexity_levels: tuple[ComplexityLevel, ...] = rows(
        (
            ComplexityLevel(level=1, at_least=0),
            ComplexityLevel(level=2, at_least=1),
            ComplexityLevel(level=3, at_least=2),
            ComplexityLevel(level=4, at_least=4),
            ComplexityLevel(level=5, at_least=6),
        ),
        unit="points by level",
        reason="Most accounts should fall on the middle level.",
        fixed=True,
    )
    complexity_unknown: int = number(
        3,
        unit="level, 1 to 5",
        reason="An account of which nothing is known is taken as usual.",
        at_least=1,
        at_most=5,
    )
    whitespace_share: float = number(
        0.5,
        unit="share of the products not owned, 0 to 1",
        reason="Over it there is enough left to sell that an opportunity is emerging.",
        at_least=0,
        at_most=1,
    )
    active_stage_words: tuple[str, ...] = words(
        (
            "propos",
            "quote",
            "negotiat",
            "contract",
            "decision",
            "commit",
            "legal",
            "procure",
            "closing",
            "verbal",
        ),
        unit="words in the name of an opportunity's stage",
        reason="From the offer on a sale takes time every week; before it, it is qualified.",
    )
    feature_asks: int = number(
        3, unit="times asked", reason="Asked for once is talk, three times is a need.", at_least=1, at_most=20
    )
    feature_ask_days: int = number(
        60, unit="days", reason="Asks further apart are not one need.", at_least=1, at_most=365
    )
    dense_share: float = number(
        0.25,
        unit="top share of the tier's accounts",
        reason="Dense is meant within the tier.",
        above=0,
        at_most=0.5,
    )
    dense_weeks: int = number(
        13,
        unit="weeks",
        reason="Signals and follow-ups are rare; a quarter shows a rate.",
        at_least=1,
        at_most=52,
    )
    monthly_hours: float = number(
        120,
        unit="customer-facing hours a month",
        reason="What a full-time person can sustain; published calibrations lie between 90 and 120.",
        above=0,
        at_most=300,
    )
    ramp: tuple[RampStep, ...] = rows(
        (
            RampStep(from_day=0, share=0.25),
            RampStep(from_day=31, share=0.5),
            RampStep(from_day=61, share=0.75),
            RampStep(from_day=91, share=1.0),
        ),
        unit="share of full capacity by tenure",
        reason="A person in their first quarter carries less, and the plan says so.",
    )
    availability_weeks: int = number(
        4,
        unit="weeks up to the as-of day",
        reason="Leave and holidays of a month, not a day.",
        at_least=1,
        at_most=13,
    )
    load_green_below: float = number(
        90,
        unit="percent of capacity",
        reason="A tenth is kept free for what nobody planned.",
        above=0,
        at_most=300,
    )
    load_red_above: float = number(
        110,
        unit="percent of capacity",
        reason="Past it, written work is what gives way.",
        above=0,
        at_most=300,
    )
    load_room_below: float = number(
        60,
        unit="percent of capacity",
        reason="Under it a person can take more accounts.",
        at_least=0,
        at_most=300,
    )
    load_review_weeks: int = number(
        2,
        unit="red weeks running",
        reason="One red week is bad luck, two are too large a book.",
        at_least=1,
        at_most=13,
    )
    load_room_weeks: int = number(
        4, unit="weeks running", reason="A quiet week is not yet room.", at_least=1, at_most=26
    )
    load_mean_weeks: int = number(
        4,
        unit="weeks",
        reason="Shown beside the week, so that one holiday does not alarm.",
        at_least=1,
        at_most=13,
    )
    person_months: int = number(
        13,
        unit="months",
        reason="A year and the same month of the one before; older figures of single people go.",
        at_least=4,
        at_most=60,
    )
    team_level_only: bool = flag(
        False, reason="On, load is shown for teams only; some works councils ask for it."
    )

    @field_validator("multipliers", mode="after")
    @classmethod
    def _steps_rise(cls, value: tuple[Multiplier, ...]) -> tuple[Multiplier, ...]:
        for factor in FACTORS:
            starts = [row.at_least for row in value if row.factor == factor]
            known = [start for start in starts if start is not None]
            if factor in COUNTED and (len(known) < len(starts) or known != sorted(set(known))):
                raise ValueError(
                    f"the levels of {factor} must each hold from a higher count than the one before"
                )
            if factor not in COUNTED and known:
                raise ValueError(f"the levels of {factor} are names and hold from no count")
        return value

    @field_validator("ramp", mode="after")
    @classmethod
    def _ramp_starts_at_once(cls, value: tuple[RampStep, ...]) -> tuple[RampStep, ...]:
        if not any(step.from_day == 0 for step in value):
            raise ValueError("one step must start on day 0")
        return value

    @model_validator(mode="after")
    def _bands_are_in_order(self) -> Self:
        if not self.load_room_below < self.load_green_below <= self.load_red_above:
            raise ValueError("load_room_below, load_green_below and load_red_above must rise in this order")
        return self
