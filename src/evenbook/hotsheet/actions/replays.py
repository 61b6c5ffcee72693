"""Keeping what a replay found, and adopting what it learned as a new version of the policy."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenbook.hotsheet.models import LONGEST_NAME, Replay, ReplayLoss
from evenbook.hotsheet.rules.learned import Learned
from evenbook.hotsheet.rules.replayed import Replayed
from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.policy import actions as policy_actions
from evenbook.policy.queries import latest, may_change
from evenbook.policy.rules.document import Document, to_document

State = Replay.State
NOW, THEN = Replay.ByPolicy.NOW.value, Replay.ByPolicy.THEN.value
NOTE = "Replay as of {as_of}: what {losses} losses said of the points of the hot sheet."


class ReplayNotYours(EvenbookError):
    """Somebody who may not change the policy tried to adopt what a replay learned."""

    kind = "replay-not-yours"
    status = 403


class ReplayGone(EvenbookError):
    """There is no such replay."""

    kind = "replay-gone"
    status = 404


class ReplayRefused(EvenbookError):
    """What a replay learned can't be adopted: it proposes nothing, was replaced, or the policy moved on."""

    kind = "replay-refused"
    status = 409


@dataclass(frozen=True)
class Found:
    """What was worked out as of a day; no sheets where there was no week.

    Attributes:
        policy_version: of that day.
        by_policy: ``now`` where it drew up all sheets, ``then`` where each week's own did.
        versions: with ``then``, each version with the number of its weeks, the oldest first.
    """

    as_of: date
    policy_version: int
    replayed: Replayed | None
    learned: Learned
    by_policy: str = NOW
    versions: tuple[tuple[int, int], ...] = ()


@transaction.atomic
def keep(found: Found, *, by: Viewer, now: datetime) -> int:
    """Keep a replay in the place of one that waits; return its number, the same for the same again."""
    said = found.replayed
    fared = [asdict(each) for each in said.fared] if said else []
    newest = Replay.objects.select_for_update().order_by("-pk").first()
    if newest is not None and _is_same(newest, found, fared):
        return int(newest.pk)
    Replay.objects.filter(state=State.PROPOSED).update(state=State.SUPERSEDED)
    ReplayLoss.objects.all().delete()  # of the newest alone: they are made again at any time
    row = Replay.objects.create(
        as_of=found.as_of,
        policy_version=found.policy_version,
        made_at=now,
        made_by=by.name[:LONGEST_NAME],
        by_policy=found.by_policy,
        versions=[list(each) for each in found.versions],
        first_on=said.first_on if said else None,
        weeks=said.weeks if said else 0,
        rows=said.rows if said else 0,
        fared=fared,
        learned=found.learned.as_json(),
        state=State.PROPOSED if found.learned.proposes else State.NOTHING,
    )
    _keep_losses(row, said)
    after = {
        "policy_version": found.policy_version,
        "by_policy": found.by_policy,
        "weeks": row.weeks,
        "losses": len(said.losses) if said else 0,
    }
    audit.record(by, "replay.made", _thing(row), at=now, after=after)
    return int(row.pk)


def _keep_losses(row: Replay, said: Replayed | None) -> None:
    ReplayLoss.objects.bulk_create(
        ReplayLoss(
            replay=row,
            account_id=each.account,
            happened_on=each.happened_on,
            lost_cents=each.lost_cents,
            is_churn=each.is_churn,
            listed_on=each.listed_on,
        )
        for each in (said.losses if said else ())
    )


def _is_same(row: Replay, found: Found, fared: list[dict[str, Any]]) -> bool:
    said = (row.as_of, row.policy_version, row.by_policy, Learned.from_json(row.learned))
    same = said == (found.as_of, found.policy_version, found.by_policy, found.learned)
    return same and _plain(row.fared) == _plain(fared) and row.state in {State.PROPOSED, State.NOTHING}


def _plain(fared: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return it as it comes back from the database, where a tuple is a list."""
    return [
        {name: list(value) if isinstance(value, tuple) else value for name, value in each.items()}
        for each in fared
    ]


@transaction.atomic
def adopt(number: int, *, by: Viewer, now: datetime, note: str = "") -> int:
    """Adopt what a replay learned as the next version of the policy; return it, the same for the same again.

    Raises:
        ReplayNotYours: ``by`` may not change the policy.
        ReplayGone: there is none of this number.
        ReplayRefused: nothing is proposed, a later one replaced it, or the policy has changed since.
        PolicyRefused: a value cannot stand in the policy.
    """
    if not may_change(by):
        raise ReplayNotYours(
            "Only operations may change the points of the hot sheet.", fix="Ask someone in operations."
        )
    row = Replay.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise ReplayGone(f"There is no replay {number}.", fix="See `evenbook replay`.")
    if row.state == State.ADOPTED:
        return int(row.adopted_version or 0)
    learned = Learned.from_json(row.learned)
    _check(row, learned)
    done = policy_actions.adopt(
        _changed(to_document(latest().policy), learned),
        by=by,
        note=note.strip() or NOTE.format(as_of=row.as_of, losses=learned.outcomes),
        now=now,
        expected_version=row.policy_version,
    )
    row.state, row.adopted_at = State.ADOPTED, now
    row.adopted_by, row.adopted_version = by.name[:LONGEST_NAME], done.number
    row.save(update_fields=["state", "adopted_at", "adopted_by", "adopted_version"])
    audit.record(by, "replay.adopted", _thing(row), at=now, after={"policy_version": done.number})
    return done.number


def _check(row: Replay, learned: Learned) -> None:
    if row.state == State.SUPERSEDED:
        raise ReplayRefused(
            "A later replay replaced this one.", fix="Look at the newest, and adopt that one."
        )
    if not learned.proposes:
        raise ReplayRefused("This replay proposes nothing.", fix="The points in force stand.")
    if latest().number != row.policy_version:
        raise ReplayRefused(
            f"The policy has changed since: version {latest().number} is in force, and this began from "
            f"version {row.policy_version}.",
            fix="Run it again: `evenbook replay`, or the button on the page.",
        )


def _changed(document: Document, learned: Learned) -> Document:
    """Return the policy with the points and the risk that were learned."""
    changed = copy.deepcopy(document)
    proposed = {each.term: each.proposed for each in learned.terms}
    for row in changed["hotsheet"]["terms"]:
        row["max_points"] = proposed[row["term"]]
    changed["hotsheet"]["risk"] = [{"points": points, "share": share} for points, share in learned.risk]
    return changed


def _thing(row: Replay) -> audit.Thing:
    return audit.Thing("replay", str(row.pk), str(row))
