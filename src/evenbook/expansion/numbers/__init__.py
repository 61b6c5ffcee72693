"""Who closes what is opened, how soon it is answered, and what a dedicated closer has to bring."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, flag, number, rows, text


class Route(Row):
    """Who takes what is opened for a region or a product to yes or no; an empty one is any."""

    key = ("region", "product")

    region: str = text("", unit="name of the region", reason="As accounts have it; empty is any.", longest=60)
    product: str = text("", unit="name of the product", reason="As it is sold; empty is any.", longest=120)
    owner: str = text(
        unit="key of a person", reason="One person closes, so that no customer hears two.", longest=80
    )


class ExpansionNumbers(Section):
    """Expansion."""

    name: ClassVar[str] = "expansion"
    title: ClassVar[str] = "Expansion"

    routes: tuple[Route, ...] = rows(
        (),
        unit="owner by region and product",
        reason="The closest fit closes: product and region, then product, then region, then any.",
    )
    answer_days: int = number(
        2,
        unit="working days",
        reason="A hand that was raised falls again within days; later answers close far less.",
        at_least=1,
        at_most=30,
    )
    few_ends: int = number(
        20,
        unit="openings that came to an end",
        reason="A close rate of fewer swings by ten points with the next one; it is shown as of few.",
        at_least=1,
        at_most=1000,
    )
    rate_months: int = number(
        12,
        unit="months",
        reason="The pipeline looks back a year: a season is in it once, and old habits are not.",
        at_least=1,
        at_most=60,
    )
    closer_cost: float = number(
        150_000,
        unit="a year, in the organization's currency",
        reason="What a dedicated closer costs with all that goes with it.",
        above=0,
    )
    closer_share: float = number(
        0.25,
        unit="share of what is closed in a year, 0 to 1",
        reason="A closer pays for themselves from four times their cost on.",
        above=0,
        at_most=1,
    )
    hand_seconds: int = number(
        300,
        unit="seconds",
        reason="A signed hand is taken as long as clocks differ and mails are retried, and no longer.",
        at_least=30,
        at_most=3600,
    )
    hands_a_minute: int = number(
        120,
        unit="hands a minute and key",
        reason="More than customers raise at once is a fault in what sends them.",
        at_least=1,
        at_most=10_000,
    )
    mails: bool = flag(
        True, reason="Who closes learns at once of what was opened. Each may choose otherwise."
    )
