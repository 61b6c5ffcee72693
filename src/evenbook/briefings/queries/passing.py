"""The accounts of a handoff: to whom each goes, what is written of it, and who confirmed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from evenbook.book.access import holders_now
from evenbook.book.among import Ids
from evenbook.book.numbers import OWNER, role_title
from evenbook.briefings.models import HandoffAccount
from evenbook.briefings.queries.handoffs import HandoffRow
from evenbook.briefings.rules.standing import stands
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

SORTS = {
    "account": ("heir_name",),
    "receiver": ("handover__receiver__name", "heir_name"),
    "confirmed": ("confirmed_at", "heir_name"),
}
FIELDS = (
    "pk", "handover_id", "heir", "heir_key", "heir_name", "handover__receiver_id", "handover__receiver__key",
    "handover__receiver__name", "confirmed_at", "confirmed_by", "handover__role",
)  # fmt: skip


@dataclass(frozen=True)
class Passing:
    """An account of a handoff as it is stored; one that was merged stands under its heir.

    ``role`` is what passes on: the owner's, or another role on the account.
    """

    id: int
    handover_id: int
    account_id: int
    account_key: str
    account_name: str
    receiver_id: int
    receiver_key: str
    receiver_name: str
    confirmed_at: datetime | None
    confirmed_by: str
    role: str = OWNER

    @property
    def role_title(self) -> str:
        """The role that passes on as people read it; empty of an owner's."""
        return "" if self.role == OWNER else role_title(self.role)


@dataclass(frozen=True)
class Passed:
    """An account of a handoff and where it stands.

    ``owner_name`` is who has now what passes on, where that is neither giver nor receiver; ``loop`` asks for
    its brief.
    """

    of: Passing
    standing: str
    owner_name: str
    loop: LoopRow | None


@dataclass(frozen=True)
class PassingWanted:
    """Which accounts of a handoff. Empty means any."""

    text: str = ""
    receiver: str = ""
    status: str = ""
    account: str = ""
    sort: str = "confirmed"
    descending: bool = False
    ids: frozenset[int] = field(default=frozenset())


def passing(
    viewer: Viewer, shown: HandoffRow, wanted: PassingWanted, *, offset: int = 0, limit: int | None = None
) -> list[Passing]:
    """Return accounts of a handoff that the viewer may see, in the order wanted."""
    first, *then = SORTS.get(wanted.sort, SORTS["confirmed"])
    by = F(first).desc(nulls_last=True) if wanted.descending else F(first).asc(nulls_first=True)
    rows = _wanted(shown, wanted).order_by(by, *then, "pk")
    page = rows[offset : None if limit is None else offset + limit]
    return [Passing(*values) for values in page.values_list(*FIELDS)]


def how_many_passing(viewer: Viewer, shown: HandoffRow, wanted: PassingWanted) -> int:
    """Return how many accounts of a handoff are wanted."""
    return _wanted(shown, wanted).count()


def receivers_of(viewer: Viewer, shown: HandoffRow) -> tuple[tuple[str, str, int], ...]:
    """Return key and name of everybody who receives accounts in a handoff, and how many, most first."""
    rows = HandoffAccount.objects.filter(handoff=shown.id)
    counted: dict[tuple[str, str], int] = {}
    for key, name in rows.values_list("handover__receiver__key", "handover__receiver__name"):
        counted[key, name] = counted.get((key, name), 0) + 1
    most_first = sorted(counted.items(), key=lambda each: (-each[1], each[0][1]))
    return tuple((key, name, count) for (key, name), count in most_first)


def passed(
    viewer: Viewer, week: Week | None, shown: HandoffRow, rows: Iterable[Passing], *, now: datetime
) -> list[Passed]:
    """Return where accounts of a handoff stand, in the order given."""
    listed = list(rows)
    ids = Ids.of(row.account_id for row in listed)
    holders = holders_now(viewer, ids)
    briefs = _briefs(viewer, week, ids, now) if week and shown.asks_briefs else {}
    has_run = week is not None and week.run.ended_at > shown.announced_at
    found = []
    for row in listed:
        owner, name = holders.get((row.account_id, row.role), (0, ""))
        loop = _brief(briefs.get(row.account_id, ()), shown, row)
        is_elsewhere = owner not in {0, shown.giver_id, row.receiver_id}
        standing = stands(
            is_confirmed=row.confirmed_at is not None,
            is_called_off=shown.called_off_at is not None,
            is_elsewhere=is_elsewhere,
            is_written=_is_written(shown, loop, has_run=has_run),
        )
        found.append(Passed(row, standing, name if is_elsewhere else "", loop))
    return found


def _is_written(shown: HandoffRow, loop: LoopRow | None, *, has_run: bool) -> bool:
    """Return whether what is asked for is there; once a run has opened no loop, no brief is asked for."""
    if not shown.asks_briefs:
        return shown.noted_at is not None
    return has_run if loop is None else not loop.is_owed


def _brief(listed: Iterable[LoopRow], shown: HandoffRow, row: Passing) -> LoopRow | None:
    """Return the loop that asks for an account's brief: its handover's own, else that of the same absence.

    A leave that was known before has opened a loop already, and one absence opens one: that of the owner
    covers every role that they have there.
    """
    day, own = f":{shown.first_on.isoformat()}", f":{row.handover_id}"
    for each in listed:
        if each.key.endswith(day + own):
            return each
    role, before = row.role, [each for each in listed if each.opened_on <= shown.announced_on]
    known = {each.key: each for each in before if role != OWNER or (each.role or OWNER) == OWNER}
    owed = [each for each in known.values() if each.is_owed and (each.role or OWNER) == role]
    of_day = [each for key, each in known.items() if key.endswith(day)]
    return next(iter((*of_day, *owed)), None)


def _briefs(viewer: Viewer, week: Week, ids: Ids, now: datetime) -> dict[int, list[LoopRow]]:
    """Return the loops of these accounts that a change of owner opened, or one to come."""
    found: dict[int, list[LoopRow]] = {}
    for rule in week.policy.of(ClosuresNumbers).loops:
        if rule.opened_by == "owner":
            wanted = LoopsWanted(accounts=ids, kind=rule.loop, owed=False, as_they_are=True)
            for row in loops(viewer, week.policy, week.today(now), wanted=wanted):
                found.setdefault(row.account_id, []).append(row)
    return found


def _wanted(shown: HandoffRow, wanted: PassingWanted) -> QuerySet[HandoffAccount]:
    rows = HandoffAccount.objects.filter(handoff=shown.id).annotate(
        heir=Coalesce("handover__account__merged_into", "handover__account"),
        heir_key=Coalesce("handover__account__merged_into__key", "handover__account__key"),
        heir_name=Coalesce("handover__account__merged_into__name", "handover__account__name"),
    )
    if "\x00" in wanted.text + wanted.receiver + wanted.account:
        return rows.none()
    conditions = {
        "heir_name__icontains": wanted.text,
        "handover__receiver__key": wanted.receiver,
        "pk__in": wanted.ids,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    if wanted.account:
        rows = rows.filter(Q(handover__account__key=wanted.account) | Q(heir_key=wanted.account))
    if wanted.status:
        rows = rows.filter(confirmed_at__isnull=wanted.status != "confirmed")
    return rows
