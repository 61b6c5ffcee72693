"""The rows of an instance's database as the plain dictionaries that the reference takes.

Plain SQL through Django's connection, the same on SQLite and on PostgreSQL. What was merged stands
under the account that it was merged into.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.db import connection
from tests.closures.known import Row, World

from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import history, latest, version
from evenbook.policy.schema import Policy

YEARS = range(2015, 2036)
"""Whose public holidays are read; all calendars know them."""

SECTIONS = ("closures", "records", "book", "capacity")
"""The sections of the policy that loops depend on."""

DATED = ("happened_at", "known_at")
VERSIONED = (*DATED, "known_until", "source", "external_id")
FLAGS = ("customer_present", "carries_answer")
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "account_values": ("book_accountvalue", (*DATED, "name", "value")),
    "ownerships": ("book_ownership", (*DATED, "role", "person_id", "pool_id")),
    "movements": ("book_revenuemovement", (*DATED, "change_cents")),
    "interactions": ("records_interaction", (*VERSIONED, "kind", "status", "minutes", *FLAGS)),
    "tickets": ("records_ticket", (*VERSIONED, "kind", "priority", "escalated_at")),
    "contracts": (
        "book_contract",
        (*VERSIONED, "starts_on", "renews_on", "ends_on", "renewed_at", "lost_at"),
    ),
    "artifacts": ("records_artifact", (*VERSIONED, "kind")),
    "usage": ("records_usageweek", ("source", "measure", "week_on", "value", "known_at")),
}
"""The tables of rows that belong to an account, each with the columns that loops depend on."""


def world_from_database(run_days: Iterable[date] = (), **more: Any) -> World:
    """Return all that the database holds.

    Args:
        run_days: the days that are worked out; churn is seen at the end of one.
        more: fields of ``World`` that the database doesn't tell, such as ``assumed_tiers``.
    """
    newest = latest().policy
    zone = _section(newest, "organization")["time_zone"]
    world = World(
        zone=zone,
        policies=_policies(),
        loaded_on=_loaded_on(zone),
        accounts=_accounts(),
        people=_rows("book_person", ("id", "region", "left_on")),
        leaves=[
            {**row, "person": row["person_id"]}
            for row in _rows("book_leave", ("person_id", "first_on", "last_on", "known_at"))
        ],
        roles=[
            {**row, "person": row["person_id"]}
            for row in _rows("book_personrole", ("id", "person_id", "role", "first_on", "known_at"))
        ],
        feeds=_watched("records_feedweek", ("source", "measure", "week_on", "share", "known_at"), newest),
        holidays=_holidays(newest),
        run_days=list(run_days),
    )
    tables: dict[str, Any] = {name: _of_accounts(*asked) for name, asked in TABLES.items()}
    watched = _section(newest, "records")["usage_measure"]
    tables["usage"] = [row for row in tables["usage"] if row["measure"] == watched]
    return replace(world, **tables, **more)


def _policies() -> list[tuple[datetime, Row]]:
    """Return the versions, oldest first; an instance that never had one goes by the defaults."""
    found = [
        (each.adopted_at, version(SYSTEM, each.number).policy) for each in reversed(history(SYSTEM))
    ] or [(datetime(1970, 1, 1, tzinfo=UTC), latest().policy)]
    return [(at, {name: _section(policy, name) for name in SECTIONS}) for at, policy in found]


def _section(policy: Policy, name: str) -> Row:
    return next(each for each in policy.sections if each.name == name).model_dump()


def _watched(table: str, columns: tuple[str, ...], policy: Policy) -> list[Row]:
    measure = _section(policy, "records")["usage_measure"]
    return [row for row in _rows(table, columns) if row["measure"] == measure]


def _holidays(policy: Policy) -> dict[str, set[date]]:
    """Return the public holidays by region; a country that the library does not know has none."""
    found: dict[str, set[date]] = {}
    for row in _section(policy, "book")["holiday_regions"]:
        try:
            days = holidays.country_holidays(row["country"], subdiv=row["subdivision"] or None, years=YEARS)
        except NotImplementedError:
            continue
        found[row["region"]] = set(days)
    return found


def _loaded_on(zone: str) -> date | None:
    written = [row["written_at"] for row in _rows("frames_write", ("written_at",))]
    return min(written).astimezone(ZoneInfo(zone)).date() if written else None


def _accounts() -> list[Row]:
    rows = _rows("book_account", ("id", "key", "started_at", "known_at", "merged_into_id"))
    return [row for row in rows if row["merged_into_id"] is None]


def _of_accounts(table: str, columns: tuple[str, ...]) -> list[Row]:
    """Return rows under the account that theirs was merged into."""
    heirs = {row["id"]: row["merged_into_id"] for row in _rows("book_account", ("id", "merged_into_id"))}
    linked = ("closes",) if table == "records_artifact" and "closes" in _columns(table) else ()
    found = []
    for row in _rows(table, ("id", "account_id", *columns, *linked)):
        plain = {name.removesuffix("_id") if name != "external_id" else name: row[name] for name in row}
        found.append({**plain, "account": heirs[row["account_id"]] or row["account_id"]})
    return found


def _columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def _rows(table: str, columns: tuple[str, ...]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)} from {table}")
        return [
            {name: _plain(name, value) for name, value in zip(columns, row, strict=True)}
            for row in cursor.fetchall()
        ]


def _plain(name: str, value: Any) -> Any:
    """Return a value in its Python type: SQLite holds instants without a zone, and flags as numbers."""
    if name in FLAGS:
        return bool(value)
    if name.endswith(("_at", "_until")) and value is not None:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if name.endswith("_on") and isinstance(value, str):
        return date.fromisoformat(value)
    return value
