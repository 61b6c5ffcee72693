"""Which mails somebody wants, where they chose; the kinds, and what policy says of each, are of other slices.

What protects an account is mailed whatever was chosen: a new password, a link to sign in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.models import MailChoice
from evenbook.people.viewer import Viewer


class MailsRefused(EvenbookError):
    """A choice of mails by who is no person that signs in, or of a kind that there is not."""

    kind = "mails-refused"
    status = 422


@dataclass(frozen=True)
class MailKind:
    """A kind of mail: its name, what it tells and whom, and whether it is sent to who has not chosen."""

    kind: str
    title: str
    says: str
    is_default: bool


def mail_choices(viewer: Viewer) -> dict[str, bool]:
    """Return by kind what the viewer chose; kinds of which they chose nothing are not there."""
    rows = MailChoice.objects.filter(user_id=viewer.user_id) if viewer.user_id else MailChoice.objects.none()
    return dict(rows.values_list("kind", "is_wanted"))


def wants_mail(to: str, asked: MailKind) -> bool:
    """Return whether mails of a kind are to be sent to an address."""
    chosen = MailChoice.objects.filter(user__mail__iexact=to, kind=asked.kind)
    found = chosen.values_list("is_wanted", flat=True).first()
    return asked.is_default if found is None else found


@transaction.atomic
def choose_mails(by: Viewer, wanted: Mapping[str, bool], *, now: datetime) -> bool:
    """Keep which mails one wants, by kind; return whether anything was otherwise before.

    Raises:
        MailsRefused: nobody who signs in is behind the choice.
    """
    if by.user_id is None or not by.allows("write"):
        raise MailsRefused("Mails go to people who sign in.", fix="Choose as one of them: --as MAIL")
    before = mail_choices(by)
    changed = {kind: is_wanted for kind, is_wanted in wanted.items() if before.get(kind) != is_wanted}
    for kind, is_wanted in changed.items():
        MailChoice.objects.update_or_create(user_id=by.user_id, kind=kind, defaults={"is_wanted": is_wanted})
    if changed:
        thing = audit.Thing("user", str(by.user_id), by.name)
        audit.record(by, "mails.chosen", thing, at=now, after=dict(changed))
    return bool(changed)
