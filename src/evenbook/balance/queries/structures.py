"""The four structures of a team on the accounts of a week that the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from evenbook.balance.models import StructuresCompared
from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.numbers.structures import StructuresNumbers
from evenbook.balance.queries.at_hand import AtHand, seen_in
from evenbook.balance.rules.books import Client, Shares
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.fitting import Fits, fits, fits_document
from evenbook.balance.rules.structures import Served, Structure, Told, structure_document, structures
from evenbook.balance.rules.structures_kept import Compared, read
from evenbook.book.access import may_see_any_team, people_ids_seen_by
from evenbook.book.among import Ids
from evenbook.book.known import changes_told, teammates
from evenbook.book.queries import how_many_accounts
from evenbook.capacity.books import Weighed, weighed
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.runs.queries import Week

YEAR = timedelta(days=365)
USUAL_STAGE = "adoption"
"""The stage of an account of which none is told that parts name."""
LOWEST_TIER = 4
SECONDS = 0.05
"""Each part is placed for so long: a comparison of structures needs no last point."""
AT_ONCE = 1_000
"""Accounts on which the four take less than a second; of more it is work of its own."""
Changes = Mapping[int, Sequence[tuple[datetime, str]]]


class NoStructures(EvenbookError):
    """Whoever asks may see no team, and so compares none."""

    kind = "no-structures"
    status = 404


class StructuresNotReady(EvenbookError):
    """The four are not worked out yet, and on so many accounts nobody waits for them at a page."""

    kind = "structures-not-ready"
    status = 409


@dataclass(frozen=True)
class StructuresShown:
    """The four on the accounts of a week, and which one fits; None without an account."""

    week: Week
    found: Compared

    @property
    def document(self) -> dict[str, Any]:
        """Return what programs are told."""
        found = self.found
        return {
            "as_of": self.week.run.as_of.isoformat(),
            "policy_version": self.week.run.policy_version,
            "currency": self.week.currency,
            "accounts": found.accounts,
            "hours": found.hours,
            "arr": found.arr,
            "fits": None if found.fits is None else fits_document(found.fits),
            "structures": [structure_document(each, found.arr) for each in found.each],
        }

    @property
    def each(self) -> tuple[Structure, ...]:
        """Return the four."""
        return self.found.each

    @property
    def fits(self) -> Fits | None:
        """Return which one fits, and why."""
        return self.found.fits

    @property
    def accounts(self) -> int:
        """Return how many accounts they are about."""
        return self.found.accounts

    @property
    def arr(self) -> float:
        """Return the revenue a year of all accounts, as far as it is known."""
        return self.found.arr

    @property
    def fitting(self) -> Structure | None:
        """Return the structure that fits."""
        return next((each for each in self.each if self.fits and each.name == self.fits.name), None)


FOUR: AtHand[StructuresShown] = AtHand(4)


def may_compare(viewer: Viewer) -> bool:
    """Return whether the viewer may compare structures: whoever may see the figures of a team."""
    return may_see_any_team(viewer)


def is_large(viewer: Viewer) -> bool:
    """Return whether comparing takes longer than somebody waits for at a page."""
    return how_many_accounts(viewer) > AT_ONCE


def structures_of(
    viewer: Viewer, week: Week, *, seconds: float = SECONDS, told: Told = lambda done, total: None
) -> StructuresShown:
    """Return what each structure would need on the accounts that the viewer may see, worked out if need be.

    Args:
        told: called with how many of the structures are done, of how many.

    Raises:
        NoStructures: the viewer may see the figures of no team.
    """
    _require(viewer)
    key = (seconds, *seen_in(viewer, week))
    return FOUR.of(key, lambda: _kept(viewer, week) or _compared(viewer, week, seconds, told))


def structures_ready(viewer: Viewer, week: Week) -> StructuresShown | None:
    """Return the same where that is at once; None where they have to be worked out beside.

    Raises:
        NoStructures: the viewer may see the figures of no team.
    """
    _require(viewer)
    return structures_of(viewer, week) if not is_large(viewer) else _kept(viewer, week)


def basis_of(viewer: Viewer, week: Week) -> str:
    """Return the digest of what compared structures rest on: the run, its policy, whose accounts they are."""
    run, seen = week.run, people_ids_seen_by(viewer)
    whose = "all" if viewer.sees_all else (viewer.role == "leader", sorted(seen))
    rests_on = (run.id, str(run.ended_at), run.policy_version, latest().number, whose)
    return sha256(repr(rests_on).encode()).hexdigest()


def _require(viewer: Viewer) -> None:
    if not may_compare(viewer):
        raise NoStructures("You see no team, so there is none to compare.", fix="Ask a leader or operations.")


def _kept(viewer: Viewer, week: Week) -> StructuresShown | None:
    row = StructuresCompared.objects.filter(basis=basis_of(viewer, week)).first()
    return None if row is None else StructuresShown(week, read(row.contents))


def _compared(viewer: Viewer, week: Week, seconds: float, told: Told) -> StructuresShown:
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
        told=told,
    )
    chosen = fits(accounts, numbers, team=_team(viewer, week, rows))
    hours, arr = (sum(getattr(each.client, name) for each in accounts) for name in ("effort", "arr"))
    return StructuresShown(week, Compared(len(accounts), hours, arr, found, chosen))


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
