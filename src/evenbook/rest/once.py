"""A write that is sent twice with one key happens once, and is answered twice.

The answer is kept in the transaction of the write: after a crash either both are there or neither.
A write that can't stand in one transaction (an import has its own) is marked as under way first. A
refusal is not kept, for it changed nothing. Keys are kept for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from inspect import signature
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from evenbook.kit.errors import EvenbookError
from evenbook.rest.models import KeptAnswer
from evenbook.rest.rendering import text_of

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST_WORK = timedelta(minutes=30)


class KeyReused(EvenbookError):
    """A key that was sent with another request before."""

    kind = "key-reused"
    status = 422


class UnderWay(EvenbookError):
    """The same write is being done at this moment."""

    kind = "under-way"
    status = 409
    retry = True
    seconds = 5


class AnsweredBefore(EvenbookError):
    """A write that was done, and whose answer is not given again."""

    kind = "answered-before"
    status = 409


@dataclass(frozen=True)
class How:
    """How a write is done once.

    Attributes:
        status: of its answer.
        apart: whether it has transactions of its own.
        keeps_answer: whether the answer may be kept and given again.
    """

    status: int
    apart: bool = False
    keeps_answer: bool = True


@dataclass(frozen=True)
class Sent:
    """A write as its key knows it."""

    asker: str
    key: str
    digest: str
    at: datetime


def sent(request: HttpRequest, *, body: str = "") -> Sent | None:
    """Return a write's key with what was sent, or None where it has none.

    Args:
        request: the request.
        body: a digest of its body, where that was read past already.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return None
    parts = (request.method or "", request.get_full_path(), body or hashlib.sha256(request.body).hexdigest())
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
    return Sent(asker_of(request), key, digest, request.arrived_at)  # type: ignore[attr-defined]


def asker_of(request: HttpRequest) -> str:
    """Return by what an asker is counted: their token or themselves."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    return f"token:{viewer.token_id}" if viewer.token_id else f"user:{viewer.user_id}"


def once(view: Callable[..., Any], how: How) -> Callable[..., Any]:
    """Return ``view`` so that it is done once for each key."""

    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> Any:
        return done_once(sent(request), lambda: view(request, **given), how)

    answer.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
    return answer


def done_once(known: Sent | None, do: Callable[[], Any], how: How) -> Any:
    """Do a write, or give the answer that it had.

    Raises:
        KeyReused, UnderWay, AnsweredBefore: the key was sent before.
    """
    if known is None:
        return do()
    return _apart(known, do, how) if how.apart else _together(known, do, how)


@transaction.atomic
def _together(known: Sent, do: Callable[[], Any], how: How) -> Any:
    row, is_new = _claimed(known)
    if not is_new:
        return _again(row, known, how)
    result = do()
    _keep(row, result, how)
    return result


def _apart(known: Sent, do: Callable[[], Any], how: How) -> Any:
    with transaction.atomic():
        row, is_new = _claimed(known)
    if not is_new:
        return _again(row, known, how)
    try:
        result = do()
    except BaseException:
        row.delete()
        raise
    _keep(row, result, how)
    return result


def _claimed(known: Sent) -> tuple[KeptAnswer, bool]:
    """Return the row of a key, and whether it is new; rows that no longer count are gone before."""
    KeptAnswer.objects.filter(at__lt=known.at - KEPT).delete()
    KeptAnswer.objects.filter(status__isnull=True, at__lt=known.at - LONGEST_WORK).delete()
    try:
        with transaction.atomic():
            row = KeptAnswer.objects.create(
                asker=known.asker, key=known.key, digest=known.digest, at=known.at
            )
        return row, True
    except IntegrityError:
        return KeptAnswer.objects.get(asker=known.asker, key=known.key), False


def _again(row: KeptAnswer, known: Sent, how: How) -> HttpResponse:
    if row.digest != known.digest:
        raise KeyReused(
            "This key was sent with another request before.", fix="Take a new key for each new write."
        )
    if row.status is None:
        raise UnderWay("This write is under way.", fix="Ask again in a moment, with the same key.")
    if not how.keeps_answer:
        raise AnsweredBefore(
            "This write was done before, and its answer held a secret that is shown once.",
            fix="Find what it made in its list; where the secret is lost, end it and make another.",
        )
    answer = HttpResponse(row.body, status=row.status, content_type="application/json; charset=utf-8")
    answer["Idempotent-Replayed"] = "true"
    return answer


def _keep(row: KeptAnswer, result: Any, how: How) -> None:
    row.status = how.status
    keeps = how.keeps_answer and isinstance(result, BaseModel)
    row.body = text_of(result.model_dump()) if keeps else ""
    row.save(update_fields=["status", "body"])
