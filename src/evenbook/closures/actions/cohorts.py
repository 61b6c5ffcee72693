"""Recording a cohort of silent accounts: one record, written once, closes the loop of each account in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenbook.closures.actions.batches import Logs, Signed, not_too_many, signed_in
from evenbook.closures.actions.owed import NoSuchLoop
from evenbook.closures.queries.cohorts import Cohort, Silent, cohort_called, looked_at
from evenbook.closures.rules.standard import Refusal
from evenbook.closures.rules.writing import short
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class Recorded:
    """What became of a cohort: each of its accounts that was chosen, or what the record itself lacks."""

    signed: tuple[Signed, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def closed(self) -> int:
        """How many accounts are recorded."""
        return sum(each.is_closed for each in self.signed)

    @property
    def others(self) -> tuple[Signed, ...]:
        """The accounts that are not."""
        return tuple(each for each in self.signed if not each.is_closed)


class NoSuchCohort(NoSuchLoop):
    """A cohort of which nothing is open, or nothing that who asks may see."""

    kind = "no-such-cohort"


def record_cohort(
    key: str,
    answers: Mapping[str, Any],
    *,
    chosen: Iterable[str] | None = None,
    without: Iterable[str] = (),
    by: Viewer,
    week: Week,
    today: date,
    now: datetime,
) -> Recorded:
    """Close the loops of a cohort with one record, in one log; say what became of each.

    Every account has the record by itself. One that stands out is refused and stays open, and the others go
    through; where the record itself does not meet the standard, nothing is changed. ``chosen`` are keys of
    loops (None: all of the cohort), ``without`` those left open.

    Raises:
        NoSuchCohort: nothing of it is open that they may see.
        BatchRefused: no account was chosen, or too many at once.
    """
    cohort = _cohort(key, by=by, week=week, today=today)
    open_ones = {each.loop.key: each for each in looked_at(by, week, cohort)}
    left_out = set(without)
    asked = open_ones if chosen is None else chosen
    wanted = not_too_many((each for each in asked if each not in left_out), "account")
    accounts = [each.account_id for each in cohort.silent]
    logs = Logs(by, week, accounts, first_on=cohort.first_on, now=now)
    with transaction.atomic():
        signed = signed_in(logs, _signing(open_ones, logs, answers), wanted, what="cohort.recorded")
        lacking = next((each.refusals for each in signed if each.refusals), ())
        if lacking:
            transaction.set_rollback(True)
            return Recorded((), lacking)
    return Recorded(signed)


def _signing(
    open_ones: Mapping[str, Silent], logs: Logs, answers: Mapping[str, Any]
) -> Callable[[str], Signed]:
    """Return what signs the loop of a key, or says why not."""

    def sign(one: str) -> Signed:
        found = open_ones.get(one)
        if found is None:
            return Signed(one, "", None, f"No loop '{short(one)}' of this cohort is open.")
        if found.why_not:
            why = f"{found.why_not} It needs a record of its own."
            return Signed(one, found.loop.account_name, None, why)
        return logs.close(found.loop, answers)

    return sign


def _cohort(key: str, *, by: Viewer, week: Week, today: date) -> Cohort:
    found = cohort_called(by, week, key, today=today)
    if found is None:
        raise NoSuchCohort(
            f"Nothing of a cohort '{short(key)}' is open that you may see.",
            fix="List them: evenbook record-cohort",
        )
    return found
