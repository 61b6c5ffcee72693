"""What is counted for Prometheus: requests, faults of the database, how old the last week is.

Labels are names of routes, methods and statuses, so their number is bounded and none tells of anybody.
Several server processes count into files of one folder, which ``serve`` names and cleans before any of
them starts; elsewhere a process counts for itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, InterfaceError
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client import multiprocess as several
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from evenbook import __version__
from evenbook.book.queries import how_many_accounts
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries.pieces import Standing, standing
from evenbook.runs.queries.weeks import latest_week
from evenbook.site.copying.ledger import last_backup
from evenbook.site.several import FOLDER

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

_of_this_process = CollectorRegistry()
REQUESTS = Counter(
    "evenbook_requests", "Requests answered.", ("route", "method", "status"), registry=_of_this_process
)
SECONDS = Histogram(
    "evenbook_request_seconds",
    "How long answers took.",
    ("route",),
    buckets=BUCKETS,
    registry=_of_this_process,
)
DATABASE_ERRORS = Counter(
    "evenbook_database_errors", "Requests that the database failed.", registry=_of_this_process
)


def forget_process(number: int) -> None:
    """Take away what a process that has ended alone stood for; what it counted stays."""
    if os.environ.get(FOLDER):
        several.mark_process_dead(number)  # type: ignore[no-untyped-call]


def count_request(route: str, *, method: str, status: int, seconds: float) -> None:
    """Count an answered request under the name of its route."""
    REQUESTS.labels(route, method if method in METHODS else "OTHER", str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def page(home: Path, *, now: datetime) -> bytes:
    """Return all that is counted, of every process, in Prometheus' text format."""
    counted = _of_this_process
    if os.environ.get(FOLDER):
        counted = CollectorRegistry()
        several.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(_of_the_instance(home, now))


def _of_the_instance(home: Path, now: datetime) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Instance(home, now))
    return registry


class Instance(Collector):
    """What the database and the folder say at the moment they are asked."""

    def __init__(self, home: Path, now: datetime) -> None:
        self._home, self._now = home, now

    def describe(self) -> Iterator[Metric]:
        """Return nothing: registering asks the database nothing."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Return the gauges; those of a database that does not answer are left out."""
        about = GaugeMetricFamily("evenbook_build_info", "The version that runs.", labels=("version",))
        about.add_metric((__version__,), 1)
        yield about
        backup = last_backup(self._home)
        if backup is not None:
            yield _instant("evenbook_last_backup", "The last backup", backup.made_at.timestamp())
        yield from self._of_the_database()

    def _of_the_database(self) -> Iterator[Metric]:
        found: list[Metric] = []
        with suppress(DatabaseError, InterfaceError):
            accounts, run = how_many_accounts(SYSTEM), latest_week(SYSTEM)
            found.append(GaugeMetricFamily("evenbook_accounts", "Accounts that are known.", value=accounts))
            if run is not None:
                found.append(
                    _instant("evenbook_last_weekly_run", "The last weekly run", run.ended_at.timestamp())
                )
            found += _of_work(standing(SYSTEM, now=self._now))
        up = float(bool(found))
        yield GaugeMetricFamily("evenbook_database_up", "1 when the database answers, else 0.", value=up)
        yield from found


def _of_work(found: Standing) -> list[Metric]:
    """Return how durable work stands."""
    pieces = GaugeMetricFamily("evenbook_work", "Pieces of work, by how they stand.", labels=("state",))
    for state, number in (("waiting", found.waiting), ("running", found.running)):
        pieces.add_metric((state,), number)
    told: list[Metric] = [
        pieces,
        GaugeMetricFamily("evenbook_work_failed", "Pieces that failed in seven days.", value=found.failed),
        GaugeMetricFamily("evenbook_workers", "Workers that are there.", value=found.workers),
    ]
    if found.oldest_at is not None:
        since = found.oldest_at.timestamp()
        told.append(
            _instant("evenbook_work_waiting_since", "When the oldest waiting piece was asked for", since)
        )
    return told


def _instant(name: str, what: str, seconds: float) -> Metric:
    return GaugeMetricFamily(f"{name}_timestamp_seconds", f"{what}, in seconds since 1970.", value=seconds)
