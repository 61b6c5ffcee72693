"""The page of one proposal: its moves, books before and after, changes by hand, approving and undoing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.balance.actions import proposals as actions
from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.queries.pricing import ByHand, by_hand, ids_of
from evenbook.balance.queries.proposals import MoveRow, ProposalRow, moves, proposal
from evenbook.balance.web.headcount import headcount_told, headline
from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.policy.queries import latest
from evenbook.screens.exports import download
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import plural
from evenbook.screens.tables import Ask, Column, Listing

TERMS = {
    "load": "even load",
    "arr": "even revenue",
    "accounts": "even number of accounts",
    "complexity": "even complexity",
    "industry": "fit of industry",
    "time_zone": "fit of time zone",
    "experience": "experience with hard accounts",
    "continuity": "continuity",
    "capacity_limit": "the limit of load",
    "red_yellow_limit": "the limit of red and yellow",
    "owner": "having an owner",
    "tier": "being served as its tier is",
}
COLUMNS = (
    Column("account", "Account", sorts=False),
    Column("giver", "From", sorts=False),
    Column("receiver", "To", sorts=False),
    Column("reason", "Why", sorts=False),
    Column("gain", "Points", is_number=True, sorts=False, hint="What undoing this move alone would cost"),
)
SHEET = (
    SheetColumn("account"), SheetColumn("account_name"), SheetColumn("from"), SheetColumn("from_name"),
    SheetColumn("to"), SheetColumn("to_name"), SheetColumn("reason"), SheetColumn("points", "number"),
    SheetColumn("by_hand"), SheetColumn("applied_at", "instant"),
)  # fmt: skip

MOST_IN_A_LIST = 40
"""Of more people each move has a field to type into: a list of its own would make the page megabytes long."""
NAMED = re.compile(r".* \(([^()]+)\)", re.DOTALL)


@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show a proposal, or download its moves."""
    return _page(request, _found(request, number))


@require_POST
def price(request: HttpRequest, number: int) -> HttpResponse:
    """Show the books as they would be with one more change by hand; nothing is kept."""
    viewer, shown = asking(request), _found(request, number)
    try:
        told = by_hand(viewer, number, *_chosen(request))
    except EvenbookError as refused:
        return HttpResponse(f"{refused.what} {refused.fix}", status=refused.status, content_type="text/plain")
    return render(request, "balance/_books.html", _books(shown, told))


def _chosen(request: HttpRequest) -> tuple[str, str]:
    """Return the account and the person of a change by hand, by key; a typed person ends with theirs."""
    account, person = (request.POST.get(name, "").strip() for name in ("account", "person"))
    typed = NAMED.fullmatch(person)
    return account, typed[1] if typed else person


@require_POST
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a change by hand."""

    def does() -> str:
        account, person = ids_of(asking(request), number, *_chosen(request))
        actions.move_by_hand(number, account, person, by=asking(request), now=timezone.now())
        return "The proposal is changed."

    return _done(request, number, does)


@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Let the chosen moves take place."""

    def does() -> str:
        viewer = asking(request)
        chosen = set(request.POST.getlist("accounts"))
        wanted = [each.account_id for each in moves(viewer, number) if each.account_key in chosen]
        note = request.POST.get("note", "")
        done = actions.approve(number, by=viewer, now=timezone.now(), note=note, accounts=wanted)
        went = plural(done.gone, "account has", "accounts have")
        left = f" Somebody has moved {', '.join(done.skipped)} since: left alone." if done.skipped else ""
        return f"{done.gone} {went} changed hands.{left}"

    return _done(request, number, does)


@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Decide against it."""

    def does() -> str:
        actions.drop(number, by=asking(request), now=timezone.now(), note=request.POST.get("note", ""))
        return "The proposal is dropped."

    return _done(request, number, does)


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Give back what it moved."""

    def does() -> str:
        done = actions.undo(number, by=asking(request), now=timezone.now())
        return f"{done.gone} {plural(done.gone, 'account is', 'accounts are')} back with their owners."

    return _done(request, number, does)


def _done(request: HttpRequest, number: int, does: Callable[[], str]) -> HttpResponse:
    _found(request, number)
    try:
        said = does()
    except EvenbookError as refused:
        words = f"{refused.what} {refused.fix}"
        return _page(request, _found(request, number), said=words, status=refused.status)
    messages.success(request, said)
    return redirect("proposal", number)


