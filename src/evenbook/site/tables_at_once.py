"""The tables of a new database, made at once as the migrations would leave them.

Migrations are for what is there already. Their history is also worked through on an empty database, a
model of a hundred rendered anew at each step, for which a fresh instance waited many seconds. A test holds
both ways to the same tables, on each database.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython


def make_tables(connection: BaseDatabaseWrapper) -> bool:
    """Make every table of an empty database, and note all migrations as applied.

    Returns:
        Whether it did; False where any table is there, which is left as it is.
    """
    if connection.introspection.table_names():
        return False
    executor = MigrationExecutor(connection)
    steps = [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    whole = executor.loader.project_state()
    with connection.schema_editor(atomic=True) as editor:
        for model in whole.apps.get_models():
            if model._meta.can_migrate(connection) and not model._meta.proxy:
                editor.create_model(model)
        for step in steps:
            for each in step.operations:
                if isinstance(each, RunPython):
                    each.database_forwards(step.app_label, editor, whole, whole)
        executor.recorder.ensure_schema()
        for step in steps:
            executor.recorder.record_applied(step.app_label, step.name)
    return True
