"""What the doctor looks at in the instance itself: its folder, its database, its settings."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from evenbook.book.queries import how_many_accounts
from evenbook.kit.findings import Check, Finding, counted, listed
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import history
from evenbook.runs.queries import latest_week
from evenbook.site import registry
from evenbook.site.copying.ledger import last_backup
from evenbook.site.copying.moving import moved_from
from evenbook.site.variables import VARIABLES, unknown

LEAST_FREE = 256 * 1024 * 1024
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16
LARGEST_WAL = 256 * 1024 * 1024
OLDEST_POSTGRESQL = 14
FULL = 0.8
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
HOLDS_UP = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and (
  (state like 'idle in transaction%' and now() - state_change > interval '10 minutes')
  or (state = 'active' and wait_event_type = 'Lock' and now() - query_start > interval '1 minute'))
"""
AHEAD = timedelta(minutes=5)
"""A clock may be so much slower than the one that wrote the last row."""


def home_writable(now: datetime) -> Finding | None:
    """Find a folder in which frames can't be cached."""
    home = Path(settings.EVENBOOK_HOME)
    folder = home / "cache" if (home / "cache").is_dir() else home
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return Finding(
            f"Nothing can be written to {folder}: {error.strerror or error}.",
            "Give the user that runs Evenbook the right to write there.",
        )


def disk_free(now: datetime) -> Finding | None:
    """Find a disk that holds less than the database once more."""
    home = Path(settings.EVENBOOK_HOME)
    free = shutil.disk_usage(home).free
    wanted = max(LEAST_FREE, 2 * sum(file.stat().st_size for file in home.glob("evenbook.sqlite3*")))
    if free >= wanted:
        return None
    return Finding(
        f"The disk has {_megabytes(free)} free; an import or a weekly run may need {_megabytes(wanted)}.",
        "Make room, or move the instance: EVENBOOK_HOME names its folder.",
    )


def secret_private(now: datetime) -> Finding | None:
    """Find a secret that others can read, or that can be guessed."""
    given = os.environ.get("EVENBOOK_SECRET_KEY")
    if given:
        if len(given) >= SHORTEST_SECRET:
            return None
        return Finding(
            f"EVENBOOK_SECRET_KEY has {len(given)} characters: sessions could be forged.",
            f"Set at least {SHORTEST_SECRET} random characters; everybody then signs in anew.",
        )
    file = Path(settings.EVENBOOK_HOME) / "secret"
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("Others on this machine can read the instance's secret.", f"Run: chmod 600 {file}")
    return None


def variables_known(now: datetime) -> Finding | None:
    """Find variables that mean nothing, with the name that was probably meant."""
    strange = unknown(os.environ)
    if not strange:
        return None
    known = [each.name for each in VARIABLES]
    meant = [(name, *get_close_matches(name, known, n=1)) for name in strange]
    advice = [f"{pair[0]} is probably {pair[1]}" for pair in meant if len(pair) > 1]
    return Finding(
        f"Set, but without a meaning: {listed(strange)}.",
        f"{'; '.join(advice) or 'See docs/reference/settings.md for those that exist'}.",
    )


def debug_off(now: datetime) -> Finding | None:
    """Find an instance that shows its failures to the browser."""
    if not settings.DEBUG:
        return None
    return Finding(
        "EVENBOOK_DEBUG is 1: a failure shows code and settings in the browser.",
        "Unset it, unless you develop.",
    )


def home_private(now: datetime) -> Finding | None:
    """Find a folder that others on the machine can look into: it holds customers."""
    home = Path(settings.EVENBOOK_HOME)
    if not home.exists() or not stat.S_IMODE(home.stat().st_mode) & 0o077:
        return None
    return Finding(f"Others on this machine can look into {home}.", f"Run: chmod 700 {home}")


def hosts_named(now: datetime) -> Finding | None:
    """Find an instance that answers under any host name, which lets links in mails be forged."""
    if not any(host.strip() in {"*", "."} for host in settings.ALLOWED_HOSTS):
        return None
    return Finding(
        "EVENBOOK_HOSTS is open: pages are served under any name that a stranger sends.",
        "Set it to the names that people use, separated by commas.",
    )


def https_on(now: datetime) -> Finding | None:
    """Find an instance that others reach, with passwords and cookies that travel readably."""
    others = [
        host for host in os.environ.get("EVENBOOK_HOSTS", "").split(",") if host and host not in LOOPBACK
    ]
    if not others or os.environ.get("EVENBOOK_HTTPS") == "1":
        return None
    return Finding(
        f"Pages are served to others ({listed(others)}) without HTTPS.",
        "Put a proxy with HTTPS in front, then set EVENBOOK_HTTPS=1.",
    )


