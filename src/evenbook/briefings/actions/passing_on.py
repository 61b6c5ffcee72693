"""Passing a role on an account to somebody else: it is decided, announced, written of and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from evenbook.balance.actions.roles import Given, give_role
from evenbook.book.actions.handovers import announce_handovers
from evenbook.book.actions.owners import drop_role_to_come
from evenbook.book.clock import day_here
from evenbook.book.holding import is_handed_over
from evenbook.briefings.actions.telling import tell_receivers
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.briefings.rules.window import BRIEFS, FORESEEN_DAYS, ROLE_PASSED
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.runs.actions import happened


@dataclass(frozen=True)
class RolePassed:
    """A role that changes hands, and the handoff that asks for its transfer brief; None where none does."""

    given: Given
    handoff: int | None


@transaction.atomic
def pass_role(
    account: str,
    role: str,
    *,
    to: str,
    reason: str,
    by: Viewer,
    now: datetime,
    first_on: date | None = None,
) -> RolePassed | None:
    """Give a role on an account to a person or a pool, or to nobody; None where it stays as it is.

    Where a person had it and another one receives it, a handoff is announced: a transfer brief is owed by
    whoever has the role until it passes on, and the receiver confirms it. One that is under way already,
    of all that they have there, asks for no second one.

    Args:
        account, role, to, reason, first_on: see ``balance.actions.roles.give_role``.
        by: who decides.
        now: when.

    Raises:
        ProposalGone, ProposalNotYours, ProposalRefused: see ``balance.actions.roles.give_role``.
    """
    given = give_role(account, role, to=to, reason=reason, by=by, now=now, first_on=first_on)
    if given is None:
        return None
    (giver, _), (receiver, _) = given.change.before, given.change.after
    if giver is None or receiver is None:
        return RolePassed(given, None)
    day = given.first_on
    if is_handed_over(by, given.account, role, giver=giver, day=day, days=FORESEEN_DAYS):
        return RolePassed(given, None)
    return RolePassed(given, _announced(given, role, giver, receiver, by=by, now=now))


def keep_roles(handoff: Handoff, *, by: Viewer, now: datetime) -> None:
    """Let roles that were to pass on with a handoff stay with its giver; those that have passed stay passed.

    Called within the transaction of whoever calls the handoff off.
    """
    for row in handoff.accounts.select_related("handover"):
        of = row.handover
        drop_role_to_come(of.account_id, of.role, of.receiver_id, by=by, now=now)


def _announced(given: Given, role: str, giver: int, receiver: int, *, by: Viewer, now: datetime) -> int:
    handoff = _under_way(given, giver, receiver, now=now) or Handoff.objects.create(
        giver_id=giver,
        receiver_id=receiver,
        reason=ROLE_PASSED,
        first_on=given.first_on,
        asks=BRIEFS,
        announced_at=now,
        announced_by=by.name[:120],
    )
    (handover,) = announce_handovers(
        {given.account: receiver},
        giver=giver,
        first_on=given.first_on,
        back_on=None,
        asks_brief=True,
        now=now,
        roles={given.account: role},
        alone=True,
    )
    HandoffAccount.objects.create(handoff=handoff, handover_id=handover)
    name = given.change.after_name
    told = {"reason": ROLE_PASSED, "role": role, "receiver": name, "first_on": given.first_on.isoformat()}
    thing = Thing("handoff", str(handoff.pk), str(handoff))
    record(by, "handoff.announced", thing, at=now, after=told, rows=1)
    tell_receivers(handoff, [(receiver, name)], now=now)
    happened("handoff.announced", accounts=[given.account], by=by.name, now=now)
    return handoff.pk


def _under_way(given: Given, giver: int, receiver: int, *, now: datetime) -> Handoff | None:
    """Return a handoff of the same two that was announced the same day: each of its accounts is of it."""
    same = Handoff.objects.filter(
        giver=giver,
        receiver=receiver,
        reason=ROLE_PASSED,
        first_on=given.first_on,
        called_off_at=None,
        announced_at__lte=now,
    )
    found = same.exclude(accounts__handover__account=given.account).order_by("-announced_at", "-pk").first()
    return found if found is not None and day_here(found.announced_at) == day_here(now) else None
