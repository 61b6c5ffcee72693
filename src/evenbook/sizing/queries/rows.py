"""The rows behind what was measured: accounts with meetings and revenue, CSMs with their share."""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.book.access import may_see_people
from evenbook.book.known import teammates
from evenbook.book.queries import account_names
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.sizing.queries.sized import Sized
from evenbook.sizing.rules.bases import SEGMENT, WHOLE, parts_of, within


@dataclass(frozen=True)
class AccountMeasured:
    """An account as it was measured; ``arr`` a year in major units, None where it is not known."""

    key: str
    name: str
    arr: float | None
    completed: int
    scheduled: int


@dataclass(frozen=True)
class CsmMeasured:
    """A CSM and the working share that counts here."""

    key: str
    name: str
    share: float


def accounts_measured(viewer: Viewer, answer: Sized) -> tuple[AccountMeasured, ...]:
    """Return the accounts of an answer, those who came most often first."""
    names = account_names(viewer)
    rows = [
        AccountMeasured(*names[each.account], each.arr, each.completed, each.scheduled)
        for each in within(answer.base, answer.scope)
        if each.account in names
    ]
    return tuple(sorted(rows, key=lambda row: (-row.completed, row.name, row.key)))


def csms_measured(viewer: Viewer, week: Week, answer: Sized) -> tuple[CsmMeasured, ...]:
    """Return the CSMs of an answer by name; nobody to who may not see single people."""
    if not may_see_people(viewer):
        return ()
    base, scope = answer.base, answer.scope
    if scope.kind == WHOLE:
        shares = dict(base.people)
    else:
        by_part = parts_of(
            base, (lambda each: each.segment) if scope.kind == SEGMENT else (lambda each: str(each.tier))
        )
        shares = by_part.get(scope.key, {})
    day = week.run.as_of
    team = teammates(viewer, here_from=day, here_until=day, people=shares)
    return tuple(CsmMeasured(each.key, each.name, shares[each.id]) for each in team)
