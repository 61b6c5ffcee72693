"""The worker beside the server: a process of its own, begun anew when it ends unasked."""

from __future__ import annotations

import os
import subprocess
import sys
from time import monotonic

from django.conf import settings

START = "from evenbook.site.cli import main; main()"
LONGEST_STOP = 8
LONGEST_PAUSE = 60.0


class WorkerBeside:
    """Keeps one worker while the server runs; the server calls ``look`` about once a second."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._due, self._pause = 0.0, 1.0
        self._stops = False

    def look(self) -> None:
        """Begin the worker if it is not there; each time it ends soon, wait twice as long."""
        if self._stops or (self._process is not None and self._process.poll() is None):
            return
        if self._process is not None and not self._due:
            self._due, self._pause = monotonic() + self._pause, min(LONGEST_PAUSE, 2 * self._pause)
        if monotonic() >= self._due:
            self._begin()

    def ask_to_stop(self) -> None:
        """Ask the worker to stop, and begin none anew."""
        self._stops = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Wait until the worker has stopped; one that does not is ended, and its steps are done again."""
        self.ask_to_stop()
        if self._process is None:
            return
        try:
            self._process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _begin(self) -> None:
        words = [sys.executable, "-c", START, "worker", "--child-of", str(os.getpid())]
        home = {"EVENBOOK_HOME": str(settings.EVENBOOK_HOME)}
        self._process = subprocess.Popen(words, env={**os.environ, **home})
        self._due = 0.0
