"""How near the effect of an event comes to the truth, though events answer bad weeks.

Each seed draws people whose loads wander, and events that follow high weeks or come at random
(``engine.effects_simulator``). Beside the estimate the weeks after less the two that led to it,
as everybody remembers them. How a match is made was chosen on seeds below 1000; what is reported uses
1000 and up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from evenbook.engine.effects import LATE_WEEKS, effect_of
from evenbook.engine.effects_simulator import MadeEvents, made_events
from evenbook.site.bench.bar import Promise, promise_table
from evenbook.site.bench.page import measured_with, write_section

TUNED_BELOW = 1000
HEADING = "## What went with an event"
CASES = tuple(
    (people, answers, effect)
    for people in (60, 300)
    for answers in (True, False)
    for effect in (0.0, -0.1, -0.2)
)
SPAN = 8
PLANTED = -0.1
ASK_OFF, FLOOR_OFF = 0.02, 0.03
ASK_FALSE, FLOOR_FALSE = 0.05, 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one sort of team. Loads: 0.1 is ten points of percent.

    Attributes:
        said: share of the teams of which something was said at all; what follows is of these.
        bias: mean signed distance from the truth.
        off: root of the mean squared distance.
        covered_80, covered_95: share of the intervals that hold the truth.
        seen: share in which an effect was seen.
        naive: mean signed distance of the weeks after less the two before.
    """

    people: int
    answers: bool
    effect: float
    said: float
    bias: float
    off: float
    covered_80: float
    covered_95: float
    seen: float
    naive: float


def measure(people: int, seeds: Sequence[int], *, answers: bool, effect: float) -> Measured:
    """Return how near the effect comes for these seeds."""
    found, naive = [], []
    for seed in seeds:
        made = made_events(seed, people=people, effect=effect, answers=answers)
        naive.append(_after_less_before(made) - effect)
        given = effect_of(made.outcomes, made.event_week, before=SPAN, after=SPAN)
        if given.estimate is None or given.interval_80 is None or given.interval_95 is None:
            continue
        holds = [low <= effect <= high for low, high in (given.interval_80, given.interval_95)]
        found.append((given.estimate - effect, (given.estimate - effect) ** 2, *holds, given.is_seen))
    bias, squared, in_80, in_95, seen = np.mean(found, axis=0) if found else np.full(5, np.nan)
    return Measured(
        people, answers, effect, len(found) / len(seeds), float(bias), float(np.sqrt(squared)),
        float(in_80), float(in_95), float(seen), float(np.nanmean(naive)),
    )  # fmt: skip


def _after_less_before(made: MadeEvents) -> float:
    weeks, last = made.event_week, made.outcomes.shape[1]
    moved = [
        row[week : week + SPAN].mean() - row[week - LATE_WEEKS : week].mean()
        for row, week in zip(made.outcomes, weeks, strict=True)
        if SPAN <= week <= last - SPAN
    ]
    return float(np.mean(moved)) if moved else float("nan")


def promises(rows: Sequence[Measured]) -> Iterator[Promise]:
    """Yield the promises: those of teams whose leaders answer bad weeks, the hard case."""
    for people in (60, 300):
        hard = {row.effect: row for row in rows if row.answers and row.people == people}
        off = abs(hard[PLANTED].bias)
        yield Promise(f"distance of the mean from ten points, {people} people", ASK_OFF, FLOOR_OFF, off)
        yield Promise(f"seen where there is none, {people} people", ASK_FALSE, FLOOR_FALSE, hard[0.0].seen)


def lines(rows: Sequence[Measured], seeds: Sequence[int]) -> Iterator[str]:
    """Yield the report, as Markdown."""
    yield (
        f"Seeds {seeds[0]} to {seeds[-1]}, 104 weeks, {SPAN} weeks before and after; how a match is made was "
        f"chosen on seeds below {TUNED_BELOW}. Ask and floor are our own. A load of 0.1 is ten points."
    )
    yield ""
    yield from promise_table(promises(rows))
    yield ""
    yield (
        "| people | events | planted | said | bias | distance | 80% covers | 95% covers | seen "
        "| bias of after less the two weeks before |"
    )
    yield "|---" * 10 + "|"
    for row in rows:
        yield (
            f"| {row.people} | {'answer high weeks' if row.answers else 'at random'} | {row.effect:+.1f} "
            f"| {row.said:.0%} | {row.bias:+.3f} | {row.off:.3f} | {row.covered_80:.0%} "
            f"| {row.covered_95:.0%} | {row.seen:.0%} | {row.naive:+.3f} |"
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
    rows = tuple(measure(people, seeds, answers=answers, effect=effect) for people, answers, effect in CASES)
    text = "\n".join(lines(rows, seeds))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench effects`. {text}")
    return rows
