"""Keeping what a calibration proposes, and adopting it as a new version of the policy."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenbook.capacity.models import Calibration, CalibrationEffect
from evenbook.capacity.rules.proposal import Effect, Proposal
from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.policy import actions as policy_actions
from evenbook.policy.queries import latest, may_change
from evenbook.policy.registry import sections
from evenbook.policy.rules.document import Document, from_document, to_document
from evenbook.policy.schema import Policy, key_text

State = Calibration.State
NOTE = "Calibration as of {as_of}, from the hours of {accounts} accounts over {weeks} weeks."
NOTE_OF_CEILINGS = "Calibration as of {as_of}: ceilings, from the weeks of people."


class CalibrationNotYours(EvenbookError):
    """Somebody who may not change the policy tried to calibrate it."""

    kind = "calibration-not-yours"
    status = 403


class CalibrationGone(EvenbookError):
    """There is no such calibration."""

    kind = "calibration-gone"
    status = 404


class CalibrationRefused(EvenbookError):
    """A calibration can't be adopted: it proposes nothing, was replaced, or the policy moved on."""

    kind = "calibration-refused"
    status = 409


class WeightNotPositive(EvenbookError):
    """A weight or a ceiling would be 0 or below, and nothing could be multiplied back from it."""

    kind = "weight-not-positive"
    status = 422


@dataclass(frozen=True)
class Found:
    """What was worked out as of a day, with the policy of that day."""

    as_of: date
    policy_version: int
    proposal: Proposal
    effects: tuple[Effect, ...]


@transaction.atomic
def keep(found: Found, *, by: Viewer, now: datetime) -> int:
    """Keep a calibration in the place of one that waits; return its number, the same for the same again.

    Raises:
        CalibrationNotYours: ``by`` may not change the policy.
    """
    _require(by)
    contents = found.proposal.as_json()
    newest = Calibration.objects.select_for_update().order_by("-pk").first()
    if newest is not None and _is_same(newest, found):
        return int(newest.pk)
    replaced = Calibration.objects.filter(state=State.PROPOSED)
    replaced.update(state=State.SUPERSEDED)
    state = State.PROPOSED if found.proposal.changes() else State.NOTHING
    row = Calibration.objects.create(
        as_of=found.as_of,
        policy_version=found.policy_version,
        made_at=now,
        made_by=by.name[:120],
        contents=contents,
        state=state,
    )
    _keep_effects(row, found.effects)
    said = {"policy_version": found.policy_version, "changes": len(found.proposal.changes())}
    audit.record(by, "calibration.made", _thing(row), at=now, after=said)
    return int(row.pk)


def forget_effects(before: date) -> int:
    """Delete what calibrations of days before one would have done to single loads; return how many."""
    return CalibrationEffect.objects.filter(calibration__as_of__lt=before).delete()[0]


def _is_same(row: Calibration, found: Found) -> bool:
    """Return whether the newest calibration says the same of the same day and policy, and still waits."""
    if row.state not in {State.PROPOSED, State.NOTHING}:
        return False
    same = (row.as_of, row.policy_version) == (found.as_of, found.policy_version)
    if not same or Proposal.from_json(row.contents) != Proposal.from_json(found.proposal.as_json()):
        return False
    kept = {
        (each.person_id, each.accounts, each.capacity_hours, each.hours_now, each.hours_then)
        for each in row.effects.all()
    }
    return kept == {
        (each.person, each.accounts, each.capacity_hours, each.hours_now, each.hours_then)
        for each in found.effects
    }


def _keep_effects(row: Calibration, effects: Iterable[Effect]) -> None:
    CalibrationEffect.objects.bulk_create(
        CalibrationEffect(
            calibration=row,
            person_id=each.person,
            accounts=each.accounts,
            capacity_hours=each.capacity_hours,
            hours_now=each.hours_now,
            hours_then=each.hours_then,
        )
        for each in effects
    )


