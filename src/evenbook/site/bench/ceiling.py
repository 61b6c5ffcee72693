"""How near a fitted ceiling comes to the true one, and how often one is seen where there is none.

Each team draws its volumes, its people and where the ceiling lies anew (``engine.ceiling_simulator``); the
fit is told none of it. With escalations, some weeks bring more interactions and lower quality at
once: heavy weeks are worse, and no ceiling is the cause.

The fit was tuned on seeds below 1000. What is reported here uses 1000 and up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from evenbook.engine.ceiling import fit_ceiling
from evenbook.engine.ceiling_simulator import TeamKind, make_team
from evenbook.site.bench.bar import Promise, promise_table
from evenbook.site.bench.page import measured_with, write_section

TUNED_BELOW = 1000
HEADING = "## Ceilings"
ASK_OFF, ASK_SILENT = 0.5, 0.9
ASKED = TeamKind()


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one sort of team.

    Attributes:
        silent: share of the teams in which no ceiling is reported.
        off: mean distance of the others from the true ceiling; NaN where there is none.
        covered: share of their intervals that hold it.
        width: mean width of their intervals.
        cpu_seconds: of one team.
    """

    kind: TeamKind
    teams: int
    silent: float
    off: float
    covered: float
    width: float
    cpu_seconds: float


def kinds() -> tuple[TeamKind, ...]:
    """Return what is measured. The first four are held to a bar."""
    return (
        ASKED,
        replace(ASKED, escalations=True),
        replace(ASKED, slope=0.0),
        replace(ASKED, slope=0.0, escalations=True),
        TeamKind(5, 26, -4.0),
        TeamKind(5, 104),
        TeamKind(5, 52, 0.0),
        TeamKind(5, 52, 0.0, escalations=True),
    )


def measure(kind: TeamKind, seeds: Sequence[int]) -> Measured:
    """Return what the fit does on the teams of these seeds."""
    begun, found = time.process_time(), []
    for seed in seeds:
        made = make_team(kind, seed=seed)
        fit = fit_ceiling(made.volume, made.quality, made.person, seed=seed)
        if fit is not None:
            true = np.nan if made.ceiling is None else made.ceiling
            low, high = fit.interval_80
            found.append((abs(fit.value - true), low <= true <= high, high - low))
    off, covered, width = np.mean(found, axis=0) if found else np.full(3, np.nan)
    return Measured(
        kind=kind,
        teams=len(seeds),
        silent=1.0 - len(found) / len(seeds),
        off=float(off),
        covered=float(covered) if kind.slope else float("nan"),
        width=float(width),
        cpu_seconds=(time.process_time() - begun) / len(seeds),
    )


def promises(rows: Sequence[Measured]) -> Iterator[Promise]:
    """Yield the promises, from the rows of ``kinds``."""
    for row in rows[:4]:
        what = f"{row.kind.people} people × {row.kind.weeks} weeks{_escalating(row.kind)}"
        if row.kind.slope:
            yield Promise(
                f"distance from a ceiling of slope {row.kind.slope:g}, {what}", ASK_OFF, ASK_OFF, row.off
            )
            yield Promise(f"the same ceilings seen at all, {what}", 0.5, 0.5, 1.0 - row.silent, False)
        else:
            yield Promise(
                f"silent where there is no ceiling, {what}", ASK_SILENT, ASK_SILENT, row.silent, False
            )


def lines(rows: Sequence[Measured], seeds: Sequence[int]) -> Iterator[str]:
    """Yield the report, as Markdown."""
    yield (
        f"Seeds {seeds[0]} to {seeds[-1]}, a team each; the fit was tuned on seeds below {TUNED_BELOW}. "
        "Noise of a week's quality: 12 points over the root of its volume. Distances and widths in "
        "interactions a week, over the teams in which a ceiling is reported."
    )
    yield ""
    yield from promise_table(promises(rows))
    yield ""
    yield "| people × weeks | slope | silent | distance | 80% interval covers | its width | CPU, s |"
    yield "|---" * 7 + "|"
    for row in rows:
        slope = f"{row.kind.slope:g}" if row.kind.slope else "no ceiling"
        yield (
            f"| {row.kind.people} × {row.kind.weeks}{_escalating(row.kind)} | {slope} | {row.silent:.0%} "
            f"| {_figure(row.off)} | {_figure(row.covered)} | {_figure(row.width)} | {row.cpu_seconds:.1f} |"
        )
    yield ""
    yield f"{measured_with()}, numpy {np.__version__}."


def _escalating(kind: TeamKind) -> str:
    return ", with escalation weeks" if kind.escalations else ""


def _figure(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2f}"


def main(
    seeds: Sequence[int],
    *,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Measured, ...]:
    """Measure, say the table, and write it into ``page`` under the date ``on`` if both are given."""
    rows = tuple(measure(kind, seeds) for kind in kinds())
    text = "\n".join(lines(rows, seeds))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench ceiling`. {text}")
    return rows
