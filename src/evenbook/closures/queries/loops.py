"""Loops as of a day: who owes what, by when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from evenbook.book.access import may_see_of_others, narrowed
from evenbook.book.among import Among, Ids
from evenbook.book.numbers import ROLES
from evenbook.book.queries import pools_led_by
from evenbook.closures import models
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.loops import Loop
from evenbook.closures.rules.standing import OWED, WAIVED, state_of
from evenbook.kit.dates import day_ends_at
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.schema import Policy

FIELDS = (
    "pk", "key", "kind", "role", "account_id", "account__key", "account__name", "artifact_kind", "event_at",
    "opened_at", "due_on", "cohort_on", "closed_at", "withdrawn_at", "waived_at", "waiver", "closed_by_id",
    "person__key", "person__name", "pool__key", "pool__name", "taken_by__key", "taken_by__name",
    "pool__lead__key", "pool__lead__name", "pool__lead__left_on",
)  # fmt: skip
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class LoopRow:
    """A loop as of a day. ``opened_by`` is the record that opened it, else what kind of event.

    ``role`` is, of a change of hands, the role on the account that changes hands; empty of others.
    ``cohort`` is the key of the cohort that one record closes, made of the kind, whose it is and its first
    day; empty where the loop is closed by itself.
    """

    id: int
    key: str
    kind: str
    title: str
    account_id: int
    account_key: str
    account_name: str
    artifact_kind: str
    artifact_title: str
    event_at: datetime
    opened_on: date
    due_on: date
    closed_on: date | None
    artifact_id: int | None
    waiver: str
    owner_key: str
    owner_name: str
    opened_by: str
    state: str
    cohort: str = ""
    cohort_name: str = ""
    cohort_on: date | None = None
    role: str = ""

    @property
    def is_owed(self) -> bool:
        """Whether it waits for its artifact."""
        return self.state in OWED


@dataclass(frozen=True)
class LoopsWanted:
    """Which loops. Empty means any.

    A pool's loop that nobody has taken is owed by the pool, and once it is overdue by the pool's lead.

    Args:
        person_id: whose; with ``pools`` also those that these pools owe and nobody has taken.
        owner: a person's key, ``pool:`` and a pool's key (overdue ones too), or ``nobody``.
        account_id: of one account; ``account_key`` the same by its key.
        accounts: of these accounts; None for any.
        kind: one kind of loop; ``artifact`` those that one kind of artifact closes.
        cohort_on: those of a cohort that begins on this day; ``in_cohorts`` those of any.
        keys: those of these keys.
        owed: those alone that are open or overdue.
        as_they_are: with what became of them since the day, which then only says what is overdue.
    """

    person_id: int | None = None
    pools: frozenset[int] = frozenset()
    owner: str = ""
    account_id: int | None = None
    account_key: str = ""
    accounts: Ids | None = None
    kind: str = ""
    artifact: str = ""
    cohort_on: date | None = None
    in_cohorts: bool = False
    keys: tuple[str, ...] = ()
    owed: bool = True
    as_they_are: bool = False


def loops(
    viewer: Viewer,
    policy: Policy,
    as_of: date,
    *,
    wanted: LoopsWanted,
    offset: int = 0,
    limit: int | None = None,
) -> list[LoopRow]:
    """Return loops as of the end of a day, those due first first.

    Args:
        viewer: who asks; of others' accounts they see loops as policy leaves them open.
        policy: the one in force that day.
        as_of: the day.
        wanted: which.
        offset: how many to leave out at the beginning.
        limit: how many at most.
    """
    seen = _AsOf(policy, as_of, as_they_are=wanted.as_they_are)
    rows = _wanted(viewer, wanted, as_of, seen.ends_at).order_by("due_on", "account__name", "pk")
    page = rows[offset : None if limit is None else offset + limit].values_list(*FIELDS)
    return [seen.row(values) for values in page]


def how_many_loops(viewer: Viewer, policy: Policy, as_of: date, *, wanted: LoopsWanted) -> int:
    """Return how many loops are wanted as of the end of a day."""
    seen = _AsOf(policy, as_of, as_they_are=wanted.as_they_are)
    return _wanted(viewer, wanted, as_of, seen.ends_at).count()


def loop(viewer: Viewer, policy: Policy, as_of: date, number: int) -> LoopRow | None:
    """Return one loop as it is, None where there is none that the viewer may see."""
    return _one(visible(viewer).filter(pk=number), policy, as_of)


def loop_called(viewer: Viewer, policy: Policy, as_of: date, key: str) -> LoopRow | None:
    """Return one loop by its key as it is, None where there is none that the viewer may see."""
    return _one(called(viewer, key), policy, as_of)


def loops_called(viewer: Viewer, policy: Policy, as_of: date, keys: Iterable[str]) -> dict[str, LoopRow]:
    """Return loops by their keys as they are, those that there are and that the viewer may see."""
    rows = visible(viewer).filter(key__in=list(keys)).values_list(*FIELDS)
    seen = _AsOf(policy, as_of, as_they_are=True)
    return {row.key: row for row in map(seen.row, rows)}


def _one(rows: QuerySet[models.Loop], policy: Policy, as_of: date) -> LoopRow | None:
    values = rows.values_list(*FIELDS).first()
    return _AsOf(policy, as_of, as_they_are=True).row(values) if values else None


class _AsOf:
    """How rows read at the end of a day, in the words of the policy in force."""

    def __init__(self, policy: Policy, as_of: date, *, as_they_are: bool) -> None:
        numbers = policy.of(ClosuresNumbers)
        self._zone = policy.of(OrganizationNumbers).time_zone
        self._loops = {row.loop: row for row in numbers.loops}
        self._artifacts = {row.kind: row.title for row in numbers.kinds}
        self._as_of = as_of
        self.ends_at = FOREVER if as_they_are else day_ends_at(as_of, self._zone)

    def row(self, values: tuple[Any, ...]) -> LoopRow:
        """Return a loop from its stored values."""
        each = dict(zip(FIELDS, values, strict=True))
        ends = {name: each[name] for name in ("due_on", "closed_at", "withdrawn_at", "waived_at")}
        state = state_of(**ends, as_of=self._as_of, ends_at=self.ends_at, day_of=self._day)
        is_closed = state.startswith("closed")
        owner_key, owner_name = _owner(each, self._as_of)
        known = self._loops.get(each["kind"])
        return LoopRow(
            id=each["pk"],
            key=each["key"],
            kind=each["kind"],
            title=_title(known, each),
            account_id=each["account_id"],
            account_key=each["account__key"],
            account_name=each["account__name"],
            artifact_kind=each["artifact_kind"],
            artifact_title=self._artifacts.get(each["artifact_kind"]) or _plain(each["artifact_kind"]),
            event_at=each["event_at"],
            opened_on=self._day(each["opened_at"]),
            due_on=each["due_on"],
            closed_on=self._day(each["closed_at"]) if is_closed else None,
            artifact_id=each["closed_by_id"] if is_closed else None,
            waiver=each["waiver"] if state == WAIVED else "",
            owner_key=owner_key,
            owner_name=owner_name,
            opened_by=_opened_by(known, each["key"]),
            state=state,
            cohort=_cohort(each),
            cohort_name=each["taken_by__name"] or each["person__name"] or each["pool__name"] or "",
            cohort_on=each["cohort_on"],
            role=each["role"],
        )

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self._zone)).date()


def _title(known: Loop | None, each: Mapping[str, Any]) -> str:
    """Return what a loop is called; of a role besides the owner's with the role that changes hands."""
    title = known.title if known else _plain(each["kind"])
    return f"{title}: {ROLES[each['role']].lower()}" if each["role"] in ROLES else title


