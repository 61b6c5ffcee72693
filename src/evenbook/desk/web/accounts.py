"""The list of accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.desk.queries.accounts import (
    AccountsPage,
    Changed,
    ListedAccount,
    account_filters,
    accounts_page,
    changed,
)
from evenbook.desk.web import links
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import download
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Column, Listing

COLUMNS = (
    Column("account", "Account"),
    Column("owner", "Owner"),
    Column("tier", "Tier"),
    Column("state", "State"),
    Column(
        "score", "Health", is_number=True, hint="Health score, 0 to 100: 100 less the points of its signals"
    ),
    Column(
        "coverage", "Coverage", sorts=False, hint="Whether each artifact that the tier requires is current"
    ),
    Column("arr", "ARR", is_number=True, starts_down=True, hint="Yearly recurring revenue"),
    Column("effort", "Effort, h", is_number=True, starts_down=True, hint="Hours a month the account takes"),
    Column("renews", "Renews"),
    Column("contact", "Last contact", hint="Last meaningful interaction; marked where unmonitored"),
)
SHEET = (
    SheetColumn("account"), SheetColumn("account_name"), SheetColumn("owner"), SheetColumn("owner_name"),
    SheetColumn("tier", "whole"), SheetColumn("tier_assumed", "flag"), SheetColumn("segment"),
    SheetColumn("stage"), SheetColumn("region"), SheetColumn("state"), SheetColumn("state_since_on", "day"),
    SheetColumn("health_score", "number"), SheetColumn("color"), SheetColumn("covered", "flag"),
    SheetColumn("gaps"), SheetColumn("arr", "number"), SheetColumn("currency"),
    SheetColumn("effort_hours", "number"), SheetColumn("renews_on", "day"),
    SheetColumn("last_meaningful_at", "instant"), SheetColumn("unmonitored", "flag"),
    SheetColumn("as_of", "day"), SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Show the accounts that the viewer may open, or download them."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        return render(
            request, "runs/no_run.html", {"page": "Accounts", "what": "each account with its state"}
        )
    filters = account_filters(viewer, shown, linked=request.GET)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="-arr")
    if ask.export:
        return download(_sheet(shown, _page(viewer, shown, ask)), ask.export)
    page = _page(viewer, shown, ask, offset=(ask.page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    listing = Listing(
        "accounts", _caption(shown, ask), COLUMNS, ask, page.totals.accounts, filters, noun="account"
    )
    if page.totals.accounts and not page.accounts:
        page = _page(viewer, shown, ask, offset=(listing.page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render(request, "desk/accounts.html", _context(viewer, shown, page, listing))


def _page(
    viewer: Viewer, shown: Week, ask: Ask, *, offset: int = 0, limit: int | None = None
) -> AccountsPage:
    return accounts_page(
        viewer, shown, asked=ask.values, sort=ask.sort, descending=ask.descending, offset=offset, limit=limit
    )


def _context(viewer: Viewer, shown: Week, page: AccountsPage, listing: Listing) -> dict[str, Any]:
    return {
        "week": shown,
        "page": page,
        "listing": listing,
        "views": views_of(viewer, "accounts"),
        "sentence": _sentence(shown, changed(viewer, shown)),
        "titles": links.artifact_titles(shown),
        "total": Figure("accounts", page.totals.accounts, "count", f"?{listing.ask.query()}"),
    }


def _sentence(shown: Week, last: Changed) -> tuple[Part, ...]:
    if not last.accounts:
        return (f"No account changed state in the last {last.days} days.",)
    count = counted(last.accounts, "accounts", href=links.accounts(shown, changed="any"), start=True)
    start: tuple[Part, ...] = (
        count, f" {plural(last.accounts, 'account')} changed state in the last {last.days} days",
    )  # fmt: skip
    worse = last.to_risk
    if not worse:
        return (*start, "; none went at risk.")
    risk = counted(worse, "accounts", href=links.accounts(shown, changed="at_risk"))
    return (*start, "; ", risk, " went at risk.")


def _caption(shown: Week, ask: Ask) -> str:
    kept = "Accounts that match" if any(ask.values.values()) else "All accounts"
    return f"{kept}, as of {day_text(shown.run.as_of)}, money in {shown.currency}"


def _sheet(shown: Week, page: AccountsPage) -> Sheet:
    name = f"accounts-{shown.run.as_of.isoformat()}"
    return Sheet(name, SHEET, [_cells(shown, each) for each in page.accounts])


def _cells(shown: Week, each: ListedAccount) -> list[Any]:
    row, stands = each.row, each.stands
    return [
        row.key, row.name, row.owner_key, row.owner_name, row.tier, row.tier_assumed, row.segment, row.stage,
        row.region, stands.state if stands else None, stands.since_on if stands else None,
        stands.score if stands else None, stands.color if stands else None, each.is_covered,
        ", ".join(need.kind for need in each.gaps), None if row.arr_cents is None else row.arr_cents / 100,
        shown.currency, row.effort_hours, row.renews_on, row.last_meaningful_at, row.is_unmonitored,
        shown.run.as_of, shown.run.policy_version,
    ]  # fmt: skip
