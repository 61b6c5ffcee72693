"""Teams as a tree: made, renamed, moved under another, taken away when they are empty."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.people import audit
from evenbook.people.actions import UserRefused, clean_name, require_operations
from evenbook.people.models import Team
from evenbook.people.viewer import Viewer


class TeamRefused(UserRefused):
    """A team can't be made, changed or taken away as asked."""

    kind = "team-refused"


@transaction.atomic
def make_team(by: Viewer, name: str, parent_id: int | None, *, now: datetime) -> Team:
    """Make a team, under another or at the top.

    Raises:
        NotOperations: who asks is not operations.
        TeamRefused: there is one of this name, or no such parent.
    """
    require_operations(by)
    name = clean_name(name)
    _require_free(name)
    team = Team.objects.create(name=name, parent=_team(parent_id) if parent_id else None)
    audit.record(by, "team.made", _thing(team), at=now, after=_said(team))
    return team


@transaction.atomic
def change_team(by: Viewer, team_id: int, name: str, parent_id: int | None, *, now: datetime) -> Team:
    """Rename a team, or move it under another with all that is below it.

    Raises:
        NotOperations: who asks is not operations.
        TeamRefused: the name is taken, there is no such team, or it would be below itself.
    """
    require_operations(by)
    name = clean_name(name)
    list(Team.objects.select_for_update())
    team = _team(team_id)
    parent = _team(parent_id) if parent_id else None
    if name != team.name:
        _require_free(name)
    _require_no_circle(team, parent)
    before = _said(team)
    team.name, team.parent = name, parent
    team.save()
    if before != _said(team):
        audit.record(by, "team.changed", _thing(team), at=now, before=before, after=_said(team))
    return team


@transaction.atomic
def drop_team(by: Viewer, team_id: int, *, now: datetime) -> None:
    """Take away a team that nobody is in.

    Raises:
        NotOperations: who asks is not operations.
        TeamRefused: there is none, or somebody or another team is in it.
    """
    require_operations(by)
    team = _team(team_id)
    if team.users.exists() or team.children.exists():
        raise TeamRefused(f"{team.name} is not empty.", fix="Move its people and teams to another one first.")
    audit.record(by, "team.dropped", _thing(team), at=now, before=_said(team))
    team.delete()


def _team(team_id: int) -> Team:
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise TeamRefused("There is no such team.", fix="Look at the list of teams again.")
    return team


def _require_free(name: str) -> None:
    if Team.objects.filter(name__iexact=name).exists():
        raise TeamRefused(f"There is a team called {name}.", fix="Give another name.")


def _require_no_circle(team: Team, parent: Team | None) -> None:
    above = parent
    while above is not None:
        if above.pk == team.pk:
            raise TeamRefused(
                f"{team.name} can't be below itself.", fix="Choose a team that is not under it."
            )
        above = above.parent


def _said(team: Team) -> dict[str, object]:
    return {"name": team.name, "parent": team.parent.name if team.parent else None}


def _thing(team: Team) -> audit.Thing:
    return audit.Thing("team", str(team.pk), team.name)
