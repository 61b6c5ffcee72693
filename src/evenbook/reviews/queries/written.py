"""What the organization has written into reviews: news, shipped requests, words, its own slides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from evenbook.people.viewer import Viewer
from evenbook.reviews.models import Master, ReleaseNote, ShippedRequest, Wording


@dataclass(frozen=True)
class Written:
    """News, or a request that shipped; ``accounts`` had asked for it."""

    id: int
    kind: str
    title: str
    says: str
    product: str
    on: date
    written_by: str
    accounts: int


@dataclass(frozen=True)
class WordingRow:
    """A version of words for a tier and a segment."""

    tier: int
    segment: str
    number: int
    texts: dict[str, Any]
    note: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class MasterRow:
    """The organization's own slides, and what they lack."""

    id: int
    name: str
    findings: tuple[str, ...]
    uploaded_at: datetime
    uploaded_by: str


def news(viewer: Viewer) -> tuple[Written, ...]:
    """Return what is told as new, the newest first."""
    rows = ReleaseNote.objects.filter(withdrawn_at=None).order_by("-released_on", "-pk")
    fields = ("pk", "title", "words", "product", "released_on", "written_by")
    return tuple(
        Written(pk, "news", title, says, product, on, by, 0)
        for pk, title, says, product, on, by in rows.values_list(*fields)
    )


def shipped(viewer: Viewer) -> tuple[Written, ...]:
    """Return the requests that shipped, the newest first."""
    rows = ShippedRequest.objects.filter(withdrawn_at=None).annotate(accounts=Count("asked_by"))
    fields = ("pk", "title", "words", "shipped_on", "written_by", "accounts")
    ordered = rows.order_by("-shipped_on", "-pk").values_list(*fields)
    return tuple(Written(pk, "shipped", title, says, "", on, by, n) for pk, title, says, on, by, n in ordered)


def wordings(viewer: Viewer) -> tuple[WordingRow, ...]:
    """Return all versions of words, those in force of each tier and segment first."""
    rows = Wording.objects.order_by("tier", "segment", "-number")
    fields = ("tier", "segment", "number", "texts", "note", "made_at", "made_by")
    return tuple(WordingRow(*row) for row in rows.values_list(*fields))


def master(viewer: Viewer) -> MasterRow | None:
    """Return the master of decks to come; None where they stand on ours."""
    row = Master.objects.filter(withdrawn_at=None).defer("file").order_by("-uploaded_at", "-pk").first()
    if row is None:
        return None
    return MasterRow(row.pk, row.name, tuple(row.findings), row.uploaded_at, row.uploaded_by)