def metrics_guarded(now: datetime) -> Finding | None:
    """Find a token of the metrics that can be guessed."""
    token = os.environ.get("EVENBOOK_METRICS_TOKEN", "")
    if not token or len(token) >= SHORTEST_TOKEN:
        return None
    return Finding(
        f"EVENBOOK_METRICS_TOKEN has {len(token)} characters: it can be guessed.",
        f"Set at least {SHORTEST_TOKEN} random characters.",
    )


def packages_installed(now: datetime) -> Finding | None:
    """Find packages that Evenbook needs and that are not there."""
    try:
        asked = metadata.requires("evenbook") or []
    except metadata.PackageNotFoundError:
        return None
    missing = [name for name in _names(asked) if not _installed(name)]
    if not missing:
        return None
    return Finding(f"Not installed: {listed(missing)}.", "Run `make setup`, or install Evenbook again.")


def package_whole(now: datetime) -> Finding | None:
    """Find rules, pages or styles that were left out when Evenbook was packed."""
    missing = []
    try:
        registry.steps()
    except (OSError, ImportError) as error:
        missing.append(f"a rule ({error})")
    if finders.find("screens/evenbook.css") is None:
        missing.append("the style sheet")
    try:
        get_template("people/sign_in.html")
    except TemplateDoesNotExist:
        missing.append("the sign-in page")
    if not missing:
        return None
    return Finding(f"Parts of the program are missing: {listed(missing)}.", "Install Evenbook again.")


def database_reachable(now: datetime) -> Finding | None:
    """Find a database that does not answer, or that is not there yet."""
    name = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite" and not Path(name).exists():
        return Finding(
            f"There is no instance in {settings.EVENBOOK_HOME} yet.",
            "`evenbook demo` makes a sample, `evenbook import PATH` begins with your data.",
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError as error:
        return Finding(
            f"The database does not answer: {' '.join(str(error).split())}.",
            "Check EVENBOOK_DATABASE_URL and that the server runs."
            if connection.vendor == "postgresql"
            else f"Check that {name} is a database of Evenbook and may be read.",
        )
    return None


def database_version(now: datetime) -> Finding | None:
    """Find a database that was made by an older or a newer Evenbook."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Finding(
            "The database is older than the program.",
            "Back it up, then run any command that works on it: `evenbook user list` brings it up to date.",
        )
    ours = {app for app, _ in executor.loader.disk_migrations}
    applied = set(executor.loader.applied_migrations)
    strange = sorted(
        f"{app} {name}" for app, name in applied - set(executor.loader.disk_migrations) if app in ours
    )
    if not strange:
        return None
    return Finding(
        f"The database was written by a newer Evenbook: {listed(strange)}.",
        "Install that version again; an older one may spoil what it does not know.",
    )


def database_writable(now: datetime) -> Finding | None:
    """Find a database that can only be read."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update django_migrations set app = app where 1 = 0")
    except DatabaseError as error:
        return Finding(
            f"Nothing can be written to the database: {' '.join(str(error).split())}.",
            "Give the user that runs Evenbook the right to write; if it is locked, look for what holds it.",
        )
    return None


def database_wal(now: datetime) -> Finding | None:
    """Find an SQLite file whose readers wait for its writers."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("pragma journal_mode")
        mode = str(cursor.fetchone()[0])
    if mode == "wal":
        return None
    return Finding(
        f"The database keeps a '{mode}' journal, not 'wal': pages wait while an import writes.",
        "Put the instance on a local disk; network drives do not carry WAL.",
    )


def database_supported(now: datetime) -> Finding | None:
    """Find a database of a release or an encoding that Evenbook is not tested on."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version_num')::int, current_setting('server_encoding')"
        )
        number, encoding = cursor.fetchone()
    if number < OLDEST_POSTGRESQL * 10_000:
        return Finding(
            f"The server is PostgreSQL {number // 10_000}; Evenbook needs {OLDEST_POSTGRESQL} or later.",
            "Upgrade the server, or move to another: evenbook move-database --to URL",
        )
    if encoding != "UTF8":
        return Finding(
            f"The database is encoded in {encoding}: names in other letters can't be kept.",
            "Make one with `createdb --encoding=UTF8`, then: evenbook move-database --to URL",
        )
    return None


def database_wal_size(now: datetime) -> Finding | None:
    """Find an SQLite journal that grows because somebody reads without an end."""
    journal = Path(f"{settings.DATABASES['default']['NAME']}-wal")
    if connection.vendor != "sqlite" or not journal.exists() or journal.stat().st_size <= LARGEST_WAL:
        return None
    return Finding(
        f"The database's journal has grown to {_megabytes(journal.stat().st_size)}.",
        "Something reads for hours, or was stopped hard: restart `evenbook serve` and the worker.",
    )


