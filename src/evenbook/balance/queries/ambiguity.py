"""Accounts of which it is not clear who answers for them, as a run found them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.ambiguous import WHYS, Ambiguous, Told, ambiguous
from evenbook.book.among import Ids
from evenbook.book.known import in_pools, names_of, owners_told, teammates
from evenbook.capacity.books import weighed
from evenbook.kit.findings import counted
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

OPERATIONS = "operations"


@dataclass(frozen=True)
class Unclear:
    """An account of which it is not clear who answers, and why, in words."""

    key: str
    name: str
    why: str
    role: str

    @property
    def document(self) -> dict[str, Any]:
        """What programs are told."""
        return {"account": self.key, "account_name": self.name, "why": self.why, "role": self.role or None}

    @property
    def said(self) -> str:
        """Why, in words, with the role where it is about one."""
        return f"{WHYS[self.why]}{f', {self.role}' if self.role else ''}"


def unclear(viewer: Viewer, week: Week) -> tuple[Unclear, ...]:
    """Return the accounts that the viewer may open and nobody clearly answers for, by name."""
    rows, day = weighed(viewer, week.run.id), week.run.as_of
    ids = Ids.of(row.account_id for row in rows)
    here = {each.id for each in teammates(viewer, here_from=day, here_until=day)}
    answering = frozenset(
        each.pool_id
        for each in in_pools(viewer, until=day)
        if each.person_id in here and (each.until_on is None or each.until_on > day)
    )
    owners = {row.account_id: (row.person_id, row.pool_id) for row in rows}
    told = [
        Told(account, role, (person, pool), at.timestamp())
        for account, role, person, pool, at in owners_told(viewer, ids, before=week.ends_at)
    ]
    names = names_of(viewer, ids)
    rows_found = ambiguous(owners, told, answering=answering)
    found = (_row(each, names) for each in rows_found if each.account in names)
    return tuple(sorted(found, key=lambda each: (each.name, each.key)))


def lacks_operations(viewer: Viewer, week: Week) -> str:
    """Return a sentence where a team of this size should have somebody in operations and has nobody."""
    numbers, day = week.policy.of(BalanceNumbers), week.run.as_of
    given = {each.role for each in numbers.tiers_by_role}
    here = teammates(viewer, here_from=day, here_until=day)
    csms = sum(each.role in given for each in here)
    if csms < numbers.operations_from or any(each.role == OPERATIONS for each in here):
        return ""
    return (
        f"{counted(csms, 'person owns', 'people own')} accounts, and nobody is in operations: from "
        f"{numbers.operations_from} on somebody should keep the records and the rules."
    )


def _row(each: Ambiguous, names: dict[int, tuple[str, str]]) -> Unclear:
    key, name = names[each.account]
    return Unclear(key, name, each.why, each.role)
