"""How many weeks the early warning of overload comes before everybody sees it, and how often it is wrong.

On years that are made up (``closing_years``), by the rule and the numbers of policy as they are delivered.
The *lead* is from the first warning that begins in or after the week of the onset to the *wave*, the first
week with so many loops overdue that nobody needs a warning any more. Two lines are measured: that from which
policy warns by itself, and the line of unfinished work that policy keeps. Whoever is not warned by the wave
has a lead of 0, and counts. A *false warning* is one that begins in a year without an overload, per year
in which it could: the weeks of the first base are not among them.

The numbers of policy were chosen on seeds below 100. What is reported here uses 100 and up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.rules.warning import Limits, first_warned
from evenbook.site.bench.closing_years import NEVER, MadeYears, YearKind, make_years
from evenbook.site.bench.page import measured_with, write_section

TUNED_BELOW = 100
SEEDS = tuple(range(TUNED_BELOW, TUNED_BELOW + 10))
HEADING = "## Early warning"
ASK_LEAD, ASK_FALSE = 6.0, 0.5
ONSETS = (16, 40)


@dataclass(frozen=True, slots=True)
class Case:
    """One sort of years."""

    name: str
    kind: YearKind


@dataclass(frozen=True, slots=True)
class Before:
    """How long before a wave the warning came.

    Attributes:
        line: more loops overdue than this are the wave.
        people: how many had it within their weeks.
        to_wave: weeks from the onset to the wave, median.
        lead: quartiles of the weeks of lead.
        warned: the share of these people that was warned before it.
    """

    line: int
    people: int
    to_wave: float
    lead: tuple[float, float, float]
    warned: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in a case: leads before each wave, or false warnings per CSM-year and of how many."""

    case: Case
    before: tuple[Before, ...] = ()
    false_warnings: float = float("nan")
    years: float = 0.0


def cases(people: int) -> tuple[Case, ...]:
    """Return what is measured: overloads that come faster and slower, and years without any."""
    calm = YearKind(people)
    loaded = replace(calm, onset=ONSETS)
    return (
        Case("at once", replace(loaded, fall=(1.0, 1.0))),
        Case("over 4 weeks", replace(loaded, fall=(4.0, 4.0))),
        Case("over 6 weeks", loaded),
        Case("over 8 weeks", replace(loaded, fall=(8.0, 8.0))),
        Case("as above", calm),
        Case("twice the leave", replace(calm, leaves=6.0)),
        Case("quarters' ends twice as busy", replace(calm, burst=1.7)),
        Case("small books", replace(calm, pace=(3.0, 9.0))),
    )


def measure(case: Case, seeds: Sequence[int], limits: Limits, lines: Sequence[int]) -> Measured:
    """Return how early, before each line of overdue loops, and how often wrong the warning is."""
    made = [make_years(case.kind, seed=seed) for seed in seeds]
    begun = [_begun(years, limits) for years in made]
    if case.kind.onset is None:
        return _false(case, made, begun, limits)
    return Measured(case, tuple(_before(made, begun, line) for line in lines))


def _begun(years: MadeYears, limits: Limits) -> list[tuple[int, ...]]:
    """Return by person the weeks in which a warning begins."""
    people = years.due.shape[1]
    window = limits.window_weeks
    return [first_warned(years.weeks_of(person, window=window), limits) for person in range(people)]


def _before(made: Sequence[MadeYears], begun: Sequence[Sequence[Sequence[int]]], line: int) -> Before:
    leads, to_wave = [], []
    for years, by_person in zip(made, begun, strict=True):
        for person, wave in enumerate(years.waves(line).tolist()):
            if wave != NEVER:
                onset = int(years.onset[person])
                leads.append(lead(by_person[person], onset=onset, wave=wave))
                to_wave.append(wave - onset)
    if not leads:
        return Before(line, 0, float("nan"), (float("nan"),) * 3, float("nan"))
    low, middle, high = (float(each) for each in np.quantile(leads, (0.25, 0.5, 0.75)))
    warned = float(np.mean(np.array(leads) > 0))
    return Before(line, len(leads), float(np.median(to_wave)), (low, middle, high), warned)


def lead(begun: Sequence[int], *, onset: int, wave: int) -> int:
    """Return the weeks from the first warning since the onset to the wave, 0 where none came before it."""
    since = [week for week in begun if onset <= week <= wave]
    return wave - min(since) if since else 0


def _false(
    case: Case, made: Sequence[MadeYears], begun: Sequence[Sequence[Sequence[int]]], limits: Limits
) -> Measured:
    began = sum(week >= limits.base_weeks for each in begun for weeks in each for week in weeks)
    years = sum(each.due.shape[1] * (each.due.shape[0] - limits.base_weeks) / 52 for each in made)
    return Measured(case, false_warnings=began / years, years=years)


def lines(rows: Sequence[Measured], seeds: Sequence[int], limits: Limits) -> Iterator[str]:
    """Yield the report, as Markdown."""
    people = rows[0].case.kind.people
    yield (
        f"Seeds {seeds[0]} to {seeds[-1]}, {people:,} invented CSMs of 64 weeks a seed and case; the numbers "
        f"of policy were chosen on seeds below {TUNED_BELOW}: a share of {limits.window_weeks} weeks, "
        f"{limits.margin:.2f} over the median of {limits.base_weeks}, {limits.running_weeks} weeks running. "
        "The wave is the first week with more loops overdue than the line. Whoever was not warned before it "
        "has a lead of 0 and counts. Asked: six weeks of lead at the median, and at most one false warning a "
        "CSM in two years."
    )
    yield ""
    yield (
        "| overload: the writing falls | line | CSMs with the wave | weeks from onset to wave "
        "| lead, weeks: quarter / median / three quarters | warned before | |"
    )
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        for each in row.before:
            yield f"| {row.case.name} | {_lead_line(each)} |"
    yield ""
    yield "| no overload | CSM-years | false warnings per CSM-year | |"
    yield "|---|---|---|---|"
    for row in rows:
        if not row.before:
            said = "ask met" if row.false_warnings <= ASK_FALSE else "not met"
            yield f"| {row.case.name} | {row.years:,.0f} | {row.false_warnings:.2f} | {said} |"
    yield ""
    yield f"{measured_with()}, numpy {np.__version__}."


def _lead_line(each: Before) -> str:
    low, middle, high = each.lead
    said = "ask met" if middle >= ASK_LEAD else "not met"
    lead_said = f"{low:g} / {middle:g} / {high:g}"
    return f"{each.line} | {each.people:,} | {each.to_wave:g} | {lead_said} | {each.warned:.0%} | {said}"


def main(
    seeds: Sequence[int] = SEEDS,
    *,
    people: int = 100,
    limits: Limits | None = None,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Measured, ...]:
    """Measure, print the table, and write it into ``page`` under the date ``on`` if both are given.

    Args:
        seeds: of the years.
        people: invented a seed and case.
        limits: of the warning; those that policy is delivered with where not given.
        on: date of the section.
        page: the page of benchmarks.
        say: called with a line at a time.
    """
    numbers = ClosuresNumbers()
    held = limits or Limits.of(numbers)
    waves = (numbers.warning_overdue, numbers.unfinished_line)
    rows = tuple(measure(case, seeds, held, waves) for case in cases(people))
    text = "\n".join(lines(rows, seeds, held))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench warning`. {text}")
    return rows
