"""A figure with the rows that it is folded from.

A figure is the sum of the parts over the sum of the wholes of its rows, so what is shown here always
adds up; of a restricted mean the parts are what each row counts for in this very figure. What a viewer
may not see singly is folded into one row: the accounts of colleagues, and the capacity of single persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils.module_loading import import_string

from evenbook.book.access import may_see_team
from evenbook.book.queries import (
    Queue,
    TeamMember,
    account_names,
    people_seen,
    pools,
    pools_seen,
    staff,
)
from evenbook.kit.errors import EvenbookError
from evenbook.measures import details
from evenbook.measures.card import SUBJECTS, Card
from evenbook.measures.catalogue import Catalogue
from evenbook.measures.restricted import parts
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import RunInfo, week_on_or_before

STANDARD = {"as_of", "account", "person", "pool", "tier", "segment", "part", "whole", "horizon_days"}
PERSONAL = {"csm", "pool"}
CLOSED = "There is no such figure that you may open."


class FigureClosed(EvenbookError):
    """A figure that there is not, or that the viewer may not open."""

    kind = "figure-closed"
    status = 404


@dataclass(frozen=True)
class OpenedRow:
    """One row behind a figure. ``whole`` counts below the line; ``more`` are the measure's own columns."""

    account_key: str
    account_name: str
    owner_name: str
    part: float
    whole: float
    more: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A figure: its card, the policy version that made it, and the rows that it is the fold of.

    ``fold`` is always ``ratio``: the sum of the parts ÷ the sum of the wholes. ``interval_80`` holds a mean
    time with a chance of 80%, as far as chance alone made it; other figures are counts and have none.
    """

    card: Card
    as_of: date
    policy_version: int
    subject_kind: str
    subject: str
    subject_name: str
    rows: tuple[OpenedRow, ...]
    columns: tuple[str, ...]
    fold: str = "ratio"
    interval_80: tuple[float, float] | None = None

    @cached_property
    def part(self) -> float:
        """The sum above the line."""
        return sum(row.part for row in self.rows)

    @cached_property
    def whole(self) -> float:
        """The sum below the line."""
        return sum(row.whole for row in self.rows)

    @property
    def value(self) -> float | None:
        """The figure; None where there is nothing to divide by."""
        return self.part / self.whole if self.whole else None


def open_figure(viewer: Viewer, measure: str, *, as_of: date, subject_kind: str, subject: str) -> Opened:
    """Return a figure of the week stored for ``as_of``, or the last one before it.

    Raises:
        FigureClosed: there is no such week or subject, or it is not the viewer's to see.
        UnknownMeasure: there is no such measure.
    """
    card = _catalogue().card(measure)
    run = week_on_or_before(viewer, as_of)
    if run is None:
        raise FigureClosed(f"No week is stored on or before {as_of}.", fix="Run: evenbook week")
    if subject_kind != "all" and subject_kind not in card.by:
        by = ", ".join([*card.by, "all"])
        raise FigureClosed(f"{card.label} is not given by {subject_kind}.", fix=f"Ask by {by}.")
    team = _Team.of(viewer)
    name = _subject_name(viewer, team, subject_kind, subject)
    kept = _rows(card.name, card.label, run)
    columns = tuple(each for each in kept.column_names if each not in STANDARD)
    values = _values(team, subject_kind, subject)
    rows = [row for row in kept.to_pylist() if values is None or row[SUBJECTS[subject_kind]] in values]
    interval = _interval(rows) if card.horizon and rows else None
    if card.horizon and rows:
        rows = _weighed(rows)
    return Opened(
        card=card,
        as_of=run.as_of,
        policy_version=run.policy_version,
        subject_kind=subject_kind,
        subject=subject,
        subject_name=name,
        rows=_shown(viewer, rows, columns=columns, team=team),
        columns=columns,
        interval_80=interval,
    )


def rows_of(
    viewer: Viewer, *names: str, run: RunInfo, subject_kind: str, subject: str
) -> dict[str, pa.Table]:
    """Return the rows of a subject that a run kept of measures, or of tables beside them, to be summed.

    They name accounts that the viewer may not see singly: what is shown of them is a sum, or goes through
    ``single_rows``.

    Raises:
        FigureClosed: there is no such subject, or it is not the viewer's to see; of all, whose money not
            everybody may see.
    """
    team = _Team.of(viewer)
    if subject_kind == "all" and not viewer.sees_all:
        raise FigureClosed(CLOSED, fix="Open one of your own week.")
    _subject_name(viewer, team, subject_kind, subject)
    values, found = _values(team, subject_kind, subject), {}
    for name in names:
        rows = _rows(name, name.replace("_", " "), run)
        if values is not None:
            column = rows[SUBJECTS[subject_kind]]
            rows = rows.filter(pc.is_in(column, pa.array(list(values), column.type)))
        found[name] = rows
    return found


def single_rows(viewer: Viewer, rows: pa.Table, *, columns: tuple[str, ...]) -> tuple[OpenedRow, ...]:
    """Return rows with ``part`` and ``whole`` as the viewer may see them, the largest first."""
    return _shown(viewer, rows.to_pylist(), columns=columns, team=_Team.of(viewer))


def _interval(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Return what holds the mean time of rows with a chance of 80%."""
    from evenbook.engine.restricted_mean import time_to_event

    days, ended = [row["days"] for row in rows], [row["answered"] for row in rows]
    return time_to_event(days, ended, rows[0]["horizon_days"]).interval_80


