"""Serves the pages from this process: gunicorn's threads, no other server needed.

One master keeps a few worker processes, each with a few threads. Static files come from the package
itself (whitenoise). Behind a proxy with HTTPS, ``EVENBOOK_HTTPS=1`` says that every request came in
over it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

from evenbook.kit.errors import EvenbookError
from evenbook.site.beside import WorkerBeside
from evenbook.site.several import gather_in

THREADS = 4
LONGEST_STOP = 20
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class AddressTaken(EvenbookError):
    """The address to serve at can't be had."""

    kind = "address-taken"


class Master(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which also keeps the worker of durable work, if one is wanted."""

    def __init__(self, application: BaseApplication, beside: WorkerBeside | None) -> None:
        super().__init__(application)
        self._beside = beside

    def manage_workers(self) -> None:
        """See to it once a second that every process is there."""
        super().manage_workers()
        if self._beside is not None:
            self._beside.look()

    def stop(self, graceful: bool = True) -> None:
        """Stop every process."""
        if self._beside is not None:
            self._beside.ask_to_stop()
        super().stop(graceful)
        if self._beside is not None:
            self._beside.stop()


class Answering(ThreadWorker):  # type: ignore[misc]
    """gunicorn's process of threads, which stops as it should also while it hands out a request.

    gunicorn shuts its pool of threads from within the signal, and waits for ever for a lock that it holds
    itself if a request was just being handed out: the server then took twenty seconds to stop.
    """

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Stop as when asked to: after the answers that are being made."""
        self.handle_exit(sig, frame)


class Server(BaseApplication):  # type: ignore[misc]
    """The web application on a port that is already open.

    Args:
        port: a bound socket; it belongs to the server from now on.
        workers: processes that answer.
        started: called once, when the first request can be answered.
        beside: the worker of durable work to keep, if any.
    """

    def __init__(
        self,
        port: socket.socket,
        *,
        workers: int,
        started: Callable[[], None],
        beside: WorkerBeside | None = None,
    ) -> None:
        self._beside = beside
        self._options: dict[str, Any] = {
            "bind": [f"fd://{port.detach()}"],
            "workers": workers,
            "threads": THREADS,
            "worker_class": f"{__name__}.{Answering.__name__}",
            "preload_app": True,
            "graceful_timeout": LONGEST_STOP,
            "loglevel": "warning",
            "proc_name": "evenbook",
            "control_socket_disable": True,
            "when_ready": lambda server: started(),
            "child_exit": lambda server, worker: _forget(worker.pid),
        }
        super().__init__()

    def run(self) -> None:
        """Serve until told to stop."""
        Master(self, self._beside).run()

    def load_config(self) -> None:
        """Hand gunicorn its settings, those that this version of it has."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGI:
        """Return the application with every page loaded, and no connection that a fork would share."""
        from django.conf import settings
        from django.db import connections
        from django.urls import get_resolver

        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        gather_in(Path(settings.EVENBOOK_HOME), server=os.getpid())
        from evenbook.site.wsgi import application

        _ = get_resolver().url_patterns
        connections.close_all()
        return over_https(application) if os.environ.get("EVENBOOK_HTTPS") == "1" else application


def _forget(worker: int) -> None:
    from evenbook.site import metrics

    metrics.forget_process(worker)


def over_https(application: WSGI) -> WSGI:
    """Return the application, told that each request came over HTTPS, as its proxy has seen to."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return application({**environ, "wsgi.url_scheme": "https"}, start)

    return answer


def open_port(host: str, port: int) -> socket.socket:
    """Return a socket bound to ``host`` and ``port``; 0 takes any free one.

    Raises:
        AddressTaken: it can't be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressTaken(
            f"There is no address '{host}' on this machine.", fix="Use --host 127.0.0.1 or 0.0.0.0."
        ) from error
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(address)
        opened.listen()
    except OSError as error:
        opened.close()
        raise AddressTaken(
            f"{host} port {port} can't be had: {(error.strerror or str(error)).lower()}.",
            fix="Use --port 0 for any free one, or name another.",
        ) from error
    return opened


def url_of(opened: socket.socket) -> str:
    """Return the address that a browser on this machine would open."""
    host, port = opened.getsockname()[:2]
    shown = "localhost" if ip_address(host).is_unspecified else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def serve(
    opened: socket.socket, *, workers: int, started: Callable[[], None], with_worker: bool = False
) -> int:
    """Serve until told to stop, and return the exit code of the command.

    Args:
        opened: the port.
        workers: processes that answer.
        started: called once, when the first request can be answered.
        with_worker: keep a worker of durable work beside.
    """
    master = os.getpid()
    try:
        Server(opened, workers=workers, started=started, beside=WorkerBeside() if with_worker else None).run()
    except SystemExit as ended:
        if os.getpid() != master:
            raise
        return 0 if ended.code in {0, None} else 2
    return 0
