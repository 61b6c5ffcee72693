"""Drawing up and sending a batch, as pieces of work: thousands of reviews, and nobody waits at a page."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from evenbook.people.queries import viewer_at_work
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions.drawing import fill
from evenbook.reviews.actions.refusals import ReviewsNotYours
from evenbook.reviews.actions.sending import send, sending
from evenbook.runs.asked import week_asked
from evenbook.runs.declared import REVIEWS, Doing, Work

TOKEN_BYTES = 32


def do_drawing(doing: Doing, *, batch: int, mail: str, token: int | None = None) -> str:
    """Draw up the reviews of a batch."""
    return doing.step("Draw up the reviews", lambda: _drawn(doing, batch, _by(mail, token)))


def _drawn(doing: Doing, batch: int, by: Viewer) -> str:
    count = fill(batch, week=week_asked(by, None), by=by, now=datetime.now(UTC), told=doing.count)
    return f"{count} reviews are drawn up; the batch waits on the page Reviews."


def do_sending(doing: Doing, *, batch: int, mail: str, token: int | None = None) -> str:
    """Send the reviews of an approved batch that have not gone out."""
    return doing.step("Send the reviews", lambda: _sent(doing, batch, _by(mail, token)))


def _sent(doing: Doing, batch: int, by: Viewer) -> str:
    home = Path(settings.EVENBOOK_HOME)
    order = sending(batch, by=by, home=home, token=new_token, clock=lambda: datetime.now(UTC))
    return send(order, told=doing.count)


def new_token() -> str:
    """Return what stands in a link: 256 bits of chance."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def _by(mail: str, token: int | None) -> Viewer:
    found = viewer_at_work(mail, token, now=datetime.now(UTC))
    if found is None:
        raise ReviewsNotYours("Whoever asked may no longer come in.", fix="Ask again as somebody else.")
    return found


DRAWING = Work("reviews-draw", "Reviews drawn up", REVIEWS, do_drawing)
SENDING = Work("reviews-send", "Reviews sent", REVIEWS, do_sending)
WORKS = (DRAWING, SENDING)
ROUNDS = ()
