"""What every test stands on: a throwaway instance, one database or the other, no network.

The suite runs on SQLite; with ``EVENBOOK_TEST_DATABASE=postgresql`` the tests that use the
database run on a PostgreSQL that is started here and stopped at the end. Settings are read
once, so both are chosen before Django loads them.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import chromium
import no_network
import ready

ROOT = Path(__file__).resolve().parent.parent
ON_POSTGRESQL = os.environ.get("EVENBOOK_TEST_DATABASE", "sqlite") == "postgresql"
PROOFS = os.environ.get("EVENBOOK_PROOFS") == "1"
"""Whether long proofs are gone through whole, and on both databases: ``make proofs``."""

LONGEST = (
    "api/test_fuzz.py",
    "pages/test_axe.py",
    "site/test_commands.py",
    "pages/test_matrix.py",
    "sources/test_import_real_sets.py",
    "site/test_weekly.py",
    "site/test_hostile.py",
    "pages/test_every_form.py",
    "pages/test_browser.py",
    "pages/test_figures.py",
    "briefings/test_browser.py",
    "site/test_calibrate_command.py",
    "site/test_replay_command.py",
    "reviews/test_browser.py",
    "sources/test_import_any_order.py",
    "pages/test_loops_browser.py",
    "site/test_demo.py",
    "site/test_as_of.py",
    "closures/test_replay_coverage.py",
    "site/test_every_address.py",
    "site/test_copies.py",
    "site/test_exit_codes.py",
    "closures/test_deriving.py",
    "closures/test_correcting.py",
    "closures/test_escalating_weeks.py",
    "closures/test_closing_at_once.py",
    "closures/test_replay.py",
    "sources/test_web_browser.py",
    "tiers/test_moves.py",
    "pages/test_lists.py",
    "site/test_any_day.py",
    "site/test_look.py",
    "site/test_registry.py",
    "site/test_work.py",
    "balance/test_proposing.py",
    "throughput/test_ahead.py",
    "frames/test_locks.py",
    "reviews/test_links.py",
    "measures/test_retention.py",
    "hotsheet/test_replay.py",
    "capacity/test_calibration.py",
    "capacity/test_calibration_hours.py",
    "balance/test_structures.py",
    "site/test_database.py",
    "site/test_escalating_command.py",
    "site/test_bench_week.py",
    "site/test_bench_pages.py",
    "policy/test_web.py",
    "signals/test_usage.py",
    "runs/test_crash.py",
    "reviews/test_at_once.py",
    "site/test_reviews_command.py",
    "engine/test_detection.py",
    "documents/test_pdf.py",
)
"""Files that take ten seconds of a processor or more, the longest first."""

FILLED_BY_MIGRATIONS = {"django_content_type", "auth_permission"}
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "own_databases"}

browser, open_page = chromium.browser, chromium.open_page


def pytest_configure(config: pytest.Config) -> None:
    """Make the instance, start the database, close the network, then load Django."""
    home = Path(tempfile.mkdtemp(prefix="evenbook-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    (home / "static").mkdir()
    os.environ["EVENBOOK_HOME"] = str(home)
    os.environ["EVENBOOK_SECRET_KEY"] = "only-for-tests"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the test
    os.environ.pop("EVENBOOK_DATABASE_URL", None)
    no_network.close()
    gc.disable()  # until all is collected: what a collection makes stays until the end
    if _only_directs(config):
        return  # settings named here would be read by its workers before they choose a database
    if ON_POSTGRESQL:
        server = ready.postgresql(home / "postgresql")
        config.add_cleanup(server.stop)
        os.environ["EVENBOOK_DATABASE_URL"] = server.url
    _load_django()


def _only_directs(config: pytest.Config) -> bool:
    """Return whether this process hands its tests to others (`-n 2`) and runs none itself."""
    return bool(getattr(config.option, "numprocesses", None)) and not hasattr(config, "workerinput")


def _load_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # else each test's client goes through all static files first
    django.setup()
    _let_tests_empty_the_database()
    wanted = "postgresql" if ON_POSTGRESQL else "sqlite3"
    if not settings.DATABASES["default"]["ENGINE"].endswith(wanted):
        raise pytest.UsageError(
            "Settings were read before the tests chose a database: unset DJANGO_SETTINGS_MODULE."
        )


def _let_tests_empty_the_database() -> None:
    """Let Django empty the tables after a test quickly, and those of the audit trail at all.

    To truncate eighty tables that hold next to nothing takes PostgreSQL longer than to delete their rows,
    and what the migrations fill is not emptied, for to fill it anew takes longest.
    """
    from django.core.management.commands import flush
    from django.db.backends.base.operations import BaseDatabaseOperations

    from evenbook.people.append_only import guards, openings

    run, table = BaseDatabaseOperations.execute_sql_flush, "people_auditentry"

    def empty(operations: Any, statements: list[str]) -> None:
        vendor = operations.connection.vendor
        if vendor == "postgresql":  # in any order, whatever points at what
            names = re.findall(r'"(\w+)"', " ".join(statements))
            role = "session_replication_role"
            statements = [
                f"set {role} = replica",
                *(f'delete from "{name}"' for name in names),
                f"reset {role}",
            ]
        kept = [each for each in statements if not any(f'"{name}"' in each for name in FILLED_BY_MIGRATIONS)]
        run(operations, [*openings(table, vendor), *kept, *guards(table, vendor)])

    BaseDatabaseOperations.execute_sql_flush = empty  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = lambda *_, **__: None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark browser tests; leave out the slow ones; on PostgreSQL keep those that use the database."""
    kept, left = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker("browser")
        (kept if _wanted(config, item, fixtures) else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=_longest_first)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let tests be told apart by name, and spare the garbage collector what was collected."""
    twice = [name for name, times in Counter(item.nodeid for item in session.items).items() if times > 1]
    if twice:
        raise pytest.UsageError(f"Of tests with the same name one alone would run: {', '.join(twice)}.")
    gc.freeze()
    gc.set_threshold(
        20_000, 20, 20
    )  # what tests leave behind is little: a tenth of their time was looking for it
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let what was set aside go: at the end of the process its owners count what was not."""
    gc.unfreeze()


