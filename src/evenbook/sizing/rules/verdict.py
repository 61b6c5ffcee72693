"""Which team the market pays for: White Glove, Split Machine or Pooled Leverage, and what would change that.

The verdict rests on the market alone: how many customers really meet, what each pays against what a person
costs. How many people there are now does not move it; where they are not as many as the market funds, that is
said. Reachability belongs to the market: nothing here proposes to work on it.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isclose

from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.rules.equation import Inputs, outputs

WHITE_GLOVE, SPLIT_MACHINE, POOLED_LEVERAGE = VERDICTS = ("white_glove", "split_machine", "pooled_leverage")
NAMES = {
    WHITE_GLOVE: "White Glove",
    SPLIT_MACHINE: "Split Machine",
    POOLED_LEVERAGE: "Pooled Leverage",
}
DOES = {
    WHITE_GLOVE: "Named books, live reviews.",
    SPLIT_MACHINE: "People specialize into retention and expansion, signals replace calendars, reviews go "
    "asynchronous. A live review is offered on a raised hand or a red state alone.",
    POOLED_LEVERAGE: "One operator with tooling; a dedicated CSM is a feature of the top plan. A live review "
    "is offered on a raised hand or a red state alone.",
}
UNDERSTAFFED, OVERSTAFFED, AS_FUNDED = "understaffed", "overstaffed", "as_funded"
MARKET = ("completed_share", "acv", "csm_cost")
"""The inputs that can move the verdict."""

HAIR = 1e-9
BEYOND = 1e-6
"""How far past a bound the verdict is asked for again, as a share of it."""


@dataclass(frozen=True)
class Boundary:
    """Where one input alone would bring another verdict.

    Attributes:
        input: its name.
        value: as it is.
        bound: as it would have to be.
        verdict: the verdict beyond.
        is_reached_at: whether the bound itself belongs to the other verdict.
        falls: whether the input would have to fall; one that lies on a bound may have to go either way.
    """

    input: str
    value: float
    bound: float
    verdict: str
    is_reached_at: bool
    falls: bool = False

    @property
    def gap(self) -> float:
        """How far the value lies from the bound, as a share of the bound."""
        return (self.value - self.bound) / abs(self.bound)


@dataclass(frozen=True)
class Need:
    """What an input must be for a verdict: at least ``bound`` or under it, and whether it is."""

    input: str
    bound: float
    at_least: bool
    is_met: bool


def verdict(given: Inputs, numbers: SizingNumbers) -> str:
    """Return the verdict of the market that inputs describe."""
    book = fundable(given, numbers)
    reach = given.completed_share
    if book > numbers.split_book * (1 + HAIR) or reach < numbers.pooled_reach_share - HAIR:
        return POOLED_LEVERAGE
    if book <= numbers.named_book * (1 + HAIR) and reach >= numbers.named_reach_share - HAIR:
        return WHITE_GLOVE
    return SPLIT_MACHINE


def fundable(given: Inputs, numbers: SizingNumbers) -> float:
    """Return the accounts a head at which a CSM costs policy's share of ARR."""
    return given.csm_cost / (numbers.fund_share * given.acv)


def staffing(given: Inputs, numbers: SizingNumbers) -> str:
    """Return whether there are as many people as the market funds.

    With more accounts a head than are fundable the market funds more people: understaffed.
    """
    if not given.csms:
        return UNDERSTAFFED
    book = outputs(given, numbers).fundable_book
    off = given.accounts / given.csms / book - 1
    if abs(off) <= numbers.as_funded_share + HAIR:
        return AS_FUNDED
    return UNDERSTAFFED if off > 0 else OVERSTAFFED


def boundaries(given: Inputs, numbers: SizingNumbers) -> tuple[Boundary, ...]:
    """Return where each input of the market alone would bring another verdict, the nearest first.

    One a direction and input at most; an input that never moves the verdict by itself has none.
    """
    now = verdict(given, numbers)
    found: list[Boundary] = []
    for name in MARKET:
        nearest: dict[bool, Boundary] = {}
        for each in _crossings(name, given, now, numbers):
            if each.falls not in nearest or abs(each.gap) < abs(nearest[each.falls].gap):
                nearest[each.falls] = each
        found += nearest.values()
    return tuple(sorted(found, key=lambda each: (abs(each.gap), each.input)))


def nearest(given: Inputs, numbers: SizingNumbers) -> tuple[Boundary, ...]:
    """Return what brings the next verdict: one input alone, else all those that must change together.

    Those that must change together come with the farthest first.
    """
    alone = boundaries(given, numbers)
    if alone:
        return alone[:1]
    lacks = [each for each in needs(SPLIT_MACHINE, given, numbers) if not each.is_met]
    both = [
        Boundary(each.input, float(getattr(given, each.input)), each.bound, SPLIT_MACHINE, is_reached_at=True)
        for each in lacks
    ]
    return tuple(sorted(both, key=lambda each: -abs(each.gap)))


