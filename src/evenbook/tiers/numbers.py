"""What a tier is: how much of the base it holds, and how many accounts one person can serve in it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator

from evenbook.policy.schema import Row, Section, flag, number, rows, text


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
    pooled: bool = flag(reason="A pooled tier has a queue instead of a named owner.")
    accounts_least: int = number(unit="accounts a person", reason="Below it a person has room.", at_least=0)
    accounts_most: int = number(
        unit="accounts a person", reason="The guideline of the tier at full effort.", at_least=1
    )
    touch: str = text(unit="words", reason="What the customer is promised.", longest=200)


class Segment(Row):
    """What one person can carry in a segment, apart from the tier."""

    key = ("segment",)

    segment: str = text(unit="segment", reason="What kind of customer it is.", longest=40)
    accounts_least: int = number(unit="accounts a person", reason="Published ratios.", at_least=0)
    accounts_most: int = number(unit="accounts a person", reason="Published ratios.", at_least=1)
    arr_least: float = number(
        unit="ARR a person, in the organization's currency", reason="Published ratios.", at_least=0
    )
    arr_most: float = number(
        unit="ARR a person, in the organization's currency", reason="Published ratios.", at_least=0
    )


class TiersNumbers(Section):
    """Tiers and segments."""

    name: ClassVar[str] = "tiers"
    title: ClassVar[str] = "Tiers and segments"

    tiers: tuple[Tier, ...] = rows(
        (
            Tier(
                tier=1, title="Strategic", top_share=0.12, pooled=False, accounts_least=5, accounts_most=15,
                touch="Named CSM, quarterly review, monthly call, executive sponsor",
            ),
            Tier(
                tier=2, title="Growth", top_share=0.40, pooled=False, accounts_least=25, accounts_most=50,
                touch="Named CSM, half-yearly review, monthly call, digital every 2 weeks",
            ),
            Tier(
                tier=3, title="Scale", top_share=0.80, pooled=True, accounts_least=100, accounts_most=200,
                touch="Pooled, yearly review, quarterly digital check-in",
            ),
            Tier(
                tier=4, title="Digital", top_share=1.0, pooled=True, accounts_least=500, accounts_most=2400,
                touch="No named CSM: in-product, mail, community",
            ),
        ),
        unit="standard by tier",
        reason="The few accounts that carry the revenue get a person, the long tail gets a machine.",
        fixed=True,
    )  # fmt: skip
    hysteresis: float = number(
        0.10,
        unit="share of the tier's ARR threshold",
        reason="An account on the border moves only when it is clearly past it.",
        at_least=0,
        at_most=0.5,
    )
    hold_days: int = number(
        90,
        unit="days after a negative event",
        reason="No customer is moved down while it is still smarting.",
        at_least=0,
        at_most=365,
    )
    unknown_arr_tier: int = number(
        3,
        unit="tier",
        reason="Of an account without known revenue nothing says that it is small: it is served in the pool.",
        at_least=1,
        at_most=4,
    )
    segments: tuple[Segment, ...] = rows(
        (
            Segment(segment="Enterprise", accounts_least=5, accounts_most=15, arr_least=2e6, arr_most=5e6),
            Segment(segment="Mid-Market", accounts_least=25, accounts_most=50, arr_least=1e6, arr_most=3e6),
            Segment(
                segment="Growth/SMB", accounts_least=50, accounts_most=200, arr_least=0.5e6, arr_most=2e6
            ),
            Segment(
                segment="Digital/PLG", accounts_least=500, accounts_most=2000, arr_least=1e6, arr_most=5e6
            ),
        ),
        unit="guideline by segment",
        reason="Count and ARR a person are judged by the kind of customer, not by the tier.",
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
