"""Endpoints as the slices declare them: what they give, what a token must have been made for.

    router = Router("Hot sheet")

    @router.reads("/hot-sheet", HotSheet)
    def hot_sheet(request: HttpRequest, asked: Query[SheetAsked]) -> HotSheet: ...

A write is done once for each key (``once``), refuses a body that it does not know, and has one
status. What an endpoint says of itself is the first line of its docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, get_args

import ninja
from django.http import HttpRequest
from pydantic import BaseModel

from evenbook.rest.entrance import BYTES, JSON, MOST_JSON, Entrance, SignedEntrance
from evenbook.rest.once import How, once

View = Callable[..., Any]
TOO_LARGE = "#/components/responses/Refused413"


class Router(ninja.Router):
    """The endpoints of one slice, under one heading of the description."""

    def __init__(self, heading: str) -> None:
        super().__init__(tags=[heading])

    def reads(
        self,
        path: str,
        gives: type[BaseModel],
        *,
        scope: str = "read",
        extra: dict[str, Any] | None = None,
        also: dict[int, Any] | None = None,
    ) -> Callable[[View], View]:
        """Declare an endpoint that changes nothing."""

        def declare(view: View) -> View:
            entrance = Entrance(scope, fields=fields_of(gives))
            self._add(path, "GET", view, gives={200: gives, **(also or {})}, entrance=entrance, extra=extra)
            return view

        return declare

    def gives_file(
        self, path: str, media_types: Iterable[str], *, scope: str = "read"
    ) -> Callable[[View], View]:
        """Declare an endpoint whose answer is a file in one of the media types."""
        content = {each: {"schema": {"type": "string", "format": "binary"}} for each in media_types}
        said = {200: {"description": "The file.", "content": content}, 413: {"$ref": TOO_LARGE}}

        def declare(view: View) -> View:
            entrance = Entrance(scope)
            self._add(path, "GET", view, gives={200: None}, entrance=entrance, extra={"responses": said})
            return view

        return declare

    def writes(
        self,
        method: str,
        path: str,
        gives: type[BaseModel] | None,
        *,
        status: int = 200,
        scope: str = "write",
        takes: str = JSON,
        apart: bool = False,
        keeps_answer: bool = True,
        most_bytes: Callable[[], int] = lambda: MOST_JSON,
        extra: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Declare an endpoint that changes something.

        Args:
            method: POST, PUT, PATCH or DELETE.
            path: its address under ``/api/v1``.
            gives: its answer; None for an empty one.
            status: of the answer.
            scope: what a token must have been made for.
            takes: the media type of its body; empty for none. Bytes it reads, and keys, by itself.
            apart: whether it has transactions of its own.
            keeps_answer: whether the answer may be given again; one with a secret may not.
            most_bytes: returns how large its body may be.
            extra: further parts of its description.
        """

        def declare(view: View) -> View:
            done = view if takes == BYTES else once(view, How(status, apart=apart, keeps_answer=keeps_answer))
            entrance = Entrance(scope, takes=takes, most_bytes=most_bytes)
            self._add(path, method, done, gives={status: gives}, entrance=entrance, extra=extra)
            return view

        return declare

    def takes_signed(
        self, path: str, gives: type[BaseModel], *, verifies: Callable[[HttpRequest, bytes], None]
    ) -> Callable[[View], View]:
        """Declare an endpoint that takes signed JSON and no token; ``verifies`` refuses all else."""

        def declare(view: View) -> View:
            entrance = SignedEntrance("", takes=JSON, verifies=verifies)
            self._add(path, "POST", view, gives={200: gives}, entrance=entrance, extra=None)
            return view

        return declare

    def _add(
        self,
        path: str,
        method: str,
        view: View,
        *,
        gives: dict[int, Any],
        entrance: Entrance,
        extra: dict[str, Any] | None,
    ) -> None:
        first, _, rest = (view.__doc__ or "").strip().partition("\n")
        described = {"description": " ".join(rest.split())} if rest.strip() else {"description": ""}
        self.add_api_operation(
            path,
            [method],
            view,
            auth=[entrance],
            response=gives,
            operation_id=view.__name__,
            summary=first.rstrip("."),
            openapi_extra={**described, **(extra or {})},
        )
        operation: Any = view._ninja_operation  # type: ignore[attr-defined]
        asked = [model for model in operation.models if model.__ninja_param_source__ == "query"]
        entrance.names = frozenset(name for model in asked for name in model.__ninja_flatten_map__)


def fields_of(gives: type[BaseModel]) -> frozenset[str]:
    """Return the fields of an answer, or of its rows where it is a list."""
    row = row_of(gives)
    return frozenset(row.model_fields)


def row_of(gives: type[BaseModel]) -> type[BaseModel]:
    """Return the shape of the rows of a list; of anything else its own."""
    items = gives.model_fields.get("items")
    rows = get_args(items.annotation) if items else ()
    return rows[0] if rows else gives
