"""The one HTTP client: it follows nobody to another host, waits and reads for so long and no longer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenbook.kit.http import BadAnswer, Http, Limits, NoAnswer

SEEN: list[tuple[str, str]] = []


class Answers(BaseHTTPRequestHandler):
    """Redirects here and elsewhere, sends much, or nothing."""

    def do_GET(self) -> None:
        SEEN.append((self.headers["Host"], self.path))
        moved = {
            "/near": "/there",
            "/round": "/round",
            "/far": f"http://localhost:{self.server.server_port}/there",
        }
        if self.path in moved:
            self.send_response(302)
            self.send_header("Location", moved[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/slow":
            threading.Event().wait(2)
        body = b"x" * 1000 if self.path == "/much" else b"here"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def http() -> Iterator[Http]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    SEEN.clear()
    limits = Limits(answer_seconds=0.3, most_bytes=500)
    with Http(
        f"http://127.0.0.1:{server.server_port}", headers={"Authorization": "Bearer x"}, limits=limits
    ) as client:
        yield client
    server.shutdown()
    server.server_close()


def test_a_redirect_on_the_same_host_is_followed(http):
    assert http.send("GET", "/near").body == b"here"


def test_a_redirect_to_another_host_is_refused_before_anything_is_sent_there(http):
    with pytest.raises(BadAnswer):
        http.send("GET", "/far")

    assert [path for _, path in SEEN] == ["/far"]


def test_a_circle_ends_and_much_or_nothing_is_not_waited_for(http):
    for path, error in (("/round", BadAnswer), ("/much", BadAnswer), ("/slow", NoAnswer)):
        with pytest.raises(error):
            http.send("GET", path)
