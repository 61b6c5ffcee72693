"""Who acts on the command line, and on which instance.

``--as MAIL`` names a person. Without it a command only reads, except that on a new instance (nobody
can sign in yet) and on the demo the operating-system user is operations.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection

from evenbook.kit.errors import EvenbookError
from evenbook.people.queries import has_users, viewer_by_mail
from evenbook.people.viewer import COMMAND, Viewer
from evenbook.site.database import alone

READER = Viewer(user_id=None, mail="", name="command line", role="reader", surface=COMMAND)


class NobodyActs(EvenbookError):
    """A command that writes was called without saying who acts."""

    kind = "nobody-acts"
    status = 403


class NoInstance(EvenbookError):
    """A command that looks was called where nothing is: probably in another folder than was meant."""

    kind = "no-instance"
    status = 404


@dataclass
class Acting:
    """The person, the instant and the instance that commands get; ``makes`` lets them make a new one."""

    mail: str
    now: datetime
    makes: bool = True

    @property
    def home(self) -> Path:
        """The folder of the instance."""
        return Path(settings.EVENBOOK_HOME)

    @cached_property
    def viewer(self) -> Viewer:
        """The person who acts; a reader when nobody was named on an instance that has users.

        Raises:
            NobodyActs: no user has the mail address given.
        """
        if self.mail:
            found = viewer_by_mail(self.mail, surface=COMMAND)
            if found is None:
                raise NobodyActs(
                    f"Nobody here has the address {self.mail}.",
                    fix="Check the address, or add the person with `evenbook user add`.",
                )
            return found
        if settings.EVENBOOK_DEMO or not has_users():
            return Viewer(user_id=None, mail="", name=_os_user(), role="operations", surface=COMMAND)
        return READER

    def writer(self) -> Viewer:
        """Return the person who acts, for a command that writes.

        Raises:
            NobodyActs: nobody was named, or the person may only read.
        """
        if not self.viewer.may_write:
            raise NobodyActs(
                "This command writes, and nobody who may write was named.",
                fix="Say who acts: `--as MAIL`, with the address of somebody who may.",
            )
        return self.viewer

    def ready(self) -> None:
        """Bring the instance's database up to date, making it if it is new.

        Raises:
            NoInstance: it is new, and the command only looks.
        """
        if not self.makes:
            self.there()
        from evenbook.policy.actions import ensure_first

        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(connection, home=self.home):
            if _is_behind():
                call_command("migrate", verbosity=0, interactive=False)
            ensure_first(self.now)

    def there(self) -> None:
        """Make sure that there is an instance; bring nothing up to date.

        Raises:
            NoInstance: there is none.
        """
        if not _is_there():
            raise NoInstance(
                f"There is no instance in {self.home}.",
                fix="Set EVENBOOK_HOME to its folder, or begin one: `evenbook demo` or `evenbook import`.",
            )


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operating-system user"


def _is_there() -> bool:
    from django.db.migrations.recorder import MigrationRecorder

    if connection.vendor == "sqlite" and not _file_of(connection.settings_dict["NAME"]):
        return False
    return MigrationRecorder(connection).has_table()


def _file_of(name: object) -> bool:
    """Return whether there is a database of this name; one that is held in memory always is."""
    return str(name).startswith((":memory:", "file:")) or Path(str(name)).exists()


def _is_behind() -> bool:
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except (OperationalError, ProgrammingError):
        return True
