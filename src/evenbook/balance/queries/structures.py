"""The four structures of a team on the accounts of a week that the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.numbers.structures import StructuresNumbers
from evenbook.balance.rules.books import Client, Shares
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.fitting import Fits, fits, fits_document
from evenbook.balance.rules.structures import Served, Structure, structure_document, structures
from evenbook.book.access import may_see_any_team
from evenbook.book.among import Ids
from evenbook.book.known import changes_told, teammates
from evenbook.capacity.books import Weighed, weighed
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

YEAR = timedelta(days=365)
USUAL_STAGE = "adoption"
"""The stage of an account of which none is told that parts name."""
LOWEST_TIER = 4
SECONDS = 0.2
"""Each part is placed for so long: a comparison of structures needs no last point."""
Told = Mapping[int, Sequence[tuple[datetime, str]]]


class NoStructures(EvenbookError):
    """Whoever asks may see no team, and so compares none."""

    kind = "no-structures"
    status = 404


@dataclass(frozen=True)
class StructuresShown:
    """The four on the accounts of a week, and which one fits; None without an account.

    ``arr`` is a year's revenue of all of them, as far as it is known.
    """

    week: Week
    accounts: int
    hours: float
    arr: float
    each: tuple[Structure, ...]
    fits: Fits | None

    @property
    def document(self) -> dict[str, Any]:
        """Return what programs are told."""
        said = {
            "as_of": self.week.run.as_of.isoformat(),
            "policy_version": self.week.run.policy_version,
            "currency": self.week.currency,
            "accounts": self.accounts,
            "hours": self.hours,
            "arr": self.arr,
        }
        fitting = None if self.fits is None else fits_document(self.fits)
        return {
            **said,
            "fits": fitting,
            "structures": [structure_document(each, self.arr) for each in self.each],
        }

    @property
    def fitting(self) -> Structure | None:
        """Return the structure that fits."""
        return next((each for each in self.each if self.fits and each.name == self.fits.name), None)


def may_compare(viewer: Viewer) -> bool:
    """Return whether the viewer may compare structures: whoever may see the figures of a team."""
    return may_see_any_team(viewer)


def structures_of(viewer: Viewer, week: Week, *, seconds: float = SECONDS) -> StructuresShown:
    """Return what each structure would need on the accounts that the viewer may see.

    Raises:
        NoStructures: the viewer may see the figures of no team.
    """
    if not may_compare(viewer):
        raise NoStructures("You see no team, so there is none to compare.", fix="Ask a leader or operations.")
    policy = week.policy
    numbers, balance = policy.of(StructuresNumbers), policy.of(BalanceNumbers)
    capacity = policy.of(CapacityNumbers)
    rows = weighed(viewer, week.run.id)
    accounts = _served(viewer, week, rows)
    found = structures(
        accounts,
        numbers,
        balance,
        hours=capacity.monthly_hours,
        limit=capacity.load_red_above / 100,
        shares=Shares(1.0, 1.0),
        effort=Effort(seconds, 1),
    )
    chosen = fits(accounts, numbers, team=_team(viewer, week, rows))
    hours, arr = (sum(getattr(each.client, name) for each in accounts) for name in ("effort", "arr"))
    return StructuresShown(week, len(accounts), hours, arr, found, chosen)


def _team(viewer: Viewer, week: Week, rows: Sequence[Weighed]) -> int:
    """Return how many people who are there own an account."""
    day = week.run.as_of
    here = {each.id for each in teammates(viewer, here_from=day, here_until=day)}
    return len({row.person_id for row in rows} & here)


def _served(viewer: Viewer, week: Week, rows: Sequence[Weighed]) -> list[Served]:
    numbers, balance = week.policy.of(StructuresNumbers), week.policy.of(BalanceNumbers)
    ids, since = Ids.of(row.account_id for row in rows), week.ends_at - YEAR
    stages, tiers = (
        changes_told(viewer, name, ids, since=since, before=week.ends_at) for name in ("stage", "tier")
    )
    known = {stage for part in numbers.parts for stage in part.stages.split()}
    found = []
    for row in rows:
        client = Client(
            id=row.account_id,
            effort=row.effort_hours,
            arr=(row.arr_cents or 0) / 100,
            tier=row.tier,
            complexity=row.complexity or float(balance.simple_complexity),
        )
        stage = row.stage if row.stage in known else USUAL_STAGE
        passed = _passed(row, stages.get(row.account_id, ()), tiers.get(row.account_id, ()), known)
        found.append(Served(client, row.segment, stage, passed))
    return found


def _passed(
    row: Weighed,
    stages: Sequence[tuple[datetime, str]],
    tiers: Sequence[tuple[datetime, str]],
    known: set[str],
) -> tuple[tuple[int, str], ...]:
    """Return the tiers and stages that an account stood in during the year, the present ones last."""
    stage = stages[0][1] if stages and stages[0][1] in known else USUAL_STAGE
    tier = _tier(tiers[0][1], row.tier) if tiers else row.tier
    passed = [(tier, stage)]
    changes = [(at, "stage", value) for at, value in stages[1:]] + [
        (at, "tier", value) for at, value in tiers[1:]
    ]
    for _, name, value in sorted(changes):
        if name == "tier":
            tier = _tier(value, tier)
        elif value in known:
            stage = value
        passed.append((tier, stage))
    return tuple(passed)


def _tier(said: str, usual: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and 1 <= int(said) <= LOWEST_TIER else usual
