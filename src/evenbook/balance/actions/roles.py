"""Giving a role on an account to somebody, such as its onboarding or its expansion, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from evenbook.balance.actions.proposals import ProposalGone, ProposalNotYours, ProposalRefused
from evenbook.balance.rules.pools import POOL
from evenbook.book.access import may_move_accounts, may_move_tier_of
from evenbook.book.actions.owners import NOBODY, Held, RoleChange, change_role
from evenbook.book.clock import day_here
from evenbook.book.holding import TO_COME, role_history
from evenbook.book.known import teammates
from evenbook.book.numbers import ROLES
from evenbook.book.queries import account as account_of_key
from evenbook.book.queries import pools_seen
from evenbook.kit.dates import day_ends_at
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.screens.shown import day_text

FARTHEST_DAYS = 731
"""How far ahead a role may be given: two years."""


@dataclass(frozen=True)
class Given:
    """A role that changes hands: on which account, from whom to whom, and from which day on."""

    account: int
    change: RoleChange
    first_on: date


@transaction.atomic
def give_role(
    key: str,
    role: str,
    *,
    to: str,
    reason: str,
    by: Viewer,
    now: datetime,
    first_on: date | None = None,
) -> Given | None:
    """Give a role on an account to a person or a pool, or to nobody; return what changes hands.

    Who has it already keeps it: then nothing changes, and None is returned. What is to be written where
    somebody had it is for ``briefings``, which announces it.

    Args:
        key: of the account.
        role: one of ``book.numbers.ROLES``; who owns an account is for proposals.
        to: a person's key, ``pool:`` and a pool's key, or empty for nobody.
        reason: why, for the history.
        by, now: who decides, and when: operations, or a leader of whose the account is and who receives it.
        first_on: from which day on; None for at once.

    Raises:
        ProposalGone: there is no such account, person or pool, or the viewer may not see it.
        ProposalNotYours: the viewer decides neither about the account nor about who receives the role.
        ProposalRefused: no such role, no reason, a day that can't be, or it passes on later already.
    """
    account = _decided(key, role, reason, by)
    to, (day, since) = to.strip(), _from(first_on, now)
    holder = _holder(to, by, day)
    _must_not_pass_later(by, account, role, to=to, at=since or now, now=now)
    changed = change_role(account, role, to=holder, reason=reason.strip(), by=by, now=now, since=since)
    if changed is None:
        return None
    before, after = {role: changed.before_name}, {role: changed.after_name}
    later = {"first_on": day.isoformat()} if since is not None else {}
    of = audit.Thing("account", key)
    audit.record(by, "account.role_given", of, at=now, before=before, after=after | later)
    return Given(account, changed, day)


def _decided(key: str, role: str, reason: str, by: Viewer) -> int:
    """Return the account whose role changes hands, where that is theirs to decide, for a reason."""
    account = account_of_key(by, key)
    if account is None:
        raise ProposalGone(f"There is no account '{key[:40]}'.", fix="Name it by its key.")
    if account.merged_into_key:
        raise ProposalGone("This account was merged.", fix=f"Name {account.merged_into_key}.")
    if not may_move_tier_of(by, account.id):
        raise ProposalNotYours("It is not yours to decide.", fix="Ask a leader of its owner, or operations.")
    if role not in ROLES:
        raise ProposalRefused(f"'{role[:40]}' is no role.", fix=f"One of: {', '.join(ROLES)}.")
    if not reason.strip():
        raise ProposalRefused("A role changes hands for a reason.", fix="Say why, such as who is new.")
    return account.id


def _from(first_on: date | None, now: datetime) -> tuple[date, datetime | None]:
    """Return the first day, and the instant at which it begins where that is ahead."""
    today = day_here(now)
    day = first_on or today
    if day < today:
        raise ProposalRefused(f"{day_text(day)} is past.", fix="Name today or a later day.")
    if (day - today).days > FARTHEST_DAYS:
        raise ProposalRefused(f"{day_text(day)} is more than two years ahead.", fix="Name a nearer day.")
    zone = latest().policy.of(OrganizationNumbers).time_zone
    return day, day_ends_at(day - timedelta(days=1), zone) if day > today else None


def _must_not_pass_later(
    by: Viewer, account: int, role: str, *, to: str, at: datetime, now: datetime
) -> None:
    """Refuse a change up to one that is decided already; the same one again is no other."""
    for each in role_history(by, account, now=now):
        is_same = each.holder == to and each.since_at == at
        if each.role == role and each.state == TO_COME and each.since_at >= at and not is_same:
            raise ProposalRefused(
                f"{each.title}: it passes to {each.name} on {day_text(day_here(each.since_at))} already.",
                fix="Call its handoff off first, or give it on after that day.",
            )


def _holder(to: str, by: Viewer, day: date) -> Held:
    """Return who is meant; somebody who is no longer here on the day can be given nothing."""
    if not to:
        return NOBODY
    if to.startswith(POOL):
        pools = {each.key: each.id for each in pools_seen(by)}
        if to.removeprefix(POOL) not in pools:
            raise ProposalGone(f"There is no pool '{to[:40]}'.", fix="Write pool: and the key of the pool.")
        return None, pools[to.removeprefix(POOL)]
    here = {each.key: each.id for each in teammates(by, here_from=day, here_until=day)}
    if to not in here:
        raise ProposalGone(f"There is nobody '{to[:40]}' here.", fix="Name them by their key.")
    if not may_move_accounts(by, [here[to]]):
        raise ProposalNotYours("They are not in your teams.", fix="Ask who leads them, or operations.")
    return here[to], None
