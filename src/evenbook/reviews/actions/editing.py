"""What the organization writes into reviews: news, shipped requests, words, its slides; who wants none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from evenbook.book.access import accounts_seen_by, answers_for
from evenbook.documents.masters import CheckedMaster, checked
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import storable
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions.refusals import ReviewGone, ReviewsNotYours, require_may_draw_up
from evenbook.reviews.models import AskedFor, Master, OptOut, ReleaseNote, ShippedRequest, Wording
from evenbook.reviews.rules import wording as words

LONGEST_TITLE, LONGEST_WORDS, LONGEST_REASON = 120, 500, 300
MOST_ACCOUNTS = 5_000


class NewsRefused(EvenbookError):
    """News or a request that can't be kept: it says nothing, or more than a slide holds."""

    kind = "news-refused"
    status = 422


@transaction.atomic
def write_news(*, title: str, says: str, product: str, released_on: date, by: Viewer, now: datetime) -> int:
    """Write what is new in a product since a day; return its number.

    Raises:
        ReviewsNotYours, NewsRefused: see there.
    """
    require_may_draw_up(by)
    title, says = _told(title, says)
    row = ReleaseNote.objects.create(
        title=title, words=says, product=_line(product)[:LONGEST_TITLE], released_on=released_on,
        written_at=now, written_by=by.name[:120],
    )  # fmt: skip
    audit.record(by, "release-note.written", audit.Thing("release-note", str(row.pk), title), at=now)
    return int(row.pk)


@transaction.atomic
def write_shipped(
    *, title: str, says: str, shipped_on: date, asked_by: Iterable[str], by: Viewer, now: datetime
) -> int:
    """Write that a request shipped, with the accounts that had asked for it; return its number.

    Args:
        title: what shipped, as customers know it.
        says: what it does.
        shipped_on: since when it is there.
        asked_by: accounts by their keys; ``ACCOUNT=TICKET`` names the ticket in which they asked.
        by: who writes it.
        now: when.

    Raises:
        ReviewsNotYours, NewsRefused: see there; also where an account is none, or none is named.
    """
    require_may_draw_up(by)
    title, says = _told(title, says)
    pairs = dict(_pair(each) for each in asked_by if each.strip())
    seen = accounts_seen_by(by).filter(key__in=list(pairs)).values_list("key", "pk")
    known = dict(seen)
    unknown = sorted(set(pairs) - set(known))
    if unknown or not known or len(known) > MOST_ACCOUNTS:
        what = (
            f"There is no account '{unknown[0][:80]}' that you may open"
            if unknown
            else "No account asked for it"
        )
        raise NewsRefused(f"{what}.", fix="Name accounts by their keys.")
    row = ShippedRequest.objects.create(
        title=title, words=says, shipped_on=shipped_on, written_at=now, written_by=by.name[:120]
    )
    AskedFor.objects.bulk_create(
        AskedFor(request=row, account_id=pk, ticket=pairs[key][:200]) for key, pk in known.items()
    )
    thing = audit.Thing("shipped-request", str(row.pk), title)
    audit.record(by, "shipped-request.written", thing, at=now, rows=len(known))
    return int(row.pk)


@transaction.atomic
def withdraw(kind: str, number: int, *, by: Viewer, now: datetime) -> None:
    """Take back what is new, or a request: later reviews do not tell it. Kept reviews stay as they are.

    Args:
        kind: ``news`` or ``shipped``.
        number: of the row.
        by: who takes it back.
        now: when.

    Raises:
        ReviewsNotYours, ReviewGone: see there.
    """
    require_may_draw_up(by)
    kinds: dict[str, Any] = {"news": ReleaseNote, "shipped": ShippedRequest}
    model = kinds.get(kind)
    rows = model.objects.filter(pk=number) if model is not None else None
    if rows is None or not rows.exists():
        raise ReviewGone("There is no such news.", fix="Look at the list.")
    if rows.filter(withdrawn_at=None).update(withdrawn_at=now):
        audit.record(by, f"{kind}.withdrawn", audit.Thing(kind, str(number), str(rows.get())), at=now)


@transaction.atomic
def write_wording(
    *, tier: int, segment: str, texts: Mapping[str, str], left_out: Iterable[str], note: str, by: Viewer,
    now: datetime,
) -> int:  # fmt: skip
    """Write a new version of the words for a tier and a segment; return its number.

    Raises:
        ReviewsNotYours, WordingRefused: see there.
    """
    require_may_draw_up(by)
    if tier not in range(5):
        raise words.WordingRefused(f"There is no tier {tier}.", fix="Tiers are 1 to 4; 0 means any.")
    segment = _line(segment)[:60]
    kept = words.checked({name: storable(text) for name, text in texts.items()}, list(left_out))
    last = Wording.objects.filter(tier=tier, segment=segment).aggregate(last=Max("number"))["last"] or 0
    row = Wording.objects.create(
        tier=tier, segment=segment, number=last + 1, texts=kept, note=_line(note)[:LONGEST_REASON],
        made_at=now, made_by=by.name[:120],
    )  # fmt: skip
    audit.record(
        by, "review-wording.written", audit.Thing("wording", str(row.pk), str(row)), at=now, after=kept
    )
    return int(row.number)


