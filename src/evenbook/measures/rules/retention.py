"""What is said of retention: the bridge, the value of a customer, cohorts, and the figures that are wrong.

The figures themselves are measures, each in its SQL file. Here they are put together. The edges:

- New customers paid nothing before the window. They stand beside NRR, in neither of its sums.
- A customer that paid before, nothing at the start and something at the end came back. That is a
  reactivation, beside NRR as well. One that left and came back inside the window only contracted or grew.
- Contraction, expansion and churn are counted per customer: what one product lost and another won is one
  figure. GRR counts each customer with at most its start, so no growth hides another's loss.
- Money is in the organization's currency at the one fixed rate of policy, so no exchange rate moves NRR.
- A multi-year contract that was not due counts as kept in GRR on all revenue; the renewal rate leaves it
  out. Which of the two NRR and GRR are, ``measures.retention_basis`` says.
- A parent and its subsidiaries are one customer where ``measures.retention_parents`` says so.
- Nothing at the start gives no value, never 0% and never infinity.

Pure. Source: reference formulas 4.1, after Kellogg's definition of NRR as a snapshot of a closed cohort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

FOUR_WEEKS_A_YEAR = 13
LEAST_DIFFERENCE = 0.001
"""Two shares nearer than this are said alike, so the wrong one does no harm."""


@dataclass(frozen=True)
class Bridge:
    """What leads from the revenue of a closed cohort to what it pays now. Minor units, a year.

    Attributes:
        start: paid at the start of the window.
        expansion: paid more by those who grew.
        contraction: paid less by those who stayed.
        churned: paid at the start by those who left.
        new: paid now by new customers.
        returned: paid now by customers who came back.
        total: paid now by all customers.
        customers: at the start; ``stayed`` of them, and ``paying``, all who pay now.
    """

    start: float
    expansion: float
    contraction: float
    churned: float
    new: float
    returned: float
    total: float
    customers: int
    stayed: int
    paying: int

    @property
    def end(self) -> float:
        """What the cohort pays now."""
        return self.start + self.expansion - self.contraction - self.churned

    @property
    def elsewhere(self) -> float:
        """Paid now by customers outside the bridge: those not due, where only what came due counts."""
        return self.total - self.end - self.new - self.returned

    @property
    def nrr(self) -> float | None:
        """Net revenue retention, 1 is level; None without revenue at the start."""
        return self.end / self.start if self.start else None

    @property
    def grr(self) -> float | None:
        """Gross revenue retention, 0 to 1; None without revenue at the start."""
        return (self.start - self.contraction - self.churned) / self.start if self.start else None


@dataclass(frozen=True)
class Lifetime:
    """What a customer is worth while it stays, in minor units, and over how many years.

    ``is_capped`` says that the years are those of policy, for too few leave to tell.
    """

    value: float
    years: float
    is_capped: bool


def lifetime(
    revenue: float | None, logo: float | None, *, margin: float, most_years: float
) -> Lifetime | None:
    """Return revenue per customer × margin ÷ yearly churn of customers; None where one of them is not known.

    Args:
        revenue: a customer's yearly revenue, minor units.
        logo: share of customers kept over a year.
        margin: share of revenue left after serving it.
        most_years: no customer is counted on for longer.
    """
    if revenue is None or logo is None:
        return None
    churn = 1 - logo
    years = min(1 / churn, most_years) if churn > 0 else most_years
    return Lifetime(revenue * margin * years, years, is_capped=churn * most_years < 1)


@dataclass(frozen=True)
class Given:
    """What the wrong figures are made of, besides the bridge. Shares; None where not known.

    Attributes:
        mean_ratio: the mean over customers of revenue at the end ÷ at the start.
        flow: NRR off a revenue bridge, in which growth of new customers leaks.
        month_loss: loss booked in the last four weeks over the revenue before them.
        renewal_rate: of what came due.
        basis: ``all`` or ``due``: what GRR is of.
    """

    mean_ratio: float | None
    flow: float | None
    month_loss: float | None
    renewal_rate: float | None
    basis: str


@dataclass(frozen=True)
class Pair:
    """A figure as it is often made, beside the right one: both shares, how each is made, and why."""

    key: str
    title: str
    lazy: float
    lazy_says: str
    right: float
    right_says: str
    measure: str
    why: str


def pairs(bridge: Bridge, given: Given) -> tuple[Pair, ...]:
    """Return the wrong figures that differ from the right ones, each with its reason."""
    if bridge.nrr is None or bridge.grr is None:
        return ()
    found = [*_of_nrr(bridge, given), *_of_grr(bridge, given), *_of_logos(bridge)]
    return tuple(each for each in found if abs(each.lazy - each.right) >= LEAST_DIFFERENCE)


def _of_nrr(bridge: Bridge, given: Given) -> Iterable[Pair]:
    right = (bridge.nrr or 0.0, "the cohort at the end ÷ the cohort at the start", "nrr")
    yield Pair(
        "with_new", "NRR with new customers", (bridge.end + bridge.new + bridge.returned) / bridge.start,
        "all revenue at the end ÷ revenue at the start", *right,
        "Sales won these customers, nobody kept them; each new one would hide a loss.",
    )  # fmt: skip
    if given.flow is not None:
        yield Pair(
            "flow", "NRR off a revenue bridge", given.flow,
            "start and all growth and loss booked in the window ÷ start", *right,
            "Growth and loss of customers who came inside the window leak in.",
        )  # fmt: skip
    if given.mean_ratio is not None:
        yield Pair(
            "mean_ratio", "Mean of customers' NRR", given.mean_ratio,
            "each customer's end ÷ start, then the mean", *right,
            "The smallest customer would count as much as the largest; what is wanted is money.",
        )  # fmt: skip


def _of_grr(bridge: Bridge, given: Given) -> Iterable[Pair]:
    right = (bridge.grr or 0.0, "each customer with at most its start ÷ start", "grr")
    yield Pair(
        "cap_on_total", "GRR capped on the total", min(bridge.nrr or 0.0, 1.0),
        "the cohort at the end, at most its start ÷ start", *right,
        "One customer's growth would hide what another took away.",
    )  # fmt: skip
    if given.month_loss is not None:
        yield Pair(
            "month_times_13", "Four weeks of loss × 13", 1 - FOUR_WEEKS_A_YEAR * given.month_loss,
            "1 less the loss of the last four weeks × 13", *right,
            "Renewals bunch, so one month is no twelfth of a year, and losses can't be added without end.",
        )  # fmt: skip
    if given.renewal_rate is not None and given.basis == "all":
        yield Pair(
            "multi_year", "GRR read as a renewal rate", bridge.grr or 0.0,
            "all revenue kept ÷ all revenue at the start", given.renewal_rate,
            "kept ÷ start, of customers whose contract came due", "renewal_rate",
            "A multi-year contract that was not due could not be lost, and counts as renewed.",
        )  # fmt: skip


def _of_logos(bridge: Bridge) -> Iterable[Pair]:
    if bridge.customers and bridge.paying:
        lost = bridge.customers - bridge.stayed
        yield Pair(
            "ending_base", "Churn of customers over the ending base", 1 - lost / bridge.paying,
            f"1 less {lost} lost ÷ {bridge.paying} at the end", bridge.stayed / bridge.customers,
            f"{bridge.stayed} stayed ÷ {bridge.customers} at the start", "logo",
            "Those who left were there at the start; a base that grows makes the same loss look smaller.",
        )  # fmt: skip


@dataclass(frozen=True)
class CohortCell:
    """A cohort at the end of a quarter: customers and revenue at its start, and what is left of them."""

    quarter_on: date
    age: int
    until_on: date
    customers: int
    stayed: int
    start: float
    kept: float
    end: float

    @property
    def shares(self) -> dict[str, float | None]:
        """What is kept of each, by what is asked: revenue, net revenue, customers."""
        money = (self.kept / self.start, self.end / self.start) if self.start else (None, None)
        logos = self.stayed / self.customers if self.customers else None
        return {"revenue": money[0], "net": money[1], "customers": logos}


def triangle(cells: Iterable[CohortCell]) -> tuple[tuple[CohortCell, ...], ...]:
    """Return cohorts, the oldest first, each with its quarters in order of age."""
    by_quarter: dict[date, list[CohortCell]] = {}
    for each in cells:
        by_quarter.setdefault(each.quarter_on, []).append(each)
    return tuple(
        tuple(sorted(by_quarter[quarter], key=lambda each: each.age)) for quarter in sorted(by_quarter)
    )


def quarter_name(day: date) -> str:
    """Return the quarter of a day, as 2026 Q1."""
    return f"{day.year} Q{(day.month - 1) // 3 + 1}"


def mean_ratio(parts: Iterable[float], wholes: Iterable[float]) -> float | None:
    """Return the mean of parts over wholes, of those with a whole; None of none."""
    ratios = [part / whole for part, whole in zip(parts, wholes, strict=True) if whole]
    return sum(ratios) / len(ratios) if ratios else None


def bridge_of(sums: Mapping[str, tuple[float, float, int]]) -> Bridge:
    """Return the bridge from the sums of its measures: parts, wholes and rows, by measure."""
    part = {name: each[0] for name, each in sums.items()}
    return Bridge(
        start=sums["nrr"][1],
        expansion=part["expansion"],
        contraction=part["contraction"],
        churned=part["churned"],
        new=part["new_logos"],
        returned=part["returned"],
        total=part["revenue_per_customer"],
        customers=int(sums["logo"][1]),
        stayed=int(part["logo"]),
        paying=int(sums["revenue_per_customer"][1]),
    )
