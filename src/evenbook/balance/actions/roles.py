"""Giving a role on an account to somebody, such as its onboarding or its expansion, with the reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.balance.actions.proposals import ProposalGone, ProposalNotYours, ProposalRefused
from evenbook.balance.rules.pools import POOL
from evenbook.book.access import may_move_accounts, may_move_tier_of
from evenbook.book.actions.owners import NOBODY, Held, change_role
from evenbook.book.known import teammates
from evenbook.book.numbers import ROLES
from evenbook.book.queries import account as account_of_key
from evenbook.book.queries import pools_seen
from evenbook.people import audit
from evenbook.people.viewer import Viewer


@transaction.atomic
def give_role(
    key: str, role: str, *, to: str, reason: str, by: Viewer, now: datetime
) -> tuple[str, str] | None:
    """Give a role on an account to a person or a pool, or to nobody; return who had it and who has it.

    Who has it already keeps it: then nothing changes, and None is returned.

    Args:
        key: of the account.
        role: one of ``book.numbers.ROLES``; who owns an account is for proposals.
        to: a person's key, ``pool:`` and a pool's key, or empty for nobody.
        reason: why, for the history.
        by: who decides: operations, or a leader of whose the account is and of whoever receives the role.
        now: from when on.

    Raises:
        ProposalGone: there is no such account, person or pool, or the viewer may not see it.
        ProposalNotYours: the viewer decides neither about the account nor about who receives the role.
        ProposalRefused: there is no such role, or no reason is given.
    """
    account = account_of_key(by, key)
    if account is None:
        raise ProposalGone(f"There is no account '{key[:40]}'.", fix="Name it by its key.")
    if not may_move_tier_of(by, account.id):
        raise ProposalNotYours("It is not yours to decide.", fix="Ask a leader of its owner, or operations.")
    if role not in ROLES:
        raise ProposalRefused(f"'{role[:40]}' is no role.", fix=f"One of: {', '.join(ROLES)}.")
    if not reason.strip():
        raise ProposalRefused("A role changes hands for a reason.", fix="Say why, such as who is new.")
    holder = _holder(to.strip(), by, now)
    changed = change_role(account.id, role, to=holder, reason=reason.strip(), by=by, now=now)
    if changed is None:
        return None
    thing, (before, after) = audit.Thing("account", key), changed
    audit.record(by, "account.role_given", thing, at=now, before={role: before}, after={role: after})
    return changed


def _holder(to: str, by: Viewer, now: datetime) -> Held:
    """Return who is meant; somebody who is no longer here can be given nothing."""
    if not to:
        return NOBODY
    if to.startswith(POOL):
        pools = {each.key: each.id for each in pools_seen(by)}
        if to.removeprefix(POOL) not in pools:
            raise ProposalGone(f"There is no pool '{to[:40]}'.", fix="Write pool: and the key of the pool.")
        return None, pools[to.removeprefix(POOL)]
    day = now.date()
    here = {each.key: each.id for each in teammates(by, here_from=day, here_until=day)}
    if to not in here:
        raise ProposalGone(f"There is nobody '{to[:40]}' here.", fix="Name them by their key.")
    if not may_move_accounts(by, [here[to]]):
        raise ProposalNotYours("They are not in your teams.", fix="Ask who leads them, or operations.")
    return here[to], None
