"""Values of accounts that a person sets here, such as the tier; no source replaces them.

Each is part of an action of another slice that says why, and records who did it.
"""

from __future__ import annotations

from datetime import datetime

from evenbook.book.actions.writing import Written
from evenbook.book.models import AccountValue

BY_PERSON = "person"
"""The source of what a person set: policy ranks it first."""


def set_value(account: int, name: str, value: str, *, happens_at: datetime, now: datetime) -> int:
    """Write down that a value holds from an instant on, and return the number of the row.

    Args:
        account: its id.
        name: of the attribute, such as ``tier``.
        value: what it is from then on.
        happens_at: from when on, which may be yet to come.
        now: when it becomes known.
    """
    row = AccountValue.objects.create(
        account_id=account, name=name, value=value, source=BY_PERSON, happened_at=happens_at, known_at=now
    )
    _note([row], now)
    return row.pk


def unset_value(account: int, name: str, *, happens_at: datetime, now: datetime) -> bool:
    """Take back a value that a person set and that does not hold yet; return whether there was one.

    No answer has read it, so none changes.
    """
    if happens_at <= now:
        return False
    rows = AccountValue.objects.filter(account=account, name=name, source=BY_PERSON, happened_at=happens_at)
    found = list(rows)
    rows.delete()
    _note(found, now)
    return bool(found)


def _note(rows: list[AccountValue], now: datetime) -> None:
    written = Written()
    written.add(AccountValue, [max(row.happened_at, row.known_at) for row in rows])
    written.flush(now)
