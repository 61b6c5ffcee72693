"""Who holds how much of which tier and segment, of what a viewer may open: the long tail, the ratio check."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet, Sum

from evenbook.book.access import may_see_people, people_ids_seen_by, pools_seen_by
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.tiers.models import Share
from evenbook.tiers.numbers.moves import MovesNumbers
from evenbook.tiers.numbers.ratio import RatioNumbers
from evenbook.tiers.queries import tier_titles
from evenbook.tiers.rules.ratio import Check, Held, Limits, by_owner, by_segment, limits

OWNERS = (
    "person_id", "person__key", "person__name", "person__is_person", "pool_id", "pool__key", "pool__name",
)  # fmt: skip
"""An import user of the CRM who does no work is nobody."""


@dataclass(frozen=True)
class TierShare:
    """What a tier holds: accounts, those whose tier nobody set, and revenue in minor units."""

    tier: int
    title: str
    accounts: int
    assumed: int
    arr_cents: int
    of_accounts: float | None
    of_arr: float | None
    is_tail: bool


@dataclass(frozen=True)
class Tail:
    """The long tail: the accounts from a tier on, and their share of all; None where there is nothing."""

    from_tier: int
    accounts: int
    arr_cents: int
    of_accounts: float | None
    of_arr: float | None


@dataclass(frozen=True)
class OwnerCheck:
    """The check of one owner: a person by their key, or a pool."""

    key: str
    name: str
    is_pool: bool
    check: Check


@dataclass(frozen=True)
class Ratio:
    """The ratio check: by segment with the range that it is held against, and by owner.

    ``unowned`` accounts belong to nobody, and count in no ratio. ``held`` is what it is made of.
    """

    segments: tuple[tuple[Check, Limits], ...]
    owners: tuple[OwnerCheck, ...]
    unowned: int
    held: tuple[Held, ...] = ()

    @property
    def outside(self) -> int:
        """How many owners lie outside of a range."""
        return sum(each.check.is_outside for each in self.owners)


def tier_shares(viewer: Viewer, week: Week) -> tuple[TierShare, ...]:
    """Return what each tier holds, tier 1 first."""
    sums = (
        _seen(viewer, week)
        .values("tier")
        .annotate(n=Sum("accounts"), loose=Sum("assumed"), money=Sum("arr_cents"))
    )
    found = {row["tier"]: row for row in sums}
    accounts, arr = sum(row["n"] for row in found.values()), sum(row["money"] for row in found.values())
    tail_from = week.policy.of(MovesNumbers).tail_from_tier
    return tuple(
        TierShare(
            tier,
            title,
            (row := found.get(tier, {"n": 0, "loose": 0, "money": 0}))["n"],
            row["loose"],
            row["money"],
            row["n"] / accounts if accounts else None,
            row["money"] / arr if arr else None,
            tier >= tail_from,
        )
        for tier, title in sorted(tier_titles(viewer, week).items())
    )


def tail(viewer: Viewer, week: Week, shares: tuple[TierShare, ...]) -> Tail:
    """Return the long tail of what the tiers hold."""
    mine = [row for row in shares if row.is_tail]
    accounts, arr = sum(row.accounts for row in shares), sum(row.arr_cents for row in shares)
    n, money = sum(row.accounts for row in mine), sum(row.arr_cents for row in mine)
    first = week.policy.of(MovesNumbers).tail_from_tier
    return Tail(first, n, money, n / accounts if accounts else None, money / arr if arr else None)


def ratio(viewer: Viewer, week: Week) -> Ratio:
    """Return the ratio check of what the viewer may open; of single people to who may see their load."""
    names, given, unowned = _held(viewer, week)
    ranges = limits(week.policy.of(RatioNumbers))
    owners = by_owner(given, ranges) if may_see_people(viewer) or not viewer.sees_all else ()
    return Ratio(
        tuple((each, ranges[each.subject.lower()]) for each in by_segment(given, ranges)),
        tuple(OwnerCheck(*names[each.subject], check=each) for each in owners),
        unowned,
        tuple(given),
    )


def _held(viewer: Viewer, week: Week) -> tuple[dict[str, tuple[str, str, bool]], list[Held], int]:
    """Return the owners' keys and names, what each holds of each segment, and how much nobody owns."""
    rows = _seen(viewer, week).values_list(*OWNERS, "segment")
    sums = rows.annotate(n=Sum("accounts"), money=Sum("arr_cents"), people=Max("staff"))
    names: dict[str, tuple[str, str, bool]] = {}
    given, unowned = [], 0
    for person, key, name, works, pool, pool_key, pool_name, segment, n, money, people in sums:
        if pool is None and not works:
            unowned += n
            continue
        owner = f"person:{person}" if person is not None else f"pool:{pool}"
        names[owner] = (key, name, False) if person is not None else (pool_key, pool_name, True)
        given.append(Held(owner, segment, n, money, max(1, people or 0) if person is None else 1))
    return names, given, unowned


def _seen(viewer: Viewer, week: Week) -> QuerySet[Share]:
    """Return what the owners hold whose accounts the viewer may open in full."""
    rows = Share.objects.filter(run=week.run.id)
    if viewer.sees_all:
        return rows
    pools = pools_seen_by(viewer).values("pk")
    theirs = Q(person__in=sorted(people_ids_seen_by(viewer))) | Q(pool__in=pools)
    if viewer.role == "leader":
        theirs |= Q(person=None, pool=None) | Q(person__is_person=False)
    return rows.filter(theirs) if viewer.allows("read") else rows.none()
