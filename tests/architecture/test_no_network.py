"""The tests' own fence holds."""

import socket

import pytest

from no_network import NetworkBlocked, is_here


def test_a_connection_to_another_machine_raises():
    with socket.socket() as sock, pytest.raises(NetworkBlocked):
        sock.connect(("192.0.2.1", 80))


def test_a_name_is_not_looked_up():
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("evenbook.example", 443)


def test_this_machine_can_be_reached():
    with socket.socket() as listening, socket.socket() as asking:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        asking.connect(listening.getsockname())


def test_loopback_is_told_from_other_addresses():
    assert is_here("127.0.0.1") and is_here("::1") and is_here("localhost")
    assert not is_here("10.0.0.1") and not is_here("evenbook.example")
