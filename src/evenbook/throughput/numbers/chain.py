"""What is read of the first links of the burnout chain: work that only answers, work left undone."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, number, rows, text, words


class ReviewCadence(Row):
    """How often an account of a tier is due a business review."""

    key = ("tier",)

    tier: int = number(
        unit="tier", reason="A tier that is not listed has no review due.", at_least=1, at_most=4
    )
    every_days: int = number(
        unit="days from one review to the next",
        reason="Past it the customer has gone longer without a review than was meant.",
        at_least=7,
        at_most=730,
    )


class OnboardingStep(Row):
    """What is to be on record of a new account, and by when."""

    key = ("tier", "step")

    tier: int = number(unit="tier", reason="Deep accounts are owed more.", at_least=1, at_most=4)
    step: str = text(
        unit="kind of interaction or of artifact",
        reason="The records hold no list of steps, so a step is what it leaves behind.",
        longest=40,
    )
    by_day: int = number(
        unit="days from the account's start",
        reason="What comes late is done; what is not there on the day on which one looks is skipped.",
        at_least=1,
        at_most=365,
    )


class ChainNumbers(Section):
    """The first links of the burnout chain, per person."""

    name: ClassVar[str] = "chain"
    title: ClassVar[str] = "Burnout chain"

    weeks: int = number(
        13,
        unit="weeks looked back",
        reason="A quarter: a bad month is not a way of working.",
        at_least=4,
        at_most=52,
    )
    reactive: tuple[str, ...] = words(
        ("escalation",),
        unit="kinds of interactions",
        reason="Work that somebody else's trouble sets the day of; the more of it, the less is prevented.",
    )
    review_kinds: tuple[str, ...] = words(
        ("business_review",),
        unit="kinds of interactions",
        reason="What was held of one of these kinds is a business review.",
    )
    reviews: tuple[ReviewCadence, ...] = rows(
        (ReviewCadence(tier=1, every_days=92), ReviewCadence(tier=2, every_days=184)),
        unit="days by tier",
        reason="Reviews are the first that is put off when the weeks are too full.",
    )
    onboarding: tuple[OnboardingStep, ...] = rows(
        tuple(
            OnboardingStep(tier=tier, step=step, by_day=by_day)
            for tier, step, by_day in (
                (1, "onboarding", 14),
                (1, "check_in_note", 45),
                (2, "onboarding", 14),
                (2, "check_in_note", 60),
                (3, "onboarding", 30),
            )
        ),
        unit="days by tier and step",
        reason="A start that is cut short comes back as an escalation.",
    )
