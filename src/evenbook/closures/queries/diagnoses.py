"""Suggested diagnoses of what an audit found missing, and what leaders decided of them.

What is known of an owner is read as the viewer may see it: who may not see a person's week gets a diagnosis
without it. How many owners of a tier lack an artifact, and at how many accounts something followed it, is
counted over all of them and names none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from evenbook.book.access import narrowed
from evenbook.book.queries import staff
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries import owner_column, tier_column
from evenbook.closures.models import Diagnosis, FollowUp, Loop, Requirement
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.audit import Missing
from evenbook.closures.queries.closing_weeks import Closing, closings
from evenbook.closures.queries.requirements import GAPS
from evenbook.closures.rules.diagnosis import Diagnosed, Followed, Grounds, OwnerKnown, Owners, diagnose
from evenbook.closures.rules.warning import OWN_BASE, TIER_MIX
from evenbook.measures.values import measured
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.states.queries import changed_after

LOAD = "effort_load"
NOTHING = OwnerKnown()
Gap = tuple[int, str]
"""An account and a kind of artifact."""

Group = tuple[str, int]
"""A kind of artifact and a tier."""


@dataclass(frozen=True)
class Decision:
    """What a leader decided of a missing artifact: the diagnosis suggested then, and theirs."""

    suggested: str
    decided: str
    note: str
    by: str
    at: datetime

    @property
    def is_confirmed(self) -> bool:
        """Whether the leader said what had been suggested."""
        return self.suggested == self.decided


def diagnoses(viewer: Viewer, week: Week, missing: Iterable[Missing]) -> dict[Gap, Diagnosed]:
    """Return what is suggested for each of these, by account and kind of artifact."""
    listed = tuple(missing)
    if not listed:
        return {}
    numbers, capacity = week.policy.of(ClosuresNumbers), week.policy.of(CapacityNumbers)
    grounds = Grounds.of(numbers, load_percent=capacity.load_red_above)
    kinds = sorted({each.kind for each in listed})
    known = _owners_known(viewer, week, listed)
    owners, followed = _owners(viewer, week, kinds), _followed(viewer, week, kinds)
    return {
        each.gap: diagnose(
            known.get(each.account.owner_key, NOTHING) if _is_person(each) else None,
            owners.get((each.kind, each.account.tier), Owners()),
            followed.get((each.kind, each.account.tier), Followed()),
            grounds,
        )
        for each in listed
    }


def decisions(viewer: Viewer, missing: Iterable[Missing]) -> dict[Gap, Decision]:
    """Return what was decided of these gaps: of an artifact that is missing anew, nothing yet."""
    since = {each.gap: each.since for each in missing}
    rows = narrowed(Diagnosis.objects.filter(account__in={account for account, _ in since}), viewer)
    found = rows.values_list(
        "account_id", "kind", "since_on", "suggested", "decided", "note", "decided_by", "decided_at"
    )
    return {
        (account, kind): Decision(*told)
        for account, kind, on, *told in found
        if (account, kind) in since and since[account, kind] == on
    }


def decided_counts(viewer: Viewer, *, since: datetime) -> dict[tuple[str, str], int]:
    """Return how many diagnoses leaders decided since an instant, by what was suggested and decided."""
    rows = narrowed(Diagnosis.objects.filter(decided_at__gte=since), viewer)
    counted = rows.order_by("suggested", "decided").values_list("suggested", "decided").annotate(Count("pk"))
    return {(suggested, decided): count for suggested, decided, count in counted}


def _is_person(each: Missing) -> bool:
    return bool(each.account.owner_key) and not each.account.owner_key.startswith("pool:")


def _owners_known(viewer: Viewer, week: Week, listed: Sequence[Missing]) -> dict[str, OwnerKnown]:
    keys = {each.account.owner_key for each in listed if _is_person(each)}
    ids = {person.key: person.id for person in staff(viewer) if person.key in keys}
    loads = {}
    if not week.policy.of(CapacityNumbers).team_level_only:
        found = measured(viewer, week.run.id, week.run.as_of, measures=[LOAD], kinds=["csm"])
        loads = {key: each.value for (_, _, key), each in found.items()}
    closing = closings(viewer, week, ids.values())
    return {key: _known(loads.get(key), closing.get(person)) for key, person in ids.items()}


def _known(load: float | None, closing: Closing | None) -> OwnerKnown:
    if closing is None:
        return OwnerKnown(load)
    stands = closing.standing
    has_risen = OWN_BASE in stands.bands or TIER_MIX in stands.bands
    return OwnerKnown(load, stands.week.share, stands.base, stands.above, has_risen)


def _owners(viewer: Viewer, week: Week, kinds: list[str]) -> dict[Group, Owners]:
    """Return how many owners owe each kind in a tier, and how many lack it at most of their accounts."""
    run = week.run.id
    owed = Requirement.objects.filter(run_id=run, kind__in=kinds).exclude(
        status=Requirement.Status.NOT_YET_DUE
    )
    owned = owed.annotate(tier=tier_column(viewer, run), owner=owner_column(viewer, run))
    counted = (
        owned.exclude(owner=None)
        .order_by()
        .values_list("kind", "tier", "owner")
        .annotate(owed=Count("pk"), gaps=Count("pk", filter=Q(status__in=GAPS)))
    )
    found: dict[Group, Owners] = {}
    for kind, tier, _, owes, gaps in counted:
        before = found.get((kind, tier), Owners())
        found[kind, tier] = Owners(before.owing + 1, before.lacking + (2 * gaps > owes))
    return found


def _followed(viewer: Viewer, week: Week, kinds: list[str]) -> dict[Group, Followed]:
    """Return at how many accounts of a tier each kind was written, and at how many nothing followed.

    Only artifacts that had the time to be followed, and of which the records would tell: those written
    here, those with follow-ups, those whose form asks for none.
    """
    numbers = week.policy.of(ClosuresNumbers)
    until = week.ends_at - timedelta(days=numbers.diagnosis_follow_days)
    since = until - timedelta(weeks=numbers.diagnosis_weeks)
    asking = {row.artifact for row in numbers.questions if row.asks == "follow_ups"}
    promised = FollowUp.objects.filter(artifact=OuterRef("closed_by"))
    done = promised.filter(done_at__lt=week.ends_at)
    written = Loop.objects.filter(
        closed_at__gte=since, closed_at__lt=until, closed_by__isnull=False, artifact_kind__in=kinds
    )
    told = written.filter(
        Exists(promised) | ~Q(closed_by__closes="") | ~Q(artifact_kind__in=sorted(asking))
    ).annotate(tier=tier_column(viewer, week.run.id))
    after = Exists(done) | changed_after(viewer, "closed_at", until=week.run.as_of)
    counted = (
        told.exclude(tier=None)
        .order_by()
        .values_list("artifact_kind", "tier")
        .annotate(
            accounts=Count("account", distinct=True),
            followed=Count("account", distinct=True, filter=Q(after)),
        )
    )
    return {
        (kind, tier): Followed(accounts, accounts - followed) for kind, tier, accounts, followed in counted
    }