def _found(request: HttpRequest, number: int) -> ProposalRow:
    found = proposal(asking(request), number)
    if found is None:
        raise Http404("There is no proposal of this number.")
    return found


def _page(request: HttpRequest, found: ProposalRow, *, said: str = "", status: int = 200) -> HttpResponse:
    viewer = asking(request)
    rows = moves(viewer, found.id)
    ask = Ask.of(request.GET, columns=COLUMNS, sort="account")
    if ask.export:
        return download(_sheet(found, rows), ask.export)
    told = by_hand(viewer, found.id)
    context = {
        "found": found,
        "said": said,
        "typed": request.POST.get("note", ""),
        "rows": [(row, _why(row)) for row in rows],
        "people": [(each["csm"], each["csm_name"]) for each in found.contents["before"]],
        "is_many": len(found.contents["before"]) > MOST_IN_A_LIST,
        "listing": Listing("moves", "Moves", COLUMNS, ask, len(rows), noun="move"),
        "sentence": headline(found.contents) or _sentence(found, rows),
        "headcount": headcount_told(found.contents, _terms),
        "binding": [(each, _terms(each["relaxing_gives"])) for each in found.contents["binding"]],
        "undo_hours": latest().policy.of(BalanceNumbers).undo_hours,
        "longest_note": actions.LONGEST_NOTE,
        **_books(found, told),
    }
    return render(request, "balance/proposal.html", context, status=status)


def _books(found: ProposalRow, told: ByHand | None) -> dict[str, Any]:
    before = {each["csm"]: each for each in found.contents["before"]}
    books = told.books if told is not None else found.contents["after"]
    return {
        "books": [(in_cents(before[each["csm"]]), in_cents(each)) for each in books if each["csm"] in before],
        "changed": bool(told is not None and told.points),
        "points": told.total if told is not None else 0.0,
        "differs": _terms({name: -value for name, value in told.points.items()}) if told is not None else "",
        "breaks": told.breaks if told is not None else (),
        "has_pools": any(each.get("is_pool") for each in books),
    }


def in_cents(book: Mapping[str, Any]) -> dict[str, Any]:
    """Return a book with its revenue in minor units, as screens show money."""
    return {**book, "arr": book["arr"] * 100}


def _sentence(found: ProposalRow, rows: tuple[MoveRow, ...]) -> tuple[Part, ...]:
    said = found.contents
    loads, was = _loads(said["after"]), _loads(said["before"])
    many = counted(len(rows), "moves", href="#moves", start=True)
    what = plural(len(rows), " move", " moves")
    if not said["feasible"]:
        return (many, f"{what}, and not every rule can hold.")
    if not rows or not loads or not was:
        return ("No move makes the books better by enough to be worth a handover.",)
    verb = plural(len(rows), "brings", "bring")
    brings = f"{what} {verb} the fullest book from {max(was):.0f}% to {max(loads):.0f}%."
    far = "Within the rules no plan is better"
    far += f" by more than {said['gap']:.1%}" if said["gap"] >= 0.0005 else ""
    return (many, f"{brings} {far}.")


def _loads(books: list[dict[str, Any]]) -> list[float]:
    """Return the loads of people who own accounts; a pool's is its members'."""
    people = (each for each in books if not each.get("is_pool") and each["accounts"])
    return [each["load_percent"] for each in people if "load_percent" in each]


def _why(row: MoveRow) -> str:
    said = _terms(row.improves)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _terms(points: Any) -> str:
    """Return what gets better and what gets worse, the most first, in words."""
    ranked = sorted(points.items(), key=lambda each: -abs(each[1]))
    better = ", ".join([f"{TERMS[name]} {value:.1f}" for name, value in ranked if value > 0][:3])
    worse = ", ".join([f"{TERMS[name]} {-value:.1f}" for name, value in ranked if value < 0][:2])
    said = [f"{word} {what}" for word, what in (("better", better), ("worse", worse)) if what]
    return "; ".join(said)


def _sheet(found: ProposalRow, rows: tuple[MoveRow, ...]) -> Sheet:
    told = [
        [
            row.account_key, row.account_name, row.giver_key, row.giver_name, row.receiver_key,
            row.receiver_name, row.reason_text, row.gain, "yes" if row.by_hand else "no", row.applied_at,
        ]
        for row in rows
    ]  # fmt: skip
    return Sheet(f"proposal-{found.id}", SHEET, told)
