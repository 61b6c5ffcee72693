"""Where accounts stand in a run, how they got there, and which are in a given state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from evenbook.book.access import narrowed
from evenbook.people.viewer import Viewer
from evenbook.states.models import Standing, Transition

ORDER = ("at_risk", "silent", "declining", "recovering", "onboarding", "adopting", "healthy", "churned")
COLORS = ("red", "yellow", "green")
TONES = {"red": "bad", "yellow": "warn", "green": "good"}


@dataclass(frozen=True)
class Term:
    """Points taken off the health score, and why."""

    term: str
    points: float
    text: str


@dataclass(frozen=True)
class Stands:
    """Where an account stands: its state since when, its score with its parts, its color."""

    account_id: int
    state: str
    since_on: date | None
    score: float | None
    color: str
    terms: tuple[Term, ...]

    @property
    def tone(self) -> str:
        """How screens color it."""
        return TONES.get(self.color, "quiet")


@dataclass(frozen=True)
class Change:
    """A change of state; ``causes`` are sentences."""

    account_id: int
    account_key: str
    account_name: str
    on: date
    from_state: str
    to_state: str
    causes: tuple[str, ...]
    policy_version: int


def standings(viewer: Viewer, run_id: int, account_ids: Iterable[int]) -> dict[int, Stands]:
    """Return where these accounts stand, by account."""
    rows = narrowed(Standing.objects.filter(run_id=run_id, account__in=list(account_ids)), viewer)
    return {row.account_id: _stands(row) for row in rows}


def accounts_with(viewer: Viewer, run_id: int, *, state: str = "", color: str = "") -> QuerySet[Any, Any]:
    """Return the ids of accounts in a state or of a color, to narrow another slice's query."""
    rows = narrowed(Standing.objects.filter(run_id=run_id), viewer)
    if state:
        rows = rows.filter(state=state)
    if color:
        rows = rows.filter(color=color)
    return rows.values("account_id")


def column(viewer: Viewer, run_id: int, name: str, account: str = "account_id") -> Subquery:
    """Return one value of the standing as a column for another slice's query, to sort by."""
    rows = Standing.objects.filter(run_id=run_id, account_id=OuterRef(account))
    return Subquery(narrowed(rows, viewer).values(name)[:1])


def state_counts(viewer: Viewer, run_id: int) -> dict[str, int]:
    """Return how many accounts are in each state."""
    rows = narrowed(Standing.objects.filter(run_id=run_id), viewer)
    counts = dict(rows.values_list("state").annotate(Count("pk")).order_by("state"))
    return {state: counts[state] for state in sorted(counts, key=_place)}


def changes(viewer: Viewer, *, after: date, until: date, among: Any = None) -> tuple[Change, ...]:
    """Return the changes of state after one day and up to another, once each, the newest first.

    A run stores the transitions since the run before it, so they are read from all current runs.
    """
    rows = narrowed(_kept().filter(on__gt=after, on__lte=until), viewer)
    return _once(rows if among is None else rows.filter(account__in=among))


def history(
    viewer: Viewer, account_id: int, *, until: date | None = None, run_id: int | None = None
) -> tuple[Change, ...]:
    """Return every change of an account's state that the current runs hold, once each, newest first.

    Args:
        viewer: who asks.
        account_id: the account.
        until: only what the runs up to this day say of the time up to it.
        run_id: only what this run says.
    """
    rows = _kept().filter(account_id=account_id)
    if until is not None:
        rows = rows.filter(on__lte=until, run__as_of__lte=until)
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    return _once(narrowed(rows, viewer))


def _kept() -> QuerySet[Transition]:
    return Transition.objects.filter(run__is_current=True)


def _once(rows: QuerySet[Any]) -> tuple[Change, ...]:
    found: dict[tuple[int, date, str, str], Change] = {}
    for change in _changes(rows):
        found.setdefault((change.account_id, change.on, change.from_state, change.to_state), change)
    return tuple(found.values())


def _changes(rows: QuerySet[Any]) -> tuple[Change, ...]:
    ordered = rows.order_by("-on", "-run__as_of", "account__name").select_related("account")
    return tuple(
        Change(
            account_id=row.account_id,
            account_key=row.account.key,
            account_name=row.account.name,
            on=row.on,
            from_state=row.from_state,
            to_state=row.to_state,
            causes=tuple(map(_said, row.causes)),
            policy_version=row.policy_version,
        )
        for row in ordered
    )


def changed_accounts(viewer: Viewer, *, after: date, until: date, to_state: str = "") -> QuerySet[Any, Any]:
    """Return the ids of accounts whose state changed, to narrow another slice's query."""
    rows = narrowed(_kept().filter(on__gt=after, on__lte=until), viewer)
    return (rows.filter(to_state=to_state) if to_state else rows).values("account_id")


def changed_after(viewer: Viewer, at: str, *, until: date, account: str = "account_id") -> Exists:
    """Return whether a state changed on a day after the instant in column ``at``, for another slice's query.

    It says of no account which; that something changed is counted over all of them.
    """
    return Exists(_kept().filter(account_id=OuterRef(account), on__gt=OuterRef(at), on__lte=until))


def _stands(row: Standing) -> Stands:
    return Stands(
        account_id=row.account_id,
        state=row.state,
        since_on=row.since_on,
        score=row.score,
        color=row.color,
        terms=_terms(row.terms),
    )


def _terms(given: list[dict[str, Any]]) -> tuple[Term, ...]:
    terms = [Term(str(each["term"]), float(each["points"]), str(each.get("text", ""))) for each in given]
    return tuple(sorted(terms, key=lambda term: -term.points))


def _said(cause: Any) -> str:
    return str(cause.get("text") or cause.get("signal") or "") if isinstance(cause, dict) else str(cause)


def _place(state: str) -> int:
    return ORDER.index(state) if state in ORDER else len(ORDER)
