"""Adding the people who sign in, and the tokens that programs sign in with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import digest_of
from evenbook.people import audit
from evenbook.people.models import Role, ServiceToken, Team, User
from evenbook.people.viewer import SCOPES, Viewer

LONGEST_LIFE = timedelta(days=366)
"""A token that nobody renews for a year is a token that nobody looks after."""

SHOWN = 8


class UserRefused(EvenbookError):
    """A user can't be added as asked."""

    kind = "user-refused"


class TokenNotMade(EvenbookError):
    """A service token can't be made as asked."""

    kind = "token-not-made"


class NotOperations(EvenbookError):
    """Somebody who does not keep the instance tried to."""

    kind = "not-operations"
    status = 403


@dataclass(frozen=True)
class NewToken:
    """What a token is made with: who may use it for what, until when.

    Args:
        name: what uses it.
        role: its role, which the scopes narrow.
        scopes: one or more of ``SCOPES``.
        expires_at: when it ends by itself, a year ahead at the most.
        team: whose accounts a leader's token sees; none for every other role.
    """

    name: str
    role: str
    scopes: Iterable[str]
    expires_at: datetime
    team: str = ""


@transaction.atomic
def add_user(
    by: Viewer,
    *,
    mail: str,
    name: str,
    role: str,
    now: datetime,
    password: str | None = None,
    team: str = "",
) -> User:
    """Add a user, or bring an existing one to this name, role and team.

    Without a password the user cannot sign in until one is set. Whether ``by`` may is for the
    caller to have settled: the first person of an instance is added by nobody.

    Raises:
        UserRefused: the role is unknown or the password is too weak.
    """
    if role not in Role.values:
        raise UserRefused(f"There is no role '{role}'.", fix=f"Use one of: {', '.join(Role.values)}.")
    found = User.objects.filter(mail__iexact=mail.strip()).first()
    user = found or User(mail=mail.strip().lower(), joined_at=now)
    before = _told(user) if found else None
    user.name, user.role = name, role
    user.team = Team.objects.get_or_create(name=team)[0] if team else user.team
    _give_password(user, password, is_new=found is None)
    user.save()
    after = _told(user) | ({"password": "set"} if password is not None else {})
    if before != after:
        what = "user.changed" if found else "user.added"
        audit.record(by, what, _thing(user), at=now, before=before, after=after)
    return user


@transaction.atomic
def make_token(by: Viewer, asked: NewToken, *, secret: str, now: datetime) -> int:
    """Make a service token that ``secret`` opens, and return its id; the secret itself is not kept.

    Raises:
        NotOperations: ``by`` does not keep the instance.
        TokenNotMade: no name, no or unknown scopes, a role or a team that is not there, or a day
            that has passed or is more than a year ahead.
    """
    _keeps(by)
    team = Team.objects.filter(name=asked.team).first() if asked.team else None
    _check_token(asked, team, now)
    made = ServiceToken.objects.create(
        name=asked.name.strip(),
        beginning=secret[:SHOWN],
        digest=digest_of(secret),
        role=asked.role,
        team=team,
        scopes=sorted(set(asked.scopes)),
        made_by_id=by.user_id,
        made_at=now,
        expires_at=asked.expires_at,
    )
    after = {"role": made.role, "scopes": made.scopes, "expires_at": made.expires_at.isoformat()}
    audit.record(by, "token.made", audit.Thing("token", str(made.pk), made.name), at=now, after=after)
    return int(made.pk)


@transaction.atomic
def end_token(by: Viewer, token_id: int, *, now: datetime) -> bool:
    """End a service token, and return whether there is one of this id; ending it again changes nothing.

    Raises:
        NotOperations: ``by`` does not keep the instance.
    """
    _keeps(by)
    token = ServiceToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or token.ended_at is not None:
        return token is not None
    token.ended_at = now
    token.save(update_fields=["ended_at"])
    audit.record(by, "token.ended", audit.Thing("token", str(token.pk), token.name), at=now)
    return True


def _keeps(by: Viewer) -> None:
    if not (by.is_operations and by.allows("people")):
        raise NotOperations(
            "Only operations makes and ends tokens.", fix="Ask somebody whose role is operations."
        )


def _check_token(asked: NewToken, team: Team | None, now: datetime) -> None:
    scopes = set(asked.scopes)
    if not 1 <= len(asked.name.strip()) <= 120:
        raise TokenNotMade("A token has a name of 1 to 120 characters.", fix="Name what will use it.")
    if asked.role not in Role.values:
        raise TokenNotMade(f"There is no role '{asked.role}'.", fix=f"Use one of: {', '.join(Role.values)}.")
    if not scopes or scopes - set(SCOPES):
        raise TokenNotMade(
            "A token has one scope or more, all of them known.", fix=f"Choose of: {', '.join(SCOPES)}."
        )
    if asked.team and team is None:
        raise TokenNotMade(f"There is no team '{asked.team}'.", fix="Use the name of a team.")
    if not now < asked.expires_at <= now + LONGEST_LIFE:
        raise TokenNotMade("A token ends within a year from now.", fix="Choose a day that is.")


def _thing(user: User) -> audit.Thing:
    return audit.Thing("user", str(user.pk), user.name)


def _told(user: User) -> dict[str, object]:
    return {"mail": user.mail, "name": user.name, "role": user.role, "team": user.team and user.team.name}


def _give_password(user: User, password: str | None, *, is_new: bool) -> None:
    if password is None:
        if is_new:
            user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages), fix="Choose a longer or less common password.") from error
    user.set_password(password)
