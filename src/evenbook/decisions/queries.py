"""Decisions as a viewer may see them: about a person, who may see their load; about an account, who opens it.

What is noticed and waits for nobody yet, the person it is about sees alone. All of it is of the present
moment: what a decision rests on is shown as of its own day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, When

from evenbook.book.access import leaders_above, may_decide_about, narrowed, people_ids_seen_by, person_of
from evenbook.decisions.models import Decision
from evenbook.decisions.rules import (
    ACCEPTED,
    DECLINED,
    DONE,
    KINDS,
    LAPSED,
    NOTICED,
    OPEN,
    STATES,
    WAIT,
    Choice,
    Evidence,
    state_of,
)
from evenbook.kit.dates import start_of
from evenbook.people.viewer import Viewer

KEPT = (
    "noticed_on", "waits_from_on", "as_of", "ended_on", "choice", "note", "decided_by", "decided_at",
    "done_by", "done_at",
)  # fmt: skip
FIELDS = (
    "pk", "kind", "person_id", "person__key", "person__name", "person__team", "person__user_id",
    "account_id", "account__key", "account__name",
    "sentence", "evidence", *KEPT,
)  # fmt: skip

IN_STATE = {
    OPEN: Q(choice="", ended_on=None, waits_from_on__isnull=False),
    ACCEPTED: ~Q(choice__in=["", WAIT]) & Q(done_at=None),
    DECLINED: Q(choice=WAIT),
    DONE: Q(done_at__isnull=False),
    LAPSED: Q(choice="", ended_on__isnull=False),
    NOTICED: Q(choice="", ended_on=None, waits_from_on=None),
}


@dataclass(frozen=True)
class DecisionRow:
    """A decision. ``reasons`` are sentences, ``evidence`` the figures behind them, as of ``as_of``.

    ``owners`` are the leaders nearest above whom it is about: for them it waits.
    """

    id: int
    kind: str
    person_id: int | None
    person_key: str
    person_name: str
    account_id: int | None
    account_key: str
    account_name: str
    sentence: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    noticed_on: date
    waits_from_on: date | None
    as_of: date
    ended_on: date | None
    choice: str
    note: str
    decided_by: str
    decided_at: datetime | None
    done_by: str
    done_at: datetime | None
    may_decide: bool
    may_finish: bool
    owners: tuple[str, ...]

    @property
    def state(self) -> str:
        """How it stands, one of ``rules.STATES``."""
        return state_of(
            waits_from_on=self.waits_from_on,
            ended_on=self.ended_on,
            choice=self.choice,
            is_done=self.done_at is not None,
        )

    @property
    def state_name(self) -> str:
        """How it stands, in words."""
        return STATES[self.state]

    @property
    def can_be_proposed(self) -> bool:
        """Whether a proposal can say which of this person's accounts could go to whom."""
        return bool(self.person_key) and self.kind in KINDS and KINDS[self.kind].moves_accounts

    @property
    def waits_for(self) -> str:
        """For whom it waits, in words."""
        return " or ".join(self.owners) or "a leader"

    @property
    def is_open(self) -> bool:
        """Whether its cause holds, so that it can be decided, or decided anew."""
        return self.ended_on is None

    @property
    def alone(self) -> tuple[DecisionRow, ...]:
        """A list of this one alone, for a table."""
        return (self,)

    @property
    def subject(self) -> str:
        """The name of the person or the account."""
        return self.person_name or self.account_name

    @property
    def subject_key(self) -> str:
        """The key of the person or the account."""
        return self.person_key or self.account_key

    @property
    def title(self) -> str:
        """What its kind is called."""
        return KINDS[self.kind].title

    @property
    def opens(self) -> str:
        """The name of the address that shows its subject's evidence."""
        return KINDS[self.kind].opens

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided."""
        return KINDS[self.kind].choices

    @property
    def decided(self) -> str:
        """What was decided, in words; empty where nothing was."""
        found = KINDS[self.kind].choice(self.choice)
        return found.title if found else ""

    @property
    def effect(self) -> str:
        """What came of it, in words; empty while nothing is decided."""
        if self.decided_at is None:
            return ""
        if self.ended_on is None:
            return "It still holds."
        days = max(0, (self.ended_on - self.decided_at.date()).days)
        return f"It ended {days} day{'' if days == 1 else 's'} after it was decided."


@dataclass(frozen=True)
class DecisionsWanted:
    """Which decisions; empty means any.

    ``touched_since`` leaves out those that had been decided, done or ended before a day.
    """

    state: str = ""
    kind: str = ""
    person: str = ""
    waits_before: date | None = None
    touched_since: date | None = None


def decisions(
    viewer: Viewer,
    *,
    wanted: DecisionsWanted,
    ids: Iterable[int] | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[DecisionRow, ...]:
    """Return decisions, or those of these ids, those that wait first, the newest of them first."""
    rows = _wanted(viewer, wanted)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    waits_first = Case(When(IN_STATE[OPEN], then=0), default=1, output_field=IntegerField())
    ordered = rows.order_by(waits_first, "-noticed_on", "person__name", "account__name", "pk")
    page = ordered[offset : None if limit is None else offset + limit].values_list(*FIELDS)
    return tuple(_row(viewer, values) for values in page)


def how_many_decisions(viewer: Viewer, *, wanted: DecisionsWanted) -> int:
    """Return how many decisions are wanted."""
    return _wanted(viewer, wanted).count()


def decision(viewer: Viewer, number: int) -> DecisionRow | None:
    """Return one decision, None where there is none that the viewer may see."""
    values = visible(viewer).filter(pk=number).values_list(*FIELDS).first()
    return _row(viewer, values) if values else None


def open_about(viewer: Viewer, kind: str, person_id: int) -> DecisionRow | None:
    """Return the decision of a kind about a person whose cause holds, None where none does."""
    rows = visible(viewer).filter(kind=kind, person=person_id, ended_on=None)
    values = rows.values_list(*FIELDS).first()
    return _row(viewer, values) if values else None


def done_about(viewer: Viewer) -> tuple[tuple[str, str, date], ...]:
    """Return what was decided and done about people: the choice, the person's key, and the day."""
    rows = visible(viewer).filter(done_at__isnull=False, person__isnull=False)
    found = rows.order_by("done_at", "pk").values_list("choice", "person__key", "done_at")
    return tuple((choice, key, at.date()) for choice, key, at in found if key and at)