def _cohort(each: Mapping[str, Any]) -> str:
    if each["cohort_on"] is None:
        return ""
    pool = f"pool:{each['pool__key']}" if each["pool__key"] else "nobody"
    return f"{each['kind']}:{each['taken_by__key'] or each['person__key'] or pool}:{each['cohort_on']}"


def _opened_by(known: Loop | None, key: str) -> str:
    by_a_record = known is None or known.opened_by in {"contact", "interaction", "ticket"}
    return key.partition(":")[2] if by_a_record or known is None else known.opened_by


def _plain(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def visible(viewer: Viewer) -> QuerySet[models.Loop]:
    """Return the loops that the viewer may see."""
    rows = models.Loop.objects.all()
    return rows if may_see_of_others(viewer, "loops") else narrowed(rows, viewer)


def of_visible(viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows of loops that the viewer may see; all loops are not asked for where none is hidden."""
    return rows if may_see_of_others(viewer, "loops") else narrowed(rows, viewer, "loop__account")


def called(viewer: Viewer, key: str) -> QuerySet[models.Loop]:
    """Return the loop of this key, if there is one that the viewer may see; any text may be asked for."""
    rows = visible(viewer)
    return rows.filter(key=key) if _may_be_kept(key) else rows.none()


def _may_be_kept(text: str) -> bool:
    """Return whether a database could hold a text: neither NUL nor half a character."""
    return not any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in text)


def _wanted(viewer: Viewer, wanted: LoopsWanted, as_of: date, ends_at: datetime) -> QuerySet[models.Loop]:
    rows = visible(viewer).filter(opened_at__lt=ends_at)
    if not _may_be_kept(wanted.owner + wanted.account_key + wanted.kind):
        return rows.none()
    if wanted.owed:
        ends = ("closed_at", "withdrawn_at", "waived_at")
        later = [Q() if wanted.as_they_are else Q(**{f"{name}__gte": ends_at}) for name in ends]
        rows = rows.filter(*(Q(**{name: None}) | past for name, past in zip(ends, later, strict=True)))
    if wanted.person_id is not None:
        led = pools_led_by(viewer, wanted.person_id, as_of)
        rows = rows.filter(_theirs(wanted.person_id, wanted.pools, led, as_of))
    named = {
        "account_id": wanted.account_id,
        "account__key": wanted.account_key,
        "kind": wanted.kind,
        "artifact_kind": wanted.artifact,
        "cohort_on": wanted.cohort_on,
    }
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if wanted.in_cohorts:
        rows = rows.filter(cohort_on__isnull=False)
    if wanted.accounts is not None:
        rows = rows.filter(Among(F("account"), wanted.accounts))
    if wanted.keys:
        rows = rows.filter(key__in=[key for key in wanted.keys if _may_be_kept(key)])
    return rows.filter(_owned(wanted.owner, as_of)) if wanted.owner else rows


def _theirs(person_id: int, pools: Iterable[int], led: Iterable[int], as_of: date) -> Q:
    """Return the condition that a person owes a loop, a part for each index that finds it."""
    return (
        Q(taken_by_id=person_id)
        | Q(taken_by=None, person_id=person_id)
        | Q(taken_by=None, pool_id__in=list(pools))
        | Q(taken_by=None, person=None, due_on__lt=as_of, pool_id__in=list(led))
    )


def _owned(owner: str, as_of: date) -> Q:
    if owner == "nobody":
        return Q(person=None, pool=None, taken_by=None)
    if owner.startswith("pool:"):
        return Q(pool__key=owner.removeprefix("pool:"), taken_by=None)
    owed = Q(person__key=owner) | (_left_to_the_lead(as_of) & Q(pool__lead__key=owner))
    return Q(taken_by__key=owner) | (Q(taken_by=None) & owed)


def _left_to_the_lead(as_of: date) -> Q:
    """Return the condition that a pool's loop is overdue, and its lead is still there to owe it."""
    stays = Q(pool__lead__left_on=None) | Q(pool__lead__left_on__gte=as_of)
    return Q(person=None, due_on__lt=as_of) & stays


def _owner(each: Mapping[str, Any], as_of: date) -> tuple[str, str]:
    if each["taken_by__key"]:
        return each["taken_by__key"], each["taken_by__name"] or ""
    if each["person__key"]:
        return each["person__key"], each["person__name"] or ""
    left_on = each["pool__lead__left_on"]
    if each["pool__lead__key"] and each["due_on"] < as_of and (left_on is None or left_on >= as_of):
        return each["pool__lead__key"], each["pool__lead__name"]
    return (f"pool:{each['pool__key']}", each["pool__name"] or "") if each["pool__key"] else ("", "")
