"""What the weekly run costs, beside a bare scan of the same columns and beside a notebook.

Every form runs in a process of its own on the frames of the same sample company, so that nothing is
warm for one and cold for another. Seconds are of the processor, on one core, after imports; memory
is the peak of the whole process. Ratios count; the seconds are this machine's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from evenbook.kit.errors import EvenbookError
from evenbook.site.bench.page import measured_with, write_section

WEEKS = 104
HEADING = "## The weekly run"
RUNNER = "evenbook.site.bench.week_forms"
MEASURED = ("scan", "backfill", "week", "pandas")
ROUNDS = 5
"""How often the scan and the week are measured, one after the other: a pair meets the same machine."""


class FormFailed(EvenbookError):
    """A form of the run could not be measured."""

    kind = "form-failed"
    status = 500


@dataclass(frozen=True)
class Cost:
    """What one form cost; ``told`` is what it says of itself."""

    cpu_seconds: float
    peak_mb: float
    told: dict[str, float]


@dataclass(frozen=True)
class Size:
    """All forms at one size.

    ``pairs`` are the week's times of the scan, round by round; ``loops`` those of the rules of loops and
    coverage beside the scan of what they read.
    """

    accounts: int
    weeks: int
    costs: dict[str, Cost]
    pairs: tuple[float, ...]
    loops: tuple[float, ...]

    @property
    def of_the_scan(self) -> float:
        """Return how many times the processor time of a bare scan a week takes, the median of the rounds."""
        return median(self.pairs)

    @property
    def of_the_history(self) -> float:
        """Return how many times the processor time of the history the notebook takes."""
        return self.costs["pandas"].cpu_seconds / self.costs["backfill"].cpu_seconds


@dataclass(frozen=True)
class Bar:
    """One promise: what is asked, the floor, what was measured."""

    name: str
    ask: float
    floor: float
    measured: float
    unit: str
    higher_is_better: bool = False

    @property
    def verdict(self) -> str:
        """Say whether the ask, only the floor, or neither is met."""
        sign = 1.0 if self.higher_is_better else -1.0
        if sign * self.measured >= sign * self.ask:
            return "ask met"
        return "floor met" if sign * self.measured >= sign * self.floor else "not met"


def measure(
    accounts: int,
    *,
    weeks: int = WEEKS,
    rounds: int = ROUNDS,
    with_database: bool = True,
    say: Callable[[str], None] = print,
) -> Size:
    """Return what every form costs for a company of so many accounts.

    Raises:
        FormFailed: a form ended with an error.
    """
    with tempfile.TemporaryDirectory(prefix="evenbook-bench-") as folder:

        def cost(form: str) -> Cost:
            say(f"{accounts:,} accounts: {form} ...")
            return _run(form, Path(folder), accounts, weeks)

        costs = {form: cost(form) for form in ("frames", "backfill", "pandas")}
        pairs = [(cost("scan"), cost("week")) for _ in range(rounds)]
        costs |= {"scan": _middle([scan for scan, _ in pairs]), "week": _middle([week for _, week in pairs])}
        if with_database:
            costs["database"] = cost("database")
    ratios = tuple(week.cpu_seconds / scan.cpu_seconds for scan, week in pairs)
    loops = tuple(week.told["loops_seconds"] / scan.told["loops_seconds"] for scan, week in pairs)
    return Size(accounts, weeks, costs, ratios, loops)


def _middle(costs: Sequence[Cost]) -> Cost:
    """Return the median time and the highest peak of several rounds of one form."""
    seconds, peak = median(each.cpu_seconds for each in costs), max(each.peak_mb for each in costs)
    return Cost(seconds, peak, costs[-1].told)


def _run(form: str, folder: Path, accounts: int, weeks: int) -> Cost:
    asked = [sys.executable, "-m", RUNNER, form, str(folder), str(accounts), str(weeks)]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    if ended.returncode:
        last = ended.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise FormFailed(
            f"The form '{form}' ended with an error: {last[0]}", fix=f"Run it alone: {' '.join(asked[1:])}"
        )
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    return Cost(told.pop("cpu_seconds"), told.pop("peak_mb"), told)


def bars(size: Size) -> tuple[Bar, ...]:
    """Return the promises of the project, at one size."""
    week = size.costs["week"]
    return (
        Bar("one week beside the bare scan", 1.5, 3.0, size.of_the_scan, "times"),
        Bar("of it loops and coverage, beside the scan of their tables", 2, 2, median(size.loops), "times"),
        Bar("one week, peak memory", 300, 400, week.peak_mb, "MB"),
        Bar(f"{size.weeks} weeks: the notebook beside them", 10, 4, size.of_the_history, "times", True),
    )


def lines(sizes: Sequence[Size]) -> Iterator[str]:
    """Yield the report, as Markdown."""
    yield (
        "The sample company, two years of history; from Parquet frames to the rows that a run stores, each "
        "form in a bare process on one core. CPU seconds after imports, and the peak memory of the process. "
        "The notebook is the same measures in pandas, a week at a time; detector and state machine are the "
        "same numpy in both, and both give the same number of values. *One week* goes on from the carry "
        "of the week before and makes everything that a run stores, words and hot sheet included; it and "
        f"the scan are measured in {ROUNDS} pairs: medians, and the lowest and highest of their ratios."
    )
    yield ""
    yield "| accounts | bare scan | one week | of the scan | history | notebook | of the history |"
    yield "|---|---|---|---|---|---|---|"
    for size in sizes:
        scan, history, one, notebook = (_cell(size.costs[form]) for form in MEASURED)
        yield (
            f"| {size.accounts:,} | {scan} | {one} | {_spread(size.pairs)} | {history} | {notebook} "
            f"| {size.of_the_history:.1f} × |"
        )
    yield ""
    yield from _beside_database(sizes)
    yield f"| promise, at {sizes[-1].accounts:,} accounts | ask | floor | measured | |"
    yield "|---|---|---|---|---|"
    for bar in bars(sizes[-1]):
        yield f"| {bar.name} | {bar.ask:g} | {bar.floor:g} | {bar.measured:.1f} {bar.unit} | {bar.verdict} |"
    yield ""
    yield f"{measured_with()}, {sizes[-1].weeks} weeks of history."


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.1f} × ({min(ratios):.1f} to {max(ratios):.1f})"


def _cell(cost: Cost) -> str:
    return f"{cost.cpu_seconds:.2f} s, {cost.peak_mb:.0f} MB"


def _beside_database(sizes: Sequence[Size]) -> Iterator[str]:
    told = [(size.accounts, size.costs["database"].told) for size in sizes if "database" in size.costs]
    if not told:
        return
    parts = [
        f"{accounts:,} accounts: {cost['read_seconds']:.1f} s to read every frame, "
        f"{cost['store_seconds']:.1f} s to store a week"
        for accounts, cost in told
    ]
    yield f"Beside it, from and to SQLite, CPU: {'; '.join(parts)}."
    yield ""


def main(
    accounts: Sequence[int],
    *,
    weeks: int = WEEKS,
    with_database: bool = True,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Size, ...]:
    """Measure every size, print the table, and write it into ``page`` under ``on`` if both are given."""
    sizes = tuple(measure(each, weeks=weeks, with_database=with_database, say=say) for each in accounts)
    text = "\n".join(lines(sizes))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench week`. {text}")
    return sizes
