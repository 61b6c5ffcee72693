"""What a piece of work is given while it is done: steps that are remembered, progress, a log, a halt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any, TypeVar, cast

from django.db import DatabaseError, OperationalError, connection

from evenbook.kit.errors import EvenbookError
from evenbook.policy.queries import latest
from evenbook.policy.schema import Policy
from evenbook.runs import aside
from evenbook.runs.actions import add_line, begun, record_end, record_step
from evenbook.runs.aside import Progress
from evenbook.runs.declared import Declared, Stopped, Work
from evenbook.runs.models import Job
from evenbook.runs.numbers import RunsNumbers

Value = TypeVar("Value")
Remember = Callable[[str, Callable[[], Any]], Any]
LONGEST_PAUSE = 600.0
BROKE_OFF = "It broke off, and what it had not finished is undone."
LOOK = "Begin it anew; if it breaks off again, the log of the worker says where."
log = logging.getLogger(__name__)


class Unfinished(EvenbookError):
    """A step failed, and was tried as often as it may be."""

    kind = "run-unfinished"


class Watched:
    """The runs of this process that are under way: how far each is, and whether it should stop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: dict[int, Progress] = {}
        self._stops: dict[int, Event] = {}

    @property
    def is_busy(self) -> bool:
        """Whether any run is under way."""
        return bool(self._stops)

    def begin(self, job: int) -> Event:
        """Return what is set when the run should stop."""
        with self._lock:
            return self._stops.setdefault(job, Event())

    def end(self, job: int) -> None:
        """Write down how far a run came, and forget it."""
        with self._lock:
            self._stops.pop(job, None)
            last = self._told.pop(job, None)
        if last is not None:
            aside.tell(job, last)

    def tell(self, job: int, progress: Progress) -> None:
        """Take in how far a run is; it is written down from beside."""
        with self._lock:
            self._told[job] = progress

    def look(self) -> None:
        """Write down how far each run is, and find out which should stop."""
        with self._lock:
            told, self._told, under_way = self._told, {}, list(self._stops)
        for job, progress in told.items():
            aside.tell(job, progress)
        for job in aside.asked_to_stop(under_way):
            with self._lock:
                if job in self._stops:
                    self._stops[job].set()


class UnderWay:
    """One attempt at a run, as ``runs.declared.Doing`` describes it to the work.

    Args:
        job: its row.
        remember: calls a step, or returns what it returned before.
        watched: where progress goes.
        numbers: how often a step is tried.
    """

    def __init__(self, job: Job, *, remember: Remember, watched: Watched, numbers: RunsNumbers) -> None:
        self._job, self._attempt, self._by = int(job.pk), job.attempt, job.by
        self._began_at = job.started_at or job.asked_at
        self._remember, self._watched, self._numbers = remember, watched, numbers
        self._stop = watched.begin(self._job)
        self._steps = 0

    @property
    def by(self) -> str:
        """Who asked for the work."""
        return self._by

    @property
    def began_at(self) -> datetime:
        """When it was first taken up."""
        return self._began_at

    def step(self, title: str, does: Callable[[], Value]) -> Value:
        """Return what a step returns, now or in an earlier life of this run."""
        self._halt()
        self._steps += 1
        number = self._steps
        answer = self._remember(title, lambda: self._tried(number, title, does))
        if "value" not in answer:
            raise Unfinished(answer["what"], fix=answer["fix"])
        return cast(Value, answer["value"])

    def count(self, done: int, total: int | None = None, words: str = "") -> None:
        """Take in how far the work is; raise where it should stop."""
        self._watched.tell(self._job, Progress(done, total, words))
        self._halt()

    def say(self, words: str) -> None:
        """Write a line into the log; never in the middle of a transaction that may be undone."""
        add_line(self._job, words, now=datetime.now(UTC))

    def _halt(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _tried(self, number: int, title: str, does: Callable[[], Value]) -> dict[str, Any]:
        """Call a step until it returns, it is refused, or it was tried often enough."""
        record_step(self._job, self._attempt, number, title, now=datetime.now(UTC), ended=False)
        for tries in range(1, self._numbers.step_tries + 1):
            try:
                value = does()
            except EvenbookError as error:
                if not error.retry or tries == self._numbers.step_tries:
                    return {"what": error.what, "fix": error.fix}
                why = error.what
            except (DatabaseError, OSError) as error:
                log.warning("A step failed.", extra={"run": self._job, "step": title}, exc_info=error)
                why = _words_of(error)
                if tries == self._numbers.step_tries:
                    return {"what": why, "fix": LOOK}
                _mend_connection()
            else:
                record_step(self._job, self._attempt, number, title, now=datetime.now(UTC), ended=True)
                return {"value": value}
            self._pause(tries, why)
        raise AssertionError("every try returns or is the last")

    def _pause(self, tries: int, why: str) -> None:
        seconds = min(LONGEST_PAUSE, self._numbers.first_pause_seconds * 2.0 ** (tries - 1))
        add_line(self._job, f"{why} Tried again in {seconds:.0f} s.", now=datetime.now(UTC), is_trouble=True)
        self._stop.wait(seconds)
        self._halt()


def perform(job: int, attempt: int, *, declared: Declared, remember: Remember, watched: Watched) -> None:
    """Do one attempt at a run and write down how it ended; whatever happens in it, this returns.

    A run that ended already is left as it is, so a worker that died right after the end does no harm.
    """
    row = begun(job, attempt, now=datetime.now(UTC))
    if row is None:
        return
    work = declared.work(row.work)
    try:
        state, says, fix = _outcome(row, work, remember=remember, watched=watched)
    finally:
        watched.end(job)
    record_end(job, attempt, state, says=says, fix=fix, now=datetime.now(UTC))


def _outcome(row: Job, work: Work | None, *, remember: Remember, watched: Watched) -> tuple[str, str, str]:
    """Return how the work ended: state, sentence, what would mend it."""
    if work is None:
        what = f"This version of Evenbook knows no work called '{row.work}'."
        return Job.State.FAILED, what, "Cancel it, or install the version that it was asked for with."
    doing = UnderWay(row, remember=remember, watched=watched, numbers=numbers_in(latest().policy))
    try:
        return Job.State.DONE, work.does(doing, **row.given), ""
    except Stopped:
        _mend_connection()
        row.refresh_from_db(fields=["stop_asked_by"])
        return Job.State.CANCELLED, f"Cancelled by {row.stop_asked_by or 'operations'}.", ""
    except EvenbookError as error:
        return Job.State.FAILED, error.what, error.fix
    except Exception:
        log.exception("A run broke off.", extra={"run": row.pk, "work": row.work})
        _mend_connection()
        return Job.State.FAILED, BROKE_OFF, LOOK


def numbers_in(policy: Policy) -> RunsNumbers:
    """Return the numbers of durable work that are in force."""
    try:
        return policy.of(RunsNumbers)
    except KeyError:
        return RunsNumbers()


def _words_of(error: Exception) -> str:
    if isinstance(error, OperationalError):
        return "The database was locked or away."
    if isinstance(error, DatabaseError):
        return "The database refused."
    return f"The disk or the network failed: {getattr(error, 'strerror', None) or 'no reason given'}."


def _mend_connection() -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
