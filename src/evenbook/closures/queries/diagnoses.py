"""Suggested diagnoses of what an audit found missing, and what leaders decided of them.

What is known of an owner is read as the viewer may see it: who may not see a person's week gets a diagnosis
without it. How many owners of a tier lack an artifact, and at how many accounts something followed it, is
counted over all of them and names none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from evenbook.book.access import narrowed
from evenbook.book.queries import people_seen, staff
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.closures.models import Diagnosis
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.audit import Missing
from evenbook.closures.queries.basis import Basis, Stood, basis
from evenbook.closures.rules.diagnosis import Diagnosed, Followed, Grounds, OwnerKnown, Owners, diagnose
from evenbook.measures.values import measured
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

LOAD = "effort_load"
NOTHING = OwnerKnown()
Gap = tuple[int, str]
"""An account and a kind of artifact."""


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
    found = basis(viewer, week)
    known = _owners_known(viewer, week, listed, found)
    owners, followed = found.owners, found.followed
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


def decided_counts(
    viewer: Viewer, *, since: datetime, until: datetime | None = None
) -> dict[tuple[str, str], int]:
    """Return how many diagnoses leaders decided since an instant, by what was suggested and decided."""
    rows = narrowed(Diagnosis.objects.filter(decided_at__gte=since), viewer)
    rows = rows.filter(decided_at__lt=until) if until else rows
    counted = rows.order_by("suggested", "decided").values_list("suggested", "decided").annotate(Count("pk"))
    return {(suggested, decided): count for suggested, decided, count in counted}


def _is_person(each: Missing) -> bool:
    return bool(each.account.owner_key) and not each.account.owner_key.startswith("pool:")


def _owners_known(
    viewer: Viewer, week: Week, listed: Sequence[Missing], found: Basis
) -> dict[str, OwnerKnown]:
    keys = {each.account.owner_key for each in listed if _is_person(each)}
    seen = people_seen(viewer)
    ids = {person.key: person.id for person in staff(viewer) if person.key in keys}
    loads = {}
    if not week.policy.of(CapacityNumbers).team_level_only:
        values = measured(viewer, week.run.id, week.run.as_of, measures=[LOAD], kinds=["csm"])
        loads = {key: each.value for (_, _, key), each in values.items()}
    stood = {each.person: each for each in found.stood if each.person in seen}
    return {key: _known(loads.get(key), stood.get(person)) for key, person in ids.items()}


def _known(load: float | None, stood: Stood | None) -> OwnerKnown:
    if stood is None:
        return OwnerKnown(load)
    return OwnerKnown(load, stood.share, stood.base, stood.above, stood.has_risen)
