"""How late the usage detector is, at a stated rate of false alarms, on fleets it has never seen.

Each fleet draws its season, its noise and its changes anew (``engine.fleet_simulator``);
the detector is told none of it. A fall counts as found within four weeks only if the
alarm comes while at most four weeks of the fall have been seen; an account that is
quiet after a false alarm at that time counts as missed. False alarms are counted on
accounts that never change, per year in which they could alarm: the twelve weeks of
warm-up are not in the denominator. 15 accounts in 100 change, so the season is
estimated from a fleet with real falls in it.

The detector was tuned on seeds below 2000. What is reported here uses 2000 and up.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.engine.detection import step
from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.fleet_simulator import NONE, RAMP, FleetKind, MadeFleet, make_fleet
from evenbook.engine.fleet_state import FleetState
from evenbook.site.bench.page import measured_with, write_section

SEEDS = tuple(range(2000, 2080))
TUNED_BELOW = 2000
KINDS = ("fall 40%", "fall 60%", "fall 80%", RAMP)
CHANGED = tuple((kind, 0.0375) for kind in KINDS)
SIZE_BOUNDS = (3.0, 10.0, 30.0)
SIZE_NAMES = ("under 3", "3-10", "10-30", "over 30")
NOT_FOUND = 999
HEADING = "## Detection"


@dataclass(frozen=True, slots=True)
class Case:
    """One sort of fleet, at one budget. ``seeds`` is the share of the given seeds that is used."""

    name: str
    target: float
    fleet: FleetKind
    seeds: float = 1.0


@dataclass(slots=True)
class Tally:
    """What was counted over the fleets of a case."""

    years: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(SIZE_NAMES)))
    alarms: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(SIZE_NAMES)))
    delays: dict[str, list[npt.NDArray[np.int64]]] = field(default_factory=dict)

    def add(self, made: MadeFleet, fell: npt.NDArray[np.bool_], ready: npt.NDArray[np.bool_]) -> None:
        """Count one fleet: weeks by accounts of alarms, and of accounts that could alarm."""
        size = np.digitize(made.size, SIZE_BOUNDS)
        steady = made.change == NONE
        for place in range(len(SIZE_NAMES)):
            chosen = steady & (size == place)
            self.years[place] += ready[:, chosen].sum() / 52.0
            self.alarms[place] += fell[:, chosen].sum()
        for kind in KINDS:
            changed = made.change == kind
            found = delays(fell[:, changed], made.change_week[changed])
            self.delays.setdefault(kind, []).append(found)


def delays(fell: npt.NDArray[np.bool_], begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return weeks of the change that had been seen at the first alarm since it began, 1 or more."""
    since = fell & (np.arange(fell.shape[0])[:, None] >= begins)
    return np.where(since.any(axis=0), since.argmax(axis=0) - begins + 1, NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table.

    ``changed`` counts accounts by kind of change; ``within_4`` and ``within_8`` are shares of
    them, ``median_weeks`` the weeks until half were found;
    ``by_size`` is false alarms per account-year in the classes of ``SIZE_NAMES``.
    """

    case: Case
    fleets: int
    false_alarms: float
    by_size: tuple[float, ...]
    changed: dict[str, int]
    within_4: dict[str, float]
    within_8: dict[str, float]
    median_weeks: dict[str, float]


def measure(case: Case, seeds: Sequence[int]) -> Measured:
    """Return what the detector does on the fleets of these seeds."""
    used = seeds[: max(1, round(len(seeds) * case.seeds))]
    tally = Tally()
    for seed in used:
        made = make_fleet(case.fleet, seed=seed)
        tally.add(made, *watch(made, DetectorParams(target=case.target)))
    found = {kind: np.concatenate(parts) for kind, parts in tally.delays.items()}
    return Measured(
        case=case,
        fleets=len(used),
        false_alarms=float(tally.alarms.sum() / tally.years.sum()),
        by_size=tuple((tally.alarms / np.maximum(tally.years, 1e-9)).tolist()),
        changed={kind: delay.size for kind, delay in found.items()},
        within_4={kind: _share(delay <= 4) for kind, delay in found.items()},
        within_8={kind: _share(delay <= 8) for kind, delay in found.items()},
        median_weeks={
            kind: float(np.median(delay)) if delay.size else np.nan for kind, delay in found.items()
        },
    )


def _share(found: npt.NDArray[np.bool_]) -> float:
    return float(found.mean()) if found.size else float("nan")


def watch(made: MadeFleet, params: DetectorParams) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return alarms, and accounts that could alarm: weeks by accounts."""
    weeks, accounts = made.counts.shape
    ids, seen = np.arange(accounts), np.ones(accounts, dtype=np.bool_)
    fell, ready = np.zeros((weeks, accounts), bool), np.zeros((weeks, accounts), bool)
    state = FleetState.before(0)
    for week in range(weeks):
        state, read = step(state, made.counts[week], accounts=ids, seen=seen, week=week, params=params)
        fell[week], ready[week] = read.fell, read.ready
    return fell, ready


def cases(accounts: int) -> tuple[Case, ...]:
    """Return what is measured, for fleets of so many accounts. The first six are held to a bar."""

    def case(name: str, target: float, share: float = 0.2, size: int = accounts, **more: Any) -> Case:
        return Case(name, target, FleetKind(size, CHANGED, **more), share)

    return (
        case("season and noise drawn anew", 0.25, 1.0),
        case("season and noise drawn anew", 0.10, 1.0),
        case("noisy: k = 4, season 30%", 0.25, shape=4.0, amplitude=0.30),
        case("k = 10, season 30%", 0.25, shape=10.0, amplitude=0.30),
        case("quiet: k = 30, season 30%", 0.25, shape=30.0, amplitude=0.30),
        case("k drawn evenly, not in the logarithm", 0.25, 1.0, shapes_even=True),
        case("accounts differ in noise: log k by 0.5", 0.25, shape_spread=0.5),
        case("accounts wander 4% a week", 0.25, wander=0.04),
        case("accounts do not wander", 0.25, wander=0.0),
        case("fleets of 320 accounts", 0.25, 1.0, 320),
        case("fleets of 30 accounts", 0.25, 1.0, 30),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: what is asked, the floor, and what was measured."""

    name: str
    ask: float
    floor: float
    measured: float
    doubt: float | None = None
    higher_is_better: bool = True

    @property
    def verdict(self) -> str:
        """Say whether the ask, only the floor, or neither is met."""
        sign = 1.0 if self.higher_is_better else -1.0
        if sign * self.measured >= sign * self.ask:
            return "ask met"
        return "floor met" if sign * self.measured >= sign * self.floor else "not met"


def bars(rows: Sequence[Measured]) -> tuple[Bar, ...]:
    """Return the promises of the project, from the rows of ``cases``."""
    worst = max(row.false_alarms / row.case.target for row in rows[2:5])
    over_30 = max(row.by_size[-1] / row.case.target for row in rows[2:5])
    even = " (k drawn evenly)"
    return (
        _bar(rows[0], 4, ask=0.60, floor=0.50),
        _bar(rows[0], 8, ask=0.78, floor=0.70),
        _bar(rows[5], 4, ask=0.60, floor=0.50, note=even),
        _bar(rows[5], 8, ask=0.78, floor=0.70, note=even),
        _bar(rows[1], 4, ask=0.45, floor=0.38),
        _bar(rows[1], 8, ask=0.65, floor=0.58),
        Bar("false alarms over target, other noise", 1.5, 2.0, worst, higher_is_better=False),
        Bar("the same, accounts over 30 users", 1.5, 2.0, over_30, higher_is_better=False),
    )


def _bar(row: Measured, weeks: int, *, ask: float, floor: float, note: str = "") -> Bar:
    """Return the promise for a fall of 60%, with the standard error of the share."""
    kind = "fall 60%"
    share = (row.within_4 if weeks == 4 else row.within_8)[kind]
    doubt = float(np.sqrt(share * (1.0 - share) / max(row.changed[kind], 1)))
    name = f"60% fall within {weeks} weeks, at {row.case.target:.2f}{note}"
    return Bar(name, ask, floor, share, doubt)


@dataclass(frozen=True, slots=True)
class Speed:
    """What the history of a large fleet costs: CPU seconds, of one step in the middle, and memory."""

    accounts: int
    weeks: int
    cpu_seconds: float
    step_seconds: float
    peak_megabytes: float


def speed(accounts: int = 100_000, *, weeks: int = 104, seed: int = TUNED_BELOW) -> Speed:
    """Return what so many weeks cost; making the counts is not in it."""
    rng = np.random.default_rng(seed)
    mean = 8.0 * np.exp(1.3 * rng.standard_normal(accounts))
    ids, seen = np.arange(accounts), np.ones(accounts, dtype=np.bool_)
    state, spent = FleetState.before(0), []
    peak = 0
    for week in range(weeks):
        counts = rng.poisson(mean * rng.gamma(10.0, 0.1, accounts)).astype(np.float32)
        if week == weeks - 1:
            tracemalloc.start()
        begun = time.process_time()
        state, _ = step(state, counts, accounts=ids, seen=seen, week=week, params=DetectorParams())
        spent.append(time.process_time() - begun)
    peak = tracemalloc.get_traced_memory()[1] + sum(held.nbytes for held in state.to_columns().values())
    tracemalloc.stop()
    return Speed(accounts, weeks, sum(spent), float(np.median(spent)), peak / 1e6)


def lines(rows: Sequence[Measured], seeds: Sequence[int], speed: Speed | None) -> Iterator[str]:
    """Yield the report, as Markdown."""
    accounts = rows[0].case.fleet.accounts
    yield (
        f"Seeds {seeds[0]} to {seeds[-1]}, {accounts:,} accounts a fleet where not said otherwise, "
        f"104 weeks; the detector was tuned on seeds below {TUNED_BELOW}. Noise: gamma of shape k, 4 to 30, "
        f"drawn evenly in the logarithm where not said otherwise. In brackets: fleets."
    )
    yield ""
    yield "| promise | ask | floor | measured | |"
    yield "|---|---|---|---|---|"
    for bar in bars(rows):
        doubt = "" if bar.doubt is None else f" ± {bar.doubt:.3f}"
        yield f"| {bar.name} | {bar.ask:.2f} | {bar.floor:.2f} | {bar.measured:.3f}{doubt} | {bar.verdict} |"
    yield ""
    yield from _table(rows)
    if speed is not None:
        yield ""
        yield (
            f"{speed.accounts:,} accounts x {speed.weeks} weeks: {speed.cpu_seconds:.1f} s CPU with the "
            f"simulation of the thresholds, {1000 * speed.step_seconds:.0f} ms a step (median), "
            f"{speed.peak_megabytes:.0f} MB held at the peak of a step. "
            f"{measured_with()}, numpy {np.__version__}."
        )


def _table(rows: Iterable[Measured]) -> Iterator[str]:
    names = " | ".join(f"{kind}: 4 wk / 8 wk / median" for kind in KINDS)
    sizes = " | ".join(f"{name} users" for name in SIZE_NAMES)
    yield f"| fleets | target | false alarms | {sizes} | {names} |"
    yield "|---" * (3 + len(SIZE_NAMES) + len(KINDS)) + "|"
    for row in rows:
        found = " | ".join(
            f"{row.within_4[kind]:.2f} / {row.within_8[kind]:.2f} / {_weeks(row.median_weeks[kind])}"
            for kind in KINDS
        )
        sizes = " | ".join(f"{rate:.2f}" for rate in row.by_size)
        name = f"{row.case.name} ({row.fleets})"
        yield f"| {name} | {row.case.target:.2f} | {row.false_alarms:.3f} | {sizes} | {found} |"


def _weeks(median: float) -> str:
    return "none" if not median < NOT_FOUND else f"{median:g}"


def main(
    seeds: Sequence[int] = SEEDS,
    *,
    accounts: int = 3000,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
    with_speed: bool = True,
) -> tuple[Measured, ...]:
    """Measure, print the table, and write it into ``page`` under the date ``on`` if both are given.

    Args:
        seeds: of the fleets; each case uses its share of them, from the first on.
        accounts: a fleet, where the case does not say itself.
        on: date of the section.
        page: the page of benchmarks.
        say: called with a line at a time.
        with_speed: whether the large fleet is timed too.
    """
    rows: list[Measured] = []
    for case in cases(accounts):
        say(f"{case.name}, {case.target:g} false alarms per account-year ...")
        rows.append(measure(case, seeds))
    text = "\n".join(lines(rows, seeds, speed() if with_speed else None))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench detection`. {text}")
    return tuple(rows)
