"""The four structures of a team: who does which part of the work on which accounts, and when each fits."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from pydantic import field_validator

from evenbook.policy.schema import Row, Section, choice, number, rows, text

POD, POOLED, HYBRID, FUNCTIONAL = "pod", "pooled", "hybrid", "functional"
STRUCTURES = {POD: "Pods", POOLED: "Pooled", HYBRID: "Hybrid", FUNCTIONAL: "Functional"}
"""Each structure: how people read it."""

NAMED, SEGMENT, QUEUE = "named", "segment", "queue"
HOWS = {NAMED: "by name", SEGMENT: "by name, within a segment", QUEUE: "a queue"}
"""How a part of the work is held: an account has one person in it, one of its segment's pods, or a queue."""

LOWEST_TIER = 4


class Part(Row):
    """A part of the work in a structure: on which accounts, what share of their hours, how it is held."""

    key = ("structure", "part", "stages")

    structure: str = choice(options=STRUCTURES, reason="One of the four.")
    part: str = text(unit="role in words", reason="As the comparison calls them.", longest=40)
    stages: str = text(
        unit="stages, with blanks between; empty for all", reason="Where the part is theirs.", longest=120
    )
    from_tier: int = number(
        unit="tier", reason="From it on, the most important first.", at_least=1, at_most=4
    )
    to_tier: int = number(unit="tier", reason="Down to it.", at_least=1, at_most=LOWEST_TIER)
    share: float = number(
        unit="share of the account's hours, 0 to 1",
        reason="What of the work they take.",
        at_least=0,
        at_most=1,
    )
    held: str = choice(options=HOWS, reason="A queue evens itself out; a name knows the customer.")
    cost: float = number(
        unit="money a year for a full person", reason="With everything; no record says it.", at_least=0
    )

    def serves(self, tier: int, stage: str) -> bool:
        """Return whether the part is theirs on an account of a tier in a stage."""
        return self.from_tier <= tier <= self.to_tier and (not self.stages or stage in self.stages.split())


CSM_COST, EXPERT_COST = 150_000.0, 120_000.0
LATER = "adoption value renewal"


def _part(structure: str, part: str, share: float, held: str, **more: object) -> Part:
    usual = {"stages": "", "from_tier": 1, "to_tier": LOWEST_TIER, "cost": CSM_COST}
    return Part(structure=structure, part=part, share=share, held=held, **{**usual, **more})  # type: ignore[arg-type]


DEFAULT_PARTS = (
    _part(POD, "CSMs", 0.60, SEGMENT),
    _part(POD, "Solutions engineers", 0.25, SEGMENT, cost=EXPERT_COST),
    _part(POD, "Support leads", 0.15, SEGMENT, cost=EXPERT_COST),
    _part(POOLED, "Onboarding specialists", 1.0, QUEUE, stages="onboarding", cost=EXPERT_COST),
    _part(POOLED, "CSMs of the queue", 0.70, QUEUE, stages=LATER),
    _part(POOLED, "Support specialists", 0.15, QUEUE, stages=LATER, cost=EXPERT_COST),
    _part(POOLED, "Renewal specialists", 0.15, QUEUE, stages=LATER),
    _part(HYBRID, "Onboarding team", 1.0, QUEUE, stages="onboarding", cost=EXPERT_COST),
    _part(HYBRID, "Named CSMs", 1.0, NAMED, stages=LATER, to_tier=2),
    _part(HYBRID, "Pool", 1.0, QUEUE, stages=LATER, from_tier=3, cost=EXPERT_COST),
    _part(FUNCTIONAL, "Onboarding", 1.0, NAMED, stages="onboarding", cost=EXPERT_COST),
    _part(FUNCTIONAL, "Adoption", 1.0, NAMED, stages="adoption value"),
    _part(FUNCTIONAL, "Renewal and expansion", 1.0, NAMED, stages="renewal"),
)


class StructuresNumbers(Section):
    """Team structures."""

    name: ClassVar[str] = "structures"
    title: ClassVar[str] = "Team structures"

    parts: tuple[Part, ...] = rows(
        DEFAULT_PARTS,
        unit="who does what in each structure",
        reason="Each splits the same hours; where parts of an account add up to less, work is left over.",
    )
    handoff_hours: float = number(
        2.0,
        unit="hours for a change of hands",
        reason="One writes it up, the other reads it and meets the customer.",
        at_least=0,
        at_most=40,
    )
    pod_complexity: float = number(
        3.5,
        unit="mean complexity, 1 to 5, weighed by revenue",
        reason="From here on a customer needs an engineer as often as a CSM.",
        at_least=1,
        at_most=5,
    )
    pod_acv: float = number(
        50_000.0,
        unit="revenue a year of the middle account",
        reason="Three people around an account have to be paid by it.",
        at_least=0,
    )
    volume_accounts: float = number(
        150.0,
        unit="accounts a person who owns any",
        reason="Above it nobody knows their customers; each step is better done by who does it daily.",
        above=0,
        at_most=100_000,
    )
    spread: float = number(
        10.0,
        unit="times the account at the lower tenth",
        reason="Where the upper tenth pays so many times more, one way to serve does not fit both.",
        at_least=1,
        at_most=1_000_000,
    )
    small_team: int = number(
        4,
        unit="people who own accounts",
        reason="Fewer can't be split into names and a queue with somebody to stand in.",
        at_least=1,
        at_most=1000,
    )

    @field_validator("parts", mode="after")
    @classmethod
    def _no_account_twice(cls, value: tuple[Part, ...]) -> tuple[Part, ...]:
        for structure in STRUCTURES:
            shares: dict[tuple[int, str], float] = defaultdict(float)
            mine = [part for part in value if part.structure == structure]
            if not mine:
                raise ValueError(f"the structure '{structure}' has no part")
            stages = {stage for part in mine for stage in part.stages.split()} or {""}
            for part in mine:
                for tier in range(1, LOWEST_TIER + 1):
                    for stage in stages:
                        shares[tier, stage] += part.share if part.serves(tier, stage) else 0.0
            over = [key for key, share in shares.items() if share > 1 + 1e-9]
            if over:
                tier, stage = over[0]
                raise ValueError(f"'{structure}' gives more than all hours of tier {tier} {stage}".strip())
        return value
