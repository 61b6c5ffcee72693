"""What the server writes down about itself: without a word about anybody.

A line says when, how bad, what happened in fixed words, under which request, by which route and user
number. Never a path (it carries names of accounts), a query, a body, a mail address, or the text of an
exception: of a fault the log keeps its kind and the lines of code it came through.

``EVENBOOK_LOG=json`` writes one JSON document a line, ``plain`` the same as text; without it only
warnings and faults are written, as text.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

REQUESTS = "evenbook.requests"
FIELDS = ("request_id", "route", "method", "status", "ms", "user", "run", "step")
"""What a line may carry beside its words; a value of any other name is left out."""

LONGEST, DEEPEST = 300, 12
VALUES = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|'[^'\n]*'|\"[^\"\n]*\"|\([^)\n]*\)=\([^)\n]*\)")
"""Where words of others repeat what somebody typed: mail addresses, quotes, PostgreSQL's (key)=(value)."""

OF_DJANGO = {
    "django.request": "A request failed.",
    "django.security": "A request was refused for safety.",
    "django.db": "The database was asked.",
}
"""Django's own words repeat paths, host names and questions, so they are replaced."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that this thread answers; empty outside of any."""


def configuration(wanted: str, *, debug: bool) -> dict[str, Any]:
    """Return Django's LOGGING for ``EVENBOOK_LOG``; a developer (``debug``) reads whole exceptions."""
    told: dict[str, Any] = {"()": "evenbook.site.logs.Lines", "as_json": wanted == "json"}
    lines = {"format": "%(levelname)s %(name)s: %(message)s"} if debug else told
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            REQUESTS: {"level": "INFO" if wanted in {"json", "plain"} else "WARNING"},
        },
    }


class Lines(logging.Formatter):
    """Writes a record as one line, JSON or plain, with nothing in it that somebody typed."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        told = document(record)
        if self._as_json:
            return json.dumps(told, ensure_ascii=False)
        head = f"{told.pop('at')} {told.pop('level')} {told.pop('logger')}: {told.pop('message')}"
        through = told.pop("through", [])
        fields = " ".join(f"{name}={value}" for name, value in told.items())
        return "\n    ".join([f"{head} {fields}".rstrip(), *through])


def document(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record says as fields: instant, level, logger, message, then those that it has."""
    told: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
        "request_id": request_id.get(),
    }
    told |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
    if isinstance(status := getattr(record, "status_code", None), int):
        told["status"] = status
    if record.exc_info and record.exc_info[1] is not None:
        told |= _fault(record.exc_info[1])
    return {name: value for name, value in told.items() if value not in ("", [])}


def _message(record: logging.LogRecord) -> str:
    """Return the words of a record: our own in full, others' without what was put into them."""
    for name, words in OF_DJANGO.items():
        if record.name.startswith(name):
            return words
    is_ours = record.name == "evenbook" or record.name.startswith("evenbook.")
    words = record.getMessage() if is_ours else str(record.msg)
    first = words.strip().splitlines()[0] if words.strip() else ""
    return VALUES.sub("…", first)[:LONGEST]


def _fault(error: BaseException) -> dict[str, Any]:
    """Return of which kinds an exception and its causes are, and the lines of code it came through."""
    kinds: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(kinds) < DEEPEST:
        kinds.append(type(seen).__name__)
        seen = seen.__cause__ or seen.__context__
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    through = [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"fault": " < ".join(kinds), "through": through}


def _place(path: str) -> str:
    """Return a file of code by its package, not by where it is installed."""
    return re.split(r"/(?:site-packages|src|lib/python[\d.]+)/", path)[-1]
