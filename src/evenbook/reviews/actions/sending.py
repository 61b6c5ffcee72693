"""Sending an approved batch, review after review: its deck, its link and its mail stand or fall together.

Whoever goes on after a crash finds what is done and does the rest: a deck lies in its place whole or not at
all, and a mail is posted in the transaction that says so. Decks may be deleted: what a review
says is kept, and the same bytes come of it again. In a demo nothing is ever mailed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from evenbook.messages.actions import MailFile, MailRefused, post
from evenbook.messages.queries import mails_can_leave
from evenbook.people import audit
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.records.queries import escalated
from evenbook.reviews.actions.attaching import Attached, attached
from evenbook.reviews.actions.drawing import thing
from evenbook.reviews.actions.links import PATH, make_link
from evenbook.reviews.decks import file_of, master_of
from evenbook.reviews.models import OptOut, Review, ReviewBatch
from evenbook.reviews.rules.deck import Deck, deck_of
from evenbook.reviews.rules.letters import review_letter
from evenbook.reviews.rules.said import day_text

State, Of = Review.State, ReviewBatch.State
NOT_MAILED = {
    "demo": "A demo mails nothing; make a link to hand it over.",
    "server": "No mail server is named; make a link to hand it over.",
    "address": "Nobody has said where people open Evenbook, so no link can be mailed.",
    "reader": "Nobody with an address is known; make a link to hand it over.",
}


@dataclass(frozen=True)
class Sending:
    """What sending a batch needs: who, where decks lie, how tokens are made, why no mail can leave."""

    batch: ReviewBatch
    by: Viewer
    folder: Path
    token: Callable[[], str]
    clock: Callable[[], datetime]
    master: bytes | None
    base: str
    why_not: str


def sending(
    number: int, *, by: Viewer, home: Path, token: Callable[[], str], clock: Callable[[], datetime]
) -> Sending:
    """Return how a batch is sent.

    Args:
        number: of the batch.
        by: who approved it.
        home: the instance's folder.
        token: gives what stands in a link, not to be guessed.
        clock: gives the present instant.
    """
    batch = ReviewBatch.objects.get(pk=number)
    folder = home / "cache" / "reviews" / str(number)
    base, why_not = _way_out()
    return Sending(batch, by, folder, token, clock, master_of(batch.master_id), base, why_not)


def send(doing: Sending, *, told: Callable[[int, int], None]) -> str:
    """Send what has not gone out yet, and return a sentence that says what became of all.

    Args:
        doing: see ``sending``.
        told: called with how many went and of how many; it may raise, and then the rest waits.
    """
    rows = doing.batch.reviews
    waiting = list(rows.filter(state=State.READY).order_by("pk").values_list("pk", flat=True))
    went = rows.filter(state__in=[State.SENT, State.MADE]).count()
    held = _held_now(doing)
    for number, pk in enumerate(waiting):
        told(went + number, went + len(waiting))
        if not send_one(pk, doing, held=held):
            break
    told(went + len(waiting), went + len(waiting))
    _end(doing)
    return _says(doing.batch)


def send_one(number: int, doing: Sending, *, held: dict[int, str]) -> bool:
    """Send one review, once however often it is asked for; return False where its batch was cancelled."""
    row = Review.objects.get(pk=number)
    deck, secret = deck_of(row.contents), doing.token()
    written = file_of(deck, "pptx", made_at=doing.batch.made_at, master=doing.master).contents
    _lay(doing.folder / f"{number}.pptx", written)
    file = _attached(row, deck, doing, secret)
    with transaction.atomic():
        batch = ReviewBatch.objects.select_for_update().get(pk=doing.batch.pk)
        row = Review.objects.select_for_update().select_related("account").get(pk=number)
        if batch.state != Of.APPROVED:
            return False
        if row.state != State.READY:
            return True
        why = "" if row.override else held.get(row.account_id, "")
        if why:
            _hold(row, why)
            return True
        row.digest = hashlib.sha256(written).hexdigest()
        _out(row, deck, doing, secret=secret, file=file)
    return True


def _attached(row: Review, deck: Deck, doing: Sending, secret: str) -> Attached:
    """Return the file that goes with a mail: made before anything is locked, since a PDF takes its time."""
    if doing.why_not or not row.reader_mail or row.state != State.READY:
        return Attached()
    return attached(deck, doing.batch, master=doing.master, link=f"{doing.base}{PATH}{secret}")


def _out(row: Review, deck: Deck, doing: Sending, *, secret: str, file: Attached) -> None:
    """Make the link, post the mail and say that it went."""
    now = doing.clock()
    why = doing.why_not or ("" if row.reader_mail else NOT_MAILED["reader"])
    if not why:
        link = make_link(row, secret=secret, by=doing.by, now=now)
        address = f"{doing.base}{PATH}{secret}"
        why = _post(row, deck, doing, link=address, expires_at=link.expires_at, file=file.file)
    row.state, row.done_at, row.why = State.MADE if why else State.SENT, now, why or file.why_not
    row.save(update_fields=["state", "done_at", "why", "digest"])


def _post(
    row: Review, deck: Deck, doing: Sending, *, link: str, expires_at: datetime, file: MailFile | None
) -> str:
    """Put the mail into the outbox; return why it can't be, if so."""
    ends = day_text(expires_at - timedelta(days=1))
    letter = review_letter(deck, reader=row.reader_name, link=link, ends=ends)
    try:
        post(
            to=row.reader_mail,
            subject=letter.subject,
            text=letter.text,
            key=f"review-{row.pk}",
            now=doing.clock(),
            file=file,
        )
    except MailRefused as refused:
        return f"{refused.what} Make a link to hand it over."
    return ""


