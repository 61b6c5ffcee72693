"""Who a user is, as a viewer; who can sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import digest_of
from evenbook.people.models import ServiceToken, Team, User
from evenbook.people.viewer import API, PAGE, Viewer


@dataclass(frozen=True)
class SignsIn:
    """Somebody who is known here; ``signs_in`` when they are active and have a password."""

    mail: str
    name: str
    role: str
    role_name: str
    team: str
    signs_in: bool


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
        team_ids=_teams_under(user.team_id),
        surface=surface,
    )


def viewer_by_mail(mail: str, *, surface: str) -> Viewer | None:
    """Return the viewer with this mail address, or None."""
    user = User.objects.filter(mail__iexact=mail.strip(), is_active=True).first()
    return viewer_of(user, surface=surface) if user else None


def viewer_by_token(secret: str, *, now: datetime) -> Viewer:
    """Return the viewer that a service token is.

    Raises:
        TokenRefused: the token is unknown, was ended, or its day has passed.
    """
    token = ServiceToken.objects.filter(digest=digest_of(secret)).first()
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
        team_ids=_teams_under(token.team_id),
        surface=API,
        scopes=frozenset(token.scopes),
        token_id=token.pk,
    )


def users(viewer: Viewer) -> tuple[SignsIn, ...]:
    """Return everybody who is known here, by role and name; who colleagues are is no secret."""
    rows = User.objects.select_related("team").order_by("role", "name", "pk")
    return tuple(
        SignsIn(
            mail=row.mail,
            name=row.name,
            role=row.role,
            role_name=row.get_role_display(),
            team=row.team.name if row.team else "",
            signs_in=row.is_active and row.has_usable_password(),
        )
        for row in rows
    )


def has_users() -> bool:
    """Return whether anybody can sign in yet."""
    return User.objects.exists()


def _teams_under(team_id: int | None) -> frozenset[int]:
    if team_id is None:
        return frozenset()
    children: dict[int | None, list[int]] = {}
    for pk, parent in Team.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, waiting = {team_id}, [team_id]
    while waiting:
        below = [pk for pk in children.get(waiting.pop(), []) if pk not in found]
        found.update(below)
        waiting.extend(below)
    return frozenset(found)
