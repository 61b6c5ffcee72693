"""Cohorts of silent accounts: those of one pool or owner that fell silent together and have one record.

Each account has its own loop, opened and closed by itself; the cohort is what they have in common: their
kind, whose they are, and the week or month (policy) in which they opened. One that stands out is taken out
and has a record of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from evenbook.capacity.queries import tiers_of
from evenbook.closures.models import Requirement
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.rules.dated import tiers_of_cohorts
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class Silent:
    """A silent account of a cohort. ``why_not`` says why it needs a record of its own; empty where not."""

    loop: LoopRow
    why_not: str = ""


@dataclass(frozen=True)
class Cohort:
    """Silent accounts that one record closes: loops of a kind, of one pool or owner, that opened together.

    ``silent`` stands in the order in which they are due.
    """

    key: str
    title: str
    artifact_kind: str
    artifact_title: str
    whose: str
    first_on: date
    silent: tuple[LoopRow, ...]

    @property
    def due_on(self) -> date:
        """The day on which the first of them is due."""
        return min(each.due_on for each in self.silent)

    @property
    def said(self) -> str:
        """How many of whom, in words: ``38 silent accounts of Digital``."""
        return f"{len(self.silent)} silent accounts of {self.whose}"


def cohorts_in(viewer: Viewer, rows: Iterable[LoopRow]) -> tuple[Cohort, ...]:
    """Return the cohorts among loops that the viewer sees, those due first first; one account is none."""
    found: dict[str, list[LoopRow]] = {}
    for row in rows:
        if row.cohort:
            found.setdefault(row.cohort, []).append(row)
    made = (_cohort(key, of) for key, of in found.items() if len(of) > 1)
    return tuple(sorted(made, key=lambda each: (each.due_on, each.key)))


def cohorts_owed(viewer: Viewer, week: Week, *, wanted: LoopsWanted, today: date) -> tuple[Cohort, ...]:
    """Return the cohorts among the loops that are owed, those due first first."""
    return cohorts_in(viewer, loops(viewer, week.policy, today, wanted=wanted))


def cohort_called(viewer: Viewer, week: Week, key: str, *, today: date) -> Cohort | None:
    """Return what is still open of a cohort, as far as the viewer may see it; None where nothing is.

    One account that is left of it is still its cohort.
    """
    kind, _, rest = key.partition(":")
    owner, _, first_on = rest.rpartition(":")
    try:
        day = date.fromisoformat(first_on)
    except ValueError:
        return None
    wanted = LoopsWanted(kind=kind, cohort_on=day, as_they_are=True)
    rows = [row for row in loops(viewer, week.policy, today, wanted=wanted) if row.cohort == key]
    return _cohort(key, rows) if rows and owner else None


def looked_at(viewer: Viewer, week: Week, cohort: Cohort) -> tuple[Silent, ...]:
    """Return the accounts of a cohort, each with whether the others' record will do for it."""
    accounts = [row.account_id for row in cohort.silent]
    together = tiers_of_cohorts(week.policy.of(ClosuresNumbers))
    tiers = tiers_of(viewer, week.run.id, accounts)
    used = _used_again(week, cohort, accounts)

    def why_not(account: int) -> str:
        tier = tiers.get(account)
        if tier is not None and tier not in together:
            return f"It is served in tier {tier} now."
        return "It was used again." if account in used else ""

    return tuple(Silent(row, why_not(row.account_id)) for row in cohort.silent)


def _used_again(week: Week, cohort: Cohort, accounts: Iterable[int]) -> frozenset[int]:
    """Return the accounts that are current in the week without an artifact: by their usage."""
    rows = Requirement.objects.filter(
        run=week.run.id,
        account__in=list(accounts),
        kind=cohort.artifact_kind,
        status=Requirement.Status.CURRENT,
        artifact=None,
    )
    return frozenset(rows.values_list("account_id", flat=True))


def _cohort(key: str, rows: list[LoopRow]) -> Cohort:
    ordered = tuple(sorted(rows, key=lambda row: (row.due_on, row.account_name, row.id)))
    first = ordered[0]
    return Cohort(
        key=key,
        title=first.title,
        artifact_kind=first.artifact_kind,
        artifact_title=first.artifact_title,
        whose=first.cohort_name or "nobody",
        first_on=first.cohort_on or first.opened_on,
        silent=ordered,
    )
