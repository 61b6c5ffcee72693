"""How many requests an asker may send in a minute, over all processes that answer.

A process sets aside a part of the minute's requests in the database and counts them down by itself,
so most requests cost no write. Together the processes never give more than the limit; what one set
aside and did not use is not given by another.
"""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from django.db import IntegrityError, transaction
from django.db.models import F

from evenbook.rest.models import Lease
from evenbook.rest.problems import TooManyRequests

PARTS = 20
MINUTE = 60
KEPT_MINUTES = 10
_mine: dict[str, tuple[int, int]] = {}
_lock = Lock()


def count(asker: str, *, limit: int, now: datetime) -> None:
    """Count a request.

    Raises:
        TooManyRequests: the asker has had ``limit`` requests in this minute.
    """
    second = int(now.timestamp())
    minute = second // MINUTE
    if _taken_from_mine(asker, minute):
        return
    part = max(1, limit // PARTS)
    if not _leased(asker, minute, part, limit):
        seconds = MINUTE - second % MINUTE
        raise TooManyRequests(
            f"More than {limit} requests came in this minute.",
            fix=f"Wait {seconds} s, as Retry-After says; ask for larger pages (`limit`).",
            seconds=seconds,
        )
    with _lock:
        _mine[asker] = (minute, part - 1)


def _taken_from_mine(asker: str, minute: int) -> bool:
    with _lock:
        held, left = _mine.get(asker, (0, 0))
        if held != minute or left < 1:
            return False
        _mine[asker] = (minute, left - 1)
        return True


def _leased(asker: str, minute: int, part: int, limit: int) -> bool:
    """Set aside a part of the minute; return whether it was still there."""
    if _added(asker, minute, part, limit):
        return True
    if Lease.objects.filter(asker=asker, minute=minute).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.filter(minute__lt=minute - KEPT_MINUTES).delete()
            Lease.objects.create(asker=asker, minute=minute, taken=part)
    except IntegrityError:
        return _added(asker, minute, part, limit)
    return True


def _added(asker: str, minute: int, part: int, limit: int) -> bool:
    free = Lease.objects.filter(asker=asker, minute=minute, taken__lte=limit - part)
    return free.update(taken=F("taken") + part) == 1
