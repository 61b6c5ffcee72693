"""How the work on the sheet's accounts stands on a day, and what came of earlier work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from evenbook.book.access import narrowed
from evenbook.hotsheet.models import HotCase
from evenbook.hotsheet.queries import OfWhom, listed
from evenbook.hotsheet.rules.cases import FALSE_ALARM, LOST, NEW, SAVED, STATES
from evenbook.people.viewer import Viewer

ENDINGS = {SAVED, LOST, FALSE_ALARM}
PAST_WEEKS = 26
"""How far back it is summed what came of work."""


@dataclass(frozen=True)
class Work:
    """The work on an account as it stood on a day; see ``models.HotCase``."""

    account_id: int
    state: str
    began_on: date
    due_on: date
    acted_on: date | None
    act: str
    claimed_by: str
    ended_on: date | None
    why: str

    @property
    def title(self) -> str:
        """Return its state in words."""
        return STATES[self.state]

    @property
    def in_time(self) -> bool | None:
        """Return whether the first action came in time; None where there is none and time has not run out."""
        return None if self.acted_on is None else self.acted_on <= self.due_on

    @property
    def is_open(self) -> bool:
        """Return whether it has not ended."""
        return self.state not in ENDINGS


@dataclass(frozen=True)
class ToDo:
    """How many rows of a sheet wait for a first action, and how many of them past its day, of how many."""

    rows: int
    waiting: int
    late: int

    @property
    def is_done(self) -> bool:
        """Return whether the sheet is worked for the week: every row has had its first action, or is over."""
        return self.rows > 0 and not self.waiting


@dataclass(frozen=True)
class Came:
    """What came of the work that ended in the weeks before a day, and how soon the first action came."""

    saved: int
    lost: int
    false_alarms: int
    acted: int
    in_time: int

    @property
    def ended(self) -> int:
        """Return how much work ended."""
        return self.saved + self.lost + self.false_alarms


def work_of(viewer: Viewer, accounts: Iterable[int], day: date) -> dict[int, Work]:
    """Return by account the newest work that had begun by a day, as it stood on it."""
    rows = _begun(viewer, day).filter(account__in=list(accounts)).order_by("account_id", "began_on")
    return {row.account_id: _work(row, day) for row in rows}


def to_do(viewer: Viewer, run_id: int, *, of: OfWhom, day: date, today: date) -> ToDo:
    """Return what is left to do on a sheet.

    Args:
        viewer: who asks.
        run_id: the sheet.
        of: whose rows.
        day: day of the sheet, as of which work is read.
        today: from which on a first action is late.
    """
    accounts = list(listed(viewer, run_id, of=of).values_list("account_id", flat=True))
    work = work_of(viewer, accounts, day)
    waiting = [each for each in work.values() if each.state == NEW]
    return ToDo(len(accounts), len(waiting), sum(each.due_on < today for each in waiting))


def came_of(viewer: Viewer, day: date) -> Came:
    """Return what came of the work that ended in the half year up to a day."""
    since, begun = day - timedelta(weeks=PAST_WEEKS), _begun(viewer, day)
    over = begun.filter(ended_on__gt=since, ended_known_on__lte=day)
    ended = Counter(over.values_list("ending", flat=True))
    acts = begun.filter(acted_known_on__lte=day, began_on__gt=since).values_list("acted_on", "due_on")
    in_time = [acted_on <= due_on for acted_on, due_on in acts if acted_on is not None]
    return Came(ended[SAVED], ended[LOST], ended[FALSE_ALARM], len(in_time), sum(in_time))


def ended_work(viewer: Viewer, day: date, *, limit: int) -> tuple[tuple[str, str, Work], ...]:
    """Return key and name of accounts with the work that ended in the half year before, newest first."""
    rows = _begun(viewer, day).filter(ended_on__gt=day - timedelta(weeks=PAST_WEEKS), ended_known_on__lte=day)
    page = rows.select_related("account").order_by("-ended_on", "account__name")[:limit]
    return tuple((row.account.key, row.account.name, _work(row, day)) for row in page)


def _begun(viewer: Viewer, day: date) -> QuerySet[HotCase]:
    return narrowed(HotCase.objects.filter(began_on__lte=day), viewer)


def _work(row: HotCase, day: date) -> Work:
    state = row.told().state_on(day)
    is_over = state in ENDINGS
    is_claimed = row.claimed_on is not None and row.claimed_on <= day
    has_acted = row.acted_known_on is not None and row.acted_known_on <= day
    return Work(
        account_id=row.account_id,
        state=state,
        began_on=row.began_on,
        due_on=row.due_on,
        acted_on=row.acted_on if has_acted else None,
        act=row.act.replace("_", " ") if has_acted else "",
        claimed_by=row.claimed_by if is_claimed else "",
        ended_on=row.ended_on if is_over else None,
        why=row.why if is_over else "",
    )
