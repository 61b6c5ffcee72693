"""What the sizing equation and the headcount plan rest on: defaults, what a person can do, thresholds."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Section, number, words


class SizingNumbers(Section):
    """The sizing equation."""

    name: ClassVar[str] = "sizing"
    title: ClassVar[str] = "Sizing"

    accounts: int = number(
        600, unit="accounts", reason="Taken where no account is on record.", at_least=1, at_most=10_000_000
    )
    csms: float = number(
        3.0, unit="full-time CSMs", reason="Taken where no CSM is on record.", above=0, at_most=100_000
    )
    completed_share: float = number(
        0.33,
        unit="share of the accounts, 0 to 1",
        reason="Where no meeting is on record: about a third of a base completes the meeting it is offered.",
        above=0,
        at_most=1,
    )
    acv: float = number(
        3000.0,
        unit="money a year",
        reason="What an account pays, where no revenue is on record.",
        above=0,
        at_most=1_000_000_000,
    )
    csm_cost: float = number(
        150_000.0,
        unit="money a year",
        reason="What a CSM costs with everything; no record says it.",
        above=0,
        at_most=100_000_000,
    )
    meetings_per_quarter: float = number(
        1.0,
        unit="live meetings an account a quarter",
        reason="What the plan promises every account; a plan is decided, not measured.",
        above=0,
        at_most=65,
    )
    roles: tuple[str, ...] = words(
        ("csm",), unit="roles in the team", reason="Whoever has one of them counts as a CSM."
    )
    expansion_roles: tuple[str, ...] = words(
        ("expansion", "account_manager", "closer"),
        unit="roles in the team",
        reason="Whoever has one of them is staffed to expansion, all other CSMs to retention.",
    )
    hours_a_month: float = number(
        120.0,
        unit="customer-facing hours a month",
        reason="Not 160: mail, notes and meetings among ourselves take the rest.",
        above=0,
        at_most=744,
    )
    days_a_month: float = number(
        20.0, unit="working days", reason="Leave and holidays apart.", above=0, at_most=31
    )
    days_a_quarter: float = number(
        60.0, unit="working days", reason="Three months of 20.", above=0, at_most=92
    )
    meeting_hours: float = number(
        1.5,
        unit="hours a live meeting",
        reason="With its preparation and its follow-up.",
        above=0,
        at_most=24,
    )
    ceiling_a_day: float = number(
        2.0,
        unit="live meetings a person a working day",
        reason="More than two a day nobody sustains for a quarter.",
        above=0,
        at_most=20,
    )
    fund_share: float = number(
        0.15,
        unit="share of ARR, 0 to 1",
        reason="So much of what accounts pay may go into the people who look after them.",
        above=0,
        at_most=1,
    )
    named_book: float = number(
        50.0,
        unit="accounts a CSM",
        reason="Up to it one person knows every customer by name.",
        above=0,
        at_most=100_000,
    )
    named_reach_share: float = number(
        0.6,
        unit="share of the accounts, 0 to 1",
        reason="Live reviews are a plan only where most customers come.",
        at_least=0,
        at_most=1,
    )
    split_book: float = number(
        400.0,
        unit="accounts a CSM",
        reason="What one person can hold who is split into one machine and led by signals.",
        above=0,
        at_most=1_000_000,
    )
    pooled_reach_share: float = number(
        0.2,
        unit="share of the accounts, 0 to 1",
        reason="Where fewer than one in five ever meets, nobody is owned by name.",
        at_least=0,
        at_most=1,
    )
    as_funded_share: float = number(
        0.1,
        unit="share of the fundable book, 0 to 1",
        reason="So near the current book and the fundable one are the same.",
        at_least=0,
        at_most=1,
    )
    nudge_share: float = number(
        0.1,
        unit="share of an input, 0 to 1",
        reason="By so much each input is moved to see what it does.",
        above=0,
        at_most=0.9,
    )

    @model_validator(mode="after")
    def _thresholds_are_in_order(self) -> Self:
        if self.named_book >= self.split_book:
            raise ValueError("named_book must lie below split_book")
        if self.pooled_reach_share >= self.named_reach_share:
            raise ValueError("pooled_reach_share must lie below named_reach_share")
        return self


class StaffingNumbers(Section):
    """The headcount plan."""

    name: ClassVar[str] = "staffing"
    title: ClassVar[str] = "Headcount plan"

    months: int = number(
        12, unit="months ahead", reason="A year: a budget's horizon.", at_least=3, at_most=24
    )
    runs: int = number(
        10_000,
        unit="simulated years",
        reason="Enough that the ends of the interval stand still.",
        at_least=100,
        at_most=200_000,
    )
    interval_share: float = number(
        0.8,
        unit="share of the simulated years, 0 to 1",
        reason="Four of five years lie within what is said.",
        above=0,
        at_most=0.99,
    )
    hire_for_share: float = number(
        0.5,
        unit="share of the simulated years, 0 to 1",
        reason="Hires are dated for the middle; the ends are said beside.",
        above=0,
        at_most=0.99,
    )
    win_share: float = number(
        0.25,
        unit="probability, 0 to 1",
        reason="Of a sale to which nobody gave a probability.",
        at_least=0,
        at_most=1,
    )
    slip_months: float = number(
        1.0,
        unit="months, on average",
        reason="Sales close later than they are forecast, some much later.",
        at_least=0,
        at_most=12,
    )
    churn_share: float = number(
        0.1,
        unit="share of the accounts a year, 0 to 1",
        reason="Where no retention is measured yet.",
        at_least=0,
        at_most=1,
    )
    expansion_effort_share: float = number(
        0.1,
        unit="share of the account's hours",
        reason="A product more is more to look after, for good.",
        at_least=0,
        at_most=5,
    )
    attrition_share: float = number(
        0.15,
        unit="share of the team a year, 0 to 1",
        reason="One in seven leaves in a year in this trade.",
        at_least=0,
        at_most=0.95,
    )
    leave_share: float = number(
        0.12,
        unit="share of the working days, 0 to 1",
        reason="Leave, illness and holidays of a year; what is known of a month counts against it.",
        at_least=0,
        at_most=0.9,
    )
    search_months: float = number(
        2.0,
        unit="months",
        reason="From the decision to hire to the first day.",
        at_least=0,
        at_most=12,
    )
    least_accounts: int = number(
        5,
        unit="accounts",
        reason="The effort of a tier and stage is measured from so many; with fewer, policy's weights stand.",
        at_least=1,
        at_most=1000,
    )
    layer_share: float = number(
        0.2,
        unit="share of the hours, 0 to 1",
        reason="What one layer down takes off people, where nothing better is known.",
        at_least=0,
        at_most=0.95,
    )
    digital_tier: int = number(
        4, unit="tier", reason="Where a tier goes that is moved to digital.", at_least=1, at_most=4
    )
