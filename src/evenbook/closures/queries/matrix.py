"""The coverage matrix: accounts by requirements, with the share that is covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from evenbook.book.access import sees_every_account
from evenbook.book.queries import members, pools
from evenbook.capacity.queries import AccountRow, Totals, Wanted, account_ids, account_rows, totals, values_of
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.requirements import (
    OPEN,
    STATUSES,
    Needs,
    accounts_with,
    gap_count,
    kinds,
    requirements,
    status_counts,
    with_gaps,
)
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.screens.tables import Choice, Filter
from evenbook.tiers.numbers import TiersNumbers

NAMED = 3
RENEWS = ("30", "60", "90", "120")


@dataclass(frozen=True)
class MatrixRow:
    """An account of the matrix; ``needs`` in the order of its columns, None where nothing is required."""

    row: AccountRow
    needs: tuple[Needs | None, ...]

    @property
    def is_covered(self) -> bool:
        """Whether nothing that its tier requires is missing or expired."""
        return not any(need.is_gap for need in self.needs if need)


@dataclass(frozen=True)
class Share:
    """How much of a set of accounts is covered, by count and by revenue (None where one may not see it)."""

    accounts: int
    covered: int
    arr_cents: int | None
    covered_arr_cents: int | None

    @property
    def of_accounts(self) -> float | None:
        """The share of accounts."""
        return self.covered / self.accounts if self.accounts else None

    @property
    def of_revenue(self) -> float | None:
        """The share of revenue."""
        return (self.covered_arr_cents or 0) / self.arr_cents if self.arr_cents else None


@dataclass(frozen=True)
class Matrix:
    """A page of the matrix and the share of all that match.

    ``counts`` has, by requirement, how many accounts have each status of it, whatever requirement
    and status are asked for.
    """

    kinds: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    share: Share
    counts: dict[str, dict[str, int]]


def matrix(
    viewer: Viewer,
    week: Week,
    *,
    asked: Mapping[str, str],
    sort: str,
    descending: bool,
    offset: int = 0,
    limit: int | None = None,
) -> Matrix:
    """Return accounts and their requirements as the filters ask, by the keys of ``matrix_filters``."""
    run = week.run.id
    wanted = _wanted(viewer, week, asked)
    columns = kinds(viewer, run)
    rows = account_rows(
        viewer,
        run,
        wanted=wanted,
        sort="account" if sort == "gaps" else sort,
        descending=descending,
        offset=offset,
        limit=limit,
        sort_column=gap_count(viewer, run) if sort == "gaps" else None,
    )
    of_all = _wanted(viewer, week, {**asked, "kind": "", "status": ""})
    among = None if of_all == Wanted(shared=True) else account_ids(viewer, run, wanted=of_all)
    found = requirements(viewer, run, [row.id for row in rows])
    return Matrix(
        kinds=columns,
        rows=tuple(_row(row, columns, found.get(row.id, ())) for row in rows),
        share=_share(viewer, run, wanted),
        counts=status_counts(viewer, run, among=among),
    )


def first_tier(viewer: Viewer, week: Week) -> tuple[Share, tuple[AccountRow, ...]]:
    """Return how tier 1 is covered, and the first of those accounts that are not, by revenue."""
    run = week.run.id
    wanted = Wanted(tier="1", shared=True)
    gaps = replace(wanted, among=(with_gaps(viewer, run),))
    return _share(viewer, run, wanted), tuple(account_rows(viewer, run, wanted=gaps, limit=NAMED))


def matrix_filters(viewer: Viewer, week: Week) -> tuple[Filter, ...]:
    """Return the filters of the matrix with their choices."""
    owners = [Choice(person.key, person.name) for person in members(viewer)]
    queues = [Choice(f"pool:{pool.key}", pool.title) for pool in pools(viewer)]
    titles = {row.kind: row.title for row in week.policy.of(ClosuresNumbers).kinds}
    tiers = [Choice(str(row.tier), f"T{row.tier} {row.title}") for row in week.policy.of(TiersNumbers).tiers]
    regions = [Choice(name, name) for name in values_of(viewer, week.run.id, "region")]
    whose = () if sees_every_account(viewer) else (Choice(OPEN, "Those that I may open"),)
    filters = (
        Filter("q", "Name or domain", kind="text"),
        Filter("whose", "Whose", whose, any_label="Everybody’s"),
        Filter("tier", "Tier", tuple(tiers)),
        Filter("owner", "Owner", (*owners, *queues, Choice("nobody", "Nobody"))),
        Filter("coverage", "Coverage", (Choice("covered", "Covered"), Choice("gaps", "Not covered"))),
        Filter("as_of", "As of", kind="day"),
        Filter(
            "kind",
            "Requirement",
            tuple(Choice(kind, titles.get(kind, kind)) for kind in kinds(viewer, week.run.id)),
            is_more=True,
        ),
        Filter(
            "status",
            "That is",
            tuple(Choice(each, each.replace("_", " ")) for each in STATUSES),
            is_more=True,
        ),
        Filter("region", "Region", tuple(regions), is_more=True),
        Filter(
            "renews", "Renews within", tuple(Choice(each, f"{each} days") for each in RENEWS), is_more=True
        ),
    )
    return tuple(each for each in filters if each.choices or each.kind != "choice")


def _wanted(viewer: Viewer, week: Week, asked: Mapping[str, str]) -> Wanted:
    run = week.run
    among: list[Any] = []
    without: list[Any] = []
    if asked.get("coverage"):
        (among if asked["coverage"] == "gaps" else without).append(with_gaps(viewer, run.id))
    kind, status = asked.get("kind", ""), asked.get("status", "")
    if kind or status:
        among.append(accounts_with(viewer, run.id, kind=kind, status=status))
    return Wanted(
        text=asked.get("q", ""),
        owner=asked.get("owner", ""),
        tier=asked.get("tier", ""),
        region=asked.get("region", ""),
        renews_from=run.as_of if asked.get("renews") else None,
        renews_until=run.as_of + timedelta(days=int(asked["renews"])) if asked.get("renews") else None,
        among=tuple(among),
        without=tuple(without),
        shared=asked.get("whose", "") != OPEN,
    )


def _share(viewer: Viewer, run_id: int, wanted: Wanted) -> Share:
    every: Totals = totals(viewer, run_id, wanted=wanted)
    covered = totals(
        viewer, run_id, wanted=replace(wanted, without=(*wanted.without, with_gaps(viewer, run_id)))
    )
    sees_money = sees_every_account(viewer) or not wanted.shared
    return Share(
        accounts=every.accounts,
        covered=covered.accounts,
        arr_cents=every.arr_cents if sees_money else None,
        covered_arr_cents=covered.arr_cents if sees_money else None,
    )


def _row(row: AccountRow, columns: tuple[str, ...], needs: tuple[Needs, ...]) -> MatrixRow:
    by_kind = {need.kind: need for need in needs}
    return MatrixRow(row, tuple(by_kind.get(kind) for kind in columns))
