"""What is kept at hand for whoever asks again at once: a few answers in the process, those asked for last.

A key says of which run an answer is, and what its viewer may see now: a changed team, or another token, is
another key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from evenbook.book.access import people_ids_seen_by
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.runs.queries import Week

Answer = TypeVar("Answer")


class AtHand(Generic[Answer]):
    """The last answers, at most so many."""

    def __init__(self, most: int) -> None:
        """Begin with none."""
        self._most = most
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer of a key, made where it is not at hand."""
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()


def seen_in(viewer: Viewer, week: Week) -> tuple[Hashable, ...]:
    """Return what an answer from the books of a week depends on besides the question."""
    run, seen = week.run, people_ids_seen_by(viewer)
    return run.id, run.ended_at, latest().number, viewer.user_id, viewer.token_id, viewer.role, seen
