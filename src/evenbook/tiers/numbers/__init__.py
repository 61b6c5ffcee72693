"""What a tier is called, and how much of the base it holds."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator

from evenbook.policy.schema import Row, Section, number, rows, text


class Tier(Row):
    """One way of serving accounts."""

    key = ("tier",)

    tier: int = number(
        unit="tier", reason="1 is served most closely, 4 by the product alone.", at_least=1, at_most=4
    )
    title: str = text(unit="words", reason="How pages and files call it.", longest=30)
    top_share: float = number(
        unit="share of the accounts, counted from the highest ARR",
        reason="A tier suggested by ARR follows the base as it grows.",
        above=0,
        at_most=1,
    )


class TiersNumbers(Section):
    """Tiers."""

    name: ClassVar[str] = "tiers"
    title: ClassVar[str] = "Tiers"

    tiers: tuple[Tier, ...] = rows(
        (
            Tier(tier=1, title="Strategic", top_share=0.12),
            Tier(tier=2, title="Growth", top_share=0.40),
            Tier(tier=3, title="Scale", top_share=0.80),
            Tier(tier=4, title="Digital", top_share=1.0),
        ),
        unit="share of the base by tier",
        reason="The few accounts that carry the revenue get a person, the long tail gets a machine.",
        fixed=True,
    )
    unknown_arr_tier: int = number(
        3,
        unit="tier",
        reason="Of an account without known revenue nothing says that it is small: it is served in the pool.",
        at_least=1,
        at_most=4,
    )

    @field_validator("tiers", mode="after")
    @classmethod
    def _shares_rise(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        shares = [tier.top_share for tier in sorted(value, key=lambda tier: tier.tier)]
        if (
            any(later <= earlier for earlier, later in zip(shares, shares[1:], strict=False))
            or shares[-1] != 1
        ):
            raise ValueError("top_share must rise from tier 1 to tier 4, and tier 4 must end at 1")
        return value
