"""Sizing as programs read and write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from evenbook.rest.shapes import NO_NULL, Asked, Body, Day, Line, Shape
from evenbook.sizing.rules.pushed import MOST_PUSHES

VERDICT = "white_glove, split_machine or pooled_leverage."


class PairOut(Shape):
    """As planned and as reachable; null where there is no CSM to divide by."""

    planned: float | None
    reachable: float | None


class SizingInputOut(Shape):
    """An input: the value used, where it is from, and what else could have stood there."""

    input: str
    input_name: str
    value: float
    provenance: str = Field(description="typed, measured or assumed.")
    provenance_name: str
    measured: float | None
    default: float


class SizingReasonOut(Shape):
    """Why: of reachability, value or the base."""

    of: str
    text: str
    points_to: str = Field(description=f"The verdict that it alone allows: {VERDICT}")


class BoundaryOut(Shape):
    """Where an input brings another verdict; gap = (value − bound) ÷ |bound|."""

    input: str
    input_name: str
    value: float
    bound: float
    gap: float
    verdict: str
    verdict_name: str
    text: str


class VerdictOut(Shape):
    """One of the three verdicts: whether it holds, why, and what it would take."""

    verdict: str
    verdict_name: str
    holds: bool
    does: str
    text: str


class SensitivityOut(Shape):
    """What an input does: how near it is to another verdict, and what a nudge up and down changes."""

    input: str
    input_name: str
    nearest_boundary: BoundaryOut | None
    up: dict[str, float]
    down: dict[str, float]


class NeededOut(Shape):
    """How many CSMs the reachable meetings take."""

    csms: int
    full_time: float
    text: str


class PlanPriceOut(Shape):
    """What a plan must cost a year to buy a verdict."""

    verdict: str
    verdict_name: str
    acv_from: float
    text: str


class SizingPartOut(Shape):
    """A segment or tier, measured by itself, with its verdict."""

    key: str
    name: str
    accounts: int
    csms: float | None
    completed_share: float | None
    acv: float | None
    accounts_per_csm: float | None
    fundable_accounts_per_csm: float
    cost_share_of_arr: float
    verdict: str
    verdict_name: str
    staffing: str
    text: str


class SizingScopeOut(Shape):
    """Of which part of the base: all, segment or tier."""

    kind: str
    key: str | None


class SizingOut(Shape):
    """The answer of the equation; money in major units of the currency."""

    accounts_per_csm: float | None
    meetings_per_day: PairOut
    hours_share: PairOut = Field(description="Of the customer-facing hours of a person, 0 to 1 and beyond.")
    cost_share_of_arr: float
    cost_per_account: float
    acv: float
    meetings_a_month: PairOut
    fundable_accounts_per_csm: float
    cost_share_at_split_book: float
    csms_funded: float
    csms_needed: NeededOut
    verdict: str = Field(description=VERDICT)
    verdict_name: str
    verdict_text: str
    does: str
    reasons: list[SizingReasonOut]
    nearest_boundary: BoundaryOut
    boundaries: list[BoundaryOut]
    verdicts: list[VerdictOut]
    staffing: str = Field(description="understaffed, overstaffed or as_funded.")
    meetings_text: str
    plans: list[PlanPriceOut]
    sensitivity: list[SensitivityOut] = Field(description="The input that matters most first.")
    inputs: list[SizingInputOut]
    currency: str
    as_of: date | None
    policy_version: int
    scope: SizingScopeOut
    meetings_on_calendar_per_quarter: float | None
    cycle_days: int | None
    segments: list[SizingPartOut]
    tiers: list[SizingPartOut]


def _typed(unit: str) -> float | None:
    found: float | None = Field(None, allow_inf_nan=False, description=f"{unit}; left out: measured.")
    return found


class SizingAsked(Asked):
    """What is typed; what is not is measured, else policy's default."""

    as_of: Day | None = None
    segment: Line = ""
    tier: Literal["", "1", "2", "3", "4"] = ""
    accounts: float | None = _typed("Accounts")
    csms: float | None = _typed("Full-time CSMs; 0 asks how many are needed")
    completed_share: float | None = _typed("Share of the accounts, 0 to 1")
    acv: float | None = _typed("Money a year")
    csm_cost: float | None = _typed("Money a year")
    meetings_per_quarter: float | None = _typed("Live meetings an account a quarter")


class ScenarioOut(Shape):
    """A saved scenario: its inputs, and the answer that they had."""

    id: int
    name: str
    scope: SizingScopeOut
    inputs: dict[str, float]
    verdict: str
    verdict_name: str
    accounts_per_csm: float | None
    meetings_per_day: PairOut
    hours_share: PairOut
    cost_share_of_arr: float
    as_of: date | None
    policy_version: int
    made_by: str
    made_at: datetime | None


class ScenariosOut(Shape):
    """The scenarios that are kept, the oldest first."""

    items: list[ScenarioOut]


class SavingScenario(Body):
    """A scenario's name and what is typed; what is not is measured now."""

    name: str = Field(min_length=1, max_length=80, pattern=NO_NULL)
    segment: str = Field("", max_length=300, pattern=NO_NULL)
    tier: Literal["", "1", "2", "3", "4"] = ""
    inputs: dict[str, float] = Field(default_factory=dict, max_length=6)


class DroppingScenario(Body):
    """It takes nothing but the number in the address."""