def visible(viewer: Viewer) -> QuerySet[Decision]:
    """Return the decisions that the viewer may see."""
    about_accounts = narrowed(Decision.objects.exclude(account=None), viewer).values("pk")
    seen = Q(person__in=sorted(people_ids_seen_by(viewer))) | Q(pk__in=about_accounts)
    own = person_of(viewer) if viewer.allows("read") else None
    theirs = Q(person=own.pk) if own else Q(pk__in=())
    return Decision.objects.filter(Q(waits_from_on__isnull=False) & seen | theirs)


def may_decide(viewer: Viewer, person_id: int | None) -> bool:
    """Return whether the viewer decides of what they see: about a person, or else about an account."""
    if person_id is not None:
        return may_decide_about(viewer, person_id)
    return viewer.role == "leader" and viewer.may_write


def _wanted(viewer: Viewer, wanted: DecisionsWanted) -> QuerySet[Decision]:
    rows = visible(viewer)
    if "\x00" in wanted.kind + wanted.person:
        return rows.none()
    if wanted.state:
        rows = rows.filter(IN_STATE[wanted.state])
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.waits_before:
        rows = rows.filter(waits_from_on__lt=wanted.waits_before)
    if wanted.touched_since:
        day, at = wanted.touched_since, start_of(wanted.touched_since)
        since = Q(waits_from_on__gte=day) | Q(decided_at__gte=at) | Q(done_at__gte=at)
        rows = rows.filter(since | Q(ended_on__gte=day) | Q(ended_on=None))
    return rows.filter(person__key=wanted.person) if wanted.person else rows


def _row(viewer: Viewer, values: tuple[Any, ...]) -> DecisionRow:
    each = dict(zip(FIELDS, values, strict=True))
    evidence: Mapping[str, Any] = each["evidence"]
    may = may_decide(viewer, each["person_id"])
    return DecisionRow(
        id=each["pk"],
        kind=each["kind"],
        person_id=each["person_id"],
        person_key=each["person__key"] or "",
        person_name=each["person__name"] or "",
        account_id=each["account_id"],
        account_key=each["account__key"] or "",
        account_name=each["account__name"] or "",
        sentence=each["sentence"],
        reasons=tuple(evidence.get("reasons", ())),
        evidence=tuple(Evidence(**figure) for figure in evidence.get("figures", ())),
        **{name: each[name] for name in KEPT},
        may_decide=each["ended_on"] is None and may,
        may_finish=may and each["choice"] not in {"", WAIT} and each["done_at"] is None,
        owners=leaders_above(viewer, each["person__team"] or "", but=each["person__user_id"]),
    )
