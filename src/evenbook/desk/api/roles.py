"""Roles on an account, for programs: who has which, had it, will have it; giving one, or passing it on."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from evenbook.balance.actions.proposals import ProposalRefused
from evenbook.book.holding import RoleSpell, role_history
from evenbook.book.numbers import ROLES, role_title
from evenbook.briefings.actions.passing_on import pass_role
from evenbook.desk.api.account import facts_of
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Shape, instant, said_or_none

router = Router("Accounts")
LONGEST_KEY = 90


class RoleSpellOut(Shape):
    """That somebody has a role on the account from an instant on, had it, or will have it."""

    role: str
    role_name: str
    holder: str | None = Field(description="A person's key, or `pool:` and a pool's key; null is nobody.")
    holder_name: str
    since_at: datetime | None = Field(description="Null: from the beginning.")
    until_at: datetime | None
    state: str = Field(description="now, before or to_come.")
    reason: str | None
    assumed: bool


class RolesOut(Shape):
    """Who has which role on an account, its owner's first, each with its history, the newest first."""

    account: str
    account_name: str
    items: list[RoleSpellOut]


class RoleGiving(Body):
    """A role to give, or to pass on."""

    role: str = Field(max_length=40, pattern=NO_NULL, description=f"One of {', '.join(ROLES)}.")
    to: str = Field(
        "",
        max_length=LONGEST_KEY,
        pattern=NO_NULL,
        description="A person's key, or `pool:` and a pool's key; empty for nobody.",
    )
    reason: str = Field(max_length=300, pattern=NO_NULL, description="Why it changes hands.")
    first_on: str = Field(
        "", max_length=10, pattern=NO_NULL, description="From which day on, as 2026-03-09; empty for at once."
    )


class RoleGiven(Shape):
    """What came of it: who had the role, who receives it and from when."""

    account: str
    role: str
    role_name: str
    changed: bool = Field(description="False where they have it already; then nothing was done.")
    before_name: str | None
    after_name: str | None
    first_on: date | None
    handoff: int | None = Field(description="Where one was announced: it asks for a transfer brief.")


@router.reads("/accounts/{account}/roles", RolesOut)
def list_roles(request: HttpRequest, account: str) -> RolesOut:
    """List who has which role on an account, had it, or will have it."""
    viewer = asking(request)
    facts = facts_of(viewer, account)
    spells = role_history(viewer, facts.id, now=timezone.now())
    return RolesOut(account=facts.key, account_name=facts.name, items=[_spell(each) for each in spells])


@router.writes("POST", "/accounts/{account}/roles", RoleGiven)
def give_role(request: HttpRequest, account: str, given: RoleGiving) -> RoleGiven:
    """Give a role on an account to somebody, or to nobody. Where somebody had it, a handoff is announced."""
    done = pass_role(
        account,
        given.role,
        to=given.to,
        reason=given.reason,
        first_on=_day(given.first_on),
        by=asking(request),
        now=timezone.now(),
    )
    change = done.given.change if done else None
    return RoleGiven(
        account=account,
        role=given.role,
        role_name=role_title(given.role),
        changed=done is not None,
        before_name=change.before_name if change else None,
        after_name=change.after_name if change else None,
        first_on=done.given.first_on if done else None,
        handoff=done.handoff if done else None,
    )


def _spell(each: RoleSpell) -> RoleSpellOut:
    return RoleSpellOut(
        role=each.role,
        role_name=each.title,
        holder=said_or_none(each.holder),
        holder_name=each.name,
        since_at=None if each.is_from_the_beginning else instant(each.since_at),
        until_at=instant(each.until_at),
        state=each.state,
        reason=said_or_none(each.reason),
        assumed=each.assumed,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProposalRefused(f"'{text}' is not a day.", fix="Write it as 2026-03-09.") from None
