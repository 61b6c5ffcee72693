"""The policy of a day, and how it came to be. Everybody who signs in may read it.

A person's load, loops and coverage follow from these numbers, so they are hidden from nobody;
who may change them is decided in ``actions``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from evenbook.kit.dates import BEGINNING, day_ends_at, start_of
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.policy.models import PolicyVersion
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.registry import sections, stored_policy
from evenbook.policy.rules.difference import Change
from evenbook.policy.rules.said import said
from evenbook.policy.schema import Policy

FARTHEST_ZONE = timedelta(hours=36)
"""No day ends later than this after its own midnight in UTC, whatever the zone."""


class NoSuchVersion(EvenbookError):
    """A version that the policy never had."""

    kind = "no-such-version"
    status = 404


class InForce(NamedTuple):
    """The policy that holds, and the number of its version: 0 for the defaults of a new instance."""

    number: int
    policy: Policy


@dataclass(frozen=True)
class Version:
    """One version: what changed with it, who adopted it and why."""

    number: int
    adopted_at: datetime
    author_name: str
    note: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class WholeVersion(Version):
    """A version with all its numbers."""

    policy: Policy


@dataclass(frozen=True)
class LastChange:
    """When a value got what it is now."""

    number: int
    adopted_at: datetime
    author_name: str
    old: Any

    @property
    def said(self) -> str:
        """What the value was before, in words."""
        return said(self.old)


def in_force(as_of: date) -> InForce:
    """Return the policy in force at the end of ``as_of``; before the first version, the first.

    A version is in force on a day if it was adopted before that day was over in its own time
    zone, so later versions never change which one an earlier day had.
    """
    earlier = PolicyVersion.objects.filter(adopted_at__lt=start_of(as_of) + FARTHEST_ZONE)
    for row in earlier.order_by("-number").iterator(chunk_size=2):
        policy = _policy(row)
        if row.adopted_at < day_ends_at(as_of, policy.of(OrganizationNumbers).time_zone):
            return InForce(row.number, policy)
    first = PolicyVersion.objects.order_by("number").first()
    return InForce(first.number, _policy(first)) if first else InForce(0, Policy.defaults(sections()))


def adopted_by(as_of: date) -> list[tuple[datetime, Policy]]:
    """Return all versions up to the one in force at the end of ``as_of``, each with when it was adopted.

    The oldest comes first; an instance without any has the defaults, from the beginning.
    """
    rows = PolicyVersion.objects.filter(number__lte=in_force(as_of).number).order_by("number")
    return [(row.adopted_at, _policy(row)) for row in rows] or [(BEGINNING, Policy.defaults(sections()))]


def latest() -> InForce:
    """Return the newest version: the one that a change starts from."""
    row = PolicyVersion.objects.order_by("-number").first()
    return InForce(row.number, _policy(row)) if row else InForce(0, Policy.defaults(sections()))


def version(viewer: Viewer, number: int) -> WholeVersion:
    """Return one version with all its numbers.

    Raises:
        NoSuchVersion: there is none of this number.
    """
    row = PolicyVersion.objects.filter(number=number).first()
    if row is None:
        raise NoSuchVersion(
            f"The policy has no version {number}.", fix="See the history for those that it has."
        )
    return WholeVersion(**vars(_version(row)), policy=_policy(row))


def history(viewer: Viewer, *, skip: int = 0, limit: int | None = None) -> list[Version]:
    """Return versions, the newest first: all of them, or ``limit`` after the first ``skip``."""
    rows = PolicyVersion.objects.defer("document").order_by("-number")
    return [_version(row) for row in rows[skip : None if limit is None else skip + limit]]


def how_many_versions(viewer: Viewer) -> int:
    """Return how many versions the policy has had."""
    return PolicyVersion.objects.count()


def last_changes(viewer: Viewer) -> dict[str, LastChange]:
    """Return, by path, the last change of each value that was ever changed.

    A change inside a table counts for the table as well.
    """
    found: dict[str, LastChange] = {}
    rows = PolicyVersion.objects.order_by("number").values_list(
        "number", "adopted_at", "author_name", "difference"
    )
    for number, adopted_at, author_name, changes in rows:
        for change in changes:
            last = LastChange(number, adopted_at, author_name, change["old"])
            found[change["path"]] = found[change["path"].partition("[")[0]] = last
    return found


def may_change(viewer: Viewer) -> bool:
    """Return whether the viewer may adopt a new version."""
    return viewer.is_operations


def _version(row: PolicyVersion) -> Version:
    changes = tuple(Change.from_json(change) for change in row.difference)
    return Version(
        number=row.number,
        adopted_at=row.adopted_at,
        author_name=row.author_name,
        note=row.note,
        changes=changes,
    )


def _policy(row: PolicyVersion) -> Policy:
    return stored_policy(row.document)
