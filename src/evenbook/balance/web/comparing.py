"""The page of two proposals side by side: what each costs, each book under both, what both move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.balance.queries.comparing import side_by_side
from evenbook.balance.queries.proposals import ProposalRow, proposal, proposals
from evenbook.balance.rules.compared import Compared, Pair, Side, Spread
from evenbook.people.asking import asking
from evenbook.screens.places import address
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import MISSING, plural, shown

CHOICES = 50
"""So many proposals can be chosen from, the newest."""

CRITERIA = {
    "load_percent": ("Load", "percent", "The least and the most of a book that holds accounts"),
    "arr": ("ARR", "money", ""),
    "accounts": ("Accounts", "count", ""),
    "complexity": ("Complexity", "number", "The mean of a book, 1 to 5"),
    "red_yellow_share": ("Red or yellow", "share", ""),
}


@dataclass(frozen=True)
class Cell:
    """A criterion of a person's book under both, as it is said, and whether it differs."""

    label: str
    one: str
    other: str
    differs: bool


@require_GET
def beside(request: HttpRequest) -> HttpResponse:
    """Show two proposals side by side, or ask which."""
    viewer = asking(request)
    listed = proposals(viewer, limit=CHOICES)
    asked = [request.GET.get(name, "").strip() for name in ("one", "other")]
    numbers = [_number(each) for each in asked]
    missing = [
        text for text, number in zip(asked, numbers, strict=True) if text and not _seen(viewer, number)
    ]
    found = None if missing or None in numbers else side_by_side(viewer, *(each or 0 for each in numbers))
    context: dict[str, Any] = {
        "choices": _with_chosen(listed, [proposal(viewer, each) for each in numbers if each]),
        "chosen": _chosen(numbers, listed),
        "missing": missing,
        "twice": found is not None and found.one.number == found.other.number,
        "found": found,
        "sentence": _sentence(found, len(listed)),
    }
    if found is not None:
        context |= _told(found)
    return render(request, "balance/compare.html", context, status=404 if missing else 200)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _seen(viewer: Any, number: int | None) -> bool:
    return number is not None and proposal(viewer, number) is not None


def _with_chosen(listed: tuple[ProposalRow, ...], chosen: list[ProposalRow | None]) -> list[tuple[int, str]]:
    rows = {row.id: row for row in (*(each for each in chosen if each is not None), *listed)}
    return [(row.id, f"{row.id}: {row.title}") for row in sorted(rows.values(), key=lambda row: -row.id)]


def _chosen(numbers: list[int | None], listed: tuple[ProposalRow, ...]) -> list[int | None]:
    """Return what the form begins with: what was asked for, else the newest two."""
    others = [row.id for row in listed if row.id not in numbers]
    return [number if number is not None else (others.pop(0) if others else None) for number in numbers]


def _told(found: Compared) -> dict[str, Any]:
    return {
        "heads": [_head(found.one), _head(found.other)],
        "spreads": [
            (*CRITERIA[one.criterion][::2], _spread(one), _spread(other)) for one, other in found.spreads
        ],
        "people": [(pair.csm_name, _cells(pair), pair.differs) for pair in found.pairs],
        "labels": [words for words, _, _ in CRITERIA.values()],
        "moved": [
            ("both", "Both move", found.both),
            ("one", f"Only proposal {found.one.number} moves", found.one_only),
            ("other", f"Only proposal {found.other.number} moves", found.other_only),
        ],
    }


def _head(side: Side) -> dict[str, Any]:
    return {
        "number": side.number,
        "href": address("proposal", side.number),
        "side": side,
        "moves": len(side.moves),
        "gap": side.contents["gap"],
        "feasible": side.contents["feasible"],
    }


def _spread(each: Spread) -> str:
    least, most = _said(each.criterion, each.least), _said(each.criterion, each.most)
    return least if least == most else f"{least} to {most}"


def _cells(pair: Pair) -> list[Cell]:
    return [
        Cell(words, _of(pair.one, name), _of(pair.other, name), _of(pair.one, name) != _of(pair.other, name))
        for name, (words, _, _) in CRITERIA.items()
    ]


def _of(book: Mapping[str, Any] | None, name: str) -> str:
    return _said(name, None if book is None else book.get(name))


def _said(name: str, value: float | None) -> str:
    if name == "complexity":
        return MISSING if value is None else f"{value:.1f}"
    minor = value if value is None or name != "arr" else 100 * value
    return shown(minor, CRITERIA[name][1]).text


def _sentence(found: Compared | None, many: int) -> tuple[Part, ...]:
    if found is None:
        return ("Choose two proposals.",) if many else ("There is no proposal to look at yet.",)
    both = counted(len(found.both), "both", href="#both", start=True)
    each = (
        counted(len(side.moves), "moves", href=address("proposal", side.number))
        for side in (found.one, found.other)
    )
    what = plural(len(found.both), " account moves", " accounts move")
    fullest = [spread.most for spread in found.spreads[0]]
    said: tuple[Part, ...] = (
        both, f"{what} under both: proposal {found.one.number} moves ", next(each),
        f", proposal {found.other.number} ", next(each), ".",
    )  # fmt: skip
    if None in fullest:
        return said
    first, second = (shown(most, "percent").text for most in fullest)
    ends = (
        f" at {first} under both."
        if first == second
        else f" at {first} under the one, {second} under the other."
    )
    return (*said, f" The fullest book is{ends}")
