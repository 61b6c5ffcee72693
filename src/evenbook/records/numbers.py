"""What counts as a meaningful interaction, and when a usage feed is whole."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, choice, number, rows, text

COUNTS = {
    "always": "Counts, however short",
    "minutes": "Counts with the customer present for the minutes asked",
    "answer": "Counts where it carries a decision, an answer or a commitment",
    "never": "Never counts",
    "internal": "Counts as throughput, not as coverage",
}


class Kind(Row):
    """Whether a kind of interaction counts as coverage."""

    key = ("kind",)

    kind: str = text(unit="kind of interaction", reason="As the records name it.", longest=30)
    counts: str = choice(
        options=COUNTS, reason="A five-minute ping is not coverage; a review is, however short."
    )


class RecordsNumbers(Section):
    """Interactions and usage."""

    name: ClassVar[str] = "records"
    title: ClassVar[str] = "Interactions and usage"

    meaningful_minutes: float = number(
        15,
        unit="minutes with the customer present",
        reason="Below a quarter of an hour little is said that another person could take over.",
        at_least=0,
        at_most=240,
    )
    kinds: tuple[Kind, ...] = rows(
        (
            Kind(kind="meeting", counts="minutes"),
            Kind(kind="call", counts="minutes"),
            Kind(kind="strategic", counts="minutes"),
            Kind(kind="business_review", counts="always"),
            Kind(kind="onboarding", counts="always"),
            Kind(kind="escalation", counts="always"),
            Kind(kind="reply", counts="answer"),
            Kind(kind="mail", counts="never"),
            Kind(kind="bulk", counts="never"),
            Kind(kind="note", counts="never"),
            Kind(kind="internal", counts="internal"),
            Kind(kind="admin", counts="internal"),
        ),
        unit="rule by kind of interaction",
        reason="What counts is written down, so that coverage means the same in every book.",
        fixed=True,
    )
    usage_measure: str = text(
        "active_users",
        unit="name of a usage measure",
        reason="One measure drives states and signals; without it, the one that most accounts report.",
        longest=60,
    )
    feed_complete_share: float = number(
        0.5,
        unit="share of the accounts that usually report",
        reason="A week that delivers fewer is a broken feed, not a quiet base.",
        at_least=0,
        at_most=1,
    )
