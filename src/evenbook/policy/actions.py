"""Adopting a policy. Each change is a new version with its author, note and difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.models import PolicyVersion
from evenbook.policy.queries import may_change
from evenbook.policy.registry import sections, stored_policy
from evenbook.policy.rules.difference import Change, difference, release_difference
from evenbook.policy.rules.document import from_document, merged, to_document
from evenbook.policy.rules.yaml_file import read_yaml
from evenbook.policy.schema import Policy

LONGEST_NOTE = 500
FIRST_NOTE = "The defaults that Evenbook comes with."
RELEASE_NOTE = "Numbers that this release added, at their defaults, or no longer reads."


class PolicyNotYours(EvenbookError):
    """Somebody who may not change the policy tried to."""

    kind = "policy-not-yours"
    status = 403


class PolicyMovedOn(EvenbookError):
    """Somebody else adopted a version since this change was begun."""

    kind = "policy-moved-on"
    status = 409
    retry = True


class NoteMissing(EvenbookError):
    """A change without a word why, or with too many."""

    kind = "policy-note"


@dataclass(frozen=True)
class Adopted:
    """The version in force after an action, and what it changed: nothing where none was needed."""

    number: int
    changes: tuple[Change, ...]


def adopt(
    document: object, *, by: Viewer, note: str, now: datetime, expected_version: int | None = None
) -> Adopted:
    """Adopt a whole document as the next version; one that changes nothing makes none.

    Args:
        document: every section; a field left out is at its default.
        by: who adopts it.
        note: why, in a sentence.
        now: when.
        expected_version: the version that the change was made from.

    Raises:
        PolicyNotYours: ``by`` may not change the policy.
        NoteMissing: the note is empty or too long.
        PolicyRefused: a value cannot stand.
        PolicyMovedOn: the version in force is no longer the expected one.
    """
    _check_author(by)
    policy = from_document(document, sections())
    return _next_version(policy, by=by, note=note, now=now, expected_version=expected_version)


def import_yaml(
    text: str, *, by: Viewer, note: str, now: datetime, expected_version: int | None = None
) -> Adopted:
    """Adopt what a YAML file names; what it leaves out stays as it is.

    Raises:
        PolicyNotYours, NoteMissing, PolicyRefused, PolicyMovedOn: as ``adopt``.
    """
    _check_author(by)
    policy = proposed(text)
    return _next_version(policy, by=by, note=note, now=now, expected_version=expected_version)


def proposed(text: str) -> Policy:
    """Return the policy that adopting a YAML file would give; nothing is changed.

    Raises:
        PolicyRefused: the file or a value in it cannot stand.
    """
    kinds = sections()
    given = read_yaml(text)
    row = PolicyVersion.objects.order_by("-number").first()
    current = to_document(_policy(row))
    return from_document(merged(current, given, kinds), kinds)


def ensure_first(now: datetime, *, but: Mapping[str, Any] | None = None) -> int:
    """Make version 1 from the defaults where there is none; return the number in force.

    ``but`` holds, by section and name, the numbers of the first version that are no defaults.

    After an upgrade, numbers that the release added are written down as a version of its own,
    so that a later change of a default never changes an answer that was given.
    """
    kinds = sections()
    row = PolicyVersion.objects.order_by("-number").first()
    if row is None:
        policy = from_document(merged(to_document(Policy.defaults(kinds)), dict(but or {}), kinds), kinds)
        return _write(None, policy, (), by=SYSTEM, note=FIRST_NOTE, now=now).number
    policy = _policy(row)
    if to_document(policy) == row.document:
        return row.number
    changes = release_difference(row.document, policy)
    return _write(row, policy, changes, by=SYSTEM, note=RELEASE_NOTE, now=now).number


def _check_author(by: Viewer) -> None:
    if not may_change(by):
        raise PolicyNotYours(
            "Only operations may change the policy.",
            fix="Ask someone in operations, or use --as with their mail.",
        )


def _next_version(
    policy: Policy, *, by: Viewer, note: str, now: datetime, expected_version: int | None
) -> Adopted:
    with transaction.atomic():
        row = PolicyVersion.objects.select_for_update().order_by("-number").first()
        _check_expected(row, expected_version)
        changes = difference(_policy(row), policy)
        if row is not None and not changes:
            return Adopted(row.number, ())
        _check_note(note)
        written = _write(row, policy, changes, by=by, note=note.strip(), now=now)
    return Adopted(written.number, changes)


def _check_expected(row: PolicyVersion | None, expected: int | None) -> None:
    number = row.number if row else 0
    if expected is None or expected == number:
        return
    who = f" by {row.author_name}" if row else ""
    raise PolicyMovedOn(
        f"Version {number} was adopted{who} since you began, from version {expected}.",
        fix="Look at what changed in the history, then make your change again on the version in force.",
    )


def _check_note(note: str) -> None:
    if not note.strip():
        raise NoteMissing("The change has no note.", fix="Say in a sentence why; the history keeps it.")
    if len(note.strip()) > LONGEST_NOTE:
        raise NoteMissing(
            f"The note has more than {LONGEST_NOTE} characters.", fix="Say it in a sentence or two."
        )


def _write(
    before: PolicyVersion | None,
    policy: Policy,
    changes: Iterable[Change],
    *,
    by: Viewer,
    note: str,
    now: datetime,
) -> PolicyVersion:
    """Write the next version. A clock that was set back never puts it before the last one."""
    number = before.number + 1 if before else 1
    adopted_at = max(now, before.adopted_at) if before else now
    try:
        with transaction.atomic():
            row = PolicyVersion.objects.create(
                number=number,
                adopted_at=adopted_at,
                author_id=by.user_id,
                author_name=by.name,
                note=note,
                document=to_document(policy),
                difference=[change.as_json() for change in changes],
            )
            audit.record(
                by,
                "policy.adopted",
                audit.Thing("policy", str(number), f"Version {number}"),
                at=now,
                before={change.path: change.old for change in changes},
                after={change.path: change.new for change in changes} | {"note": note},
            )
            return row
    except IntegrityError as error:
        raise PolicyMovedOn(
            f"Version {number} was adopted by somebody else at this moment.",
            fix="Look at what changed in the history, then make your change again.",
        ) from error


def _policy(row: PolicyVersion | None) -> Policy:
    return stored_policy(row.document if row else {})
