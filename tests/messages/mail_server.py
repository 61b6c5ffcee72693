"""A mail server on this machine that keeps what it is given and refuses what it is told to refuse."""

from __future__ import annotations

import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Mailbox:
    """What arrived, and how recipients are answered: ``answers`` holds the next replies, in order."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


class Served(socketserver.ThreadingTCPServer):
    """A server that keeps a mailbox."""

    daemon_threads = True
    box: Mailbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a worker that was killed while it spoke."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Talk(socketserver.StreamRequestHandler):
    """One conversation, as far as smtplib has it."""

    def handle(self) -> None:
        assert isinstance(self.server, Served)
        box = self.server.box
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                box.mails.append("".join(self.body()))
                self.say("250 kept")
            elif verb == "QUIT":
                return self.say("221 bye")
            elif verb == "RCPT" and box.answers:
                self.say(box.answers.pop(0))
            else:
                self.say("250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def body(self) -> Iterator[str]:
        while (line := self.rfile.readline().decode()) != ".\r\n":
            yield line[1:] if line.startswith(".") else line


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve a mailbox on a free port until the end of the block."""
    with Served(("127.0.0.1", 0), Talk) as server:
        server.box = Mailbox(port=server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.box
        server.shutdown()
