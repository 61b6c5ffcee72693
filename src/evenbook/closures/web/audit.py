"""The weekly audit: what is missing, why as far as the records tell, and what leaders say of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from evenbook.book.queries import members, pools
from evenbook.closures.actions import diagnosing
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.audit_file import audit_document
from evenbook.closures.queries.basis import basis
from evenbook.closures.queries.gaps import (
    DECIDED,
    EVERYBODY,
    OPEN,
    GapRow,
    GapsWanted,
    gap_of,
    gaps,
    how_many_gaps,
)
from evenbook.closures.queries.report import report
from evenbook.closures.rules.diagnosis import DIAGNOSES
from evenbook.closures.rules.report import Report
from evenbook.documents.pdf import as_pdf
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.exports import TakenAway, download, taken
from evenbook.screens.places import address
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import day_text, plural
from evenbook.screens.tables import PAGE_SIZE, Ask, Choice, Column, Filter, Listing
from evenbook.tiers.numbers import TiersNumbers

PART = "X-Evenbook-Part"
COLUMNS = (
    Column("owner", "Owner"),
    Column("account", "Account"),
    Column("kind", "Artifact"),
    Column("since", "Since"),
    Column("why", "Suggested diagnosis", sorts=False),
    Column("decide", "Diagnosis", sorts=False),
)
SHEET = (
    SheetColumn("account"), SheetColumn("account_name"), SheetColumn("owner"), SheetColumn("owner_name"),
    SheetColumn("tier", "whole"), SheetColumn("requirement"), SheetColumn("status"),
    SheetColumn("since", "day"), SheetColumn("suggested"), SheetColumn("evidence"), SheetColumn("decided"),
    SheetColumn("note"), SheetColumn("decided_by"), SheetColumn("as_of", "day"),
    SheetColumn("policy_version", "whole"),
)  # fmt: skip


@require_GET
def weekly_audit(request: HttpRequest) -> HttpResponse:
    """Show a week's audit, or give it as a file."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "each missing artifact with a suggested diagnosis, for leaders to confirm or overrule"
        return render(request, "runs/no_run.html", {"page": "Weekly audit", "what": what})
    filters = _filters(viewer, shown)
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="owner")
    wanted = _wanted(ask)
    if ask.export:
        rows = gaps(viewer, shown, wanted=wanted, sort=ask.sort, descending=ask.descending)
        return download(_sheet(shown, rows), ask.export)
    total = how_many_gaps(viewer, shown, wanted=wanted)
    caption = f"Artifacts that are missing or expired as of {day_text(shown.run.as_of)}"
    listing = Listing("weekly-audit", caption, COLUMNS, ask, total, filters, noun="artifact")
    rows = gaps(
        viewer,
        shown,
        wanted=wanted,
        sort=ask.sort,
        descending=ask.descending,
        offset=max(listing.first - 1, 0),
        limit=PAGE_SIZE,
    )
    found = report(viewer, shown, whose=wanted.whose)
    context = {
        "week": shown,
        "report": found,
        "rows": rows,
        "listing": listing,
        "views": views_of(viewer, "weekly-audit"),
        "groups": _groups(found, ask),
        "titles": _titles(shown),
        "tiers": {str(row.tier): row.title for row in shown.policy.of(TiersNumbers).tiers},
        "sentence": _sentence(total, listing, found),
        **_deciding(viewer, shown),
    }
    return render(request, "closures/weekly_audit.html", context)


