"""How many accounts and how much revenue one CSM can hold, by segment, and what moves that."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Row, Section, flag, number, rows, text


class SegmentRange(Row):
    """What one CSM holds in a segment."""

    key = ("segment",)

    segment: str = text(unit="segment", reason="As the records name it, whatever the case.", longest=40)
    accounts_from: float = number(
        unit="accounts a CSM", reason="Fewer leave a CSM idle.", above=0, at_most=100_000
    )
    accounts_to: float = number(
        unit="accounts a CSM", reason="More leave accounts unserved.", above=0, at_most=100_000
    )
    arr_from: float = number(
        unit="millions of ARR a CSM", reason="Less does not pay for the CSM.", at_least=0, at_most=10_000
    )
    arr_to: float = number(
        unit="millions of ARR a CSM",
        reason="More is too much to lose with one person.",
        above=0,
        at_most=10_000,
    )

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        if self.accounts_from > self.accounts_to or self.arr_from > self.arr_to:
            raise ValueError("a range must not end below its start")
        return self


class Factor(Row):
    """Something that lets a CSM hold fewer or more, and in which segments it is so here."""

    key = ("factor",)

    factor: str = text(unit="words", reason="As the page says why a range was moved.", longest=60)
    share: float = number(
        unit="share of the range; below zero it lowers",
        reason="How much fewer or more one CSM holds where it is so.",
        at_least=-0.9,
        at_most=3,
    )
    enterprise: bool = flag(False, reason="Whether it is so of the first segment here.")
    mid_market: bool = flag(False, title="Mid-Market", reason="Whether it is so of the second segment here.")
    growth: bool = flag(False, reason="Whether it is so of the third segment here.")
    digital: bool = flag(False, reason="Whether it is so of the fourth segment here.")


class RatioNumbers(Section):
    """The ratio check."""

    name: ClassVar[str] = "ratio"
    title: ClassVar[str] = "Ratio check"

    segments: tuple[SegmentRange, ...] = rows(
        (
            SegmentRange(segment="Enterprise", accounts_from=5, accounts_to=15, arr_from=2, arr_to=5),
            SegmentRange(segment="Mid-Market", accounts_from=25, accounts_to=50, arr_from=1, arr_to=3),
            SegmentRange(segment="Growth/SMB", accounts_from=50, accounts_to=200, arr_from=0.5, arr_to=2),
            SegmentRange(segment="Digital/PLG", accounts_from=500, accounts_to=2000, arr_from=1, arr_to=5),
        ),
        unit="accounts and ARR a CSM by segment",
        reason="What is common; a book outside of it needs a reason.",
        fixed=True,
    )
    factors: tuple[Factor, ...] = rows(
        tuple(
            Factor(factor=factor, share=share)
            for factor, share in (
                ("Deep technical product", -0.25),
                ("Implementation over 90 days", -0.20),
                ("More than 5 stakeholders", -0.15),
                ("High expansion quota", -0.20),
                ("Regulated", -0.10),
                ("Self-serve", 0.30),
                ("Strong digital", 0.25),
                ("Simple", 0.20),
                ("Mature", 0.15),
                ("Dedicated onboarding and support", 0.25),
            )
        ),
        unit="share of the range by factor",
        reason="Ranges are of a usual product; operations says what is so here, by segment.",
    )
