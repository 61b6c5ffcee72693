"""Past imports and open questions. Operations alone ask; for others there are none."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from evenbook.people.viewer import Viewer
from evenbook.sources.models import FileLoad, KeptFile, Load, Mapping
from evenbook.sources.models import Question as Asked
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import OUTCOMES, VARIES

NAMES = 3
MOST_COUNTED, MOST_REASONS = 20_000, 30


@dataclass(frozen=True)
class Counts:
    """What became of rows; the five others add up to ``rows``."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0


@dataclass(frozen=True)
class PastFile:
    """What became of one file of an import."""

    file: str
    recognized_as: str
    table: str
    counts: Counts
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PastLoad:
    """One import: who, when, what became of its rows."""

    id: int
    at: datetime
    seconds: float
    by: str
    files: int
    names: tuple[str, ...]
    counts: Counts
    questions: int = 0

    @property
    def took(self) -> str:
        """Return how long it took, as people say it."""
        if self.seconds < 1:
            return "less than a second"
        if self.seconds < 120:
            return f"{self.seconds:.0f} s"
        return f"{self.seconds / 60:.0f} minutes"

    @property
    def more(self) -> int:
        """Return how many files there are besides those that are named."""
        return self.files - len(self.names)


@dataclass(frozen=True)
class Answered:
    """A question with its answer."""

    question: Question
    answer: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class WholeLoad:
    """One import with its files, its questions and what there is to say besides."""

    line: PastLoad
    files: tuple[PastFile, ...]
    questions: tuple[Question, ...]
    answered: tuple[Answered, ...]
    notes: tuple[str, ...]
    rejects_name: str


@dataclass(frozen=True)
class Reject:
    """A rejected row: where it stands, why it was not taken, what it held."""

    file: str
    row: str
    column: str
    reason: str
    original: str


@dataclass(frozen=True)
class Reason:
    """Why rows were rejected: the first of them, and how many there are."""

    first: Reject
    rows: int


def past_loads(viewer: Viewer, *, offset: int = 0, limit: int = 50) -> tuple[int, tuple[PastLoad, ...]]:
    """Return how many imports there were, and some of them, the newest first."""
    if not viewer.is_operations:
        return 0, ()
    loads = list(Load.objects.order_by("-started_at", "-pk")[offset : offset + limit])
    return Load.objects.count(), _lines(loads)


def past_load(viewer: Viewer, number: int) -> WholeLoad | None:
    """Return one import, None where there is none or the viewer may not know of it."""
    found = Load.objects.filter(pk=number).first() if viewer.is_operations else None
    if found is None:
        return None
    files = FileLoad.objects.filter(load=found).order_by("pk")
    asked = Asked.objects.filter(file__in=files.values("file")).order_by("-rows_held", "file", "column", "pk")
    open_, answered = _open(asked), asked.exclude(answer="")
    return WholeLoad(
        line=_lines([found])[0],
        files=tuple(_file(each) for each in files),
        questions=tuple(map(_question, open_)),
        answered=tuple(
            Answered(_question(each), each.answer, each.answered_by, each.answered_at) for each in answered
        ),
        notes=tuple(found.notes),
        rejects_name=found.rejects_name,
    )


def open_questions(viewer: Viewer) -> tuple[Question, ...]:
    """Return the questions that rows wait for, those that hold most first."""
    if not viewer.is_operations:
        return ()
    return tuple(map(_question, _open(Asked.objects.order_by("-rows_held", "file", "column", "pk"))))


def rows_waiting(viewer: Viewer) -> int:
    """Return how many rows wait for answers; one that waits for two questions counts once."""
    if not viewer.is_operations:
        return 0
    newest = FileLoad.objects.values("file").annotate(newest=Max("pk")).values("newest")
    return FileLoad.objects.filter(pk__in=newest).aggregate(held=Sum("held"))["held"] or 0