class PlanRangeOut(Shape):
    """A figure in the middle of the simulated years, and within which most of them lie."""

    low: float
    middle: float
    high: float


class PlanCountsOut(Shape):
    """Hires in the middle of the simulated years and at the two ends."""

    low: int
    middle: int
    high: int


class PlanMonthOut(Shape):
    """A month ahead, hours a month; short_share is of the simulated years."""

    first_on: date
    need: PlanRangeOut
    capacity: PlanRangeOut
    short_share: float


class PlanStartOut(Shape):
    """A hire: needed from, to start by, to be decided by."""

    needed_from: date
    start_by: date
    decide_by: date
    is_late: bool


class PlanWhatIfOut(Shape):
    """A change beside the plan, from the same seed."""

    what: str
    person: str | None = Field(description="Whom it names, for who may see single people.")
    text: str
    hires: PlanCountsOut
    need_at_the_end: PlanRangeOut
    capacity_at_the_end: PlanRangeOut
    balance_at_the_end: PlanRangeOut
    change_at_the_end: PlanRangeOut | None = Field(
        None, description="Hours more to spare, year by year; null in plans kept before it was."
    )
    starts: list[PlanStartOut]
    short_until: date | None
    hires_text: str


class PlanMomentsOut(Shape):
    """Mean and variance of the hours of each month, worked out exactly."""

    mean: list[float]
    variance: list[float]


class PlanExactOut(Shape):
    """What the simulation is checked against."""

    need: PlanMomentsOut
    capacity: PlanMomentsOut


class PlanRestsOnOut(Shape):
    """Where the plan's own inputs are from."""

    new_customers: str = Field(description="pipeline, or last year where no sale to one is open.")
    new_customers_a_month: float
    churn_by_tier: dict[str, float]
    churn_measured_of_tiers: list[int]
    effort_measured_of: int
    win_share_assumed_of: int


class PlanMeasuredOnOut(Shape):
    """Of what the plan is."""

    accounts: int
    sales_to_new_customers: int
    expansions: int
    people: int
    simulated_years: int


class TierOfKindOut(Shape):
    """What a kind takes of a tier: its share of what is on record, and hours a month in the plan."""

    tier: int
    share: float | None
    hours: float | None


class KindOfWorkOut(Shape):
    """A kind of work: hours on record in the quarter, and what they are a month in the plan."""

    kind: str
    kind_name: str
    entries: int
    untimed: int = Field(description="Entries without minutes.")
    recorded_hours: float
    hours: float | None = Field(description="Null where no entry has minutes.")
    tiers: list[TierOfKindOut]


class PlanWorkOut(Shape):
    """Hours by kind of work, from which a layer pushed down starts."""

    days: int
    hours_without_kind: float = Field(description="On timesheets, over those with a kind.")
    hours_now: float
    kinds: list[KindOfWorkOut]


class HeadcountPlanOut(Shape):
    """A headcount plan: hours a month needed and there, hires and by when they must start, what-ifs."""

    id: int
    as_of: date
    policy_version: int
    seed: int
    runs: int
    interval_share: float
    full_person_hours: float
    hires: PlanCountsOut
    need_at_the_end: PlanRangeOut
    capacity_at_the_end: PlanRangeOut
    balance_at_the_end: PlanRangeOut
    starts: list[PlanStartOut]
    short_until: date | None
    hires_text: str
    months: list[PlanMonthOut]
    exact: PlanExactOut
    text: str
    what_ifs: list[PlanWhatIfOut]
    work: PlanWorkOut | None = Field(None, description="Null in plans kept before it was.")
    rests_on: PlanRestsOnOut
    measured_on: PlanMeasuredOnOut


class PlanRun(Shape):
    """The run that works a plan out; it is read under /sizing/plan afterwards."""

    run: int


class Pushing(Body):
    """A share of a kind of work that a lower layer takes over."""

    kind: str = Field(max_length=30, pattern=NO_NULL, description="As the records name it.")
    share: float = Field(ge=0, le=1)
    tier: int | None = Field(None, ge=1, le=4, description="Of whose accounts; null for all.")
    hours: float | None = Field(
        None, ge=0, le=1e9, description="Hours a month that it takes now; null for what is on record."
    )


class Planning(Body):
    """What is asked of a plan beside the standing what-ifs."""

    seed: int = Field(1, ge=0, le=2**31 - 1)
    hires: int = Field(1, ge=0, le=1000)
    hired_in: int = Field(0, ge=0, le=23)
    leaver: str = Field("", max_length=80, pattern=NO_NULL, description="A person's key.")
    from_tier: int | None = Field(None, ge=1, le=4)
    layer_share: float | None = Field(None, ge=0, lt=1)
    pushes: list[Pushing] = Field(default_factory=list, max_length=MOST_PUSHES)


class RolloutStepOut(Shape):
    """A step of the roll-out: whether somebody says that it is done, and what the records show."""

    step: str
    step_name: str
    is_done: bool
    is_seen: bool
    text: str
    choice: str | None
    note: str | None
    done_by: str | None
    done_on: date | None


class RolloutStepsOut(Shape):
    """The seven steps in order."""

    items: list[RolloutStepOut]


class MarkingStep(Body):
    """Whether a step is done, and what was chosen in it: a verdict for pick, a name for closer."""

    done: bool = True
    choice: str = Field("", max_length=80, pattern=NO_NULL)
    note: str = Field("", max_length=300, pattern=NO_NULL)
