"""Who a user is, as a viewer; who can sign in, from where; the teams as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Count, Q

from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import digest_of
from evenbook.people.models import OpenSession, Role, ServiceToken, SignInLink, Team, User
from evenbook.people.rules import browser_name
from evenbook.people.veil import is_former
from evenbook.people.viewer import API, PAGE, SYSTEM, WORK, Viewer

ROLE_NAMES: dict[str, str] = {role.value: str(role.label) for role in Role}
"""What screens call each role."""


@dataclass(frozen=True)
class SignsIn:
    """Somebody who is known here; ``signs_in`` when they are active and have a password.

    ``invited_until`` is when the invitation runs out of somebody who has not come yet.
    """

    mail: str
    name: str
    role: str
    role_name: str
    team: str
    signs_in: bool
    id: int = 0
    is_active: bool = True
    has_second_factor: bool = False
    last_at: datetime | None = None
    invited_until: datetime | None = None

    @property
    def is_former(self) -> bool:
        """Whether they were forgotten: nobody signs in as them again."""
        return is_former(self.mail)

    @property
    def standing(self) -> str:
        """How they stand: deactivated, active, invited, or without a way to come in yet."""
        if not self.is_active:
            return "deactivated"
        if self.signs_in or self.last_at:
            return "active"
        return "invited" if self.invited_until else "no password"


@dataclass(frozen=True)
class Signed:
    """One open session, for its owner or operations."""

    id: int
    how: str
    started_at: datetime
    seen_at: datetime
    address: str
    browser: str
    is_here: bool


@dataclass(frozen=True)
class Own:
    """One's own account: who, and what protects it."""

    who: SignsIn
    has_password: bool
    sessions: tuple[Signed, ...]


@dataclass(frozen=True)
class InTree:
    """A team at its depth in the tree, with how many are in it and whether it may go."""

    id: int
    name: str
    parent_id: int | None
    depth: int
    people: int
    is_empty: bool


class TokenRefused(EvenbookError):
    """A service token that opens nothing: unknown, ended or past its day."""

    kind = "token-refused"
    status = 401


def viewer_of(user: User, *, surface: str = PAGE) -> Viewer:
    """Return the viewer that a signed-in user is, acting through a surface."""
    return Viewer(
        user_id=user.pk,
        mail=user.mail,
        name=user.name,
        role=user.role,
        surface=surface,
        **_under(user.team_id),
    )


def viewer_by_mail(mail: str, *, surface: str) -> Viewer | None:
    """Return the viewer with this mail address, or None."""
    user = User.objects.filter(mail__iexact=mail.strip(), is_active=True).first()
    return viewer_of(user, surface=surface) if user else None


def viewer_at_work(mail: str, token_id: int | None, *, now: datetime) -> Viewer | None:
    """Return who asked for work that goes on after their request; None where they may no longer come in.

    Neither a person nor a token was the system's user of a new instance or a demo.

    Raises:
        TokenRefused: it was a token that was ended since, or whose day has passed.
    """
    if token_id is not None:
        return viewer_by_token_id(token_id, now=now)
    return viewer_by_mail(mail, surface=WORK) if mail else SYSTEM


def leaders(viewer: Viewer) -> tuple[Viewer, ...]:
    """Return everybody who leads and may come in, as viewers, by name; who they are is no secret."""
    rows = User.objects.filter(role=Role.LEADER, is_active=True).order_by("name", "pk")
    return tuple(viewer_of(user) for user in rows)


def viewer_by_token(secret: str, *, now: datetime) -> Viewer:
    """Return the viewer that a service token is.

    Raises:
        TokenRefused: the token is unknown, was ended, or its day has passed.
    """
    return _viewer_of_token(ServiceToken.objects.filter(digest=digest_of(secret)).first(), now)


def viewer_by_token_id(token_id: int, *, now: datetime) -> Viewer:
    """Return the viewer that a service token is, for work that goes on after its request.

    Raises:
        TokenRefused: there is none, it was ended, or its day has passed.
    """
    return _viewer_of_token(ServiceToken.objects.filter(pk=token_id).first(), now)


def _viewer_of_token(token: ServiceToken | None, now: datetime) -> Viewer:
    if token is None:
        raise TokenRefused("This token is not known here.", fix="Check it, or ask operations for a new one.")
    if token.ended_at is not None or token.expires_at <= now:
        why = "was ended" if token.ended_at is not None else "has expired"
        raise TokenRefused(f"The token {token.name} {why}.", fix="Have operations make a new one.")
    return Viewer(
        user_id=None,
        mail="",
        name=token.name,
        role=token.role,
        surface=API,
        scopes=frozenset(token.scopes),
        token_id=token.pk,
        **_under(token.team_id),
    )


def user_to_sign_in(viewer: Viewer) -> User:
    """Return the user that a viewer is, for a surface that signs them in."""
    return User.objects.get(mail=viewer.mail)


