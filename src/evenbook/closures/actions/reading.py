"""A brief that the leaders above its owner are to see: it waits for them, and then closes its loop.

The standard of such an artifact is met when all of the chain have seen it. Until then the brief waits
beside its loop, and the loop stays owed; as the last one has seen it, it becomes an artifact of the
records that was written when it was written and known from now on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenbook.book.access import person_of
from evenbook.closures.actions.owed import NoSuchLoop, held, must_be_open
from evenbook.closures.actions.recording import closed_with
from evenbook.closures.models import Acknowledgement, Brief, Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.briefs import BriefRow, Reader, brief_of, chain_of, readers_of
from evenbook.kit.errors import EvenbookError
from evenbook.messages.actions import post
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import latest

ACKNOWLEDGED, SENT = Acknowledgement.How.ACKNOWLEDGED, Acknowledgement.How.SENT
SUBJECT = "{title} for {account}"
MAIL = """{name},

{writer} has written a {title} for {account}:

{text}

It was sent to you on {day}; that date is kept with it. You find it in Evenbook on the page of the account.
"""


class NotAReader(EvenbookError):
    """A brief that does not wait for whoever acknowledges it."""

    kind = "not-a-reader"
    status = 403


def wait_for_chain(
    loop: Loop, answers: Mapping[str, Any], told: str, *, by: Viewer, now: datetime
) -> tuple[str, ...]:
    """Write a brief down and ask the chain to see it; return the names of those it waits for.

    Where it waits for nobody, its loop is closed. A brief that waits already is written anew: what was
    seen of it was another text.

    Args:
        loop: which it closes, held by the caller.
        answers: as they are kept.
        told: its text, for a mail.
        by: who writes.
        now: when.
    """
    Brief.objects.filter(loop=loop, replaced_at=None).update(replaced_at=now)
    author = person_of(by)
    brief = Brief.objects.create(
        loop=loop,
        author_id=author.pk if author else None,
        writer_id=by.user_id,
        written_by=by.name[:120],
        written_at=now,
        answers=dict(answers),
    )
    loop.drafts.all().delete()
    if any(each.user_id == by.user_id for each in chain_of(by, loop)):
        _seen(brief, by.user_id or 0, ACKNOWLEDGED, by=by, now=now)
    if latest().policy.of(ClosuresNumbers).chain_seen == SENT:
        for reader in readers_of(by, brief):
            if reader.seen_at is None:
                _send(brief, reader, told, by=by, now=now)
    waits_for = tuple(each.name for each in readers_of(by, brief) if each.seen_at is None)
    thing = Thing("loop", str(loop.pk), loop.key)
    record(by, "brief.written", thing, at=now, after={"brief": brief.pk, "waits_for": list(waits_for)})
    if not waits_for:
        _close(brief, by=by, now=now)
    return waits_for


def acknowledge(key: str, *, by: Viewer, today: date, now: datetime) -> tuple[str, ...]:
    """Say that one has read the brief of a loop; return the names of those it still waits for.

    The last one closes the loop with it. Saying it again changes nothing.

    Args:
        key: the loop's.
        by: a leader above its owner, or whoever covers one who is away.
        today: the day, where the organization works.
        now: when.

    Raises:
        NoSuchLoop: there is no such loop, or no brief was written for it.
        LoopDone: the loop was closed by something else, waived or withdrawn.
        NotAReader: it waits for others.
    """
    with transaction.atomic():
        loop = held(key, by=by)
        found = brief_of(by, loop.pk, today=today)
        if found is None:
            raise NoSuchLoop("No brief waits here that you may read.", fix="Look at your week again.")
        readers = _those_they_read_for(found, by)
        if not readers:
            return found.waits_for
        must_be_open(loop)
        brief = Brief.objects.get(pk=found.id)
        for each in readers:
            _seen(brief, each.user_id, ACKNOWLEDGED, by=by, now=now)
        left = tuple(each.name for each in readers_of(by, brief) if each.seen_at is None)
        thing = Thing("loop", str(loop.pk), loop.key)
        told = {"brief": brief.pk, "for": [each.name for each in readers], "waits_for": list(left)}
        record(by, "brief.acknowledged", thing, at=now, after=told)
        if not left:
            _close(brief, by=by, now=now)
    return left


def _those_they_read_for(found: BriefRow, by: Viewer) -> list[Reader]:
    """Return the readers whom somebody is or stands in for, none where they said so before."""
    unread = [each for each in found.readers if each.seen_at is None]
    theirs = [each for each in unread if each.user_id == by.user_id or each.stand_in]
    if by.may_write and (theirs or any(each.user_id == by.user_id for each in found.readers)):
        return theirs
    names = " and ".join(found.waits_for) or "nobody"
    raise NotAReader("This brief does not wait for you.", fix=f"It waits for {names}.")


def close_the_seen(*, now: datetime) -> int:
    """Close the loops of briefs that wait for nobody any more, as the leader they waited for has left."""
    waiting = Brief.objects.filter(
        replaced_at=None,
        recorded_at=None,
        loop__closed_at=None,
        loop__withdrawn_at=None,
        loop__waived_at=None,
    )
    asks, closed = replace(SYSTEM, worked_out={}), 0
    for number in list(waiting.values_list("loop", flat=True)):
        with transaction.atomic():
            loop = Loop.objects.select_for_update().get(pk=number)
            brief = waiting.filter(loop=loop).first()
            if brief is None or any(each.seen_at is None for each in readers_of(asks, brief)):
                continue
            _close(brief, by=SYSTEM, now=now)
            closed += 1
    return closed


def _seen(brief: Brief, leader: int, how: str, *, by: Viewer, now: datetime) -> None:
    Acknowledgement.objects.get_or_create(
        brief=brief, leader_id=leader, defaults={"at": now, "how": how, "by_name": by.name[:120]}
    )


def _send(brief: Brief, reader: Reader, told: str, *, by: Viewer, now: datetime) -> None:
    kinds = {row.kind: row.title for row in latest().policy.of(ClosuresNumbers).kinds}
    of = {
        "title": kinds.get(brief.loop.artifact_kind, "brief").lower(),
        "account": brief.loop.account.name,
        "name": reader.name,
        "writer": by.name,
        "text": told,
        "day": f"{now:%d %B %Y}",
    }
    subject = "".join(sign for sign in SUBJECT.format(**of) if sign.isprintable())[:200]
    key = f"brief-{brief.pk}-{reader.user_id}"
    post(to=reader.mail, subject=subject[:1].upper() + subject[1:], text=MAIL.format(**of), key=key, now=now)
    _seen(brief, reader.user_id, SENT, by=by, now=now)


def _close(brief: Brief, *, by: Viewer, now: datetime) -> None:
    brief.recorded_at = now
    brief.save(update_fields=["recorded_at"])
    closed_with(
        brief.loop, brief.answers, author_id=brief.author_id, by=by, now=now, written_at=brief.written_at
    )
