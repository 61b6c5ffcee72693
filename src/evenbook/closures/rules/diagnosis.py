"""Why an artifact is missing, as far as the records tell: a suggestion with evidence, for a leader to judge.

Three things can be wrong, and each asks for something else: the person has too much (*overloaded*:
redistribute or hire), the requirement asks for what nobody does (*requirement wrong*: change it), or the
interaction leads to nothing (*should not have happened*: leave it out). They are looked at in this order,
and the first that holds is suggested; the evidence of the others that hold stands beside it. Where none
holds it is *not clear*, and what was looked at is said: that is an answer too.

Pure: what is known of owner, tier and kind in, words out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenbook.closures.numbers import ClosuresNumbers

OVERLOADED, REQUIREMENT, INTERACTION, UNCLEAR = (
    "overloaded",
    "requirement_wrong",
    "should_not_have_happened",
    "not_clear",
)
DIAGNOSES = {
    OVERLOADED: "Overloaded",
    REQUIREMENT: "Requirement wrong",
    INTERACTION: "Should not have happened",
    UNCLEAR: "Not clear",
}


@dataclass(frozen=True, slots=True)
class OwnerKnown:
    """What is known of the owner; None where nothing is, or where who asks may not see it.

    Attributes:
        load: effort carried over capacity, 1 is full.
        share: the missing share of the last week.
        base: the own base of that share.
        weeks_above: for how many weeks it has been above the base by the margin.
        has_risen: whether it has been for as long as policy asks of a warning.
    """

    load: float | None = None
    share: float | None = None
    base: float | None = None
    weeks_above: int = 0
    has_risen: bool = False


@dataclass(frozen=True, slots=True)
class Owners:
    """How many owners of accounts of the tier owe the artifact, and how many lack it at most of those."""

    owing: int = 0
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """At how many accounts of the tier the artifact was written, and at how many nothing followed it."""

    accounts: int = 0
    without: int = 0


@dataclass(frozen=True, slots=True)
class Grounds:
    """The numbers of policy that a diagnosis goes by; ``load`` as a share of capacity."""

    load: float
    share: float
    least: int

    @classmethod
    def of(cls, numbers: ClosuresNumbers, *, load_percent: float) -> Grounds:
        """Return them as policy has them; from which load on somebody is over capacity, capacity says."""
        return cls(load=load_percent / 100, share=numbers.diagnosis_share, least=numbers.diagnosis_least)


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What is suggested, and the sentences that it rests on."""

    diagnosis: str
    evidence: str

    @property
    def title(self) -> str:
        """The diagnosis in words."""
        return DIAGNOSES[self.diagnosis]


def diagnose(owner: OwnerKnown | None, owners: Owners, followed: Followed, grounds: Grounds) -> Diagnosed:
    """Return what is suggested for one missing artifact.

    Args:
        owner: of the account; None where a pool has it, or nobody.
        owners: of the account's tier, and this kind of artifact.
        followed: the same.
        grounds: of policy.
    """
    found = {
        OVERLOADED: " ".join(_overloaded(owner, grounds)),
        REQUIREMENT: _requirement(owners) if _most(owners.lacking, owners.owing, grounds) else "",
        INTERACTION: _interaction(followed) if _most(followed.without, followed.accounts, grounds) else "",
    }
    holding = [name for name, evidence in found.items() if evidence]
    if not holding:
        return Diagnosed(UNCLEAR, _looked_at(owner, owners, followed))
    return Diagnosed(holding[0], " ".join(found[name] for name in holding))


def _most(part: int, whole: int, grounds: Grounds) -> bool:
    return whole >= grounds.least and part >= grounds.share * whole


def _overloaded(owner: OwnerKnown | None, grounds: Grounds) -> Iterator[str]:
    if owner is None:
        return
    if owner.load is not None and owner.load > grounds.load:
        yield f"The owner carries {owner.load:.0%} of their capacity, over {grounds.load:.0%}."
    if owner.has_risen and owner.share is not None and owner.base is not None:
        yield (
            f"The owner's missing share is {owner.share:.0%}, for {owner.weeks_above} weeks above their base "
            f"of {owner.base:.0%}."
        )


def _requirement(owners: Owners) -> str:
    return f"{owners.lacking} of {owners.owing} owners of the tier lack it at most of their accounts."


def _interaction(followed: Followed) -> str:
    return (
        f"At {followed.without} of {followed.accounts} accounts of the tier nothing followed it: no "
        "follow-up done, no change of state."
    )


def _looked_at(owner: OwnerKnown | None, owners: Owners, followed: Followed) -> str:
    said = [*_of_owner(owner)]
    if owners.owing:
        said.append(_requirement(owners).removesuffix("."))
    else:
        said.append("no owner of the tier to compare with")
    if followed.accounts:
        said.append(f"nothing followed it at {followed.without} of {followed.accounts} accounts")
    else:
        said.append("nothing told yet of what follows it")
    return f"Looked at: {'; '.join(said)}."


def _of_owner(owner: OwnerKnown | None) -> Iterator[str]:
    if owner is None:
        yield "no single owner"
        return
    yield "load of the owner not known" if owner.load is None else f"load of the owner {owner.load:.0%}"
    if owner.share is None:
        yield "their missing share not known"
    else:
        base = "" if owner.base is None else f", base {owner.base:.0%}"
        yield f"their missing share {owner.share:.0%}{base}"