def _crossings(name: str, given: Inputs, now: str, numbers: SizingNumbers) -> Iterator[Boundary]:
    value = float(getattr(given, name))
    for bound in _bounds(name, given, numbers):
        if bound <= 0 or (name == "completed_share" and bound > 1):
            continue
        at = verdict(_with(given, name, bound), numbers)
        for falls in (True, False) if isclose(value, bound, rel_tol=BEYOND) else (value > bound,):
            beyond = verdict(_with(given, name, bound * (1 - BEYOND if falls else 1 + BEYOND)), numbers)
            if beyond != now:
                yield Boundary(name, value, bound, beyond, at == beyond, falls)


def _bounds(name: str, given: Inputs, numbers: SizingNumbers) -> tuple[float, float]:
    if name == "completed_share":
        return numbers.pooled_reach_share, numbers.named_reach_share
    books = numbers.named_book, numbers.split_book
    if name == "acv":
        return acv_for(given.csm_cost, books[0], numbers), acv_for(given.csm_cost, books[1], numbers)
    return books[0] * numbers.fund_share * given.acv, books[1] * numbers.fund_share * given.acv


def acv_for(csm_cost: float, book: float, numbers: SizingNumbers) -> float:
    """Return what an account must pay a year for a CSM to be funded with so many accounts."""
    return csm_cost / (numbers.fund_share * book)


def needs(target: str, given: Inputs, numbers: SizingNumbers) -> tuple[Need, ...]:
    """Return what must be so for a verdict, each with whether it is."""
    named, split = (
        acv_for(given.csm_cost, book, numbers) for book in (numbers.named_book, numbers.split_book)
    )
    reach, acv = given.completed_share, given.acv
    if target == WHITE_GLOVE:
        return (
            Need("acv", named, True, acv >= named - HAIR),
            Need(
                "completed_share", numbers.named_reach_share, True, reach >= numbers.named_reach_share - HAIR
            ),
        )
    if target == SPLIT_MACHINE:
        return (
            Need("acv", split, True, acv >= split - HAIR),
            Need(
                "completed_share",
                numbers.pooled_reach_share,
                True,
                reach >= numbers.pooled_reach_share - HAIR,
            ),
        )
    return (
        Need("acv", split, False, acv < split - HAIR),
        Need("completed_share", numbers.pooled_reach_share, False, reach < numbers.pooled_reach_share - HAIR),
    )


@dataclass(frozen=True)
class Sensitivity:
    """What an input does: how near it is to another verdict, and what a nudge of it changes.

    Attributes:
        input: its name.
        nearest: where it alone brings another verdict; None where it never does.
        up: differences of the outputs with the input a nudge higher, by name; ``down`` with it lower.
    """

    input: str
    nearest: Boundary | None
    up: dict[str, float]
    down: dict[str, float]

    @property
    def weight(self) -> float:
        """The largest difference that a nudge makes to any share among the outputs."""
        moved = [*self.up.items(), *self.down.items()]
        return max((abs(by) for name, by in moved if name.endswith("share")), default=0.0)


def sensitivity(given: Inputs, numbers: SizingNumbers) -> tuple[Sensitivity, ...]:
    """Return what each input does, the one that matters most first.

    That is the one nearest to another verdict; of those that move none, the one whose nudge moves a share of
    hours or of ARR furthest.
    """
    bounds: dict[str, Boundary] = {}
    for each in boundaries(given, numbers):
        bounds.setdefault(each.input, each)
    names = ("accounts", "csms", "completed_share", "acv", "csm_cost", "meetings_per_quarter")
    rows = [
        Sensitivity(name, bounds.get(name), *(_nudged(given, name, by, numbers) for by in (1, -1)))
        for name in names
        if getattr(given, name)
    ]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                row.nearest is None,
                abs(row.nearest.gap) if row.nearest else 0.0,
                -row.weight,
                names.index(row.input),
            ),
        )
    )


def _nudged(given: Inputs, name: str, by: int, numbers: SizingNumbers) -> dict[str, float]:
    value = getattr(given, name) * (1 + by * numbers.nudge_share)
    moved = _with(given, name, min(value, 1.0) if name == "completed_share" else value)
    before, after = outputs(given, numbers), outputs(moved, numbers)
    found = {
        "cost_share": after.cost_share_of_arr - before.cost_share_of_arr,
        "fundable_book": after.fundable_book - before.fundable_book,
    }
    if given.csms:
        found["hours_share"] = (after.hours_share.reachable or 0) - (before.hours_share.reachable or 0)
        found["meetings_per_day"] = (after.meetings_per_day.reachable or 0) - (
            before.meetings_per_day.reachable or 0
        )
    return found


def _with(given: Inputs, name: str, value: float) -> Inputs:
    return replace(given, **{name: value})
