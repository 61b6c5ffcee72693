"""The list of accounts: filtered, sorted and paged in the database, each row with state and coverage."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from evenbook.book.queries import member, members, people_seen, pools, staff
from evenbook.capacity.queries import AccountRow, Totals, Wanted, account_rows, how_many, totals, values_of
from evenbook.capacity.queries.roles import in_roles
from evenbook.closures.queries import Needs, requirements, with_gaps
from evenbook.desk.numbers import DeskNumbers
from evenbook.hotsheet.queries import accounts_on
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.screens.tables import Choice, Filter
from evenbook.states.queries import (
    COLORS,
    ORDER,
    Change,
    Stands,
    accounts_with,
    changed_accounts,
    changes,
    column,
    standings,
)
from evenbook.tiers.numbers import TiersNumbers

OF_STANDING = {"state": "state", "score": "score"}
NOBODY = Choice("nobody", "Nobody")
LINKED = {"book": "Book of", "role_of": "Has a role"}
"""Filters that only links lead to, and what they are called."""
RENEWS = ("30", "60", "90", "120")


@dataclass(frozen=True)
class ListedAccount:
    """An account of the list with where it stands and what it needs; ``said`` of its roles, in words."""

    row: AccountRow
    stands: Stands | None
    needs: tuple[Needs, ...]
    said: str = ""

    @property
    def gaps(self) -> tuple[Needs, ...]:
        """The requirements that keep it from being covered."""
        return tuple(need for need in self.needs if need.is_gap)

    @property
    def is_covered(self) -> bool:
        """Whether all that its tier requires is current or not yet due."""
        return not self.gaps


@dataclass(frozen=True)
class AccountsPage:
    """A page of the list with the sums of all of it."""

    accounts: tuple[ListedAccount, ...]
    totals: Totals


@dataclass(frozen=True)
class LastChanges:
    """The changes of state of the last days."""

    changes: tuple[Change, ...]
    days: int


@dataclass(frozen=True)
class Changed:
    """How many of the listed accounts changed their state in the last days, and into which."""

    days: int
    accounts: int
    to_risk: int


def accounts_page(
    viewer: Viewer,
    week: Week,
    *,
    asked: Mapping[str, str],
    sort: str,
    descending: bool,
    offset: int = 0,
    limit: int | None = None,
) -> AccountsPage:
    """Return accounts as the filters ask: ``asked`` by the keys of ``account_filters``."""
    wanted = wanted_accounts(viewer, week, asked)
    by = column(viewer, week.run.id, OF_STANDING[sort]) if sort in OF_STANDING else None
    rows = account_rows(
        viewer,
        week.run.id,
        wanted=wanted,
        sort="arr" if sort in OF_STANDING else sort,
        descending=descending,
        offset=offset,
        limit=limit,
        sort_column=by,
    )
    return AccountsPage(listed(viewer, week, rows), totals(viewer, week.run.id, wanted=wanted))


def listed(viewer: Viewer, week: Week, rows: Sequence[AccountRow]) -> tuple[ListedAccount, ...]:
    """Return rows of a list with state and coverage beside them."""
    ids = [row.id for row in rows]
    where = standings(viewer, week.run.id, ids)
    needs = requirements(viewer, week.run.id, ids)
    return tuple(ListedAccount(row, where.get(row.id), needs.get(row.id, ())) for row in rows)


def wanted_accounts(viewer: Viewer, week: Week, asked: Mapping[str, str]) -> Wanted:
    """Return the accounts that filters ask for, as other slices' queries take them."""
    wanted = Wanted(
        text=asked.get("q", ""),
        owner=asked.get("owner", ""),
        team=asked.get("team", ""),
        tier=asked.get("tier", ""),
        segment=asked.get("segment", ""),
    )
    person = member(viewer, asked["book"]) if asked.get("book") else None
    if person:
        wanted = replace(wanted, book_of=person.id, book_pools=person.pools)
    holder = member(viewer, asked["role_of"]) if asked.get("role_of") else None
    if holder:
        roles = in_roles(viewer, week.run.id, person=holder.id, pools=frozenset())
        wanted = replace(wanted, among=(*wanted.among, roles))
    if asked.get("renews"):
        last = week.run.as_of + timedelta(days=int(asked["renews"]))
        wanted = replace(wanted, renews_from=week.run.as_of, renews_until=last)
    return _by_results(viewer, week, asked, wanted)