def _longest_first(item: pytest.Item) -> int:
    """Return the place of a test's file: the longest go first, so that no worker ends on one alone."""
    name = f"{item.path.parent.name}/{item.path.name}"
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def _wanted(config: pytest.Config, item: pytest.Item, fixtures: set[str]) -> bool:
    once = ON_POSTGRESQL and item.get_closest_marker("one_database") is not None
    if PROOFS:
        return once or item.get_closest_marker("proof") is not None
    if once and not _named(config, item):
        return False
    if item.get_closest_marker("slow") and not config.option.markexpr and not _named(config, item):
        return False
    if not ON_POSTGRESQL:
        return True
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


def _named(config: pytest.Config, item: pytest.Item) -> bool:
    """Return whether the command line names the test's own file."""
    return any(item.path.name in given for given in config.args)


def pytest_runtest_logreport(report: Any) -> None:
    """Write down at once what failed: a long run says it only at its end."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        with _note("failed").open("a", encoding="utf-8") as kept:
            kept.write(f"{report.nodeid} ({report.when})\n")


def _note(name: str) -> Path:
    folder = ROOT / ".pytest_cache"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}-{'postgresql' if ON_POSTGRESQL else 'sqlite'}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how the browser tests fared, also in a note for the last line of ``make test``."""
    stats = terminalreporter.stats
    ran, skipped = 0, 0
    for outcome in ("passed", "failed", "skipped"):
        reports = [each for each in stats.get(outcome, []) if "browser" in getattr(each, "keywords", {})]
        if outcome == "skipped":
            skipped = len(reports)
        else:
            ran += len(reports)
    if ran or skipped:
        why = f" ({chromium.MISSING})" if skipped else ""
        note = f"browser tests: {ran} ran, {skipped} skipped{why}"
        terminalreporter.write_line(note)
        _note("browser").write_text(note, encoding="utf-8")


@pytest.fixture(scope="session")
def whole() -> bool:
    """Return whether a test marked ``proof`` goes through all that it can: else through a part of every kind."""
    return PROOFS


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let Django take the database that is there: one with all tables, for to make them anew takes seconds."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Put a database with all tables where Django makes that of the tests."""
    from django.db import connections

    with django_db_blocker.unblock():
        connection = connections["default"]
        name = connection.creation._get_test_db_name()
        if ON_POSTGRESQL:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'create database "{name}" template {ready.TEMPLATE}')
        else:
            ready.sqlite(Path(name))


@pytest.fixture
def golden() -> Iterator[Callable[[str, str], None]]:
    """Compare a text with a file under ``tests/golden``; ``make golden`` writes it instead."""

    def same(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if os.environ.get("EVENBOOK_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        assert path.exists(), f"{path.relative_to(ROOT)} is missing: make golden"
        assert text == path.read_text(encoding="utf-8"), f"{name} differs: make golden shows the difference"

    yield same
