"""The one module that opens the engine of durable work (DBOS).

The engine remembers which steps of which run have ended, counts what is under way in each queue,
and gives what a lost worker held to one that is there. It keeps that in a store of its own: a file
beside the database, on PostgreSQL a schema. The store may be lost: what had not ended begins anew.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy
from dbos import DBOS, DBOSConfig, WorkflowStatus
from django.conf import settings
from django.db import connections

from evenbook.runs.declared import QUEUES
from evenbook.runs.models import Job

VERSION = "1"
"""Of how a run is cut into steps. It does not change with the program: an upgrade goes on with what
was begun before it. Only a change to the order of steps of one kind of work needs care, not this."""

SCHEMA = "evenbook_work"
STORE = "work.sqlite3"
WORKFLOW = "evenbook.run"
MOST_RESTARTS = 5
"""A run whose worker ends so often in its midst is what ends it."""

POLLING_SECONDS = 0.5
ENDED_BADLY = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
Perform = Callable[[int, int], None]


class Engine:
    """The running engine; one a process.

    Args:
        name: of this worker; another one never has the same.
        perform: does a run, given its number and attempt.
    """

    def __init__(self, name: str, *, perform: Perform) -> None:
        _leave_no_doors_open()
        store = _store()
        config: DBOSConfig = {
            "name": "evenbook",
            "system_database_engine": store,
            "run_migrations": store.dialect.name != "sqlite",  # a file's store is opened migrated
            "dbos_system_schema": SCHEMA,
            "application_version": VERSION,
            "executor_id": name,
            "log_level": "ERROR",
            "max_executor_threads": 16,
        }
        DBOS(config=config)
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_RESTARTS)(_closing(perform))
        DBOS.launch()
        for queue in QUEUES:
            DBOS.register_queue(
                queue.name,
                global_concurrency=queue.at_once,
                polling_interval_sec=POLLING_SECONDS,
                on_conflict="always_update",
            )

    def hand_over(self, job: Job) -> None:
        """Put a run into its queue; the same attempt again changes nothing."""
        DBOS.enqueue_workflow_with_options(
            {
                "queue_name": job.queue,
                "workflow_name": WORKFLOW,
                "workflow_id": mark_of(job),
                "app_version": VERSION,
            },
            job.pk,
            job.attempt,
        )

    def known(self, marks: Iterable[str]) -> dict[str, str]:
        """Return how the engine has those of the runs that it knows, by mark."""
        wanted = list(marks)
        found: list[WorkflowStatus] = DBOS.list_workflows(workflow_ids=wanted) if wanted else []
        return {each.workflow_id: str(each.status) for each in found}

    def holders(self) -> set[str]:
        """Return the workers that hold a run, by name."""
        held: list[WorkflowStatus] = DBOS.list_workflows(status="PENDING", load_input=False)
        return {each.executor_id for each in held if each.executor_id}

    def take_over(self, names: list[str]) -> None:
        """Let the runs that lost workers held be taken up again."""
        DBOS._recover_pending_workflows(names)

    def forget(self, marks: Iterable[str]) -> None:
        """Forget runs that ended long ago."""
        DBOS.delete_workflows(list(marks))

    def close(self, patience_seconds: int) -> None:
        """Begin nothing new, wait for what is under way at most so long, and close the store."""
        DBOS.destroy(workflow_completion_timeout_sec=patience_seconds)


def mark_of(job: Job) -> str:
    """Return the engine's name of an attempt: the same for the same, also after a backup is restored."""
    of = f"{job.key} {job.asked_at.isoformat()}"
    return f"{job.work}-{hashlib.sha256(of.encode()).hexdigest()[:24]}-{job.attempt}"


def remembered(title: str, does: Callable[[], Any]) -> Any:
    """Return what a step returned, and call it only if it has not returned yet."""
    return DBOS.run_step({"name": title}, _closing(does))


def _closing(does: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function so that it leaves no database connection behind in its thread."""

    def closed(*given: Any) -> Any:
        try:
            return does(*given)
        finally:
            connections.close_all()

    return closed


def _store() -> sqlalchemy.Engine:
    """Return where the engine keeps what it remembers."""
    given: dict[str, Any] = settings.DATABASES["default"]
    if not given["ENGINE"].endswith("postgresql"):
        return file_store(Path(settings.EVENBOOK_HOME) / STORE)
    at = {"host": given["HOST"], "port": str(given["PORT"])}
    url = sqlalchemy.URL.create(
        "postgresql+psycopg",
        username=given["USER"] or None,
        password=given["PASSWORD"] or None,
        database=given["NAME"],
        query={name: value for name, value in at.items() if value},
    )
    return sqlalchemy.create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True)


def file_store(path: Path) -> sqlalchemy.Engine:
    """Return a store whose transactions wait for each other from their first reading on.

    The driver alone begins one at its first writing: two workers could both read that nothing is
    under way in a queue, and both begin the next run of it.
    """
    with sqlite3.connect(path) as opened:
        opened.execute("pragma journal_mode=wal")
    opened.close()
    url = f"sqlite:///{path}"
    DBOS.migrate(url)
    store = sqlalchemy.create_engine(url)

    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("pragma busy_timeout=30000")
        connection.execute("pragma foreign_keys=on")

    def begin(connection: sqlalchemy.Connection) -> None:
        connection.exec_driver_sql("begin immediate")

    sqlalchemy.event.listen(store, "connect", prepare)
    sqlalchemy.event.listen(store, "begin", begin)
    return store


def _leave_no_doors_open() -> None:
    """See to it that nothing outside can steer the engine: it reads variables of its own otherwise."""
    for name in [name for name in os.environ if name.startswith("DBOS_")]:
        del os.environ[name]
