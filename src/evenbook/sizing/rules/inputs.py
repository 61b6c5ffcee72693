"""Where each input comes from: typed, measured, or assumed; and what is refused, in words.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from evenbook.kit.errors import EvenbookError
from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.rules.equation import Inputs

TYPED, MEASURED, ASSUMED = "typed", "measured", "assumed"
PROVENANCE = {TYPED: "typed", MEASURED: "measured", ASSUMED: "assumed default"}

GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?%?", re.ASCII)
"""A number whose thousands are parted by commas."""

Typed = Mapping[str, float]
"""What somebody typed, by the name of the input."""


@dataclass(frozen=True)
class Input:
    """How an input is called, and within what it makes sense; ``unit`` as ``screens.shown`` has it."""

    title: str
    unit: str
    most: float
    option: str
    step: float
    explained: str


INPUTS: Mapping[str, Input] = {
    "accounts": Input("Active accounts", "count", 10_000_000, "--accounts", 1, "accounts of the whole base"),
    "csms": Input("CSMs", "number", 100_000, "--csms", 0.1, "full-time; 0 asks how many are needed"),
    "completed_share": Input(
        "Completed-meeting rate",
        "share",
        1.0,
        "--completed-rate",
        0.01,
        "accounts that completed a meeting ÷ all accounts, a planned cycle",
    ),
    "acv": Input("Average contract value", "money", 1e9, "--acv", 1, "a year"),
    "csm_cost": Input("Cost of a CSM", "money", 1e8, "--csm-cost", 1, "a year, with everything"),
    "meetings_per_quarter": Input(
        "Planned live meetings", "number", 65, "--meetings-per-quarter", 0.1, "an account a quarter"
    ),
}


class InputRefused(EvenbookError):
    """An input is zero, negative, over 100%, or of an absurd size."""

    kind = "input-refused"
    status = 422


@dataclass(frozen=True)
class Measured:
    """What the records say as of a day; None where they say nothing.

    Attributes:
        accounts: active accounts.
        csms: full-time CSMs.
        completed_share: see ``equation.Inputs``.
        acv: mean revenue of the accounts whose revenue is known.
        scheduled: live meetings on the calendar, an account a quarter: what to hold a plan against.
        cycle_days: the days of a planned cycle that the completed share is of.
    """

    accounts: int | None = None
    csms: float | None = None
    completed_share: float | None = None
    acv: float | None = None
    scheduled: float | None = None
    cycle_days: int = 0


NOTHING = Measured()


@dataclass(frozen=True)
class Settled:
    """An input as it is used, where it is from, and what else could have stood there."""

    name: str
    value: float
    provenance: str
    measured: float | None
    default: float


def settled(typed: Typed, found: Measured, numbers: SizingNumbers) -> tuple[Settled, ...]:
    """Return each input: what was typed, else what was measured, else policy's default.

    Raises:
        InputRefused: something typed can't be.
    """
    rows = []
    for name in INPUTS:
        default, measured = float(getattr(numbers, name)), getattr(found, name, None)
        if name in typed:
            value, how = checked(name, typed[name]), TYPED
        elif measured is not None:
            value, how = float(measured), MEASURED
        else:
            value, how = default, ASSUMED
        rows.append(Settled(name, value, how, None if measured is None else float(measured), default))
    return tuple(rows)


def inputs_of(rows: tuple[Settled, ...]) -> Inputs:
    """Return the inputs alone."""
    return Inputs(**{row.name: row.value for row in rows})


def checked(name: str, value: float) -> float:
    """Return a typed value if it can be.

    Raises:
        InputRefused: it can't.
    """
    what = INPUTS[name]
    if not isfinite(value):
        raise InputRefused(f"{what.title}: that is no number.", fix="Type a number.")
    if value < 0:
        raise InputRefused(f"{what.title}: {value:g} is below zero.", fix="Type a number above zero.")
    if value == 0 and name != "csms":
        raise InputRefused(f"{what.title}: {_why_not_zero(name)}", fix="Type a number above zero.")
    if name == "completed_share" and value > 1:
        raise InputRefused(
            f"{what.title}: {100 * value:g}% is over 100%: no more accounts can meet than there are.",
            fix="Type a share, such as 0.33 for a third.",
        )
    if value > what.most:
        raise InputRefused(
            f"{what.title}: {value:,.0f} is more than makes sense here.",
            fix=f"Type at most {what.most:,.0f}.",
        )
    if name == "accounts" and value < 1:
        raise InputRefused(f"{what.title}: there is no part of an account.", fix="Type at least 1.")
    return float(value)


def _why_not_zero(name: str) -> str:
    return {
        "accounts": "without an account there is nobody to look after.",
        "completed_share": "a base in which nobody ever meets has no meetings to size.",
        "acv": "accounts that pay nothing fund nobody.",
        "csm_cost": "nobody works for nothing.",
        "meetings_per_quarter": "a plan without meetings needs no equation.",
    }[name]


def number_typed(name: str, text: str) -> float:
    """Return a number as people type it: ``1,200``, ``33%``, ``0.33``. A comma parts thousands alone.

    Raises:
        InputRefused: it is no number, or can't be.
    """
    plain = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    is_percent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%")) if len(plain) <= 40 else float("nan")
    except ValueError:
        raise InputRefused(
            f"{INPUTS[name].title}: '{text[:40]}' is no number.", fix="Type a number, such as 600 or 7.5."
        ) from None
    return checked(name, value / 100 if is_percent else value)