@require_GET
def audit_pdf(request: HttpRequest) -> HttpResponse:
    """Give a week's audit as a PDF."""
    viewer = asking(request)
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        raise Http404("No week is stored yet.")
    ask = Ask.of(request.GET, columns=COLUMNS, filters=_filters(viewer, shown), sort="owner")
    made = audit_document(viewer, shown, _wanted(ask))
    answer = HttpResponse(as_pdf(made.document), content_type="application/pdf")
    name = f"weekly-audit-{shown.run.as_of.isoformat()}"
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return taken(answer, TakenAway(name, "pdf", made.rows))


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm or overrule the diagnosis of a missing artifact of the newest week."""
    viewer = asking(request)
    shown = week(viewer)
    found = gap_of(viewer, shown, number) if shown else None
    if shown is None or found is None:
        raise Http404("No missing artifact of this number that you may open.")
    said = ""
    try:
        diagnosing.decide(
            found.account.key,
            found.missing.kind,
            request.POST.get("diagnosis", ""),
            request.POST.get("note", "").replace("\x00", ""),
            by=viewer,
            week=shown,
            now=timezone.now(),
        )
    except EvenbookError as refused:
        said = f"{refused.what} {refused.fix}"
    if request.headers.get(PART) == "row":
        return _row(request, viewer, shown, number, said=said)
    (messages.error if said else messages.success)(request, said or "The diagnosis is kept.")
    return redirect(_back(request))


def _row(request: HttpRequest, viewer: Viewer, shown: Week, number: int, *, said: str) -> HttpResponse:
    context = {
        "week": shown,
        "row": gap_of(viewer, shown, number),
        "titles": _titles(shown),
        "said": said,
        "typed": request.POST.get("note", "") if said else "",
        "back": _back(request),
        **_deciding(viewer, shown),
    }
    answer = render(request, "closures/_gap.html", context, status=422 if said else 200)
    answer[PART] = "row"
    return answer


def _deciding(viewer: Viewer, shown: Week) -> dict[str, Any]:
    """Return what rows need for deciding: of the newest week alone, for what is missing now."""
    may = viewer.role == "leader" and viewer.may_write and shown.asked is None
    return {"may_decide": may, "diagnoses": DIAGNOSES}


def _filters(viewer: Viewer, shown: Week) -> tuple[Filter, ...]:
    owners = [Choice(person.key, person.name) for person in members(viewer)]
    queues = [Choice(f"pool:{pool.key}", pool.title) for pool in pools(viewer)]
    tiers = [Choice(str(row.tier), f"T{row.tier} {row.title}") for row in shown.policy.of(TiersNumbers).tiers]
    titles = _titles(shown)
    asked = sorted({row.kind for row in basis(viewer, shown).tallies})
    requirements = [Choice(kind, titles.get(kind, kind)) for kind in asked]
    return (
        Filter("owner", "Owner", (*owners, *queues, Choice("nobody", "Nobody"))),
        Filter("kind", "Artifact", tuple(requirements)),
        Filter("tier", "Tier", tuple(tiers)),
        Filter("decided", "Diagnosis", (Choice(OPEN, "Not decided"), Choice(DECIDED, "Decided"))),
        Filter("as_of", "As of", kind="day"),
        Filter(
            "whose",
            "Whose",
            (Choice(EVERYBODY, "Everybody’s"),),
            any_label="Those that I may open",
            is_more=True,
        ),
        Filter(
            "status", "That is", (Choice("missing", "Missing"), Choice("expired", "Expired")), is_more=True
        ),
    )


def _wanted(ask: Ask) -> GapsWanted:
    return GapsWanted(
        kind=ask.get("kind"),
        tier=ask.get("tier"),
        owner=ask.get("owner"),
        status=ask.get("status"),
        whose=ask.get("whose"),
        decided=ask.get("decided"),
    )


def _titles(shown: Week) -> dict[str, str]:
    return {row.kind: row.title for row in shown.policy.of(ClosuresNumbers).kinds}


def _groups(found: Report, ask: Ask) -> list[tuple[str, str, Figure]]:
    """Return who lacks how many of which kind; each opens into its rows."""
    kept = {key: ask.get(key) for key in ("as_of", "whose") if ask.get(key)}
    made = []
    for each in found.groups:
        href = f"{address('weekly-audit')}?{urlencode({'owner': each.owner_key, 'kind': each.kind, **kept})}"
        made.append((each.owner_name, each.kind, Figure("gaps", each.gaps, "count", href)))
    return made


def _sentence(total: int, listing: Listing, found: Report) -> tuple[Part, ...]:
    which = " of those asked for" if listing.is_filtered else ""
    if not total:
        return (f"No artifact{which} is missing or expired.",)
    start = counted(total, "gaps", href="#gaps", start=True)
    late = f"; {found.became.closed} loops were closed in the week" if not listing.is_filtered else ""
    return (
        start,
        f" {plural(total, 'artifact')}{which} {plural(total, 'is', 'are')} missing or expired{late}.",
    )


def _back(request: HttpRequest) -> str:
    path = request.POST.get("back", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else address("weekly-audit")


def _sheet(shown: Week, rows: tuple[GapRow, ...]) -> Sheet:
    cells = [
        [
            each.account.key, each.account.name, each.account.owner_key, each.account.owner_name,
            each.account.tier, each.missing.kind, each.missing.status, each.missing.since,
            each.suggested.diagnosis, each.suggested.evidence, each.decided.decided if each.decided else "",
            each.decided.note if each.decided else "", each.decided.by if each.decided else "",
            shown.run.as_of, shown.run.policy_version,
        ]
        for each in rows
    ]  # fmt: skip
    return Sheet(f"weekly-audit-{shown.run.as_of.isoformat()}", SHEET, cells)
