"""The week's audit added up, and said in a sentence.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TierCount:
    """Requirements of a tier by how they stand."""

    tier: int
    current: int
    missing: int
    expired: int
    not_yet_due: int


@dataclass(frozen=True)
class Became:
    """What became of loops in the week: closed by an artifact, late ones among them, in a batch, let go."""

    closed: int = 0
    late: int = 0
    batch: int = 0
    overloaded: int = 0
    requirement: int = 0
    interaction: int = 0
    withdrawn: int = 0
    overdue: int = 0

    @property
    def waived(self) -> int:
        """How many loops leaders let go, for any of the three reasons."""
        return self.overloaded + self.requirement + self.interaction


@dataclass(frozen=True)
class Group:
    """How many artifacts of a kind an owner lacks."""

    owner_key: str
    owner_name: str
    kind: str
    gaps: int


@dataclass(frozen=True)
class Written:
    """How long a kind takes to write: the median in minutes; past policy's it is a fault of the form."""

    kind: str
    minutes: float
    artifacts: int
    is_fault: bool


@dataclass(frozen=True)
class Judged:
    """How often a diagnosis was suggested and confirmed, or overruled by another one."""

    diagnosis: str
    confirmed: int
    overruled: int


@dataclass(frozen=True)
class Report:
    """A week's audit: how requirements stand, what became of loops, who lacks what, what was decided.

    ``this_week`` are the diagnoses decided in the days up to ``as_of``, ``ever`` those of all time.
    """

    as_of: date
    policy_version: int
    tiers: tuple[TierCount, ...]
    became: Became
    groups: tuple[Group, ...]
    written: tuple[Written, ...]
    this_week: tuple[Judged, ...]
    ever: tuple[Judged, ...]
    writing_minutes: int

    @property
    def judged(self) -> tuple[tuple[Judged, Judged], ...]:
        """Each diagnosis, as decided in the week and ever."""
        return tuple(zip(self.this_week, self.ever, strict=True))

    @property
    def gaps(self) -> int:
        """How many artifacts are missing or have expired."""
        return sum(each.missing + each.expired for each in self.tiers)

    @property
    def faults(self) -> tuple[Written, ...]:
        """The kinds whose form is at fault."""
        return tuple(each for each in self.written if each.is_fault)


def judged(counts: Mapping[tuple[str, str], int], names: Iterable[str]) -> tuple[Judged, ...]:
    """Return how often each diagnosis was confirmed and overruled.

    Args:
        counts: how many were decided, by what was suggested and what was decided.
        names: every diagnosis, in order.
    """
    found = []
    for name in names:
        confirmed = counts.get((name, name), 0)
        suggested = sum(count for (each, _), count in counts.items() if each == name)
        found.append(Judged(name, confirmed, suggested - confirmed))
    return tuple(found)


def written(kind: str, *, seconds: float, artifacts: int, most_minutes: int, least: int) -> Written:
    """Return how long a kind takes to write; of too few artifacts the median says nothing of the form."""
    minutes = seconds / 60
    return Written(kind, minutes, artifacts, artifacts >= least and minutes > most_minutes)


def summary(report: Report, titles: Mapping[str, str], *, waiting: int) -> str:
    """Return the week in a few sentences."""
    gaps, became = report.gaps, report.became
    lacking = "No artifact is" if not gaps else "One artifact is" if gaps == 1 else f"{gaps} artifacts are"
    said = [
        f"{lacking} missing or expired.",
        f"{_loops(became.closed)} closed in the week, {became.late} of them late.",
    ]
    if waiting:
        verb = "decision waits" if waiting == 1 else "decisions wait"
        said.append(f"{waiting} {verb} for you.")
    said += [
        f"The form of the {titles.get(each.kind, each.kind).lower()} is at fault: half of them take longer "
        f"than {each.minutes:.0f} minutes to write."
        for each in report.faults
    ]
    return " ".join(said)


def _loops(count: int) -> str:
    return f"{count} loop{' was' if count == 1 else 's were'}"
