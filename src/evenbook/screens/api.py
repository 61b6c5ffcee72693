"""The views that people keep of tables, for programs."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query
from pydantic import Field, StringConstraints

from evenbook.people.asking import asking
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Shape
from evenbook.screens.actions import drop_view, save_view
from evenbook.screens.queries import views_of

router = Router("Views")
Table = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z][a-z-]*$")]


class ViewOut(Shape):
    """A view: a table's filters and order under a name."""

    view: int
    view_name: str
    query: str = Field(description="The part of the table's address that shows it.")


class Views(Page):
    """Your own views of a table, by name."""

    items: list[ViewOut]
    table: str


class NewView(Body):
    """A view to keep."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=NO_NULL)]
    query: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NULL)] = Field(
        description="Such as `state=at_risk&sort=-arr`."
    )


@router.reads("/views/{table}", Views)
def list_views(request: HttpRequest, table: Path[Table], asked: Query[Paged]) -> Views:
    """List your own views of a table: accounts, coverage or hot-sheet."""
    found = views_of(asking(request), table)
    place = Place.of(request, asked)
    rows = place.within(found)
    items = [ViewOut(view=each.id, view_name=each.name, query=each.query) for each in place.cut(rows)]
    return Views(items=items, next=place.next(rows), table=table)


@router.writes("PUT", "/views/{table}", Views)
def keep_view(request: HttpRequest, table: Path[Table], view: NewView) -> Views:
    """Keep a view of a table; one of the same name is replaced."""
    viewer = asking(request)
    save_view(viewer, table, name=view.name, query=view.query, now=timezone.now())
    items = [ViewOut(view=each.id, view_name=each.name, query=each.query) for each in views_of(viewer, table)]
    return Views(items=items, next=None, table=table)


@router.writes("DELETE", "/kept-views/{int:view}", None, status=204, takes="")
def delete_view(request: HttpRequest, view: int) -> None:
    """Drop one of your own views; dropping it again changes nothing."""
    drop_view(asking(request), view, now=timezone.now())
