"""What a slice declares for durable work, and what its functions are given.

A slice lists its pieces of work as ``WORKS`` and its rounds as ``ROUNDS`` in its ``jobs``; ``site``
collects them. The functions are plain: they can be called without the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

Value = TypeVar("Value")


class Stopped(Exception):
    """Somebody asked that the work stop; let it pass, and leave nothing half done."""


class Doing(Protocol):
    """What a piece of work is given, beside its arguments, to tell how it goes."""

    @property
    def by(self) -> str:
        """Who asked for the work, by name."""
        ...

    @property
    def began_at(self) -> datetime:
        """When the work was first taken up: the same after a worker ended in its midst."""
        ...

    def step(self, title: str, does: Callable[[], Value]) -> Value:
        """Return what ``does`` returns; once it returned, it is not called again for this work.

        What it returns has to be plain: text, numbers, None, lists and dictionaries of them. It may
        be called twice when a worker ends in its midst, and a few times when it fails.
        """
        ...

    def count(self, done: int, total: int | None = None, words: str = "") -> None:
        """Tell how far the work has come. Raises where somebody asked that it stop."""
        ...

    def say(self, words: str) -> None:
        """Write a line that people read into the log of the work."""
        ...


@dataclass(frozen=True)
class Queue:
    """Work that waits for its turn: ``at_once`` of it is done at the same time, by all workers together."""

    name: str
    at_once: int


WEEKS = Queue("weeks", 1)
IMPORTS = Queue("imports", 1)
REVIEWS = Queue("reviews", 1)
QUEUES = (WEEKS, IMPORTS, REVIEWS)


@dataclass(frozen=True)
class Work:
    """A kind of durable work.

    Args:
        name: for ever; rows of the ledger hold it.
        title: as people read it.
        queue: where it waits.
        does: called with ``Doing`` and the arguments by name; returns the sentence to end with.
    """

    name: str
    title: str
    queue: Queue
    does: Callable[..., str]


@dataclass(frozen=True)
class Round:
    """Something small that workers see to every now and then, and that keeps no row by itself.

    Args:
        name: as the log of the worker has it.
        every_seconds: how long after the last time.
        does: called with the present instant.
    """

    name: str
    every_seconds: float
    does: Callable[[datetime], object]


@dataclass(frozen=True)
class Declared:
    """Everything that all slices declare."""

    works: tuple[Work, ...]
    rounds: tuple[Round, ...]

    def work(self, name: str) -> Work | None:
        """Return a kind of work, None where no slice knows it any more."""
        return next((each for each in self.works if each.name == name), None)


def declared() -> Declared:
    """Return what all slices declare, as the settings say where to find it."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    found: Any = import_string(settings.EVENBOOK_WORK)()
    assert isinstance(found, Declared)
    return found
