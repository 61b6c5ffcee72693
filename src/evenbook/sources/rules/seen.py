"""Which keys a file has shown already, for files of any length in bounded memory. Pure.

A key is kept as 64 bits, what its row says as 32, its number as 32: sixteen bytes a row, in sorted
runs that are merged while they are small.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Small = npt.NDArray[np.uint32]
LARGEST_RUN = 1_000_000


class Seen:
    """Remembers keys with what their rows said and where they stood."""

    def __init__(self) -> None:
        self._runs: list[tuple[Keys, Small, Small]] = []

    def look(
        self, keys: Sequence[Hashable], contents: Sequence[Hashable], numbers: Sequence[int]
    ) -> list[tuple[int, bool] | None]:
        """Take rows in and return, for each, where its key stood before and whether it said the same.

        None for a key that is new. Of a key that repeats within the rows, the first is new.
        """
        key_digests, content_digests = _digests(keys), _digests(contents).astype(np.uint32)
        rows = np.asarray(numbers, dtype=np.uint32)
        _, firsts, inverse = np.unique(key_digests, return_index=True, return_inverse=True)
        first_of = firsts[inverse]
        stood = np.where(first_of == np.arange(len(rows)), 0, rows[first_of])
        said = content_digests[first_of]
        self._find(key_digests, stood, said)
        fresh = np.flatnonzero(stood == 0)
        self._add(key_digests[fresh], content_digests[fresh], rows[fresh])
        same = said == content_digests
        return [
            (number, is_same) if number else None
            for number, is_same in zip(stood.tolist(), same.tolist(), strict=True)
        ]

    def _find(self, keys: Keys, stood: Small, said: Small) -> None:
        for run_keys, run_contents, run_numbers in self._runs:
            places = np.minimum(np.searchsorted(run_keys, keys), len(run_keys) - 1)
            known = run_keys[places] == keys
            stood[known] = run_numbers[places[known]]
            said[known] = run_contents[places[known]]

    def _add(self, keys: Keys, contents: Small, numbers: Small) -> None:
        if not len(keys):
            return
        run = _sorted(keys, contents, numbers)
        while self._runs and len(self._runs[-1][0]) <= min(2 * len(run[0]), LARGEST_RUN):
            last = self._runs.pop()
            joined = np.concatenate([last[0], run[0]]), np.concatenate([last[1], run[1]])
            run = _sorted(*joined, np.concatenate([last[2], run[2]]))
        self._runs.append(run)


def _sorted(keys: Keys, contents: Small, numbers: Small) -> tuple[Keys, Small, Small]:
    order = np.argsort(keys, kind="stable")
    return keys[order], contents[order], numbers[order]


def _digests(things: Sequence[Hashable]) -> Keys:
    return np.fromiter((hash(each) & 0xFFFF_FFFF_FFFF_FFFF for each in things), np.uint64, len(things))
