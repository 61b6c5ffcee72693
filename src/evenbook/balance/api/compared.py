"""Two proposals side by side, for programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from pydantic import Field

from evenbook.balance.queries.comparing import side_by_side
from evenbook.balance.rules.compared import compared_document
from evenbook.people.asking import asking
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import Shape

router = Router("Books")


class SideOut(Shape):
    """One of two proposals; ``value`` with the changes by hand."""

    id: int
    mode: str
    as_of: date
    state: str
    feasible: bool
    value: float
    bound: float
    gap: float
    moves: int


class SpreadOut(Shape):
    """The least and the most of a criterion among the books that hold accounts; null where none does."""

    criterion: str
    one: list[float | None] = Field(min_length=2, max_length=2)
    other: list[float | None] = Field(min_length=2, max_length=2)


class BookThenOut(Shape):
    """A person's book under a proposal."""

    load_percent: float | None
    arr: float
    accounts: int
    complexity: float
    red_yellow_share: float
    effort_hours: float
    capacity_hours: float
    red_yellow: int


class BothBooksOut(Shape):
    """A person's book under two proposals; null where it is not about them."""

    csm: str
    csm_name: str
    one: BookThenOut | None
    other: BookThenOut | None


class MovedOut(Shape):
    """An account that one of two proposals moves, or both; null where it stays, or goes to nobody."""

    account: str
    account_name: str
    from_name: str | None
    to_name_in_one: str | None
    to_name_in_other: str | None
    agree: bool


class BothBindingOut(Shape):
    """A rule, and the points that dropping it gives; null where it does not hold that proposal back."""

    rule: str
    rule_name: str
    one: float | None
    other: float | None


class ComparedOut(Shape):
    """Two proposals side by side."""

    one: SideOut
    other: SideOut
    incomparable: str | None = Field(description="Why their points can't be compared; null where they can.")
    spread: list[SpreadOut]
    people: list[BothBooksOut]
    both_move: list[MovedOut]
    only_one_moves: list[MovedOut]
    only_other_moves: list[MovedOut]
    binding: list[BothBindingOut]


@router.reads("/proposals/{int:number}/beside/{int:other}", ComparedOut)
def compare_proposals(request: HttpRequest, number: int, other: int) -> ComparedOut:
    """Give two proposals side by side, by every criterion."""
    found = side_by_side(asking(request), number, other)
    if found is None:
        raise NothingHere("There is no such pair of proposals.", fix="List them: GET /api/v1/proposals.")
    return ComparedOut(**compared_document(found))
