"""Placing teams in their tree by name: whose accounts a leader sees follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from evenbook.people import audit
from evenbook.people.models import Team
from evenbook.people.viewer import Viewer


@transaction.atomic
def place_teams(by: Viewer, names: Iterable[str], *, under: str, now: datetime) -> None:
    """Put teams under another, making those that are new; placing them again changes nothing.

    Whether ``by`` may is for the caller to have settled. The team above is made at the top if it is
    new; one that stands below a team placed here is left where it is.
    """
    above, _ = Team.objects.get_or_create(name=under)
    over = _over(above)
    for name in names:
        team, is_new = Team.objects.get_or_create(name=name)
        if team.pk in over or team.parent_id == above.pk:
            continue
        before = None if is_new else {"under": team.parent.name if team.parent else None}
        team.parent = above
        team.save(update_fields=["parent"])
        thing = audit.Thing("team", str(team.pk), team.name)
        audit.record(by, "team.placed", thing, at=now, before=before, after={"under": above.name})


def _over(team: Team) -> set[int]:
    """Return a team and all those above it: none of them can come below it."""
    found: set[int] = set()
    each: Team | None = team
    while each is not None and each.pk not in found:
        found.add(each.pk)
        each = each.parent
    return found
