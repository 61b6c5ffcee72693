"""A table as a file to download, exact where the screen rounds.

Who took it away is recorded by ``middleware.Taken`` once the page has answered: a page may read in
a transaction that it undoes, as coverage of a past day does, and the word about it must stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from evenbook.documents.sheets import Sheet, as_csv, as_parquet, as_xlsx

Answer = TypeVar("Answer", bound=HttpResponseBase)

KINDS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
}


@dataclass(frozen=True)
class TakenAway:
    """What a person takes away as a file: its name, its form, how many rows, and what was asked for."""

    name: str
    kind: str
    rows: int


def download(sheet: Sheet, kind: str) -> HttpResponse:
    """Return ``sheet`` as a download; ``kind`` is csv, xlsx or parquet."""
    content_type, write = KINDS[kind]
    response = HttpResponse(write(sheet), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{kind}"'
    return taken(response, TakenAway(sheet.name, kind, len(sheet.rows)))


def taken(response: Answer, what: TakenAway) -> Answer:
    """Return the response, marked as a file that somebody takes away."""
    response.taken_away = what  # type: ignore[attr-defined]
    return response
