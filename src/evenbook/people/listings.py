"""Who there is to choose from: teams, and the tokens that programs sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evenbook.people.actions import NotOperations
from evenbook.people.models import ServiceToken, Team
from evenbook.people.viewer import Viewer


@dataclass(frozen=True)
class TeamLine:
    """A team, and the one above it."""

    name: str
    parent: str


@dataclass(frozen=True)
class TokenLine:
    """A token without its secret: ``beginning`` tells one from another."""

    id: int
    name: str
    beginning: str
    role: str
    role_name: str
    team: str
    scopes: tuple[str, ...]
    made_by_name: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Return whether it opens anything."""
        return self.ended_at is None and self.expires_at > now


def teams(viewer: Viewer) -> tuple[TeamLine, ...]:
    """Return the teams, by name; which there are is no secret."""
    rows = Team.objects.order_by("name").values_list("name", "parent__name")
    return tuple(TeamLine(name, parent or "") for name, parent in rows)


def tokens(viewer: Viewer) -> tuple[TokenLine, ...]:
    """Return all tokens, those made last first.

    Raises:
        NotOperations: the viewer does not keep the instance.
    """
    if not (viewer.is_operations and viewer.allows("people")):
        raise NotOperations(
            "Only operations sees the tokens of programs.", fix="Ask somebody whose role is operations."
        )
    return tuple(_line(row) for row in ServiceToken.objects.select_related("team", "made_by").order_by("-pk"))


def _line(row: ServiceToken) -> TokenLine:
    return TokenLine(
        id=row.pk,
        name=row.name,
        beginning=row.beginning,
        role=row.role,
        role_name=row.get_role_display(),
        team=row.team.name if row.team else "",
        scopes=tuple(row.scopes),
        made_by_name=row.made_by.name if row.made_by else "",
        made_at=row.made_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        used_at=row.used_at,
    )
