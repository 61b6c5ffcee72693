"""The work on rows of the sheet: what a run finds of it, and what people say by hand."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from evenbook.frames.session import Session, from_rows
from evenbook.hotsheet.models import HotCase, HotRow
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules import OF_WORK
from evenbook.hotsheet.rules.cases import Case, Fact, begins, moved
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping, is_newest

OPEN = {"account": "BIGINT", "began_on": "DATE"}
FACTS = "select * from hot_fact"
LISTED = """
select w.account, w.due_on, v.renews_on
from hot_work w
join account_as_of v on v.as_of = w.as_of and v.account = w.account
where w.as_of = $as_of
order by w.account
"""
KEPT = ["acted_on", "acted_known_on", "act", "calm_on", "ended_on", "ended_known_on", "ending", "why"]


def keep_cases(session: Session, keeping: Keeping) -> None:
    """Bring the work on the sheet's accounts up to the run's day; a run of an earlier day changes nothing."""
    if not is_newest(keeping.as_of):
        return
    numbers = in_force(keeping.as_of).policy.of(HotsheetNumbers)
    listed = {row["account"]: row for row in session.rows(LISTED, {"as_of": keeping.as_of}).to_pylist()}
    _move(session, frozenset(listed), day=keeping.as_of, calm_weeks=numbers.calm_weeks)
    earlier = frozenset(HotRow.objects.filter(run=keeping.before).values_list("account_id", flat=True))
    ended = dict(
        HotCase.objects.filter(account__in=listed).values_list("account_id").annotate(last=Max("ended_on"))
    )
    busy = set(HotCase.objects.filter(ended_on=None).values_list("account_id", flat=True))
    HotCase.objects.bulk_create(
        HotCase(
            account_id=account,
            began_on=keeping.as_of,
            due_on=row["due_on"],
            renews_on=row["renews_on"],
        )
        for account, row in listed.items()
        if account not in busy
        and begins(account, _told(ended), earlier, day=keeping.as_of, rest_weeks=numbers.rest_weeks)
    )


def _told(ended: dict[int, date | None]) -> dict[int, date]:
    return {account: day for account, day in ended.items() if day is not None}


def _move(session: Session, listed: frozenset[int], *, day: date, calm_weeks: int) -> None:
    """Move the open work on, by what is known on the day."""
    rows = {row.account_id: row for row in HotCase.objects.filter(ended_on=None, began_on__lt=day)}
    if not rows:
        return
    begun = [{"account": row.account_id, "began_on": row.began_on} for row in rows.values()]
    session.hold("hot_open", from_rows(begun, OPEN))
    session.run_all(OF_WORK)
    changed = []
    for found in session.rows(FACTS).to_pylist():
        row = rows[found.pop("account")]
        before = row.told()
        after = moved(
            before, Fact(**found, is_listed=row.account_id in listed), day=day, calm_weeks=calm_weeks
        )
        if after != before:
            changed.append(_filled(row, after))
    HotCase.objects.bulk_update(changed, KEPT, batch_size=500)


def _filled(row: HotCase, case: Case) -> HotCase:
    for name in KEPT:
        setattr(row, name, getattr(case, name))
    return row
