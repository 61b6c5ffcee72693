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
