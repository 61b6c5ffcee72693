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
FAN_IN = 8


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
        """Keep a sorted run, and merge eight of about one size into one, so that each row moves seldom."""
        if not len(keys):
            return
        self._runs.append(_sorted(keys, contents, numbers))
        while (count := alike([len(run[0]) for run in self._runs])) >= FAN_IN:
            merged = self._runs[-count:]
            del self._runs[-count:]
            joined = [np.concatenate([run[part] for run in merged]) for part in range(3)]
            del merged
            self._runs.append(_sorted(joined[0], joined[1], joined[2]))


def alike(sizes: Sequence[int]) -> int:
    """Return how many runs at the end are not much larger than the last one."""
    count = 0
    for size in reversed(sizes):
        if size >= FAN_IN * sizes[-1] // 2:
            break
        count += 1
    return count


def _sorted(keys: Keys, contents: Small, numbers: Small) -> tuple[Keys, Small, Small]:
    order = np.argsort(keys, kind="stable")
    return keys[order], contents[order], numbers[order]


def _digests(things: Sequence[Hashable]) -> Keys:
    return np.fromiter((hash(each) & 0xFFFF_FFFF_FFFF_FFFF for each in things), np.uint64, len(things))
