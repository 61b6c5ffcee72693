"""The rows that a measured input opens into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.records.worked import KIND_TITLES
from evenbook.runs.queries import Week
from evenbook.screens.exports import download
from evenbook.screens.places import address
from evenbook.screens.shown import day_text
from evenbook.screens.tables import PAGE_SIZE, Ask, Column, Listing
from evenbook.sizing.queries.measured import SizingNotYours
from evenbook.sizing.queries.rows import AccountMeasured, CsmMeasured, accounts_measured, csms_measured
from evenbook.sizing.queries.sized import NoSuchPart, Sized
from evenbook.sizing.queries.worked import KindDone, done_of_kind
from evenbook.sizing.web.asked import asked_of, scope_text

Rows = Sequence[AccountMeasured] | Sequence[CsmMeasured] | Sequence[KindDone]
ACCOUNTS, CSMS, WORK = "accounts", "csms", "work"
COLUMNS = {
    ACCOUNTS: (
        Column("account", "Account", sorts=False),
        Column("arr", "ARR", is_number=True, sorts=False),
        Column("completed", "Completed", is_number=True, sorts=False, hint="Live meetings held in the cycle"),
        Column("scheduled", "On the calendar", is_number=True, sorts=False, hint="In the last quarter"),
    ),
    CSMS: (
        Column("csm", "CSM", sorts=False),
        Column("share", "Full-time", is_number=True, sorts=False, hint="The working share that counts here"),
    ),
    WORK: (
        Column("account", "Account", sorts=False),
        Column("kind", "Kind of work", sorts=False),
        Column("entries", "Entries", is_number=True, sorts=False, hint="Held in the last quarter"),
        Column("untimed", "Without minutes", is_number=True, sorts=False, hint="How long is not on record"),
        Column("hours", "Hours", is_number=True, sorts=False, hint="With their preparation"),
    ),
}
CAPTIONS = {
    ACCOUNTS: ("Accounts as measured on", "account"),
    CSMS: ("CSMs as measured on", "CSM"),
    WORK: ("Work on record in the quarter up to", "row"),
}
SHEETS = {
    ACCOUNTS: (
        SheetColumn("account"), SheetColumn("account_name"), SheetColumn("arr", "number"),
        SheetColumn("completed", "whole"), SheetColumn("scheduled", "whole"), SheetColumn("as_of", "day"),
    ),
    CSMS: (
        SheetColumn("csm"), SheetColumn("csm_name"), SheetColumn("share", "number"),
        SheetColumn("as_of", "day"),
    ),
    WORK: (
        SheetColumn("account"), SheetColumn("account_name"), SheetColumn("kind"), SheetColumn("kind_name"),
        SheetColumn("entries", "whole"), SheetColumn("untimed", "whole"), SheetColumn("hours", "number"),
        SheetColumn("as_of", "day"),
    ),
}  # fmt: skip


@require_GET
def opened_rows(request: HttpRequest, what: str) -> HttpResponse:
    """Show the accounts, the people or the work behind what was measured."""
    viewer = asking(request)
    question = asked_of(request, viewer)
    if question.week is None or what not in COLUMNS:
        raise Http404("There are no such rows.")
    try:
        answer = question.answer(viewer)
    except (SizingNotYours, NoSuchPart) as gone:
        raise Http404(gone.what) from gone
    kept = {"as_of": question.week.run.as_of.isoformat(), "scope": scope_text(question.scope)}
    kept |= {name: text for name, text in question.texts.items() if name == "meetings_per_quarter"}
    kind = request.GET.get("kind", "")[:30]
    if what == WORK and kind:
        if kind not in KIND_TITLES:
            raise Http404("There is no such kind of work.")
        kept["kind"] = kind
    ask = replace(Ask.of(request.GET, columns=COLUMNS[what], sort=COLUMNS[what][0].key), values=kept)
    return _shown(request, viewer, question.week, answer, what=what, ask=ask)


def _shown(
    request: HttpRequest, viewer: Viewer, week: Week, answer: Sized, *, what: str, ask: Ask
) -> HttpResponse:
    every = _every(viewer, week, answer, what=what, kind=ask.values.get("kind", ""))
    if ask.export:
        return download(_sheet(week, what, every), ask.export)
    caption, noun = CAPTIONS[what]
    caption = f"{caption} {day_text(week.run.as_of)}"
    listing = Listing(f"sizing-{what}", caption, COLUMNS[what], ask, len(every), noun=noun)
    first = (listing.page - 1) * PAGE_SIZE
    back = {"as_of": week.run.as_of.isoformat(), "scope": scope_text(answer.scope)}
    context = {
        "week": week,
        "what": what,
        "listing": listing,
        "rows": every[first : first + PAGE_SIZE],
        "hours": sum(row.hours for row in every if isinstance(row, KindDone)),
        "kind_name": KIND_TITLES.get(ask.values.get("kind", ""), ""),
        "found": answer.found,
        "acv": None if answer.found.acv is None else answer.found.acv,
        "currency": answer.said["currency"],
        "back": f"{address('sizing')}?{urlencode(back)}",
        "of": answer.scope.key or "the whole base",
        "sentence": _sentence(what, answer),
    }
    return render(request, "sizing/rows.html", context)


def _every(viewer: Viewer, week: Week, answer: Sized, *, what: str, kind: str) -> Rows:
    if what == WORK:
        return done_of_kind(viewer, week, answer, kind)
    return accounts_measured(viewer, answer) if what == ACCOUNTS else csms_measured(viewer, week, answer)


def _sheet(week: Week, what: str, rows: Rows) -> Sheet:
    told = [[*asdict(row).values(), week.run.as_of] for row in rows]
    return Sheet(f"sizing-{what}-{week.run.as_of.isoformat()}", SHEETS[what], told)


def _sentence(what: str, answer: Sized) -> tuple[str, ...]:
    if what == WORK:
        return ("What the team did for each account in the quarter, by kind of work.",)
    if what == CSMS:
        return ("Who counts as a CSM, each by the working share that goes here.",)
    return ("Who came to a live meeting in the last planned cycle, and what each account pays.",)
