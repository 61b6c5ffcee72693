"""No test leaves this machine: a connection anywhere but here raises."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any


class NetworkBlocked(Exception):
    """A test tried to reach another machine."""


def close() -> None:
    """Let sockets reach this machine alone, for the rest of the process."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _require_here(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _require_here(self, address)
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *rest: Any, **named: Any) -> Any:
        if host and not is_here(host):
            raise NetworkBlocked(f"Tests do not look up names: {host}")
        return resolve(host, *rest, **named)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_resolve


def is_here(host: str | bytes) -> bool:
    """Return whether a host name or address is this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


def _require_here(used: socket.socket, address: Any) -> None:
    if used.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
        raise NetworkBlocked(f"Tests do not leave this machine: {address[0]}:{address[1]}")
