"""What is set of an account by hand, with a reason: a lock on its tier, strategic value."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.book.access import may_move_tier_of, narrowed
from evenbook.book.actions.values import set_value
from evenbook.book.actions.writing import Written
from evenbook.book.queries import account as account_called
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import storable
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.actions import happened
from evenbook.tiers.models import LONGEST_REASON, Mark

MARKED = "tier.marked"


class MarkRefused(EvenbookError):
    """A mark that is not theirs to set or take away, of no kind that there is, or without a reason."""

    kind = "tier-mark-refused"


class NoSuchMark(EvenbookError):
    """A mark, or an account to set one of, that is not there or that they may not see."""

    kind = "no-such-tier-mark"
    status = 404


def set_mark(account: str, kind: str, reason: str, *, by: Viewer, now: datetime) -> int:
    """Set a mark and return its number; where one of the kind holds, that one stays, with the new reason.

    Args:
        account: its key.
        kind: one of ``Mark.Kind``.
        reason: why, never empty.
        by, now: a leader who opens the account in full, or operations; when.

    Raises:
        NoSuchMark: there is no such account that they may see.
        MarkRefused: it is not theirs, there is no such kind, or no reason.
    """
    reason = _reason(reason)
    with transaction.atomic():
        found = account_called(by, account.strip())
        if found is None or found.merged_into_key:
            raise NoSuchMark(f"There is no account '{account[:40]}' that you may see.", fix="Give its key.")
        if kind not in Mark.Kind.values:
            raise MarkRefused(
                f"'{kind[:40]}' can't be set.", fix=f"Choose from: {', '.join(Mark.Kind.values)}."
            )
        if not may_move_tier_of(by, found.id):
            raise MarkRefused("This is set by a leader or operations.", fix="Ask them.")
        rows = Mark.objects.select_for_update().filter(account=found.id, kind=kind, withdrawn_at=None)
        known = rows.first()
        if known is not None and known.reason == reason:
            return known.pk
        before = {"reason": known.reason} if known is not None else None
        row = known or Mark(account_id=found.id, kind=kind, set_at=now)
        row.reason, row.set_by = reason, by.name[:120]
        row.save()
        if known is None:
            _told(row, now, value="yes")
        record(by, f"tier_{kind}.set", _thing(row), at=now, before=before, after={"reason": reason})
        happened(MARKED, accounts=[found.id], by=by.name, now=now)
    return row.pk


def withdraw_mark(number: int, reason: str, *, by: Viewer, now: datetime) -> None:
    """Take a mark away from now on, with a reason. Twice does no harm.

    Raises:
        NoSuchMark: there is none that they may see.
        MarkRefused: it is not theirs, or there is no reason.
    """
    reason = _reason(reason)
    with transaction.atomic():
        row = narrowed(Mark.objects.filter(pk=number), by).select_for_update(of=("self",)).first()
        if row is None:
            raise NoSuchMark("There is no such mark that you may see.", fix="Look at Tiers again.")
        if not may_move_tier_of(by, row.account_id):
            raise MarkRefused("This is taken away by a leader or operations.", fix="Ask them.")
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, by.name[:120], reason
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        _told(row, now, value="no")
        before = {"reason": row.reason}
        record(by, f"tier_{row.kind}.withdrawn", _thing(row), at=now, before=before, after={"reason": reason})
        happened(MARKED, accounts=[row.account_id], by=by.name, now=now)


def _told(row: Mark, now: datetime, *, value: str) -> None:
    """Let rules know of it: of strategic value as a value of the account, of a lock as the mark itself."""
    if row.kind == Mark.Kind.STRATEGIC:
        set_value(row.account_id, "strategic", value, happens_at=now, now=now)
    written = Written()
    written.add(Mark, [now])
    written.flush(now)


def _reason(text: str) -> str:
    said = " ".join(storable(text).split())
    if not any(sign.isalnum() for sign in said):
        raise MarkRefused("It has no reason.", fix="Say why, for whoever reads it in half a year.")
    if len(said) > LONGEST_REASON:
        raise MarkRefused("The reason is too long.", fix=f"Say it in {LONGEST_REASON} characters.")
    return said


def _thing(row: Mark) -> Thing:
    return Thing("account", row.account.key, row.account.name)
