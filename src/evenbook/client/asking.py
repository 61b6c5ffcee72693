"""An instance, asked from Python.

    with Instance("https://cs.example.com", token=token) as evenbook:
        for account in evenbook.rows("accounts", state="at_risk", fields="account_name,arr"):
            print(account["account_name"], account["arr"])

Lists are paged through by their cursors; a refusal is raised as the error that it was there, with its
kind and how to mend it. Everything else is the API as docs/guides/api.md tells it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from evenbook.kit.errors import EvenbookError
from evenbook.kit.http import USUAL, Answer, Http, Limits

ROOT = "/api/v1/"
PAGE = "500"


class Refused(EvenbookError):
    """A refusal of the instance: ``kind`` and ``status`` are those it gave.

    Attributes:
        errors: where it lies and what it is, one by one.
        retry_after_seconds: how long to wait, where the instance said so.
    """

    kind = "refused"

    def __init__(self, problem: Mapping[str, Any], *, retry_after_seconds: int | None = None) -> None:
        super().__init__(str(problem.get("detail", "")), fix=str(problem.get("fix", "")))
        self.kind = str(problem.get("type", "")).rpartition("/")[2] or "refused"
        self.status = int(problem.get("status", 500))
        self.retry = bool(problem.get("retry", False))
        self.errors = tuple(problem.get("errors", ()))
        self.retry_after_seconds = retry_after_seconds


class Instance:
    """One instance, asked with a token.

    Args:
        address: of the instance, such as ``https://cs.example.com``.
        token: a service token; it is sent in a header, never in an address.
        limits: of time and size.
    """

    def __init__(self, address: str, *, token: str, limits: Limits = USUAL) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = Http(address.rstrip("/") + ROOT, headers=headers, limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **asked: object) -> Any:
        """Return what stands at a path: ``get("accounts/northwind")``.

        Raises:
            Refused: the instance refuses it.
            NoAnswer: it gives no answer.
        """
        return _document(self._http.send("GET", path, query=_query(asked)))

    def rows(self, path: str, **asked: object) -> Iterator[dict[str, Any]]:
        """Yield the rows of a list, page by page: ``rows("accounts", tier=1)``.

        Raises:
            Refused, NoAnswer: as ``get``; ``cursor-refused`` where the list changed in between.
        """
        query = {"limit": PAGE, **_query(asked)}
        while True:
            page = _document(self._http.send("GET", path, query=query))
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def write(self, method: str, path: str, body: object = None, *, key: str = "", if_match: str = "") -> Any:
        """Return the answer to a write; with a ``key`` it is done once, however often it is sent.

        Raises:
            Refused, NoAnswer: as ``get``.
        """
        headers = {"Idempotency-Key": key, "If-Match": if_match}
        given = {name: value for name, value in headers.items() if value}
        if body is None:
            return _document(self._http.send(method, path, headers=given))
        text = json.dumps(body, ensure_ascii=False).encode()
        return _document(
            self._http.send(method, path, headers={**given, "Content-Type": "application/json"}, body=text)
        )

    def send_file(self, path: Path, *, key: str = "") -> Any:
        """Send a file to be imported, and return what loading it would do; nothing is loaded.

        Raises:
            Refused, NoAnswer: as ``get``.
        """
        headers = {"Content-Type": "application/octet-stream", **({"Idempotency-Key": key} if key else {})}
        return _document(
            self._http.send("POST", "uploads", query={"name": path.name}, headers=headers, body=path)
        )


def _query(asked: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items() if value is not None}


def _document(answer: Answer) -> Any:
    said = answer.headers.get("content-type", "").partition(";")[0].strip()
    try:
        document = json.loads(answer.body) if answer.body else None
    except ValueError:
        document = None
    if answer.status < 400 and (document is not None or not answer.body):
        return document
    if said != "application/problem+json" or not isinstance(document, dict):
        document = {
            "detail": f"The server answered {answer.status} and nothing that can be read.",
            "fix": "Check that an Evenbook instance is at this address.",
            "status": answer.status if answer.status >= 400 else 502,
        }
    wait = answer.headers.get("retry-after", "")
    raise Refused(document, retry_after_seconds=int(wait) if wait.isdecimal() else None)