@transaction.atomic
def adopt(number: int, *, by: Viewer, now: datetime, note: str = "") -> int:
    """Adopt a calibration as the next version of the policy; return its number, the same for the same again.

    Args:
        number: the calibration.
        by: who adopts it.
        now: when.
        note: why; empty says from what it was learned.

    Raises:
        CalibrationNotYours: ``by`` may not change the policy.
        CalibrationGone: there is none of this number.
        CalibrationRefused: nothing is proposed, a later one replaced it, or the policy has changed since.
        WeightNotPositive: a weight would be 0 or below.
        PolicyRefused: a value cannot stand in the policy.
    """
    _require(by)
    row = Calibration.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise CalibrationGone(f"There is no calibration {number}.", fix="See `evenbook calibrate`.")
    if row.state == State.ADOPTED:
        return int(row.adopted_version or 0)
    proposal = Proposal.from_json(row.contents)
    _check(row, proposal.changes())
    done = policy_actions.adopt(
        to_document(proposed(latest().policy, proposal.changes())),
        by=by,
        note=note.strip() or _note(row, proposal),
        now=now,
        expected_version=row.policy_version,
    )
    row.state, row.adopted_at = State.ADOPTED, now
    row.adopted_by, row.adopted_version = by.name[:120], done.number
    row.save(update_fields=["state", "adopted_at", "adopted_by", "adopted_version"])
    audit.record(by, "calibration.adopted", _thing(row), at=now, after={"policy_version": done.number})
    return done.number


def proposed(policy: Policy, changes: Mapping[str, float | bool]) -> Policy:
    """Return the policy with the changes of a proposal in it.

    Raises:
        CalibrationRefused: the policy has no such value.
        PolicyRefused: a value cannot stand.
    """
    document = copy.deepcopy(to_document(policy))
    places = {path: (holder, name) for path, holder, name in _places(policy, document)}
    missing = [path for path in changes if path not in places]
    if missing:
        raise CalibrationRefused(
            f"The policy has no value {missing[0]}.", fix="Calibrate again on the policy in force."
        )
    for path, value in changes.items():
        holder, name = places[path]
        holder[name] = value
    return from_document(document, sections())


def _places(policy: Policy, document: Document) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each value of a document by its path, with what holds it and its name there."""
    for section in policy.sections:
        for card in section.cards():
            yield f"{section.name}.{card.name}", document[section.name], card.name
            for row in document[section.name][card.name] if card.kind == "rows" else ():
                key = key_text(row[name] for name in card.row_key)
                for column in card.columns:
                    yield f"{section.name}.{card.name}[{key}].{column.name}", row, column.name


def _require(by: Viewer) -> None:
    if not may_change(by):
        raise CalibrationNotYours(
            "Only operations may calibrate the policy.",
            fix="Ask someone in operations, or use --as with their mail.",
        )


def _check(row: Calibration, changes: Mapping[str, float | bool]) -> None:
    if row.state == State.SUPERSEDED:
        raise CalibrationRefused(
            "A later calibration replaced this one.", fix="Look at the newest, and adopt that one."
        )
    if not changes:
        raise CalibrationRefused(
            "This calibration proposes nothing.", fix="The weights in force stand; look again in a month."
        )
    if latest().number != row.policy_version:
        raise CalibrationRefused(
            f"The policy has changed since: version {latest().number} is in force, and this began from "
            f"version {row.policy_version}.",
            fix="Calibrate again: `evenbook calibrate`, or the button on the page.",
        )
    for path, value in changes.items():
        if not isinstance(value, bool) and not value > 0:
            raise WeightNotPositive(
                f"{path} would be {value:g}, and a weight is above 0.",
                fix="Calibrate again, or set the weight by hand in the policy.",
            )


def _note(row: Calibration, proposal: Proposal) -> str:
    form = NOTE if any(each.is_changed for each in proposal.weights) else NOTE_OF_CEILINGS
    return form.format(as_of=row.as_of, accounts=proposal.with_hours, weeks=proposal.weeks)


def _thing(row: Calibration) -> audit.Thing:
    return audit.Thing("calibration", str(row.pk), str(row))