def database_locks(now: datetime) -> Finding | None:
    """Find sessions of the server that hold others up."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(HOLDS_UP)
        number = int(cursor.fetchone()[0])
    if not number:
        return None
    return Finding(
        f"{counted(number, 'session of the database holds', 'sessions of the database hold')} others up "
        "or have done nothing within a transaction for ten minutes.",
        "See pg_stat_activity; end them with pg_terminate_backend(pid), or restart what opened them.",
    )


def database_connections(now: datetime) -> Finding | None:
    """Find a server that has nearly no connection left."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("select count(*), current_setting('max_connections')::int from pg_stat_activity")
        used, most = cursor.fetchone()
    if used < most * FULL:
        return None
    return Finding(
        f"{used} of the database server's {most} connections are in use.",
        "Raise max_connections, serve with fewer --workers, or find who else keeps connections open.",
    )


def database_moved(now: datetime) -> Finding | None:
    """Find an instance that is opened where it was moved away from."""
    if moved_from(Path(settings.EVENBOOK_HOME)) != settings.DATABASES["default"]["ENGINE"]:
        return None
    return Finding(
        "This instance was moved to another database, and this is the old one.",
        "Set or unset EVENBOOK_DATABASE_URL as `evenbook move-database` said; if this is meant, delete "
        f"{Path(settings.EVENBOOK_HOME) / 'moved.json'}.",
    )


def backup_recent(now: datetime) -> Finding | None:
    """Find an instance with customers whose last backup is too old; a demo needs none."""
    days = _days_given(os.environ.get("EVENBOOK_BACKUP_DAYS", "7"))
    if not days or settings.EVENBOOK_DEMO or not how_many_accounts(SYSTEM):
        return None
    last = last_backup(Path(settings.EVENBOOK_HOME))
    if last is not None and now - last.made_at <= timedelta(days=days):
        return None
    when = "No backup was ever made" if last is None else f"The last backup is of {last.made_at:%Y-%m-%d}"
    return Finding(
        f"{when}.",
        "Run: evenbook backup, and have a scheduler run it; EVENBOOK_BACKUP_DAYS=0 where others make them.",
    )


def clock_sane(now: datetime) -> Finding | None:
    """Find a clock that stands before what was already written."""
    run = latest_week(SYSTEM)
    written = [version.adopted_at for version in history(SYSTEM)[:1]] + ([run.ended_at] if run else [])
    last = max(written, default=now)
    if now >= last - AHEAD:
        return None
    return Finding(
        f"The clock says {now:%Y-%m-%d %H:%M} UTC, but something was written at {last:%Y-%m-%d %H:%M} UTC.",
        "Set the machine's clock: what is written now would seem to have been known before.",
    )


OF_THE_MACHINE = (
    Check("home-writable", "The cache can be written.", home_writable),
    Check("disk-free", "The disk has room.", disk_free),
    Check("secret-private", "The secret is private.", secret_private),
    Check("variables-known", "Every EVENBOOK_ variable means something.", variables_known),
    Check("debug-off", "Failures are not shown to the browser.", debug_off),
    Check("home-private", "The folder is private.", home_private),
    Check("hosts-named", "Pages are served under names that were chosen.", hosts_named),
    Check("https-on", "Nobody's password travels readably.", https_on),
    Check("metrics-guarded", "The token of the metrics can't be guessed.", metrics_guarded),
    Check("packages-installed", "Every package is installed.", packages_installed),
    Check("package-whole", "Rules, pages and styles are all there.", package_whole),
)
OF_THE_DATABASE = (
    Check("database-reachable", "The database answers.", database_reachable),
    Check("database-version", "The database fits the program.", database_version),
    Check("database-writable", "The database can be written.", database_writable),
    Check("database-wal", "Readers do not wait for writers.", database_wal),
    Check("database-wal-size", "The database's journal is small.", database_wal_size),
    Check(
        "database-supported", "The database is of a release and an encoding that serve.", database_supported
    ),
    Check("database-locks", "Nobody holds the database up.", database_locks),
    Check("database-connections", "The database has connections left.", database_connections),
    Check("database-moved", "The instance is where it was moved to.", database_moved),
)
"""In this order: without the first two, no other look at the database makes sense."""

CHECKS = (
    Check("clock-sane", "The clock is not behind what was written.", clock_sane),
    Check("backup-recent", "A backup is recent, or none is needed.", backup_recent),
)


def _names(asked: list[str]) -> Iterator[str]:
    for each in asked:
        found = re.match(r"[\w.-]+", each)
        if found and "extra ==" not in each:
            yield found[0]


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _days_given(text: str) -> int:
    return int(text) if text.strip().isdigit() else 7


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"
