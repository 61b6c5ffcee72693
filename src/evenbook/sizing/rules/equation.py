"""The sizing equation: six inputs, four outputs.

Planned is what the plan promises every account; reachable is what customers come to. Reachability is the
accounts that completed a meeting over the whole base, never over what was booked.

Pure. Money is in major units a year, shares are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.sizing.numbers import SizingNumbers

MONTHS_A_QUARTER = 3


@dataclass(frozen=True)
class Inputs:
    """What the equation is asked of.

    Attributes:
        accounts: active accounts.
        csms: full-time CSMs; 0 asks how many are needed.
        completed_share: accounts that completed a meeting over the whole base, a planned cycle.
        acv: average contract value a year.
        csm_cost: loaded cost of a CSM a year.
        meetings_per_quarter: planned live meetings an account a quarter.
    """

    accounts: float
    csms: float
    completed_share: float
    acv: float
    csm_cost: float
    meetings_per_quarter: float


@dataclass(frozen=True)
class Pair:
    """A figure as planned and as reachable; None where there is nobody to divide by."""

    planned: float | None
    reachable: float | None


@dataclass(frozen=True)
class Outputs:
    """What follows from the inputs.

    Attributes:
        accounts_per_csm: the current book a head.
        meetings_per_day: live meetings a person a working day.
        meetings_a_month: live meetings a person a month.
        hours_share: of the customer-facing hours of a person, 0 to 1 and beyond.
        cost_share_of_arr: what coverage costs over what accounts pay.
        cost_per_account: money a year.
        fundable_book: accounts a head at which a CSM costs policy's share of ARR.
        csms_funded: full-time CSMs that this base funds at that share.
        csms_needed: full-time CSMs that the reachable meetings take, within the ceiling and the hours.
        split_cost_share: what coverage costs at the book of the Split Machine.
    """

    accounts_per_csm: float | None
    meetings_per_day: Pair
    meetings_a_month: Pair
    hours_share: Pair
    cost_share_of_arr: float
    cost_per_account: float
    fundable_book: float
    csms_funded: float
    csms_needed: float
    split_cost_share: float


def outputs(given: Inputs, numbers: SizingNumbers) -> Outputs:
    """Return what follows from inputs that ``inputs.settled`` let through.

    Source:
        spec/sizing.md, "The equation".
    """
    meetings = given.accounts * given.meetings_per_quarter
    real = meetings * given.completed_share
    hours = MONTHS_A_QUARTER * numbers.hours_a_month
    arr = given.accounts * given.acv
    return Outputs(
        accounts_per_csm=_over(given.accounts, given.csms),
        meetings_per_day=_pair(meetings, real, given.csms * numbers.days_a_quarter),
        meetings_a_month=_pair(meetings, real, given.csms * MONTHS_A_QUARTER),
        hours_share=_pair(meetings * numbers.meeting_hours, real * numbers.meeting_hours, given.csms * hours),
        cost_share_of_arr=given.csms * given.csm_cost / arr,
        cost_per_account=given.csms * given.csm_cost / given.accounts,
        fundable_book=given.csm_cost / (numbers.fund_share * given.acv),
        csms_funded=numbers.fund_share * arr / given.csm_cost,
        csms_needed=max(
            real / (numbers.ceiling_a_day * numbers.days_a_quarter), real * numbers.meeting_hours / hours
        ),
        split_cost_share=given.csm_cost / (numbers.split_book * given.acv),
    )


def _pair(planned: float, reachable: float, by: float) -> Pair:
    return Pair(_over(planned, by), _over(reachable, by))


def _over(what: float, by: float) -> float | None:
    return what / by if by else None
