"""A calibration as a piece of work: gather hours and weeks, fit, work out what each person would carry.

It stands beside the weekly run and costs it nothing: the rules of a calibration are run in the session of a
week that was worked out, and nothing of theirs is kept with the week. What each person would carry is worked
out by the rules of effort and load themselves, with the proposed policy in the place of the one in force.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from evenbook.capacity.actions.calibration import Found, keep, proposed
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.numbers.calibration import CalibrationNumbers
from evenbook.capacity.rules import APART as OF_HOURS
from evenbook.capacity.rules.fitted import proposal
from evenbook.capacity.rules.proposal import Effect, Proposal
from evenbook.closures.queries.on_time import timely
from evenbook.frames.session import Session, from_rows
from evenbook.kit.dates import week_series
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import in_force, latest
from evenbook.policy.schema import Policy
from evenbook.runs.queries import latest_week
from evenbook.site import registry
from evenbook.site.weekly import Computed, compute
from evenbook.throughput.numbers import ThroughputNumbers
from evenbook.throughput.rules import APART as OF_WEEKS
from evenbook.throughput.rules.fitted import ceilings

LOADS = ("effort_as_of", "role_effort_as_of", "effort_part_as_of", "carried_as_of", "load_as_of")
"""The rules that follow from the weights, in order."""
READ = ("capacity_multipliers", "capacity_base_hours")
"""The tables of the policy that they read."""
HELD = """
select person, accounts, capacity_hours, effort_hours
from load_as_of
where as_of = $as_of
order by person
"""
OF_DAY = "select * from {table} where as_of = $as_of order by {order}"


def day_for(asked: date | None, *, today: date) -> date:
    """Return the day asked for, else the newest week's while its policy is in force, else today."""
    week = latest_week(SYSTEM)
    if asked is None and week is not None and in_force(week.as_of).number == latest().number:
        return week.as_of
    return asked or today


def work_out(as_of: date, *, home: Path) -> Found:
    """Return what the hours and weeks up to a day propose, and what it would do to each load."""
    computed = compute(as_of, home=home, weeks=1)
    with computed.session as session:
        session.run_all((*OF_HOURS, *OF_WEEKS))
        found = _proposal(session, computed)
        effects = _effects(session, computed, found)
    return Found(as_of, computed.policy_version, found, effects)


def calibrate(as_of: date, *, by: Viewer, now: datetime, home: Path) -> int:
    """Work out a calibration and keep it; return its number.

    Raises:
        CalibrationNotYours: ``by`` may not change the policy.
    """
    return keep(work_out(as_of, home=home), by=by, now=now)


def _proposal(session: Session, computed: Computed) -> Proposal:
    policy, as_of = computed.policy, computed.as_of
    seed = as_of.toordinal()
    hours = _columns(session, "logged_as_of", as_of, order="account")
    found = proposal(hours, policy.of(CapacityNumbers), policy.of(CalibrationNumbers), seed=seed)
    weeks = _columns(session, "fitted_week", as_of, order="person, week_on")
    seen = ceilings(weeks, _on_time(computed), policy.of(ThroughputNumbers), seed=seed)
    return Proposal.from_json({**found.as_json(), "ceilings": [each for each in _plain(seen)]})


def _plain(seen: Any) -> list[dict[str, Any]]:
    return Proposal("", 0, ceilings=seen).as_json()["ceilings"]  # type: ignore[no-any-return]


def _columns(session: Session, table: str, as_of: date, *, order: str) -> dict[str, list[Any]]:
    asked = OF_DAY.format(table=table, order=order)
    found: dict[str, list[Any]] = session.rows(asked, {"as_of": as_of}).to_pydict()
    return found


def _on_time(computed: Computed) -> dict[tuple[int, date], float]:
    numbers = computed.policy.of(CalibrationNumbers)
    zone = computed.policy.of(OrganizationNumbers).time_zone
    days = week_series(computed.as_of, numbers.ceiling_weeks)
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since it last asked
    return {key: each.share for key, each in timely(keeper, days, zone=zone).items()}


def _effects(session: Session, computed: Computed, found: Proposal) -> tuple[Effect, ...]:
    """Return what each person carries now and would carry, by the rules themselves."""
    asked = {"as_of": computed.as_of}
    now = session.rows(HELD, asked).to_pylist()
    _hold_weights(session, proposed(computed.policy, found.changes()))
    session.run_all(step for step in registry.steps() if step.writes in LOADS)
    then = {row["person"]: row["effort_hours"] for row in session.rows(HELD, asked).to_pylist()}
    return tuple(
        Effect(
            person=row["person"],
            accounts=row["accounts"],
            capacity_hours=row["capacity_hours"],
            hours_now=row["effort_hours"],
            hours_then=then[row["person"]],
        )
        for row in now
    )


def _hold_weights(session: Session, policy: Policy) -> None:
    """Put the weights of a policy in the place of those that the session holds."""
    tables, columns = policy.tables(), policy.table_columns()
    for name in READ:
        session.hold(f"policy_{name}", from_rows(tables[f"policy_{name}"], columns[f"policy_{name}"]))
    session.tell(capacity_centered=policy.params()["capacity_centered"])
