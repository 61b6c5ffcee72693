"""Of which version a database or a backup is: the migrations that made it, and the tables they made."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps.registry import Apps
from django.db.migrations.loader import MigrationLoader

from evenbook.site.copying.columns import Table, tables_of

Migrations = dict[str, list[str]]
"""The names of applied migrations, by app."""


def unknown_in(migrations: Migrations) -> list[str]:
    """Return the migrations that this program does not have: those of a later one."""
    known = set(MigrationLoader(None).disk_migrations)
    return [f"{app}.{name}" for app, name in _keys(migrations) if (app, name) not in known]


def heads_of(migrations: Migrations) -> list[tuple[str, str]]:
    """Return the last of the migrations, from which all others follow."""
    loader = MigrationLoader(None)
    there = {key for key in _keys(migrations) if key in loader.graph.node_map}
    followed = {
        key for key in there if any(child.key in there for child in loader.graph.node_map[key].children)
    }
    return sorted(there - followed)


def tables_at(migrations: Migrations) -> tuple[Table, ...]:
    """Return the tables that a set of migrations makes."""
    apps: Apps = MigrationLoader(None).project_state(heads_of(migrations)).apps
    return tables_of(apps)


def _keys(migrations: Migrations) -> Iterable[tuple[str, str]]:
    return [(app, name) for app, names in sorted(migrations.items()) for name in names]
