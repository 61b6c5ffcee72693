"""The coverage matrix."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.book.access import sees_every_account
from evenbook.capacity.queries import AccountRow
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries import OPEN, Needs
from evenbook.closures.queries.matrix import Matrix, MatrixRow, Share, first_tier, matrix, matrix_filters
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Column, Listing

ARR = Column("arr", "ARR", is_number=True, starts_down=True, hint="Yearly recurring revenue")

SHOWN = ("current", "missing", "expired", "not_yet_due")


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Show accounts by requirements, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "which artifacts each account has, and which are missing"
        return render(request, "runs/no_run.html", {"page": "Coverage", "what": what})
    filters = matrix_filters(viewer, shown)
    sees_money = sees_every_account(viewer) or request.GET.get("whose", "") == OPEN
    fixed = _columns(sees_money=sees_money)
    ask = Ask.of(request.GET, columns=fixed, filters=filters, sort="-gaps")
    page = _page(viewer, shown, ask, is_whole=bool(ask.export))
    if ask.export:
        return download(_sheet(viewer, shown, page), ask.export)
    titles = {row.kind: row.title for row in shown.policy.of(ClosuresNumbers).kinds}
    columns = (*fixed, *(Column(kind, titles.get(kind, kind), sorts=False) for kind in page.kinds))
    caption = f"Each account and what its tier requires, as of {day_text(shown.run.as_of)}"
    listing = Listing("coverage", caption, columns, ask, page.share.accounts, filters, noun="account")
    context = {
        "week": shown,
        "matrix": page,
        "listing": listing,
        "views": views_of(viewer, "coverage"),
        "rows": [(each, _cells(page, each, titles)) for each in page.rows],
        "counts": _counts(page, ask, titles),
        "sees_money": sees_money,
        "sentence": _sentence(shown, *first_tier(viewer, shown)),
        "figures": _figures(shown, page),
    }
    return render(request, "closures/coverage.html", context)


def _columns(*, sees_money: bool) -> tuple[Column, ...]:
    money = (ARR,) if sees_money else ()
    return (
        Column("account", "Account"),
        Column("owner", "Owner"),
        Column("tier", "Tier"),
        *money,
        Column("gaps", "Covered", starts_down=True, hint="Sorts by the number of gaps"),
    )


def _page(viewer: Viewer, shown: Week, ask: Ask, *, is_whole: bool) -> Matrix:
    return matrix(
        viewer,
        shown,
        asked=ask.values,
        sort=ask.sort,
        descending=ask.descending,
        offset=0 if is_whole else (ask.page - 1) * PAGE_SIZE,
        limit=None if is_whole else PAGE_SIZE,
    )


def _sentence(shown: Week, first: Share, missing: tuple[AccountRow, ...]) -> tuple[Part, ...]:
    if not first.accounts:
        return ("No account is in tier 1.",)
    gaps = first.accounts - first.covered
    if not gaps:
        every = Figure("accounts", first.accounts, "count", _here(shown, tier="1"))
        return ("All ", every, " accounts of tier 1 are covered.")
    share = Figure("covered", first.of_accounts, "share", _here(shown, tier="1"))
    count = counted(gaps, "accounts", href=_here(shown, tier="1", coverage="gaps"))
    names = ", ".join(row.name for row in missing)
    more = f" and {gaps - len(missing)} more" if gaps > len(missing) else ""
    listed = f"{names}{more}".rstrip(".")
    return (share, " of tier 1 is covered; ", count, f" {plural(gaps, 'is', 'are')} not: {listed}.")


def _figures(shown: Week, page: Matrix) -> dict[str, Figure]:
    return {
        "accounts": Figure("accounts", page.share.accounts, "count", "#matrix"),
        "covered": Figure("covered", page.share.of_accounts, "share", "#matrix"),
        "revenue": Figure("covered_revenue", page.share.of_revenue, "share", "#matrix"),
    }


def _cells(page: Matrix, each: MatrixRow, titles: dict[str, str]) -> list[tuple[str, Needs | None]]:
    return [(titles.get(kind, kind), need) for kind, need in zip(page.kinds, each.needs, strict=True)]


def _counts(page: Matrix, ask: Ask, titles: dict[str, str]) -> list[tuple[str, list[Figure]]]:
    def figure(kind: str, status: str) -> Figure:
        href = f"?{ask.query(kind=kind, status=status)}"
        return Figure("accounts", page.counts[kind][status], "count", href)

    return [(titles.get(kind, kind), [figure(kind, status) for status in SHOWN]) for kind in page.counts]


def _here(shown: Week, **filters: str) -> str:
    day = {"as_of": shown.asked.isoformat()} if shown.asked else {}
    return f"{address('coverage')}?{urlencode({**filters, **day})}"


def _sheet(viewer: Viewer, shown: Week, page: Matrix) -> Sheet:
    fixed = (
        SheetColumn("account"),
        SheetColumn("account_name"),
        SheetColumn("owner_name"),
        SheetColumn("tier", "whole"),
        SheetColumn("covered", "flag"),
    )
    pairs = [(SheetColumn(kind), SheetColumn(f"{kind}_on", "day")) for kind in page.kinds]
    last = (SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"))
    columns = (*fixed, *(column for pair in pairs for column in pair), *last)
    rows: list[list[Any]] = []
    for each in page.rows:
        row = each.row
        needs = [cell for need in each.needs for cell in ((need.status, need.on) if need else (None, None))]
        start = [row.key, row.name, row.owner_name, row.tier, each.is_covered]
        rows.append([*start, *needs, shown.run.as_of, shown.run.policy_version])
    return Sheet(f"coverage-{shown.run.as_of.isoformat()}", columns, rows)
