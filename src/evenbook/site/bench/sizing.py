"""What a headcount plan costs, and how near its simulated years come to what can be worked out exactly.

Companies are made up: accounts by tier with renewals spread over the year, sales under way, a person for each
65 accounts. The mean and the variance of the hours of each month have a closed form (``engine.event_sums``);
the simulation is held to it. The interval is held to years that were drawn with another seed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from evenbook.site.bench.bar import Promise, promise_table
from evenbook.site.bench.page import measured_with, write_section
from evenbook.sizing.numbers import StaffingNumbers
from evenbook.sizing.rules.hiring import hiring
from evenbook.sizing.rules.known import Client, Known, Sale, WhatIf, Worker
from evenbook.sizing.rules.months import StageDays, months_after
from evenbook.sizing.rules.plan import Simulated, simulated
from evenbook.sizing.rules.plan_told import plan_document

HEADING = "## Headcount plan"
SIZES = (250, 2_000, 20_000)
SAMPLE = 250
"""About as many as the sample company has: the promise is for it."""

SMOOTH = 2_000
"""From so many accounts on an interval is held to its share."""

ASK_SECONDS, ASK_ERRORS, ASK_VARIANCE, LEAST_COVERED, MOST_COVERED = 10.0, 5.0, 0.08, 0.78, 0.82
TODAY = date(2026, 3, 9)
ACCOUNTS_A_PERSON = 65
STAGES = StageDays(90, 180, 90, {"onboarding": 1.6, "adoption": 1.1, "value": 1.0, "renewal": 1.3})
HOURS = {1: 10.0, 2: 3.0, 3: 0.7, 4: 0.05}
SHARES = (0.12, 0.28, 0.4, 0.2)
WHAT_IFS = (
    WhatIf("one more", hires=1),
    WhatIf("one leaves", leavers=(0,)),
    WhatIf("a tier goes digital", from_tier=3),
    WhatIf("a layer down", layer_share=0.2),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one size.

    Attributes:
        seconds: CPU seconds of a plan with its four what-ifs.
        errors: the farthest monthly mean from the exact one, in standard errors.
        variance: the farthest monthly variance from the exact one, as a share of it.
        covered: share of other years within the interval.
        flat: hires that the expected values alone would say.
        hires: hires in the middle of the years, and at the upper end.
    """

    accounts: int
    seconds: float
    errors: float
    variance: float
    covered: float
    flat: int
    hires: tuple[int, int]


