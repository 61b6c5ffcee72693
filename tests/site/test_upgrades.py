"""An older instance is brought up to date and loses nothing: from the first tables of each slice, with rows in all.

No version is released yet. Each release adds itself to ``RELEASED``: the last migration of every slice that it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from tests import databases

from evenbook.site.tables_at_once import make_tables

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
OURS = [each.label for each in apps.get_app_configs() if each.name.startswith("evenbook.")]
RELEASED: Mapping[str, Mapping[str, str]] = {}
"""Version to the last migration of each app."""

FITTING: Mapping[str, Mapping[str, Any]] = {
    "ServiceToken": {"expires_at": NOW + timedelta(days=1)},
    "Decision": {"account": None, "choice": ""},
    "Ownership": {"pool": None},
    "ReportTouch": {"words": ""},
    "Ruling": {"effective_on": date(2026, 3, 23)},
    "PolicyVersion": {"number": 1},
    "Trial": {"outcome": ""},
    "SignInAttempt": {"address": "127.0.0.1"},
}
"""What a constraint asks for beside the plainest values."""

MADE_UP = re.compile(r"^__unnamed|_[0-9a-f]{8}(_\w+)?$|_pkey$|_key$|_not_null$|_check$")

PLAIN: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.BinaryField, b"x"),
    (models.BooleanField, False),
    (models.DateTimeField, NOW),
    (models.DateField, date(2026, 3, 9)),
    (models.FloatField, 0.5),
    (models.IntegerField, 0),
    (models.EmailField, "ben@northwind.example"),
    (models.CharField, "x"),
    (models.TextField, "Röe"),
    (models.JSONField, {"a": [1, "Röe"]}),
)


def starts() -> Iterator[Any]:
    """Yield the migrations that an older instance stands at, by what it is called."""
    first = [key for key in MigrationLoader(None).graph.root_nodes() if key[0] in OURS]
    yield pytest.param(first, id="the first tables of each slice")
    for version, heads in RELEASED.items():
        yield pytest.param(list(heads.items()), id=version)


def value_of(field: models.Field[Any, Any], rows: Mapping[str, Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        return rows.get(field.related_model._meta.db_table)  # type: ignore[union-attr]
    if field.choices:
        return next(iter(field.choices))[0]
    if field.null or field.has_default():
        return None if field.null else field.get_default()
    return next(value for kind, value in PLAIN if isinstance(field, kind))


def fill(old: Any, name: str) -> dict[str, dict[str, Any]]:
    """Put one row into every table of ours, low ones first; return each row as it is then read."""
    rows: dict[str, Any] = {}
    waiting = [model for model in old.get_models() if model._meta.app_label in OURS]
    while waiting:
        model = waiting.pop(0)
        needs = {
            each.related_model._meta.db_table for each in model._meta.concrete_fields
            if each.related_model and each.related_model is not model and not each.null
        }  # fmt: skip
        if needs - set(rows):
            waiting.append(model)
            continue
        given = {
            each.name: value_of(each, rows) for each in model._meta.concrete_fields if not each.primary_key
        }
        made = model._default_manager.using(name).create(**given | FITTING.get(model.__name__, {}))
        rows[model._meta.db_table] = made
    return {table: read(type(row), name) for table, row in rows.items()}


def read(model: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = model._default_manager.using(name).values().get()
    return found


def layout(connection: Any) -> dict[str, Any]:
    """Return the columns and constraints of every table, whatever order the columns have.

    Names that Django makes up are left out: a table that was renamed keeps those of its first name.
    """
    look, found = connection.introspection, {}
    with connection.cursor() as cursor:
        for table in look.table_names(cursor):
            columns = {each.name: (each.type_code, each.display_size, each.null_ok, each.default)
                       for each in look.get_table_description(cursor, table)}  # fmt: skip
            rules = look.get_constraints(cursor, table).items()
            found[table] = (
                columns,
                sorted(repr(("" if MADE_UP.search(name) else name, rule)) for name, rule in rules),
            )
    return found


@pytest.fixture
def own_databases(django_db_blocker: Any) -> Iterator[None]:
    """Let the test use databases beside the suite's, of its kind."""
    with django_db_blocker.unblock():
        yield


@contextmanager
def new_database(alias: str, folder: Path) -> Iterator[Any]:
    folder.mkdir()
    with (
        databases.of_the_suites_kind(folder, alias) as settings,
        databases.opened(alias, settings) as connection,
    ):
        yield connection


@pytest.fixture
def older(own_databases: None, tmp_path: Path) -> Iterator[Any]:
    with new_database("older", tmp_path / "older") as connection:
        yield connection


@pytest.fixture
def fresh(own_databases: None, tmp_path: Path) -> Iterator[Any]:
    with new_database("fresh", tmp_path / "fresh") as connection:
        yield connection


@pytest.mark.parametrize("start", list(starts()))
def test_an_older_instance_is_brought_up_to_date_and_every_row_says_what_it_said(
    older: Any, fresh: Any, start: list[tuple[str, str]]
) -> None:
    """And it has the tables that a new instance begins with, which are not made step by step."""
    before = fill(MigrationExecutor(older).migrate(start).apps, "older")
    call_command("migrate", database="older", verbosity=0)

    now = {model._meta.db_table: model for model in apps.get_models()}
    assert len(before) > 30 and set(before) <= set(now)
    for table, row in before.items():
        after = read(now[table], "older")
        kept = [name for name in row if name in after]
        assert [after[name] for name in kept] == [row[name] for name in kept], table
    executor = MigrationExecutor(older)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []

    assert make_tables(fresh) and not make_tables(older)
    assert layout(fresh) == layout(older)
    assert (
        MigrationExecutor(fresh).loader.applied_migrations.keys() == executor.loader.applied_migrations.keys()
    )