def _weighed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of times with the days that each counts for in the figure of just these."""
    found = parts(
        [row["days"] for row in rows], [row["answered"] for row in rows], horizon=rows[0]["horizon_days"]
    )
    return [row | {"part": part} for row, part in zip(rows, found, strict=True)]


@dataclass(frozen=True)
class _Team:
    """The people and pools that rows name, and which of them the viewer may see singly."""

    people: Mapping[str, TeamMember]
    pools: Mapping[str, Queue]
    seen: frozenset[int]
    seen_pools: frozenset[int]

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        return cls(
            people={person.key: person for person in staff(viewer)},
            pools={pool.key: pool for pool in pools(viewer)},
            seen=people_seen(viewer),
            seen_pools=frozenset(pool.id for pool in pools_seen(viewer)),
        )

    def may_open(self, kind: str, number: int) -> bool:
        """Return whether the figures of a person or a pool are the viewer's to see."""
        return number in (self.seen if kind == "csm" else self.seen_pools)


def _catalogue() -> Catalogue:
    found: Catalogue = import_string(settings.EVENBOOK_CATALOGUE)()
    return found


def _rows(name: str, label: str, run: RunInfo) -> pa.Table:
    """Return the rows that a run kept, worked out again where the cache was deleted."""
    home = Path(settings.EVENBOOK_HOME)
    found = details.read(name, run=run.id, home=home)
    if found is None:
        import_string(settings.EVENBOOK_FIGURES)(run=run.id, as_of=run.as_of, home=home)
        found = details.read(name, run=run.id, home=home)
    if found is None:
        raise FigureClosed(
            f"The rows behind {label} are not kept.", fix=f"Run: evenbook week --as-of {run.as_of}"
        )
    return found


def _subject_name(viewer: Viewer, team: _Team, kind: str, subject: str) -> str:
    if kind == "team" and not may_see_team(viewer, subject):
        raise FigureClosed(CLOSED, fix="Open one of your own week.")
    if kind not in PERSONAL:
        return {"all": "all accounts", "tier": f"T{subject}"}.get(kind, subject)
    found = team.people.get(subject) if kind == "csm" else team.pools.get(subject)
    if found is None or not team.may_open(kind, found.id):
        raise FigureClosed(CLOSED, fix="Open one of your own week.")
    return found.name


def _values(team: _Team, kind: str, subject: str) -> set[Any] | None:
    """Return what the subject's own column holds; None where every row counts."""
    if kind == "all":
        return None
    if kind == "csm":
        return {team.people[subject].id}
    if kind == "team":
        return {person.id for person in team.people.values() if person.team == subject}
    if kind == "pool":
        return {team.pools[subject].id}
    return {int(subject)} if kind == "tier" and subject.isdigit() else {subject}


def _shown(
    viewer: Viewer, rows: list[dict[str, Any]], *, columns: tuple[str, ...], team: _Team
) -> tuple[OpenedRow, ...]:
    names = account_names(viewer)
    owners = {person.id: person.name for person in team.people.values()}
    queues = {pool.id: pool.name for pool in team.pools.values()}
    single: list[OpenedRow] = []
    accounts, people = _Folded("other accounts"), _Folded("people")
    for row in rows:
        number: int | None = row["account"]
        named = None if number is None else names.get(number)
        if number is not None and named is None:
            accounts.add(row)
        elif number is None and not team.may_open("csm", row.get("person", 0)):
            people.add(row)
        else:
            owner = owners.get(row.get("person", 0)) or queues.get(row.get("pool", 0)) or ""
            key, name = named or ("", owner)
            more = tuple(row[column] for column in columns)
            single.append(OpenedRow(key, name, owner if key else "", *_numbers(row), more))
    single.sort(key=lambda row: (-abs(row.part), -row.whole, row.account_name))
    return (*single, *(folded.row(len(columns)) for folded in (accounts, people) if folded.count))


@dataclass
class _Folded:
    """Rows that the viewer may not see singly, as one."""

    what: str
    count: int = 0
    part: float = 0.0
    whole: float = 0.0

    def add(self, row: Mapping[str, Any]) -> None:
        part, whole = _numbers(row)
        self.count, self.part, self.whole = self.count + 1, self.part + part, self.whole + whole

    def row(self, columns: int) -> OpenedRow:
        return OpenedRow("", f"{self.count:,} {self.what}", "", self.part, self.whole, ("",) * columns)


def _numbers(row: Mapping[str, Any]) -> tuple[float, float]:
    return float(row["part"] or 0), float(row["whole"] or 0)
