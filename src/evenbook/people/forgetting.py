"""Ending somebody as a user for good: out everywhere, no way back in, called by a pseudonym.

What they did stays, under the pseudonym. Which other rows name them is seen to by ``site.personal``.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from evenbook.people import audit
from evenbook.people.actions import UserRefused, require_kept, require_operations, user_of
from evenbook.people.models import ServiceToken
from evenbook.people.sessions import end_sessions
from evenbook.people.veil import Pseudonym
from evenbook.people.viewer import Viewer

PROTECTING = (Authenticator, EmailAddress, SocialAccount)


def require_may_go(by: Viewer, user_id: int) -> None:
    """Refuse to forget whoever asks, or the last who keeps the instance.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: it is themselves, or nobody would be operations.
    """
    require_operations(by)
    if user_id == by.user_id:
        raise UserRefused("You can't forget yourself.", fix="Ask another person who is operations.")
    require_kept(user_of(user_id), role="")


def forget_user(by: Viewer, user_id: int, called: Pseudonym, *, now: datetime) -> dict[str, int]:
    """Give a user their pseudonym, end every way in, and return how many rows of each table that touched.

    The tokens that they made end too: they have seen the secrets.

    Raises:
        NotOperations, UserRefused: as ``require_may_go``.
    """
    require_may_go(by, user_id)
    user = user_of(user_id)
    end_sessions(by, user, now=now, quietly=True)
    ended = _end_tokens(by, user_id, now)
    gone = {model._meta.db_table: model.objects.filter(user_id=user_id).delete()[0] for model in PROTECTING}
    user.name, user.mail, user.is_active, user.last_login = called.name, called.mail, False, None
    user.set_unusable_password()
    user.save()
    return {user._meta.db_table: 1, ServiceToken._meta.db_table: ended, **gone}


def _end_tokens(by: Viewer, user_id: int, now: datetime) -> int:
    open_ones = list(ServiceToken.objects.filter(made_by=user_id, ended_at=None))
    for token in open_ones:
        token.ended_at = now
        token.save(update_fields=["ended_at"])
        audit.record(by, "token.ended", audit.Thing("token", str(token.pk), token.name), at=now)
    return len(open_ones)
