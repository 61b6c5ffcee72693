"""What has to be told while a piece of work holds the database: how far it is, and that it should stop.

On SQLite an import holds the one lock for writing until it ends, so both go through small files in
the instance's folder. On PostgreSQL they are columns of the job's row, written from beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from evenbook.runs.models import Job


@dataclass(frozen=True)
class Progress:
    """How far a piece of work is: ``done`` of ``total`` (None where nobody knows), and what it does now."""

    done: int
    total: int | None
    words: str


def folder() -> Path:
    """Return where the files of durable work lie."""
    made = Path(settings.EVENBOOK_HOME) / "work"
    made.mkdir(parents=True, exist_ok=True)
    return made


def tell(job: int, progress: Progress) -> None:
    """Write down how far a job is."""
    if not _in_files():
        Job.objects.filter(pk=job).update(
            done=progress.done, total=progress.total, doing=progress.words[:200]
        )
        return
    place = folder() / f"{job}.told"
    beside = place.with_suffix(".part")
    beside.write_text(json.dumps([progress.done, progress.total, progress.words]), encoding="utf-8")
    beside.replace(place)


def told(job: Job) -> Progress:
    """Return how far a job is."""
    in_row = Progress(job.done, job.total, job.doing)
    if not _in_files():
        return in_row
    try:
        done, total, words = json.loads((folder() / f"{job.pk}.told").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return in_row
    return Progress(int(done), total, str(words))


def ask_to_stop(job: int) -> None:
    """Ask the worker that does a job to stop, without waiting for the database."""
    if _in_files():
        (folder() / f"{job}.stop").touch()


def asked_to_stop(jobs: Iterable[int]) -> set[int]:
    """Return those jobs whose worker was asked to stop."""
    wanted = set(jobs)
    if _in_files():
        return {job for job in wanted if (folder() / f"{job}.stop").exists()}
    asked = Job.objects.filter(pk__in=wanted).exclude(stop_asked_by="")
    return set(asked.values_list("pk", flat=True))


def clear(job: int) -> None:
    """Take away what was told of a job that ended or begins anew."""
    for ending in ("told", "stop"):
        (folder() / f"{job}.{ending}").unlink(missing_ok=True)


def _in_files() -> bool:
    return connection.vendor == "sqlite"
