"""Where each product is sold: its rung of the ladder, and when that is looked at again."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, choice, number, rows, text

RUNGS = {
    "initial_sale": "With the initial sale",
    "implementation": "During implementation",
    "after_value": "After value, by the CSM",
    "in_product": "In the product",
}
"""From the first rung to the last; an add-on stops at the first that does no harm."""


class Rung(Row):
    """On which rung an add-on is sold."""

    key = ("product",)

    product: str = text(unit="name of the product", reason="As contracts and sales name it.", longest=120)
    rung: str = choice(options=RUNGS, reason="The first rung on which selling it does no harm.")


class LadderNumbers(Section):
    """The product ladder."""

    name: ClassVar[str] = "expansion_ladder"
    title: ClassVar[str] = "Product ladder"

    ladder: tuple[Rung, ...] = rows(
        (),
        unit="rung by product",
        reason="An add-on that slows the first sale or the start is sold one rung later.",
    )
    with_days: int = number(
        30,
        unit="days",
        reason="An add-on opened so soon after a first sale was part of it.",
        at_least=0,
        at_most=365,
    )
    recheck_months: int = number(
        6,
        unit="months",
        reason="Half a year holds enough first sales to compare with the half before.",
        at_least=1,
        at_most=36,
    )
    close_rate_drop: float = number(
        0.05,
        unit="share of first sales, 0 to 1",
        reason="A close rate that falls by five in a hundred is worth asking what was added to the sale.",
        above=0,
        at_most=1,
    )
    value_rise: float = number(
        0.2,
        unit="share of the time to value before",
        reason="A start that takes a fifth longer carries something that it did not before.",
        above=0,
        at_most=10,
    )
    least_sales: int = number(
        10,
        unit="sales or starts in each half",
        reason="Of fewer, a slip is chance.",
        at_least=2,
        at_most=1000,
    )
