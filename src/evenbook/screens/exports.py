"""A table as a file to download, exact where the screen rounds."""

from __future__ import annotations

from django.http import HttpResponse

from evenbook.documents.sheets import Sheet, as_csv, as_parquet, as_xlsx

KINDS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
}


def download(sheet: Sheet, kind: str) -> HttpResponse:
    """Return ``sheet`` as a download; ``kind`` is csv, xlsx or parquet."""
    content_type, write = KINDS[kind]
    response = HttpResponse(write(sheet), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{kind}"'
    return response