def made_up(accounts: int, *, seed: int) -> Known:
    """Return a company of so many accounts."""
    rng = np.random.default_rng(seed)
    tiers = rng.choice(4, accounts, p=SHARES) + 1
    months = months_after(TODAY, StaffingNumbers().months)

    def day() -> date:
        return TODAY + timedelta(days=int(rng.integers(0, 365)))

    sales = [
        Sale(int(rng.integers(1, 5)), float(rng.random()), day(), None if rng.random() < 0.5 else 3.0)
        for _ in range(accounts // 10)
    ]
    people = max(2, accounts // ACCOUNTS_A_PERSON)
    return Known(
        months=months,
        clients=[
            Client(int(tier), "value", HOURS[int(tier)] * float(rng.gamma(20, 0.05)), day()) for tier in tiers
        ],
        sales=sales,
        workers=[Worker(each, (120.0,) * len(months), (0.0,) * len(months)) for each in range(people)],
        stages=STAGES,
        effort={
            (tier, stage): hours * times
            for tier, hours in HOURS.items()
            for stage, times in STAGES.multipliers.items()
        },
        churn={1: 0.03, 2: 0.08, 3: 0.13, 4: 0.22},
        ramp=((0, 0.25), (30, 0.5), (60, 0.75), (90, 1.0)),
    )


def measure(accounts: int, *, seed: int = 1) -> Measured:
    """Return what a plan of a company of so many accounts costs and how near it comes."""
    numbers, known = StaffingNumbers(), made_up(accounts, seed=seed)
    began = time.process_time()
    said = plan_document(known, numbers, WHAT_IFS, as_of=TODAY, seed=seed, rests_on={})
    seconds = time.process_time() - began
    found = simulated(known, numbers, WhatIf(), seed=seed)
    other = simulated(known, numbers, WhatIf(), seed=seed + 1)
    return Measured(
        accounts,
        seconds,
        *_off(found, numbers.runs),
        _covered(found, other, numbers),
        _flat(found, known, numbers),
        (said["hires"]["middle"], said["hires"]["high"]),
    )


def _off(found: Simulated, runs: int) -> tuple[float, float]:
    errors, variances = [], []
    for years, exact in ((found.need, found.exact_need), (found.capacity, found.exact_capacity)):
        spread = np.sqrt(exact.variance / runs)
        errors.append(float((np.abs(years.mean(axis=0) - exact.mean) / spread).max()))
        variances.append(float(np.abs(years.var(axis=0) / exact.variance - 1).max()))
    return max(errors), max(variances)


def _covered(found: Simulated, other: Simulated, numbers: StaffingNumbers) -> float:
    tail = (1 - numbers.interval_share) / 2
    shares = []
    for years, fresh in ((found.need, other.need), (found.capacity, other.capacity)):
        low, high = np.quantile(years, (tail, 1 - tail), axis=0)
        shares.append(float(((fresh >= low) & (fresh <= high)).mean()))
    return float(np.mean(shares))


def _flat(found: Simulated, known: Known, numbers: StaffingNumbers) -> int:
    """Return the hires of a plan of expected values, as a spreadsheet makes it."""
    need, capacity = found.exact_need, found.exact_capacity
    flat = Simulated(need.mean[None], capacity.mean[None], need, capacity)
    return round(hiring(flat, known, numbers, as_of=TODAY).hires.middle)


def promises(rows: Sequence[Measured]) -> Iterator[Promise]:
    """Yield the promises."""
    sample = min(rows, key=lambda row: abs(row.accounts - SAMPLE))
    errors, variance = (max(getattr(row, name) for row in rows) for name in ("errors", "variance"))
    what = f"CPU seconds of 10,000 years with four what-ifs, {sample.accounts:,} accounts"
    yield Promise(what, ASK_SECONDS, ASK_SECONDS, sample.seconds)
    yield Promise("mean from the closed form, standard errors", ASK_ERRORS, ASK_ERRORS, errors)
    yield Promise("variance from the closed form, as a share", ASK_VARIANCE, ASK_VARIANCE, variance)
    held = [row.covered for row in rows if row.accounts >= SMOOTH] or [row.covered for row in rows]
    yield Promise("80% interval holds other years, at least", LEAST_COVERED, LEAST_COVERED, min(held), False)
    yield Promise("80% interval holds other years, at most", MOST_COVERED, MOST_COVERED, max(held))


def lines(rows: Sequence[Measured]) -> Iterator[str]:
    """Yield the report, as Markdown."""
    yield (
        f"Made-up companies, seed 1, {StaffingNumbers().runs:,} years of 12 months, as things are and under "
        "four what-ifs; distances are those of the farthest month. The interval is held to years of another "
        f"seed, of {SMOOTH:,} accounts and more: few people make hours come in steps, and the interval then "
        "holds more."
    )
    yield ""
    yield from promise_table(promises(rows))
    yield ""
    yield (
        "| accounts | CPU seconds | mean off, standard errors | variance off | interval holds "
        "| hires, middle and upper end | hires of expected values alone |"
    )
    yield "|---" * 7 + "|"
    for row in rows:
        yield (
            f"| {row.accounts:,} | {row.seconds:.1f} | {row.errors:.1f} | {row.variance:.1%} "
            f"| {row.covered:.1%} | {row.hires[0]}, {row.hires[1]} | {row.flat} |"
        )
    yield ""
    yield f"{measured_with()}, numpy {np.__version__}."


def main(
    accounts: Sequence[int] = SIZES,
    *,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Measured, ...]:
    """Measure, say the table, and write it into ``page`` under the date ``on`` if both are given."""
    rows = tuple(measure(size) for size in accounts)
    text = "\n".join(lines(rows))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench sizing`. {text}")
    return rows
