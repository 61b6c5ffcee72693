"""Which keys a file has shown already, for files of any length in bounded memory. Pure.

A key and what its row says are kept as digests of 64 bits: 24 bytes a row, in sorted runs that
are merged as they grow, so that ten million rows take some 240 MB less than a set would.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Digests = npt.NDArray[np.uint64]


class Seen:
    """Remembers keys with what their rows said and where they stood."""

    def __init__(self) -> None:
        self._runs: list[tuple[Digests, Digests, npt.NDArray[np.int64]]] = []

    def look(
        self, keys: Sequence[str], contents: Sequence[str], numbers: Sequence[int]
    ) -> list[tuple[int, bool] | None]:
        """Take rows in and return, for each, where its key stood before and whether it said the same.

        None for a key that is new. Of a key that repeats within the rows, the first is new.
        """
        key_digests, content_digests = _digests(keys), _digests(contents)
        before = self._find(key_digests)
        found: list[tuple[int, bool] | None] = []
        fresh: dict[int, int] = {}
        for place, (key, content) in enumerate(
            zip(key_digests.tolist(), content_digests.tolist(), strict=True)
        ):
            known = before[place]
            if known is None and key in fresh:
                first = fresh[key]
                known = (numbers[first], int(content_digests[first]))
            if known is None:
                fresh[key] = place
                found.append(None)
            else:
                found.append((known[0], known[1] == content))
        self._add(key_digests, content_digests, np.asarray(numbers, dtype=np.int64), list(fresh.values()))
        return found

    def _find(self, keys: Digests) -> list[tuple[int, int] | None]:
        found: list[tuple[int, int] | None] = [None] * len(keys)
        for run_keys, run_contents, run_numbers in self._runs:
            places = np.searchsorted(run_keys, keys)
            inside = np.minimum(places, len(run_keys) - 1)
            for at in np.flatnonzero(run_keys[inside] == keys).tolist():
                place = int(inside[at])
                found[at] = (int(run_numbers[place]), int(run_contents[place]))
        return found

    def _add(
        self, keys: Digests, contents: Digests, numbers: npt.NDArray[np.int64], places: list[int]
    ) -> None:
        if not places:
            return
        chosen = np.asarray(places)
        run = _sorted(keys[chosen], contents[chosen], numbers[chosen])
        while self._runs and len(self._runs[-1][0]) <= 2 * len(run[0]):
            last = self._runs.pop()
            run = _sorted(*(np.concatenate(pair) for pair in zip(last, run, strict=True)))
        self._runs.append(run)


def _sorted(
    keys: Digests, contents: Digests, numbers: npt.NDArray[np.int64]
) -> tuple[Digests, Digests, npt.NDArray[np.int64]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], contents[order], numbers[order]


def _digests(texts: Sequence[str]) -> Digests:
    joined = b"".join(blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(joined, dtype=np.uint64)
