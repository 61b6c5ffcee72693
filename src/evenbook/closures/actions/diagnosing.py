"""What a leader decides of a suggested diagnosis: it is right, or it is another one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from evenbook.closures.models import Diagnosis
from evenbook.closures.queries.audit import Missing, gap
from evenbook.closures.queries.diagnoses import diagnoses
from evenbook.closures.rules.diagnosis import DIAGNOSES, Diagnosed
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

LONGEST_NOTE = 500


class NoSuchGap(EvenbookError):
    """An artifact that is not missing, or at an account that who asks may not open."""

    kind = "no-such-gap"
    status = 404


class DiagnosisRefused(EvenbookError):
    """A diagnosis that is none, or by somebody who leads nobody."""

    kind = "diagnosis-refused"


def decide(
    account_key: str, kind: str, decided: str, note: str = "", *, by: Viewer, week: Week, now: datetime
) -> Diagnosed:
    """Keep a leader's diagnosis of a missing artifact beside the one suggested, which is returned.

    Deciding the same again changes nothing; deciding otherwise takes the place of what was decided.

    Args:
        account_key: of the account.
        kind: of the artifact that is missing there.
        decided: one of ``rules.diagnosis.DIAGNOSES``: the one suggested to confirm it, else to overrule it.
        note: what others should know.
        by: the leader.
        week: the stored week in which it is missing.
        now: when.

    Raises:
        DiagnosisRefused: there is no such diagnosis, or who asks is no leader.
        NoSuchGap: nothing is missing there that they may see.
    """
    _must_be_a_diagnosis(decided, note, by)
    missing = gap(by, week.run.id, account_key, kind)
    if missing is None:
        raise NoSuchGap(
            f"No '{kind[:40]}' is missing at '{account_key[:80]}' that you may see.",
            fix="List what is missing: evenbook audit",
        )
    (suggested,) = diagnoses(by, week, [missing]).values()
    _keep(missing, suggested, decided, note.strip(), by=by, now=now)
    return suggested


def _must_be_a_diagnosis(decided: str, note: str, by: Viewer) -> None:
    if by.role != "leader" or not by.may_write:
        raise DiagnosisRefused("A diagnosis is decided by a leader.", fix="Ask the leader of the owner.")
    if decided not in DIAGNOSES:
        raise DiagnosisRefused(
            f"'{decided[:40]}' is no diagnosis.", fix=f"The diagnoses are: {', '.join(DIAGNOSES)}."
        )
    if len(note) > LONGEST_NOTE:
        raise DiagnosisRefused(f"The note has more than {LONGEST_NOTE} characters.", fix="Say it shorter.")


def _keep(
    missing: Missing, suggested: Diagnosed, decided: str, note: str, *, by: Viewer, now: datetime
) -> None:
    """Write it down and record it, unless the same stands there."""
    told = {"decided": decided, "note": note}
    of: dict[str, Any] = {"account_id": missing.account.id, "kind": missing.kind, "since_on": missing.since}
    with transaction.atomic():
        before = Diagnosis.objects.select_for_update().filter(**of).first()
        if before is not None and {"decided": before.decided, "note": before.note} == told:
            return
        kept = {"suggested": suggested.diagnosis, "evidence": suggested.evidence, "decided_at": now}
        row, _ = Diagnosis.objects.update_or_create(
            **of, defaults={**told, **kept, "decided_by": by.name[:120]}
        )
        what = "diagnosis.confirmed" if decided == suggested.diagnosis else "diagnosis.overruled"
        thing = Thing("diagnosis", str(row.pk), f"{missing.account.name}: {missing.kind}")
        record(by, what, thing, at=now, after={**told, "suggested": suggested.diagnosis})