def users(viewer: Viewer) -> tuple[SignsIn, ...]:
    """Return everybody who is known here, by role and name; who colleagues are is no secret.

    When they were last here, and what protects them, is told to operations alone.
    """
    rows = User.objects.select_related("team").order_by("role", "name", "pk")
    if not viewer.is_operations:
        return tuple(_signs_in(row) for row in rows)
    protected, invited = _protected(), dict(_open_links())
    return tuple(_known(row, protected=row.pk in protected, invited=invited.get(row.pk)) for row in rows)


def signs_in(viewer: Viewer, user_id: int) -> SignsIn | None:
    """Return one of them to operations, or oneself."""
    row = User.objects.select_related("team").filter(pk=user_id).first()
    if row is None or not (viewer.is_operations or viewer.user_id == user_id):
        return None
    return _known(row, protected=row.pk in _protected(), invited=dict(_open_links()).get(row.pk))


def own_account(viewer: Viewer, *, session_key: str, now: datetime) -> Own | None:
    """Return the account of who asks; None for the operating-system user, who has none."""
    user = User.objects.filter(pk=viewer.user_id).first() if viewer.user_id else None
    who = signs_in(viewer, user.pk) if user else None
    if user is None or who is None:
        return None
    open_ones = sessions(viewer, user.pk, session_key=session_key, now=now)
    return Own(who, user.has_usable_password(), open_ones)


def sessions(viewer: Viewer, user_id: int, *, now: datetime, session_key: str = "") -> tuple[Signed, ...]:
    """Return the open sessions of somebody, the last used first: to themselves or to operations."""
    if not (viewer.is_operations or viewer.user_id == user_id):
        return ()
    rows = list(OpenSession.objects.filter(user_id=user_id).order_by("-seen_at", "-pk"))
    kept = Session.objects.filter(session_key__in=[row.key for row in rows], expire_date__gt=now)
    keys = set(kept.values_list("session_key", flat=True))
    return tuple(
        Signed(
            id=row.pk,
            how=row.get_how_display(),
            started_at=row.started_at,
            seen_at=row.seen_at,
            address=row.address,
            browser=browser_name(row.browser),
            is_here=row.key == session_key,
        )
        for row in rows
        if row.key in keys
    )


def teams(viewer: Viewer) -> tuple[InTree, ...]:
    """Return the teams as a tree, each below its parent; the names of teams are no secret."""
    rows = Team.objects.annotate(active=Count("users", filter=Q(users__is_active=True)), known=Count("users"))
    found = list(rows.order_by("name").values_list("pk", "parent_id", "name", "active", "known"))
    under: dict[int | None, list[tuple[int, str, int, int]]] = {}
    for pk, parent, name, active, known in found:
        under.setdefault(parent, []).append((pk, name, active, known))

    def below(parent: int | None, depth: int) -> Iterator[InTree]:
        for pk, name, active, known in under.get(parent, []):
            yield InTree(pk, name, parent, depth, active, is_empty=not known and pk not in under)
            yield from below(pk, depth + 1)

    return tuple(below(None, 0))


def has_users() -> bool:
    """Return whether anybody can sign in yet."""
    return User.objects.exists()


def _protected() -> frozenset[int]:
    kept = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    return frozenset(kept.values_list("user_id", flat=True))


def _open_links() -> Iterator[tuple[int, datetime]]:
    kept = SignInLink.objects.filter(purpose=SignInLink.Purpose.INVITATION, ended_at=None)
    yield from kept.values_list("user_id", "expires_at")


def _signs_in(row: User) -> SignsIn:
    return SignsIn(
        mail=row.mail,
        name=row.name,
        role=row.role,
        role_name=row.get_role_display(),
        team=row.team.name if row.team else "",
        signs_in=row.is_active and row.has_usable_password(),
        id=row.pk,
        is_active=row.is_active,
    )


def _known(row: User, *, protected: bool, invited: datetime | None) -> SignsIn:
    return replace(_signs_in(row), has_second_factor=protected, last_at=row.last_login, invited_until=invited)


def _under(team_id: int | None) -> dict[str, Any]:
    """Return what a viewer knows of the teams under them: ids, names, and whether that is all of them."""
    if team_id is None:
        return {}
    names: dict[int, str] = {}
    children: dict[int | None, list[int]] = {}
    for pk, parent, name in Team.objects.values_list("pk", "parent_id", "name"):
        names[pk] = name
        children.setdefault(parent, []).append(pk)
    found, waiting = {team_id}, [team_id]
    while waiting:
        below = [pk for pk in children.get(waiting.pop(), []) if pk not in found]
        found.update(below)
        waiting.extend(below)
    leads_all = len(found) > 1 and len(found) == len(names)
    team_names = frozenset(names[pk] for pk in found if pk in names)
    return {"team_ids": frozenset(found), "team_names": team_names, "leads_all": leads_all}
