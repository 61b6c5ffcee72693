"""What callers may hand to the doors of the engine, and what is refused in words.

The doors take plain arrays from anybody; inside, everything is trusted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenbook.kit.errors import EvenbookError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


class UnusableArrays(EvenbookError, ValueError):
    """Arrays that a calculation was given do not fit together, or hold what cannot be counted."""

    kind = "unusable-arrays"


def floats(name: str, given: npt.ArrayLike, *, ndim: int = 1, at_least: float | None = None) -> Floats:
    """Return the array as floats; NaN stands for what is not known.

    Raises:
        UnusableArrays: it is not numbers, has another shape, holds an infinity, or a number below
            ``at_least``.
    """
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UnusableArrays(f"{name} does not hold numbers.", fix=f"Give {name} as numbers.") from error
    if array.ndim != ndim:
        raise UnusableArrays(
            f"{name} has {_axes(array.ndim)} and not {_axes(ndim)}.", fix=f"Give {name} with {_axes(ndim)}."
        )
    if bool(np.isinf(array).any()):
        raise UnusableArrays(f"{name} holds an infinite number.", fix="Leave it out, or give NaN.")
    if at_least is not None and bool((array < at_least).any()):
        raise UnusableArrays(
            f"{name} holds {np.nanmin(array):g}, and {at_least:g} is the least it can be.",
            fix=f"Correct {name}, or give NaN for what is not known.",
        )
    return array


def flags(name: str, given: npt.ArrayLike) -> Flags:
    """Return the array as yes and no.

    Raises:
        UnusableArrays: it has more than one axis, or holds anything but yes and no.
    """
    array = np.asarray(given)
    if array.size == 0 and array.ndim == 1:
        return np.zeros(0, dtype=np.bool_)
    if array.ndim != 1 or array.dtype.kind not in "biuf" or not bool(np.isin(array, (0, 1)).all()):
        raise UnusableArrays(f"{name} is not a row of yes and no.", fix=f"Give {name} as booleans.")
    return array.astype(np.bool_)


def labels(name: str, given: npt.ArrayLike) -> Places:
    """Return for every entry the place of its label among the labels in order: 0, 1, 2 ...

    Raises:
        UnusableArrays: it has more than one axis, or a label is missing.
    """
    array = np.asarray(given)
    if array.ndim != 1:
        raise UnusableArrays(f"{name} is not a plain row.", fix=f"Give {name} with one entry a row.")
    if array.dtype.kind == "O" or (array.dtype.kind == "f" and bool(np.isnan(array).any())):
        raise UnusableArrays(f"{name} has gaps.", fix=f"Give every row a whole number as {name}.")
    return np.unique(array, return_inverse=True)[1].reshape(-1).astype(np.int64)


def same_length(**arrays: npt.NDArray[np.generic]) -> None:
    """Refuse arrays whose first axes differ.

    Raises:
        UnusableArrays: they do.
    """
    lengths = {name: array.shape[0] for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise UnusableArrays(f"The arrays differ in length: {told}.", fix="Give one entry a row in each.")


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"