def state_of_imports(viewer: Viewer) -> str:
    """Return a text that changes whenever a dry run could find something else than before."""
    if not viewer.is_operations:
        return ""
    newest = Load.objects.aggregate(at=Max("pk"))["at"]
    mapped = Mapping.objects.aggregate(at=Max("changed_at"), count=Count("pk"))
    answered = Asked.objects.aggregate(at=Max("answered_at"))["at"]
    return f"{newest}/{mapped['at']}/{mapped['count']}/{answered}"


def mapping_kept(viewer: Viewer, layout: str) -> dict[str, Any] | None:
    """Return what a person said the columns of a layout mean, None where nobody did."""
    if not viewer.is_operations:
        return None
    found = Mapping.objects.filter(layout=layout).values_list("document", flat=True).first()
    return dict(found) if found is not None else None


def rejects_in(viewer: Viewer, path: Path, *, limit: int, file: str = "") -> tuple[Reject, ...]:
    """Return the first rejected rows of a file of rejects, those of one imported file where it is named."""
    if not viewer.is_operations or not path.is_file():
        return ()
    with path.open(newline="", encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        wanted = (row for row in rows if not file or (row.get("file") or "").lstrip("'") == file)
        names = ("file", "row", "column", "reason", "original")
        return tuple(
            Reject(*(_capital(row.get(name) or "", name) for name in names)) for row in islice(wanted, limit)
        )


def reasons_in(viewer: Viewer, path: Path, *, file: str = "") -> tuple[Reason, ...]:
    """Return why rows were rejected, the commonest first; of a very long file its beginning counts."""
    if not viewer.is_operations or not path.is_file():
        return ()
    counts: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], Reject] = {}
    for each in rejects_in(viewer, path, limit=MOST_COUNTED, file=file):
        key = (each.file, each.column, VARIES.sub("…", each.reason))
        counts[key] += 1
        first.setdefault(key, each)
    return tuple(Reason(first[key], count) for key, count in counts.most_common(MOST_REASONS))


def bytes_waiting(viewer: Viewer, home: Path) -> int:
    """Return how large the files are of which rows wait for an answer."""
    paths = KeptFile.objects.values_list("path", flat=True) if viewer.is_operations else ()
    return sum((home / path).stat().st_size for path in paths if (home / path).is_file())


def _capital(text: str, name: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" if name == "reason" else text


def _open(asked: QuerySet[Asked]) -> QuerySet[Asked]:
    return asked.filter(answer="", rows_held__gt=0)


def _question(row: Asked) -> Question:
    return Question(
        row.key, row.kind, row.file, row.column, row.asks, tuple(row.choices), row.rows_held, row.notes
    )


def _lines(loads: Sequence[Load]) -> tuple[PastLoad, ...]:
    ids = [each.pk for each in loads]
    files = FileLoad.objects.filter(load__in=ids)
    sums = {
        row["load"]: dict(row)
        for row in files.values("load").annotate(
            files=Count("pk"), total=Sum("rows"), **{f"{name}_rows": Sum(name) for name in OUTCOMES}
        )
    }
    names: dict[int, list[str]] = {}
    for load, file in files.order_by("pk").values_list("load", "file"):
        names.setdefault(load, []).append(file)
    waiting = set(_open(Asked.objects.all()).values_list("key", "file"))
    return tuple(_line(each, sums.get(each.pk, {}), names.get(each.pk, []), waiting) for each in loads)


def _line(load: Load, sums: dict[str, Any], names: Sequence[str], waiting: set[tuple[str, str]]) -> PastLoad:
    counts = Counts(sums.get("total") or 0, *(sums.get(f"{name}_rows") or 0 for name in OUTCOMES))
    return PastLoad(
        id=load.pk,
        at=load.started_at,
        seconds=(load.ended_at - load.started_at).total_seconds(),
        by=load.by,
        files=sums.get("files") or 0,
        names=tuple(names[:NAMES]),
        counts=counts,
        questions=sum(1 for _, file in waiting if file in names),
    )


def _file(row: FileLoad) -> PastFile:
    counts = Counts(row.rows, row.created, row.changed, row.unchanged, row.rejected, row.held)
    return PastFile(row.file, row.recognized_as, row.table, counts, tuple(row.notes))
