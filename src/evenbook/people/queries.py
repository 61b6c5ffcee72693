"""Who a user is, as a viewer; who can sign in."""

from __future__ import annotations

from evenbook.people.models import Team, User
from evenbook.people.viewer import Viewer


def viewer_of(user: User) -> Viewer:
    """Return the viewer that a signed-in user is."""
    return Viewer(
        user_id=user.pk, mail=user.mail, name=user.name, role=user.role, team_ids=_teams_under(user.team_id)
    )


def viewer_by_mail(mail: str) -> Viewer | None:
    """Return the viewer with this mail address, or None."""
    user = User.objects.filter(mail__iexact=mail.strip(), is_active=True).first()
    return viewer_of(user) if user else None


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
