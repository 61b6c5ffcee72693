"""Pages of a list, by cursor.

A cursor is opaque to its reader. It holds where the next page begins, a digest of what was asked,
and the version of the data that the pages are cut from: with another question, or when the week was
run again in between, it is refused, so a list is never put together from two answers.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from django.http import HttpRequest
from pydantic import Field

from evenbook.kit.errors import EvenbookError
from evenbook.rest.shapes import Asked, AsOf, Line, Shape, Whole

MOST = 500
OWN = frozenset({"cursor", "limit", "fields"})
FARTHEST = 10**9
Row = TypeVar("Row")


class CursorRefused(EvenbookError):
    """A cursor that does not belong to this question, or to data that are gone."""

    kind = "cursor-refused"
    status = 422


class Paged(Asked):
    """Which page of a list."""

    limit: Whole = Field(100, ge=1, le=MOST, description="Rows of a page.")
    cursor: Line = Field("", description="`next` of the page before.")
    fields: Line = Field("", description="Names of fields, separated by commas: only these are given.")


class PagedAsOf(Paged, AsOf):
    """Which page of a list, as of which day."""


class Page(Shape):
    """A page of a list: its rows stand in ``items`` of each."""

    next: str | None = Field(description="The cursor of the next page; null on the last.")


@dataclass(frozen=True)
class Place:
    """Where a page lies in its list; ``stamp`` is of the question and its data."""

    offset: int
    limit: int
    stamp: str

    @classmethod
    def of(cls, request: HttpRequest, asked: Paged, *, basis: object = "") -> Place:
        """Return the place that a request asks for.

        Args:
            request: the request; all its parameters but those of paging belong to the question.
            asked: its page.
            basis: what changes when the list does, such as the number of its run.

        Raises:
            CursorRefused: the cursor belongs to something else.
        """
        question = sorted((name, value) for name, value in request.GET.items() if name not in OWN)
        text = json.dumps([request.path, question, str(basis)])
        stamp = blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
        return cls(_offset(asked.cursor, stamp), asked.limit, stamp)

    @property
    def more(self) -> int:
        """How many rows to fetch: one more than the page holds says whether there is another page."""
        return self.limit + 1

    def cut(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of the page out of those fetched."""
        return rows[: self.limit]

    def next(self, rows: Sequence[object]) -> str | None:
        """Return the cursor of the next page, None on the last."""
        if len(rows) <= self.limit:
            return None
        return self.on(self.offset + self.limit)

    def on(self, number: int) -> str:
        """Return the cursor of the page that begins at a number: a place in the list, or the id before it."""
        text = json.dumps([number, self.stamp], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def within(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return what is to be fetched, out of a list that is there whole."""
        return rows[self.offset : self.offset + self.more]


def _offset(cursor: str, stamp: str) -> int:
    if not cursor:
        return 0
    try:
        offset, of = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        offset, of = -1, ""
    if of != stamp or type(offset) is not int or not 0 <= offset < FARTHEST:
        raise CursorRefused(
            "The cursor does not belong to this list, or the list has changed since.",
            fix="Begin again without a cursor; ask with the same parameters as for the page before.",
        )
    return offset
