"""The mail that tells who leads a pool what of it is overdue."""

from __future__ import annotations

from datetime import timedelta

from evenbook.book.queries import leads_of_pools, mails_of
from evenbook.closures.actions.sending import sending_of, week_of
from evenbook.closures.queries.cohorts import cohorts_in
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.queries.mails import POOLS
from evenbook.closures.rules.told import of_a_pool
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import Week
from evenbook.screens.places import address


def tell_of_pools(shown: Week) -> None:
    """Post to each lead of a pool how much of it is overdue, once a calendar week in which some is new."""
    sending, day = sending_of(shown), shown.run.as_of
    if sending is None:
        return
    leads = leads_of_pools(SYSTEM, day)
    mails = mails_of(SYSTEM, {each.lead_id for each in leads})
    for pool in leads:
        wanted = LoopsWanted(owner=f"pool:{pool.key}")
        late = [row for row in loops(SYSTEM, shown.policy, day, wanted=wanted) if row.due_on < day]
        new = [row for row in late if row.due_on >= day - timedelta(days=7)]
        if new and pool.lead_id in mails:
            letter = of_a_pool(
                pool.lead_name,
                pool.name,
                overdue=_things(late),
                new=_things(new),
                link=f"{sending.base}{address('my-week')}",
            )
            key = f"pool-overdue-{week_of(shown)}-{pool.id}"
            sending.send(POOLS, mails[pool.lead_id], letter, key=key)


def _things(rows: list[LoopRow]) -> int:
    """Return how many things there are to do: a cohort of silent accounts is one."""
    cohorts = cohorts_in(SYSTEM, rows)
    return len(rows) - sum(len(each.silent) - 1 for each in cohorts)
