"""The weekly run as a piece of work: worked out beside the database, stored in one transaction."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from evenbook.frames.session import Session
from evenbook.kit.dates import day_ends_at
from evenbook.measures import details
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.schema import Policy
from evenbook.runs import actions as runs
from evenbook.site import carry, stores
from evenbook.site.document import week_document
from evenbook.site.registry import catalogue, kept_tables
from evenbook.site.weekly import Computed, Told, compute, say_nothing


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the document it prints, and what became of it; empty where nothing was kept."""

    document: dict[str, Any]
    run: int | None
    says: str


def run_week(
    as_of: date,
    *,
    by: Viewer,
    home: Path,
    store: bool,
    restate: bool = False,
    fresh: bool = False,
    told: Told = say_nothing,
) -> Outcome:
    """Work out the week as of a day and, where asked, store it whole in one transaction.

    A day that was run before and comes out the same is left as it is.

    Args:
        as_of: the day.
        by: who runs it.
        home: the instance's folder.
        store: whether the results are kept.
        restate: keep an earlier run of the day beside the new one.
        fresh: work out the whole history again.
        told: called with how many parts of the history are worked out, and of how many.
    """
    started_at = datetime.now(UTC)
    computed = compute(as_of, home=home, fresh=fresh, weeks=None if store else 1, told=told)
    with computed.session as session:
        document = week_document(session, as_of, policy_version=computed.policy_version)
        if not store:
            return Outcome(document, None, "")
        print_of = _fingerprint(session, document)
        before = runs.current(as_of)
        if before is not None and before.fingerprint == print_of and not restate:
            _settle(as_of, computed.policy, started_at)
            _keep_ahead(before.id)
            return Outcome(document, before.id, "Nothing has changed since the day was last run.")
        number = _store(computed, document, print_of, by=by, started_at=started_at, restate=restate)
        _keep_beside(computed, number, home=home)
    _keep_ahead(number)
    _tell(as_of, number)
    return Outcome(document, number, f"The week of {as_of:%d %B %Y} is stored.")


def _keep_ahead(run: int) -> None:
    """Keep the weeks ahead with a run: after it, for they rest on the rows that it kept."""
    from evenbook.desk.actions.ahead import keep_ahead

    keep_ahead(run)


def _tell(as_of: date, run: int) -> None:
    """Mail the reports that are due: after the run, for they are summed from the rows that it kept."""
    from evenbook.desk.actions import tell_of_run

    tell_of_run(as_of, run=run)


def _keep_beside(computed: Computed, run: int, *, home: Path) -> None:
    """Keep the rows behind the figures, and what the next run goes on from."""
    session, as_of = computed.session, computed.as_of
    details.keep(session, catalogue().cards, run=run, as_of=as_of, home=home)
    carry.keep(
        session,
        as_of,
        home=home,
        policy_version=computed.policy_version,
        zone=computed.policy.of(OrganizationNumbers).time_zone,
        went_on=computed.went_on,
    )


def _store(
    computed: Computed,
    document: dict[str, Any],
    print_of: str,
    *,
    by: Viewer,
    started_at: datetime,
    restate: bool,
) -> int:
    with transaction.atomic():
        earlier = runs.current_before(computed.as_of)
        opened = runs.open_run(
            computed.as_of,
            policy_version=computed.policy_version,
            fingerprint=print_of,
            by=by.name,
            started_at=started_at,
            ended_at=datetime.now(UTC),
            summary={name: part for name, part in document.items() if name != "hotsheet"},
            restate=restate,
        )
        weeks = computed.policy.of(MeasuresNumbers).trend_weeks
        stores.store(computed.session, opened, days=computed.days[-weeks:], earlier=earlier)
        _settle(computed.as_of, computed.policy, started_at)
        kept = int(document["coverage"]["accounts"])
        thing = Thing("week", str(opened.id), computed.as_of.isoformat())
        said = {"as_of": computed.as_of.isoformat(), "policy_version": computed.policy_version}
        what = "week.restated" if restate else "week.stored"
        record(by, what, thing, at=started_at, after=said, rows=kept)
    return opened.id


def _settle(as_of: date, policy: Policy, started_at: datetime) -> None:
    """Say that what happened before this run, on its day or earlier, has been read."""
    ends_at = day_ends_at(as_of, policy.of(OrganizationNumbers).time_zone)
    runs.settle_before(min(ends_at, started_at), now=started_at)


def _fingerprint(session: Session, document: dict[str, Any]) -> str:
    """Return the digest of everything that a run would store as of its day."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    for name in kept_tables():
        of_day = " where as_of = $as_of" if "as_of" in session.columns(name) else ""
        asked = f"select bit_xor(hash(t)) as mark, count(*) as rows from {name} t{of_day}"
        held = session.rows(asked, {"as_of": date.fromisoformat(document["as_of"])})
        digest.update(repr(held.to_pylist()).encode())
    return digest.hexdigest()
