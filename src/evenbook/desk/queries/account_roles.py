"""Who has, had and will have which role on an account, and to whom the viewer may give one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evenbook.book.access import may_move_tier_of, people_ids_seen_by
from evenbook.book.clock import day_here
from evenbook.book.holding import BEFORE, RoleSpell, role_history
from evenbook.book.queries import Queue, TeamMember, colleagues_here, pools_seen
from evenbook.briefings.rules.window import usual_day
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest

MOST_BEFORE = 60


@dataclass(frozen=True)
class RoleForm:
    """Who could receive a role, and the days: ``usual_on`` leaves time for the transfer brief."""

    people: tuple[TeamMember, ...]
    pools: tuple[Queue, ...]
    today: date
    usual_on: date


@dataclass(frozen=True)
class AccountRoles:
    """The roles on an account, its owner's first: those of now and then to come; before, the newest first.

    ``form`` is None for who may give none.
    """

    now: tuple[RoleSpell, ...]
    before: tuple[RoleSpell, ...]
    form: RoleForm | None

    @property
    def has_any(self) -> bool:
        """Whether there is more to show than its present owner."""
        return len(self.now) > 1 or bool(self.before)


def account_roles(viewer: Viewer, account_id: int, *, now: datetime) -> AccountRoles:
    """Return who has which role on an account that the viewer may open, and the form that gives one."""
    every = role_history(viewer, account_id, now=now)
    before = [each for each in every if each.state == BEFORE]
    roles, on = [each.role for each in every], [each for each in every if each.state != BEFORE]
    return AccountRoles(
        now=tuple(sorted(on, key=lambda each: (roles.index(each.role), each.since_at))),
        before=tuple(before[:MOST_BEFORE]),
        form=_form(viewer, day_here(now)) if may_move_tier_of(viewer, account_id) else None,
    )


def _form(viewer: Viewer, today: date) -> RoleForm:
    policy, seen = latest().policy, people_ids_seen_by(viewer)
    days = [each.due_days for each in policy.of(ClosuresNumbers).loops if each.opened_by == "owner"]
    works = policy.of(OrganizationNumbers).working_days
    return RoleForm(
        people=tuple(each for each in colleagues_here(viewer, today) if each.id in seen),
        pools=pools_seen(viewer),
        today=today,
        usual_on=usual_day(today, max(days, default=0), works=works),
    )