def last_changes(viewer: Viewer, week: Week, *, among: Any = None) -> LastChanges:
    """Return the changes of state of the last days, as many as policy says."""
    days = week.policy.of(DeskNumbers).change_days
    run = week.run
    found = changes(viewer, after=_since(week), until=run.as_of, among=among)
    return LastChanges(found, days)


def changed(viewer: Viewer, week: Week) -> Changed:
    """Return how many accounts of the week changed their state lately, as its list would show them."""

    def count(state: str) -> int:
        return how_many(viewer, week.run.id, wanted=wanted_accounts(viewer, week, {"changed": state}))

    accounts = count("any")
    days = week.policy.of(DeskNumbers).change_days
    return Changed(days, accounts, count("at_risk") if accounts else 0)


def account_filters(viewer: Viewer, week: Week, *, linked: Container[str] = ()) -> tuple[Filter, ...]:
    """Return the filters of the list with their choices; those of ``LINKED`` where a link asked for one."""
    people = members(viewer)
    owners = [Choice(person.key, person.name) for person in people]
    queues = [Choice(f"pool:{pool.key}", pool.title) for pool in pools(viewer)]
    teams = sorted({person.team for person in people if person.team})
    days = week.policy.of(DeskNumbers).change_days
    filters = (
        Filter("q", "Name or domain", kind="text"),
        *(Filter(name, words, book_choices(viewer)) for name, words in LINKED.items() if name in linked),
        Filter("owner", "Owner", (*owners, *queues, NOBODY)),
        Filter("team", "Team", tuple(Choice(team, team) for team in teams), is_more=True),
        Filter("tier", "Tier", tier_choices(week)),
        Filter(
            "segment",
            "Segment",
            tuple(Choice(name, name) for name in values_of(viewer, week.run.id, "segment")),
            is_more=True,
        ),
        Filter("state", "State", _words(ORDER)),
        Filter("color", "Color", _words(COLORS), is_more=True),
        Filter("coverage", "Coverage", (Choice("covered", "Covered"), Choice("gaps", "Not covered"))),
        Filter(
            "renews", "Renews within", tuple(Choice(each, f"{each} days") for each in RENEWS), is_more=True
        ),
        Filter("hot", "Hot sheet", (Choice("yes", "On it"),), is_more=True),
        Filter(
            "changed",
            f"Changed, {days} days",
            (Choice("any", "State changed"), *_words(ORDER, "To ")),
            is_more=True,
        ),
        Filter("as_of", "As of", kind="day", is_more=True),
    )
    return tuple(each for each in filters if each.choices or each.kind != "choice")


def book_choices(viewer: Viewer) -> tuple[Choice, ...]:
    """Return the people whose book, pools included, the viewer may open."""
    seen = people_seen(viewer)
    return tuple(Choice(person.key, person.name) for person in staff(viewer) if person.id in seen)


def tier_choices(week: Week) -> tuple[Choice, ...]:
    """Return the tiers by number and name, as policy calls them."""
    tiers = week.policy.of(TiersNumbers).tiers
    return tuple(Choice(str(row.tier), f"T{row.tier} {row.title}") for row in tiers)


def _by_results(viewer: Viewer, week: Week, asked: Mapping[str, str], wanted: Wanted) -> Wanted:
    run = week.run.id
    among: list[Any] = []
    without: list[Any] = []
    state, color = asked.get("state", ""), asked.get("color", "")
    if state or color:
        among.append(accounts_with(viewer, run, state=state, color=color))
    if asked.get("hot"):
        among.append(accounts_on(viewer, run))
    changed = asked.get("changed", "")
    if changed:
        to_state = "" if changed == "any" else changed
        among.append(changed_accounts(viewer, after=_since(week), until=week.run.as_of, to_state=to_state))
    if asked.get("coverage"):
        (among if asked["coverage"] == "gaps" else without).append(with_gaps(viewer, run))
    return replace(wanted, among=(*wanted.among, *among), without=tuple(without))


def _since(week: Week) -> date:
    return week.run.as_of - timedelta(days=week.policy.of(DeskNumbers).change_days)


def _words(names: Sequence[str], before: str = "") -> tuple[Choice, ...]:
    return tuple(Choice(name, f"{before}{name.replace('_', ' ')}".capitalize()) for name in names)
