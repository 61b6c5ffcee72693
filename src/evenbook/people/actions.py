"""The people who sign in, added, changed, deactivated; and the tokens that programs sign in with.

Somebody has to stay operations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import digest_of
from evenbook.people import audit
from evenbook.people.forgotten import veil
from evenbook.people.models import Role, ServiceToken, SignInLink, Team, User
from evenbook.people.sessions import end_sessions
from evenbook.people.veil import is_former
from evenbook.people.viewer import SCOPES, Viewer

LONGEST_LIFE = timedelta(days=366)
"""A token that nobody renews for a year is a token that nobody looks after."""

SHOWN = 8
LONGEST_NAME = 120
LONGEST_PASSWORD = 1024
FIRST_COMMAND = "evenbook user add MAIL --name NAME --role operations"


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
class Given:
    """What a user is to be. ``team`` is a name; a new one is made, an empty one leaves them without."""

    name: str
    role: str
    team: str = ""


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
        UserRefused: the role is unknown, the password is too weak, or whoever had the address was forgotten.
    """
    _require_role(role)
    found = User.objects.filter(mail__iexact=mail.strip()).first()
    _require_not_forgotten(mail, found)
    user = found or User(mail=mail.strip().lower(), joined_at=now)
    before = _told(user) if found else None
    require_kept(user, role)
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


def require_operations(by: Viewer) -> None:
    """Refuse everybody who may not add and change people.

    Raises:
        NotOperations: they are not operations, or a token that may not.
    """
    if not (by.is_operations and by.allows("people")):
        raise NotOperations(
            "Only operations adds and changes people.", fix="Ask somebody whose role is operations."
        )


@transaction.atomic
def change_user(by: Viewer, user_id: int, given: Given, *, now: datetime) -> User:
    """Bring a user to this name, role and team. Their sessions go on, with the new role.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: there is none, they were forgotten, the name or role can't be, or nobody would be
            operations.
    """
    require_operations(by)
    user = user_of(user_id)
    _require_not_forgotten(user.mail, user)
    _require_role(given.role)
    require_kept(user, given.role)
    before = _told(user)
    user.name, user.role, user.team = clean_name(given.name), given.role, _team(given.team)
    user.save(update_fields=["name", "role", "team"])
    if before != _told(user):
        audit.record(by, "user.changed", _thing(user), at=now, before=before, after=_told(user))
    return user


@transaction.atomic
def deactivate(by: Viewer, user_id: int, *, now: datetime) -> User:
    """Let a user no longer in: their sessions and their open links end.

    What they did and own stays. Deactivating again changes nothing.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: there is none, it is who asks, or nobody would be operations.
    """
    require_operations(by)
    user = user_of(user_id)
    if user.pk == by.user_id:
        raise UserRefused("You can't deactivate yourself.", fix="Ask another person who is operations.")
    if not user.is_active:
        return user
    require_kept(user, role="")
    user.is_active = False
    user.save(update_fields=["is_active"])
    SignInLink.objects.filter(user=user, ended_at=None).update(ended_at=now)
    audit.record(
        by, "user.deactivated", _thing(user), at=now, before={"active": True}, after={"active": False}
    )
    end_sessions(by, user, now=now)
    return user


@transaction.atomic
def reactivate(by: Viewer, user_id: int, *, now: datetime) -> User:
    """Let a user in again, with the password and second factor that they had.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: there is none, or they were forgotten.
    """
    require_operations(by)
    user = user_of(user_id)
    _require_not_forgotten(user.mail, user)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        audit.record(
            by, "user.reactivated", _thing(user), at=now, before={"active": False}, after={"active": True}
        )
    return user


@transaction.atomic
def sign_out_everywhere(by: Viewer, user_id: int, *, now: datetime) -> None:
    """End every session of a user.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: there is no such user.
    """
    require_operations(by)
    end_sessions(by, user_of(user_id), now=now)


@transaction.atomic
def change_password(by: Viewer, user: User, password: str, *, now: datetime) -> None:
    """Set a password. All sessions and open links of the user end: who had a key has it no longer.

    Raises:
        UserRefused: it is too weak.
    """
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    SignInLink.objects.filter(user=user, ended_at=None).update(ended_at=now)
    audit.record(by, "password.changed", _thing(user), at=now)
    end_sessions(by, user, now=now, quietly=True)


def check_password(password: str, user: User) -> None:
    """Refuse a password that is too weak.

    Raises:
        UserRefused: it is.
    """
    if len(password) > LONGEST_PASSWORD:
        raise UserRefused(
            f"A password has at most {LONGEST_PASSWORD} characters.", fix="Choose a shorter password."
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages), fix="Choose a longer or less common password.") from error


def clean_mail(text: str) -> str:
    """Return a mail address, without what stands around it.

    Raises:
        UserRefused: it is none.
    """
    mail = text.strip()
    try:
        validate_email(mail)
    except ValidationError:
        raise UserRefused(
            f"'{mail[:80]}' is not a mail address.", fix="Write it like amara@company.example."
        ) from None
    return mail.lower()


def clean_name(text: str) -> str:
    """Return a name with single spaces.

    Raises:
        UserRefused: it is empty or too long.
    """
    name = " ".join(text.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise UserRefused(f"A name has 1 to {LONGEST_NAME} characters.", fix="Give one in that length.")
    return name


def user_of(user_id: int) -> User:
    """Return a user, held until the transaction ends.

    Raises:
        UserRefused: there is none.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise UserRefused("There is no such person.", fix="Look at the list of people again.")
    return user


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
    check_password(password, user)
    user.set_password(password)


def _team(name: str) -> Team | None:
    return Team.objects.get_or_create(name=clean_name(name))[0] if name.strip() else None


def _require_role(role: str) -> None:
    if role not in Role.values:
        raise UserRefused(f"There is no role '{role[:40]}'.", fix=f"Use one of: {', '.join(Role.values)}.")


def _require_not_forgotten(mail: str, found: User | None) -> None:
    if (found and is_former(found.mail)) or (found is None and veil().knows_mail(mail)):
        raise UserRefused(
            "Whoever had this address was forgotten here, and nobody signs in under it again.",
            fix="Use another address for somebody who comes back.",
        )


def require_kept(user: User, role: str) -> None:
    """Refuse to leave nobody who is operations."""
    if user.pk is None or user.role != Role.OPERATIONS or not user.is_active or role == Role.OPERATIONS:
        return
    others = User.objects.filter(role=Role.OPERATIONS, is_active=True).exclude(pk=user.pk)
    if not others.select_for_update().exists():
        raise UserRefused(
            "Somebody has to be operations: nobody else may add people.",
            fix=f"Add such a person first: {FIRST_COMMAND}",
        )