def _hold(row: Review, why: str) -> None:
    row.state, row.why = State.HELD, why
    row.holds = [*row.holds, {"rule": "since_approved", "says": why}]
    row.save(update_fields=["state", "why", "holds"])


def _held_now(doing: Sending) -> dict[int, str]:
    """Return the accounts that something holds back since their reviews were drawn up, each with why."""
    out = OptOut.objects.filter(withdrawn_at=None).values_list("account_id", flat=True)
    found = dict.fromkeys(out, "The customer has said since that they do not want reviews.")
    open_now = escalated(SYSTEM, before=doing.clock())
    return {**found, **dict.fromkeys(open_now, "An escalation was opened since it was drawn up.")}


@transaction.atomic
def _end(doing: Sending) -> None:
    waits = doing.batch.reviews.filter(state=State.READY).exists()
    now = doing.clock()
    if waits or not ReviewBatch.objects.filter(pk=doing.batch.pk, state=Of.APPROVED).update(
        state=Of.SENT, sent_at=now
    ):
        return
    sent, made = (doing.batch.reviews.filter(state=each).count() for each in (State.SENT, State.MADE))
    said = {"mailed": sent, "made": made}
    audit.record(doing.by, "reviews.sent", thing(doing.batch), at=now, after=said, rows=sent + made)


def _says(batch: ReviewBatch) -> str:
    sent, made, held, dropped = (
        batch.reviews.filter(state=each).count()
        for each in (State.SENT, State.MADE, State.HELD, State.DROPPED)
    )
    rest = f", {dropped} cancelled" if dropped else ""
    return f"{sent} mailed, {made} made without a mail, {held} held back{rest}."


def _way_out() -> tuple[str, str]:
    """Return where links of mails begin, and why no mail can leave, if so."""
    if settings.EVENBOOK_DEMO:
        return "", NOT_MAILED["demo"]
    if not mails_can_leave():
        return "", NOT_MAILED["server"]
    try:
        return base_address(), ""
    except NoAddress:
        return "", NOT_MAILED["address"]


def _lay(place: Path, contents: bytes) -> None:
    """Put a file in its place, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_suffix(".part")
    beside.write_bytes(contents)
    beside.replace(place)
