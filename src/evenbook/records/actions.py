"""Bulk landing of facts, for imports: repeating a load writes nothing.

What a field is known from is said here, a shape for each kind of record; when a version starts is
decided in ``book.rules.versions``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from evenbook.book.actions import Versioned
from evenbook.book.actions.versions import Outcome, land_facts
from evenbook.book.actions.writing import Written, insert_plain
from evenbook.book.rules.versions import Fact, Shape
from evenbook.kit.dates import start_of
from evenbook.records.models import (
    HERE,
    Artifact,
    FeedWeek,
    Interaction,
    Opportunity,
    Score,
    Ticket,
    TimeEntry,
    UsageWeek,
)
from evenbook.records.queries import Issue

Kind = Literal["interaction", "time_entry", "ticket", "opportunity", "score", "artifact"]

MODELS: dict[Kind, type[Versioned]] = {
    "interaction": Interaction,
    "time_entry": TimeEntry,
    "ticket": Ticket,
    "opportunity": Opportunity,
    "score": Score,
    "artifact": Artifact,
}
SHAPES: dict[Kind, Shape] = {
    "interaction": Shape(),
    "time_entry": Shape(),
    "ticket": Shape(
        closing=("solved_at", "escalated_at", "satisfaction_at"),
        masked=("solved_at", "escalated_at", "satisfaction_at"),
        beside=("satisfaction", "custom"),
    ),
    "opportunity": Shape(
        blanks={
            "stage": "",
            "amount_cents": None,
            "probability": None,
            "expected_on": None,
            "won_at": None,
            "lost_at": None,
            "custom": {},
        },
        closing=("won_at", "lost_at"),
    ),
    "score": Shape(),
    "artifact": Shape(),
}
WEEK = timedelta(days=7)


def land_records(kind: Kind, facts: Sequence[Fact], *, now: datetime, written: Written) -> list[Outcome]:
    """Land records of one kind and one source; return what became of each, in order."""
    return land_facts(MODELS[kind], facts, shape=SHAPES[kind], now=now, written=written)


def land_usage(
    cells: Sequence[tuple[int, date, str, float]], *, source: str, now: datetime, written: Written
) -> list[Outcome]:
    """Land usage by account, week and measure; a corrected week becomes a later row.

    A week that was over counts as known when it ended, whoever delivers it for the first time; one
    that is delivered again with another value is known from now.

    Args:
        cells: (account, Monday, measure, value), each account, week and measure once.
        source: who delivers.
        now: the load time.
        written: takes the note of what was written.
    """
    stored = _usage_of({account for account, *_ in cells}, source)
    outcomes: list[Outcome] = []
    rows: list[tuple[int, date, str, float, datetime, str]] = []
    for account, week_on, measure, value in cells:
        old = stored.get((account, week_on, measure))
        if old == value:
            outcomes.append("unchanged")
            continue
        over_at = start_of(week_on) + WEEK
        known_at = over_at if old is None and over_at <= now else max(now, over_at)
        rows.append((account, week_on, measure, value, known_at, source))
        outcomes.append("created" if old is None else "changed")
    columns = ("account_id", "week_on", "measure", "value", "known_at", "source")
    insert_plain(UsageWeek, columns, rows)
    if rows:
        written.count(UsageWeek, len(rows), min(row[4] for row in rows))
    return outcomes


def _usage_of(accounts: set[int], source: str) -> dict[tuple[int, date, str], float]:
    rows = UsageWeek.objects.filter(account_id__in=accounts, source=source).order_by("known_at", "pk")
    return {
        (account, week_on, measure): value
        for account, week_on, measure, value in rows.values_list("account_id", "week_on", "measure", "value")
    }


def has_usage(source: str) -> bool:
    """Return whether this source has ever delivered usage."""
    return UsageWeek.objects.filter(source=source).exists()


def land_feed(
    weeks: Sequence[tuple[str, date, float]], *, source: str, now: datetime, written: Written
) -> None:
    """Note how complete a usage feed was: (measure, Monday, share). A week only ever gets fuller.

    A week is known as complete as the usage itself is.
    """
    rows = FeedWeek.objects.filter(source=source).order_by("known_at", "pk")
    stored = {
        (measure, week_on): share
        for measure, week_on, share in rows.values_list("measure", "week_on", "share")
    }
    new = []
    for measure, week_on, share in weeks:
        old = stored.get((measure, week_on))
        if old is not None and old >= share:
            continue
        over_at = start_of(week_on) + WEEK
        known_at = over_at if old is None and over_at <= now else max(now, over_at)
        new.append((source, measure, week_on, share, known_at))
    insert_plain(FeedWeek, ("source", "measure", "week_on", "share", "known_at"), new)
    if new:
        written.count(FeedWeek, len(new), min(row[4] for row in new))


def write_artifact(
    values: Mapping[str, Any],
    *,
    external_id: str,
    fingerprint: str,
    now: datetime,
    written_at: datetime | None = None,
) -> int:
    """Write an artifact that was written here; return its row.

    Args:
        values: its fields, as the model has them.
        external_id: what it is called for ever.
        fingerprint: the digest of its values.
        now: when it became known.
        written_at: when it was written, where it had to wait before it counted.
    """
    return Artifact.objects.create(
        **values,
        source=HERE,
        external_id=external_id,
        fingerprint=fingerprint,
        happened_at=written_at or now,
        known_at=now,
    ).pk


def correct_artifact(
    artifact_id: int,
    *,
    summary: str,
    fields: Mapping[str, Any],
    author_id: int | None,
    fingerprint: str,
    now: datetime,
) -> int:
    """Give an artifact that was written here a new version from now on; return its row.

    It was written when its first version was. The version before holds until now, and stays.

    Args:
        artifact_id: any of its versions, held by the caller.
        summary: what lists show of it.
        fields: its answers.
        author_id: who corrected it.
        fingerprint: the digest of its values.
        now: when.
    """
    any_of_them = Artifact.objects.get(pk=artifact_id, source=HERE)
    before = Artifact.objects.get(source=HERE, external_id=any_of_them.external_id, known_until__isnull=True)
    before.known_until = max(now, before.known_at)
    before.save(update_fields=["known_until"])
    return Artifact.objects.create(
        account_id=before.account_id,
        kind=before.kind,
        closes=before.closes,
        author_id=author_id,
        summary=summary,
        fields=dict(fields),
        source=HERE,
        external_id=before.external_id,
        fingerprint=fingerprint,
        happened_at=before.happened_at,
        known_at=before.known_until,
    ).pk


def known_tickets(source: str, tickets: Sequence[str]) -> dict[str, datetime]:
    """Return those of the tickets that are loaded, each with when it was opened."""
    rows = Ticket.objects.filter(source=source, external_id__in=tickets, known_until__isnull=True)
    return dict(rows.values_list("external_id", "happened_at"))


def open_issue(account_id: int, values: Mapping[str, Any], *, now: datetime) -> str:
    """Write an escalated ticket that a person opens here, at this instant; return its event.

    The caller holds the account, so that no two are called alike.

    Args:
        account_id: the account.
        values: cause and severity as ``subject`` and ``priority``, ``kind``, and ``custom``.
        now: when it was opened, escalated and became known.
    """
    name = f"hand-{account_id}-"
    known = Ticket.objects.filter(source=HERE, external_id__startswith=name).values("external_id")
    name += str(known.distinct().count() + 1)
    _land_here(name, {**values, "account_id": account_id, "escalated_at": now}, happened_at=now, now=now)
    return f"{HERE}:{name}"


def solve_issue(issue: Issue, told: Mapping[str, Any], *, now: datetime) -> None:
    """Write down that an issue that a person opened here was resolved, as a later version of its ticket."""
    solved_at = max(now, issue.escalated_at)
    values = {"solved_at": solved_at, "custom": dict(told)}
    name = issue.event.removeprefix(f"{HERE}:")
    _land_here(name, values, happened_at=issue.escalated_at, now=now)


def _land_here(name: str, values: Mapping[str, Any], *, happened_at: datetime, now: datetime) -> None:
    said = json.dumps([name, values], sort_keys=True, default=str)
    digest = hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()
    fact = Fact(HERE, name, values, happened_at, now, now, digest)
    written = Written()
    land_records("ticket", [fact], now=now, written=written)
    written.flush(now)
