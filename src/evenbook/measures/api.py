"""Measures, their values and the rows behind each, for programs."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query
from pydantic import Field

from evenbook.kit.dates import week_series
from evenbook.measures.card import Card
from evenbook.measures.catalogue import Catalogue
from evenbook.measures.queries import OpenedRow, open_figure
from evenbook.measures.values import measured, trends
from evenbook.people.asking import asking
from evenbook.rest.paging import Page, Paged, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import AnyJson, Line, Shape, Whole, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Measures")
Kind = Literal["all", "csm", "team", "pool", "tier", "segment"]


class CardOut(Shape):
    """What is said of a measure."""

    measure: str
    label: str
    unit: str
    better: str
    window: str
    fold: str = Field(description="Part over whole, in words.")
    empty: str
    edges: str
    by: list[str]


class Cards(Page):
    """Measures, in the order of the data."""

    items: list[CardOut]


class ValuesAsked(PagedAsOf):
    """Which values."""

    kind: Kind | None = Field(None, description="One kind of subject; else all kinds.")
    weeks: Whole = Field(1, ge=1, le=104, description="How many weeks of history to give.")


class ValueOut(Shape):
    """A measure's value for a subject; ``trend`` ends with it, oldest first."""

    subject_kind: str
    subject: str
    value: float | None
    accounts: int = Field(description="How many accounts it rests on.")
    trend: list[float | None]
    rows: str = Field(description="The address of the rows that it is made of.")


class Values(Page):
    """Values of a measure in a week."""

    items: list[ValueOut]
    measure: str
    unit: str
    as_of: date
    policy_version: int
    days: list[date] = Field(description="The days of each trend.")


class FigureAsked(PagedAsOf):
    """Which figure."""

    kind: Kind = "all"
    subject: Line = "all"


class FigureRow(Shape):
    """A row behind a figure; ``more`` are the measure's own columns."""

    account: str | None
    account_name: str
    owner_name: str | None
    part: float
    whole: float
    more: dict[str, AnyJson]


class Figure(Page):
    """A figure: the sum of the parts over the sum of the wholes of all its rows."""

    items: list[FigureRow]
    measure: str
    unit: str
    as_of: date
    policy_version: int
    subject_kind: str
    subject: str
    subject_name: str
    value: float | None
    part: float
    whole: float
    total: int


@router.reads("/measures", Cards)
def list_measures(request: HttpRequest, asked: Query[Paged]) -> Cards:
    """List what is measured, each with its card."""
    asking(request)
    cards = _catalogue().cards
    place = Place.of(request, asked, basis=len(cards))
    rows = place.within(cards)
    return Cards(items=[_card(each) for each in place.cut(rows)], next=place.next(rows))


@router.reads("/measures/{measure}", CardOut)
def get_measure(request: HttpRequest, measure: str) -> CardOut:
    """Give the card of a measure."""
    asking(request)
    return _card(_catalogue().card(measure))


@router.reads("/measures/{measure}/values", Values)
def list_values(request: HttpRequest, measure: str, asked: Query[ValuesAsked]) -> Values:
    """List the values of a measure in a week, for each subject that you may see."""
    viewer, card = asking(request), _catalogue().card(measure)
    run = week_asked(viewer, asked.as_of).run
    kinds: list[str] = [asked.kind] if asked.kind else ["all", *card.by]
    now = measured(viewer, run.id, run.as_of, measures=[card.name], kinds=kinds)
    place = Place.of(request, asked, basis=run.id)
    keys = sorted(
        ((kind, subject) for _, kind, subject in now), key=lambda key: (kinds.index(key[0]), key[1])
    )
    rows = place.within(keys)
    days = week_series(run.as_of, asked.weeks)
    past = trends(viewer, days, measure=card.name, kinds=kinds)
    root = request.path.removesuffix("/values")
    items = [
        ValueOut(
            subject_kind=kind,
            subject=subject,
            value=now[card.name, kind, subject].value,
            accounts=now[card.name, kind, subject].count,
            trend=list(past.get((kind, subject), (None,) * len(days))),
            rows=f"{root}/figure?{urlencode({'kind': kind, 'subject': subject, 'as_of': run.as_of})}",
        )
        for kind, subject in place.cut(rows)
    ]
    return Values(
        items=items, next=place.next(rows), measure=card.name, unit=card.unit, as_of=run.as_of,
        policy_version=run.policy_version, days=days,
    )  # fmt: skip


@router.reads("/measures/{measure}/figure", Figure)
def open_measure(request: HttpRequest, measure: str, asked: Query[FigureAsked]) -> Figure:
    """Open a figure: the rows that it is the fold of, the largest first."""
    viewer = asking(request)
    run = week_asked(viewer, asked.as_of).run
    found = open_figure(viewer, measure, as_of=run.as_of, subject_kind=asked.kind, subject=asked.subject)
    place = Place.of(request, asked, basis=run.id)
    rows = place.within(found.rows)
    return Figure(
        items=[_row(each, found.columns) for each in place.cut(rows)],
        next=place.next(rows),
        measure=found.card.name,
        unit=found.card.unit,
        as_of=found.as_of,
        policy_version=found.policy_version,
        subject_kind=found.subject_kind,
        subject=found.subject,
        subject_name=found.subject_name,
        value=found.value,
        part=found.part,
        whole=found.whole,
        total=len(found.rows),
    )


def _catalogue() -> Catalogue:
    found: Catalogue = import_string(settings.EVENBOOK_CATALOGUE)()
    return found


def _card(card: Card) -> CardOut:
    return CardOut(
        measure=card.name, label=card.label, unit=card.unit, better=card.better, window=card.window,
        fold=card.fold, empty=card.empty, edges=card.edges, by=[*card.by, "all"],
    )  # fmt: skip


def _row(row: OpenedRow, columns: tuple[str, ...]) -> FigureRow:
    more: dict[str, Any] = dict(zip(columns, row.more, strict=True))
    return FigureRow(
        account=said_or_none(row.account_key), account_name=row.account_name,
        owner_name=said_or_none(row.owner_name), part=row.part, whole=row.whole, more=more,
    )  # fmt: skip