@transaction.atomic
def upload_master(name: str, file: bytes, *, by: Viewer, now: datetime) -> CheckedMaster:
    """Take the organization's own slides as the master of decks to come, once they are checked.

    Raises:
        ReviewsNotYours: ``by`` is neither leader nor operations.
        MasterRefused: the file can't be one.
    """
    require_may_draw_up(by)
    found = checked(file)
    digest = hashlib.sha256(file).hexdigest()
    row = Master.objects.create(
        name=_line(name)[:200] or "master.pptx", file=file, digest=digest, findings=list(found.findings),
        uploaded_at=now, uploaded_by=by.name[:120],
    )  # fmt: skip
    Master.objects.filter(withdrawn_at=None).exclude(pk=row.pk).update(
        withdrawn_at=now, withdrawn_by=by.name[:120]
    )
    said = {"sha256": digest, "findings": list(found.findings)}
    audit.record(
        by, "review-master.uploaded", audit.Thing("master", str(row.pk), row.name), at=now, after=said
    )
    return found


@transaction.atomic
def withdraw_master(*, by: Viewer, now: datetime) -> bool:
    """Go back to our own slides for decks to come; return whether there were others.

    Raises:
        ReviewsNotYours: see there.
    """
    require_may_draw_up(by)
    count = Master.objects.filter(withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by.name[:120])
    if count:
        audit.record(by, "review-master.withdrawn", audit.Thing("master", "all"), at=now)
    return bool(count)


@transaction.atomic
def opt_out(key: str, reason: str, *, by: Viewer, now: datetime) -> None:
    """Keep that an account does not want reviews.

    Raises:
        ReviewGone: there is no such account that they may open.
        ReviewsNotYours: they do not answer for it.
        NewsRefused: no reason is given.
    """
    account = accounts_seen_by(by).filter(key=storable(key)).first()
    if account is None:
        raise ReviewGone(f"There is no account '{key[:80]}' that you may open.", fix="Use its key.")
    if not answers_for(by, account.pk):
        raise ReviewsNotYours("That is said by who answers for the account.", fix="Ask its owner.")
    if not reason.strip():
        raise NewsRefused("Say why, for whoever asks later.", fix="A few words are enough.")
    said = {"reason": storable(reason.strip())[:LONGEST_REASON], "said_at": now, "said_by": by.name[:120]}
    if OptOut.objects.get_or_create(account=account, withdrawn_at=None, defaults=said)[1]:
        audit.record(
            by,
            "reviews.opted-out",
            audit.Thing("account", account.key, account.name),
            at=now,
            after={"reason": reason[:300]},
        )


@transaction.atomic
def opt_in(key: str, *, by: Viewer, now: datetime) -> None:
    """Take back that an account does not want reviews.

    Raises:
        ReviewGone, ReviewsNotYours: see there.
    """
    account = accounts_seen_by(by).filter(key=storable(key)).first()
    if account is None:
        raise ReviewGone(f"There is no account '{key[:80]}' that you may open.", fix="Use its key.")
    if not answers_for(by, account.pk):
        raise ReviewsNotYours("That is said by who answers for the account.", fix="Ask its owner.")
    said = {"withdrawn_at": now, "withdrawn_by": by.name[:120]}
    if OptOut.objects.filter(account=account, withdrawn_at=None).update(**said):
        audit.record(by, "reviews.opted-in", audit.Thing("account", account.key, account.name), at=now)


def _told(title: str, says: str) -> tuple[str, str]:
    title, says = _line(title), _line(says)
    if not title or not says:
        raise NewsRefused(
            "A title and what it does are needed.", fix="Write both as the customer reads them."
        )
    if len(title) > LONGEST_TITLE or len(says) > LONGEST_WORDS:
        raise NewsRefused(
            f"The title has {len(title)} characters, the text {len(says)}.",
            fix=f"A slide holds {LONGEST_TITLE} and {LONGEST_WORDS}.",
        )
    return title, says


def _pair(text: str) -> tuple[str, str]:
    account, _, ticket = text.strip().partition("=")
    return account.strip(), ticket.strip()


def _line(text: str) -> str:
    return " ".join(storable(text).split())
