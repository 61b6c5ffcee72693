"""When a form was opened, as the form itself carries it back: signed, so that nobody makes it up."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core import signing
from django.http import HttpRequest

FIELD, SALT = "opened", "closures.web.opened"


def stamp(request: HttpRequest, loop: int, *, now: datetime) -> str:
    """Return what a form of a loop carries: the stamp that it was sent with, else a new one."""
    sent = request.POST.get(FIELD, "")
    return sent if _at(sent, loop) else signing.dumps([loop, now.timestamp()], salt=SALT)


def opened_at(request: HttpRequest, loop: int) -> datetime | None:
    """Return when the form that was sent had been opened, None where it does not say so."""
    return _at(request.POST.get(FIELD, ""), loop)


def _at(sent: str, loop: int) -> datetime | None:
    try:
        number, seconds = signing.loads(sent, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if number == loop else None
