"""The accounts that a person has a role on, and what to say of it in a list of their book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evenbook.book.queries import TeamMember
from evenbook.capacity.queries import AccountRow, Wanted, account_rows
from evenbook.capacity.queries.roles import RoleHeld, in_roles, roles_of, roles_on
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

MOST_SHOWN = 60


@dataclass(frozen=True)
class InRole:
    """An account that somebody else owns, and the roles that a person has on it."""

    row: AccountRow
    roles: tuple[RoleHeld, ...]

    @property
    def title(self) -> str:
        """The roles as people read them."""
        return ", ".join(each.title for each in self.roles)

    @property
    def works(self) -> bool:
        """Whether the person works the account in its stage."""
        return any(each.works for each in self.roles)

    @property
    def hours(self) -> float:
        """What the roles take of the account, in hours a month."""
        return sum(each.hours for each in self.roles)


@dataclass(frozen=True)
class Roles:
    """What a person has by roles: accounts of others, most hours first, and how many more there are.

    ``said`` has, by account, what to say of roles on it in a list of the person's book.
    """

    others: tuple[InRole, ...]
    more: int
    said: Mapping[int, str]

    @property
    def hours(self) -> float:
        """What they take of the accounts listed, in hours a month."""
        return sum(each.hours for each in self.others)


def roles_in_week(viewer: Viewer, week: Week, person: TeamMember, *, listed: Iterable[AccountRow]) -> Roles:
    """Return the roles of a person in a week, and the words of them for the accounts of a list."""
    run, rows = week.run.id, list(listed)
    mine = roles_of(viewer, run, person=person.id, pools=person.pools)
    every = roles_on(viewer, run, [row.id for row in rows])
    told = {row.id: _told(row, mine.get(row.id, ()), every.get(row.id, ())) for row in rows}
    said = {account: words for account, words in told.items() if words}
    if not mine:
        return Roles((), 0, said)
    wanted = Wanted(among=(in_roles(viewer, run, person=person.id, pools=person.pools),))
    pools = {row.pool_key for each in mine.values() for row in each if row.pool_key}
    own = {person.key, *(f"pool:{key}" for key in pools)}
    others = [row for row in account_rows(viewer, run, wanted=wanted) if row.owner_key not in own]
    found = sorted(
        (InRole(row, mine[row.id]) for row in others), key=lambda each: (-each.hours, each.row.name)
    )
    return Roles(tuple(found[:MOST_SHOWN]), max(0, len(found) - MOST_SHOWN), said)


def _told(row: AccountRow, mine: Sequence[RoleHeld], every: Sequence[RoleHeld]) -> str:
    """Say which roles a person has on an account and who works it, where that is not its owner with none."""
    works = next((each for each in every if each.works), None)
    own = ", ".join(each.title for each in mine).lower()
    if works is None:
        return f"{own}; {row.owner_name or 'nobody'} works it" if own else ""
    if any(each.works for each in mine):
        return f"{own}, works it"
    return f"{own}; {works.name} works it" if own else f"{works.name} works it, {works.title.lower()}"
