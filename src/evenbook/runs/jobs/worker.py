"""The worker: a process that does durable work until it is told to stop.

It needs nobody to remember it: it finds in the database what was asked for, takes over what lost
workers held, sees to the rounds that slices declare, and says that it is there. It may be killed at
any instant.
"""

from __future__ import annotations

import logging
import os
import signal
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, connections

from evenbook.policy.queries import latest
from evenbook.runs import actions, presence
from evenbook.runs.actions.pieces import open_jobs
from evenbook.runs.declared import Declared, Round
from evenbook.runs.jobs.doing import Watched, numbers_in, perform
from evenbook.runs.jobs.engine import ENDED_BADLY, Engine, mark_of, remembered
from evenbook.runs.models import Job

GLANCE_SECONDS = 0.5
PATIENCE_SECONDS = 4
ENDED_TOO_OFTEN = "The worker ended each time it did this: it was killed, or the machine had no memory left."
log = logging.getLogger(__name__)


class Worker:
    """One worker.

    Args:
        declared: what slices declare.
        parent: the process whose child it is; when that is gone, the worker goes too. 0 for none.
    """

    def __init__(self, declared: Declared, *, parent: int = 0) -> None:
        self._declared, self._parent = declared, parent
        self._name = uuid.uuid4().hex
        self._stop = Event()
        self._watched = Watched()

    def run(self, *, ready: Callable[[], None]) -> None:
        """Work until told to stop; ``ready`` is called once everything is up."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: self._stop.set())
        lock = presence.hold(self._name)
        actions.join(self._name, process=os.getpid(), now=datetime.now(UTC))
        engine = Engine(self._name, perform=self._perform)
        beside = [Thread(target=self._watch, daemon=True), Thread(target=self._rounds, daemon=True)]
        try:
            self._hand_over_anew(engine)
            for thread in beside:
                thread.start()
            ready()
            self._work(engine)
        finally:
            self._stop.set()
            self._close(engine)
            _quietly(lambda: actions.leave(self._name, now=datetime.now(UTC)))
            lock.close()
            presence.forget(self._name)

    def _close(self, engine: Engine) -> None:
        """Begin nothing new, and wait a little for what is under way; the process ends right after."""
        closing = Thread(target=engine.close, args=(PATIENCE_SECONDS,), daemon=True)
        closing.start()
        closing.join(PATIENCE_SECONDS if self._watched.is_busy else GLANCE_SECONDS)

    def _perform(self, job: int, attempt: int) -> None:
        perform(job, attempt, declared=self._declared, remember=remembered, watched=self._watched)

    def _work(self, engine: Engine) -> None:
        """Hand over what was asked for, take over what was lost, say that we are there."""
        looks = [
            Round("hand over", GLANCE_SECONDS, lambda now: self._hand_over(engine)),
            Round("take over", 2, lambda now: self._take_over(engine, now)),
            Round("tell", 10, self._tell_alive),
            Round("compare", 60, lambda now: self._compare(engine)),
            Round("forget", 3600, lambda now: self._forget(engine, now)),
        ]
        self._see_to(looks)

    def _rounds(self) -> None:
        self._see_to(list(self._declared.rounds))

    def _watch(self) -> None:
        self._see_to([Round("watch", GLANCE_SECONDS, lambda now: self._watched.look())])

    def _see_to(self, rounds: list[Round]) -> None:
        """See to each round when it is due, until told to stop; one that fails is tried next time."""
        due = dict.fromkeys(range(len(rounds)), 0.0)
        while not self._stop.is_set() and not self._is_orphan():
            for number, each in enumerate(rounds):
                if time.monotonic() < due[number] or self._stop.is_set():
                    continue
                _quietly(lambda each=each: each.does(datetime.now(UTC)), name=each.name)  # type: ignore[misc]
                due[number] = time.monotonic() + each.every_seconds
            self._stop.wait(GLANCE_SECONDS)
        self._stop.set()
        connections.close_all()

    def _is_orphan(self) -> bool:
        return bool(self._parent) and os.getppid() != self._parent

    def _hand_over(self, engine: Engine) -> None:
        for job in actions.hand_over():
            engine.hand_over(job)
            Job.objects.filter(pk=job.pk, attempt=job.attempt).update(handed=True)

    def _take_over(self, engine: Engine, now: datetime) -> None:
        """Take over what is held by workers that are gone: killed, or told to go in the midst of a run."""
        actions.end_lost_workers(now=now, but=self._name)
        gone = engine.holders() - actions.workers_there() - {self._name}
        if gone:
            engine.take_over(sorted(gone))

    def _tell_alive(self, now: datetime) -> None:
        if not actions.tell_alive(self._name, now=now):
            log.error("Other workers took this one for lost; it stops.")
            self._stop.set()

    def _hand_over_anew(self, engine: Engine) -> None:
        marks = {job.pk: mark_of(job) for job in open_jobs()}
        actions.hand_over_again(set(engine.known(marks.values())), all_ids=marks)

    def _compare(self, engine: Engine) -> None:
        """End what the engine gave up: a run in whose midst the worker ended again and again."""
        rows = {mark_of(job): job for job in open_jobs()}
        for mark, state in engine.known(rows).items():
            if state in ENDED_BADLY:
                job = rows[mark]
                fix = "See that the machine has memory, then begin it anew."
                actions.record_end(
                    job.pk,
                    job.attempt,
                    Job.State.FAILED,
                    says=ENDED_TOO_OFTEN,
                    fix=fix,
                    now=datetime.now(UTC),
                )

    def _forget(self, engine: Engine, now: datetime) -> None:
        before = now - timedelta(days=numbers_in(latest().policy).keep_days)
        old = Job.objects.filter(ended_at__lt=before)
        engine.forget(mark_of(job) for job in old[:1000])
        actions.forget(before)


def _quietly(does: Callable[[], object], *, name: str = "") -> None:
    """Call something that is tried again later anyway; a database that is away ends no worker."""
    try:
        does()
    except DatabaseError:
        log.warning("The database did not answer.", extra={"round": name})
        connections.close_all()
    except Exception:
        log.exception("A round failed.", extra={"round": name})
