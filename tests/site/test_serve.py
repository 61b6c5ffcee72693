"""The server's own processes, beyond what the command's tests see from outside."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from gunicorn.workers.gthread import PollableMethodQueue

from evenbook.site.serve import Answering


@pytest.mark.timeout(20)
def test_a_process_that_is_told_to_stop_while_it_hands_out_a_request_stops():
    """The signal comes in the thread that holds the lock of the pool: it must not wait for it."""
    process = Answering.__new__(Answering)
    process.alive, process.tpool, process.method_queue = True, ThreadPoolExecutor(1), PollableMethodQueue()
    process.method_queue.init()
    with process.tpool._shutdown_lock:
        process.handle_quit(signal.SIGQUIT, None)
    assert not process.alive
    process.method_queue.close()
