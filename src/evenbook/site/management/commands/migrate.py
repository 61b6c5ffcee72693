"""Django's command, which first makes the tables of an empty database at once."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from evenbook.site.tables_at_once import make_tables


class Command(migrate.Command):
    """Bring a database up to date; a new one need not live through the history of its tables."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all tables where there is none and no step is named, then go on as Django does."""
        if not options["app_label"] and not options["plan"] and not options["check_unapplied"]:
            make_tables(connections[options["database"]])
        super().handle(*args, **options)
