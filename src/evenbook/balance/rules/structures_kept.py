"""Compared structures as they are kept, and read again: plain, and exactly what was worked out.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evenbook.balance.numbers.structures import Part
from evenbook.balance.rules.fitting import Fits
from evenbook.balance.rules.structures import PartFound, Structure


@dataclass(frozen=True)
class Compared:
    """The four structures on some accounts, and which one fits; None without an account.

    ``hours`` a month and ``arr`` a year are of all of them, as far as they are known.
    """

    accounts: int
    hours: float
    arr: float
    each: tuple[Structure, ...]
    fits: Fits | None


def written(found: Compared) -> dict[str, Any]:
    """Return compared structures as they are kept."""
    return {
        "accounts": found.accounts,
        "hours": found.hours,
        "arr": found.arr,
        "fits": None if found.fits is None else asdict(found.fits),
        "each": [
            {**vars(each), "parts": [_part_written(part) for part in each.parts]} for each in found.each
        ],
    }


def read(kept: Mapping[str, Any]) -> Compared:
    """Return compared structures from what is kept of them."""
    fits = kept["fits"]
    return Compared(
        accounts=kept["accounts"],
        hours=kept["hours"],
        arr=kept["arr"],
        each=tuple(Structure(**{**each, "parts": _parts_read(each["parts"])}) for each in kept["each"]),
        fits=None if fits is None else Fits(**{**fits, "because": tuple(fits["because"])}),
    )


def _part_written(found: PartFound) -> dict[str, Any]:
    return {**vars(found), "part": found.part.model_dump(mode="json"), "loads": list(found.loads)}


def _parts_read(parts: Sequence[Mapping[str, Any]]) -> tuple[PartFound, ...]:
    return tuple(
        PartFound(**{**each, "part": Part.model_validate(each["part"]), "loads": tuple(each["loads"])})
        for each in parts
    )
