"""The loops that plain Python is too slow for, compiled on their first call and kept on disk.

Neither fast mathematics nor threads: the same input gives the same digits on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Return the loop compiled to machine code; it is read and called as if it were not."""
    return cast(Loop, numba.njit(cache=True, nogil=True, error_model="numpy")(loop))
