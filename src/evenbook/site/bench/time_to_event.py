"""How near the mean time to an event comes to the truth while half of the events are still to come.

Each seed draws how long delays are and how many are never answered (``engine.delay_simulator``), and only
what happened in the last 30 days up to the day of asking is given. The truth is the mean if everything
had been watched for 30 days. Beside it the average of what has been answered, as a spreadsheet shows it.

The interval was chosen on seeds below 1000. What is reported here uses 1000 and up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from evenbook.engine.delay_simulator import make_delays
from evenbook.engine.restricted_mean import time_to_event
from evenbook.site.bench.bar import Promise, promise_table
from evenbook.site.bench.page import measured_with, write_section

TUNED_BELOW = 1000
HEADING = "## Time to an event"
SIZES = (30, 100, 300, 1000)
HELD_TO = 1000
ASK_OFF, LEAST_COVERED, MOST_COVERED = 0.05, 0.75, 0.85


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one number of episodes; distances are shares of the truth.

    Attributes:
        off: mean distance.
        bias: mean signed distance.
        covered: share of the intervals that hold the truth.
        naive: mean signed distance of the average of answered episodes.
        open_share: share of the episodes without an answer.
    """

    episodes: int
    off: float
    bias: float
    covered: float
    naive: float
    open_share: float


def measure(episodes: int, seeds: Sequence[int]) -> Measured:
    """Return how near the mean comes for these seeds."""
    found = []
    for seed in seeds:
        made = make_delays(episodes, seed=seed)
        mean, (low, high) = time_to_event(made.days, made.observed, made.horizon)
        answered = made.days[made.observed]
        naive = answered.mean() / made.truth - 1.0 if answered.size else np.nan
        off = mean / made.truth - 1.0
        found.append((abs(off), off, low <= made.truth <= high, naive, 1.0 - made.observed.mean()))
    return Measured(episodes, *(float(each) for each in np.nanmean(found, axis=0)))


def promises(rows: Sequence[Measured]) -> Iterator[Promise]:
    """Yield the promises."""
    held = next(row for row in rows if row.episodes == HELD_TO)
    covered = float(np.mean([row.covered for row in rows]))
    yield Promise(f"distance from the truth, {HELD_TO:,} episodes", ASK_OFF, ASK_OFF, held.off)
    yield Promise("80% interval covers, at least", LEAST_COVERED, LEAST_COVERED, covered, False)
    yield Promise("80% interval covers, at most", MOST_COVERED, MOST_COVERED, covered)


def lines(rows: Sequence[Measured], seeds: Sequence[int]) -> Iterator[str]:
    """Yield the report, as Markdown."""
    yield (
        f"Seeds {seeds[0]} to {seeds[-1]}; the interval was chosen on seeds below {TUNED_BELOW}. "
        "Coverage in the promises is over all sizes."
    )
    yield ""
    yield from promise_table(promises(rows))
    yield ""
    yield "| episodes | still open | distance | bias | 80% interval covers | mean of the answered |"
    yield "|---" * 6 + "|"
    for row in rows:
        yield (
            f"| {row.episodes:,} | {row.open_share:.0%} | {row.off:.1%} | {row.bias:+.1%} "
            f"| {row.covered:.0%} | {row.naive:+.0%} |"
        )
    yield ""
    yield f"{measured_with()}, numpy {np.__version__}."


def main(
    seeds: Sequence[int],
    *,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Measured, ...]:
    """Measure, say the table, and write it into ``page`` under the date ``on`` if both are given."""
    rows = tuple(measure(size, seeds) for size in SIZES)
    text = "\n".join(lines(rows, seeds))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench time-to-event`. {text}")
    return rows
