"""The one module that speaks HTTP: sane limits of time and size, and no way to another host.

A redirect is followed on the same host and scheme alone, so that what is sent with a request, a token
above all, never reaches another. Answers are read up to a size and refused beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import httpx

from evenbook.kit.errors import EvenbookError

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
MOST_BYTES = 64 * 1024 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEP_METHOD = frozenset({307, 308})


class NoAnswer(EvenbookError):
    """A server that can't be reached, takes too long, or breaks off."""

    kind = "no-answer"
    status = 502
    retry = True


class BadAnswer(EvenbookError):
    """An answer that is not taken: too large, or a way to another host."""

    kind = "bad-answer"
    status = 502


@dataclass(frozen=True)
class Limits:
    """How long and how much.

    Attributes:
        connect_seconds: until a connection stands.
        answer_seconds: without a byte of the answer.
        most_bytes: of an answer.
    """

    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    most_bytes: int = MOST_BYTES


USUAL = Limits()


@dataclass(frozen=True)
class Answer:
    """What came back: its status, its headers by lower-case name, its bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Http:
    """Requests to one host.

    Args:
        root: scheme and host, with a path that all addresses begin with.
        headers: sent with every request.
        limits: of time and size.
    """

    def __init__(
        self, root: str, *, headers: Mapping[str, str] | None = None, limits: Limits = USUAL
    ) -> None:
        self._limits = limits
        timeout = httpx.Timeout(limits.answer_seconds, connect=limits.connect_seconds)
        self._client = httpx.Client(
            base_url=root,
            headers=dict(headers or {}),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | Path | None = None,
    ) -> Answer:
        """Return the answer to a request; a file is sent piece by piece.

        Raises:
            NoAnswer: none came.
            BadAnswer: it is too large or leads to another host.
        """
        url, asked = httpx.URL(path, params=dict(query)) if query else httpx.URL(path), dict(headers or {})
        for _ in range(MOST_REDIRECTS + 1):
            answer, at = self._sent(method, url, asked, body)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            url = _followed(at, answer)
            if answer.status not in KEEP_METHOD:
                method, body = "GET", None
        raise BadAnswer("The server sends in circles.", fix="Check the address.")

    def _sent(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | Path | None, /
    ) -> tuple[Answer, httpx.URL]:
        """Return the answer to one request, and the whole address that it was sent to."""
        with ExitStack() as opened:
            content: bytes | BinaryIO | None
            if isinstance(body, Path):
                content = opened.enter_context(body.open("rb"))
                headers = {**headers, "Content-Length": str(body.stat().st_size)}
            else:
                content = body
            request = self._client.build_request(method, url, headers=dict(headers), content=content)
            try:
                return self._read(request), request.url
            except httpx.HTTPError as error:
                raise NoAnswer(
                    f"{request.url.host} gave no answer: {type(error).__name__}.",
                    fix="Check the address, and that it is up.",
                ) from error

    def _read(self, request: httpx.Request) -> Answer:
        response = self._client.send(request, stream=True)
        try:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._limits.most_bytes:
                    raise BadAnswer(
                        f"The answer is larger than {self._limits.most_bytes:,} bytes.",
                        fix="Ask for smaller pages.",
                    )
            return Answer(response.status_code, dict(response.headers), bytes(body))
        finally:
            response.close()


def _followed(at: httpx.URL, answer: Answer) -> httpx.URL:
    url = at.join(answer.headers["location"])
    if (url.scheme, url.host, url.port) != (at.scheme, at.host, at.port):
        raise BadAnswer(
            "The server sends to another host, and that is not followed.", fix="Use that address itself."
        )
    return url
