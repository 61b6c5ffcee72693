"""Workers: they say that they are there; one that is lost is found by those that are left.

A worker holds a lock on a file of its own as long as its process lives. Another worker of the same
machine and folder sees at once when it fell; workers elsewhere go by when it was last seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from evenbook.runs import presence
from evenbook.runs.models import Worker

KEPT = timedelta(days=7)


def join(name: str, *, process: int, now: datetime) -> None:
    """Write down that a worker is there."""
    Worker.objects.filter(ended_at__lt=now - KEPT).delete()
    Worker.objects.create(
        name=name,
        host=presence.host(),
        place=presence.place(),
        process=process,
        started_at=now,
        seen_at=now,
    )


def tell_alive(name: str, *, now: datetime) -> bool:
    """Write down that a worker is still there; False where others took it for lost."""
    return bool(Worker.objects.filter(name=name, ended_at=None).update(seen_at=now))


def leave(name: str, *, now: datetime) -> None:
    """Write down that a worker goes."""
    Worker.objects.filter(name=name, ended_at=None).update(ended_at=now)


def end_lost_workers(*, now: datetime, but: str) -> None:
    """Write down that workers are gone that went without a word."""
    for each in Worker.objects.filter(ended_at=None).exclude(name=but):
        if presence.is_lost(each, now):
            leave(each.name, now=now)
            presence.forget(each.name)


def workers_there() -> set[str]:
    """Return the workers that are there, by name."""
    return set(Worker.objects.filter(ended_at=None).values_list("name", flat=True))
