"""Scenarios and plans that were kept, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from evenbook.book.access import may_see_people
from evenbook.people.viewer import Viewer
from evenbook.sizing.models import HeadcountPlan, Scenario
from evenbook.sizing.queries.measured import require
from evenbook.sizing.rules.bases import WHOLE

SOMEBODY = "One person"
"""What somebody of middling hours is called who leaves in a what-if."""


@dataclass(frozen=True)
class ScenarioRow:
    """A saved scenario with its inputs and the answer that they had."""

    id: int
    name: str
    scope_kind: str
    scope_key: str
    inputs: Mapping[str, float]
    answer: Mapping[str, Any]
    as_of: date | None
    policy_version: int
    made_by: str
    made_at: datetime

    @property
    def of(self) -> str:
        """Of which part of the base."""
        return "the whole base" if self.scope_kind == WHOLE else f"{self.scope_kind} {self.scope_key}"


@dataclass(frozen=True)
class PlanRow:
    """A kept headcount plan."""

    id: int
    as_of: date
    policy_version: int
    contents: Mapping[str, Any]
    made_by: str
    made_at: datetime


def scenarios(viewer: Viewer) -> tuple[ScenarioRow, ...]:
    """Return the scenarios that are kept, the oldest first.

    Raises:
        SizingNotYours: the viewer may not see any.
    """
    require(viewer)
    return tuple(
        ScenarioRow(
            row.pk, row.name, row.scope_kind, row.scope_key, row.inputs, row.answer, row.as_of,
            row.policy_version, row.made_by, row.made_at,
        )
        for row in seen_by(viewer)
    )  # fmt: skip


def last_plan(viewer: Viewer, number: int | None = None) -> PlanRow | None:
    """Return the plan of a number, or the newest, if there is one that the viewer may see.

    Raises:
        SizingNotYours: the viewer may not see any.
    """
    require(viewer)
    rows = HeadcountPlan.objects.filter(_theirs(viewer))
    row = (rows if number is None else rows.filter(pk=number)).first()
    if row is None:
        return None
    contents = row.contents if may_see_people(viewer) else _without_names(row.contents)
    return PlanRow(row.pk, row.as_of, row.policy_version, contents, row.made_by, row.made_at)


def _without_names(contents: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan for who sees no single person's load: a leaver is somebody."""
    rows = [
        {**each, "what": f"{SOMEBODY} leaves", "person": None} if each["person"] else each
        for each in contents["what_ifs"]
    ]
    return {**contents, "what_ifs": rows}


def seen_by(viewer: Viewer, *, with_dropped: bool = False) -> QuerySet[Scenario]:
    """Return the scenarios that the viewer may see: of everybody's base if they see it, else their own."""
    rows = Scenario.objects.filter(_theirs(viewer))
    return rows if with_dropped else rows.filter(dropped_at=None)


def _theirs(viewer: Viewer) -> Q:
    if viewer.sees_all:
        return Q(of_all=True)
    return Q(of_all=False, user=viewer.user_id, user__isnull=False)
