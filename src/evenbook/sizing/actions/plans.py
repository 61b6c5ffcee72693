"""Keeping a headcount plan, so that the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.sizing.actions.keeping import require_keeper
from evenbook.sizing.models import HeadcountPlan


@transaction.atomic
def keep_plan(said: Mapping[str, Any], *, by: Viewer, now: datetime) -> int:
    """Keep a plan and return its number; the same plan again is the one that was kept.

    Raises:
        SizingReadOnly: ``by`` may not keep plans.
    """
    require_keeper(by)
    same = {
        "as_of": date.fromisoformat(said["as_of"]),
        "policy_version": said["policy_version"],
        "seed": said["seed"],
        "of_all": by.sees_all,
        "user_id": by.user_id,
    }
    last = HeadcountPlan.objects.filter(**same).first()
    if last is not None and last.contents == said:
        return int(last.pk)
    row = HeadcountPlan.objects.create(**same, contents=said, made_by=by.name[:120], made_at=now)
    after = {"as_of": said["as_of"], "hires": said["hires"]}
    record(by, "headcount-plan.made", Thing("headcount_plan", str(row.pk), str(row)), at=now, after=after)
    return int(row.pk)
