"""What the hot sheet would have seen on made-up companies, beside simpler sheets of the same length.

Each seed draws a sample company with two years of history: its accounts, seasons, noise, who leaves,
whether usage falls before and how long, and what else shows. The rules are told none of that. The numbers
of policy are those that it is delivered with; what learned ones hold afterwards is in ``replay_learned``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules import LOSSES, WEEKLY
from evenbook.hotsheet.rules.replayed import LISTS, Fared, Replayed, replayed
from evenbook.site.bench.bar import Promise, promise_table
from evenbook.site.bench.page import measured_with, write_section
from evenbook.site.bench.replay_learned import LATER_WEEKS, TITLES, YEARS, Later
from evenbook.site.bench.replay_learned import measure as measure_learned
from evenbook.site.bench.week_forms import AS_OF, days, policy_tables, session_of

HEADING = "## Replay"
WEEKS = 104
LOST = "select * replace (cast(lost_cents as DOUBLE) as lost_cents) from replay_loss"
FIRST_SEED = 1
"""That of the sample company that a demo opens with; the others are drawn as it is."""


@dataclass(frozen=True, slots=True)
class Company:
    """A made-up company and how each sort of sheet did on it."""

    seed: int
    found: Replayed


def measure(seed: int, accounts: int) -> Company:
    """Return how each sort of sheet did on the company of a seed."""
    from evenbook.site import registry
    from evenbook.sources.sample.parquet import write_frames

    with tempfile.TemporaryDirectory(prefix="evenbook-bench-") as folder:
        write_frames(
            Path(folder) / "frames", as_of=AS_OF, accounts=accounts, seed=seed, tables=registry.tables()
        )
        found = _replayed(Path(folder), accounts)
    assert found is not None, "a made-up company has accounts"
    return Company(seed, found)


def _replayed(folder: Path, accounts: int) -> Replayed | None:
    from evenbook.frames.queries import hold_weeks
    from evenbook.site import carry, registry
    from evenbook.site.weekly import history_megabytes, part_rows

    every, wanted = [*days(WEEKS), AS_OF], {"replay_listed", *carry.left()}
    read = {name for step in WEEKLY for name in step.reads}
    steps = (*registry.steps_for(*read, *carry.left()), *WEEKLY)
    size, kept, listed = max(1, part_rows() // accounts), None, []
    with session_of(folder, AS_OF, policy_tables(every[0], AS_OF), f"{history_megabytes()}MB") as session:
        session.tell(is_whole=True, replay_day=AS_OF)
        for at in range(0, len(every), size):
            part = every[at : at + size]
            hold_weeks(session, part, "UTC")
            carry.hold(session, kept)
            session.run_all(steps, keep=None if part[-1] == AS_OF else wanted)
            listed.append(_columns(session.table("replay_listed")))
            if part[-1] != AS_OF:
                kept = carry.onward(session, part[-1], zone="UTC")
        session.run(LOSSES)
        lost = _columns(session.rows(LOST))
    joined = {name: np.concatenate([each[name] for each in listed]) for name in listed[0]}
    return replayed(joined, lost, as_of=AS_OF, horizon_weeks=HotsheetNumbers().replay_weeks)


def _columns(table: Any) -> dict[str, npt.NDArray[Any]]:
    return {name: np.asarray(table.column(name)) for name in table.column_names}


def together(companies: Sequence[Company | Later], name: str) -> Fared:
    """Return how one sort of sheet did on all companies together; the lead is the median of the medians."""
    every = [next(each for each in company.found.fared if each.list == name) for company in companies]
    leads = [each.lead_weeks for each in every if each.lead_weeks]
    middles = tuple(float(np.median([each[at] for each in leads])) for at in range(3)) if leads else None
    summed = {
        field: sum(getattr(each, field) for each in every)
        for field in ("rows", "right", "losses", "seen", "due", "met", "due_cents", "met_cents")
    }
    return Fared(list=name, lead_weeks=middles, **summed)  # type: ignore[arg-type]


def promises(companies: Sequence[Company]) -> tuple[Promise, ...]:
    """Return what a sheet has to be better than to be worth anybody's Monday."""
    sheet, chance = together(companies, "sheet"), together(companies, "chance")
    revenue, contact = together(companies, "revenue"), together(companies, "contact")
    assert sheet.precision and chance.precision and sheet.revenue_recall and sheet.lead_weeks
    others = [each.revenue_recall or 0.0 for each in (chance, revenue, contact)]
    times = (sheet.precision / chance.precision, sheet.revenue_recall / max(others))
    return (
        Promise("rows followed by a loss, times those by chance", 1.0, 1.0, times[0], at_most=False),
        Promise("revenue held, times the best simple sheet's", 1.0, 1.0, times[1], at_most=False),
        Promise("weeks from the first sheet to the loss", 4.0, 4.0, sheet.lead_weeks[1], at_most=False),
    )


def lines(companies: Sequence[Company], later: Sequence[Later], accounts: int) -> Iterator[str]:
    """Yield the report, as Markdown."""
    share = HotsheetNumbers().share
    yield (
        f"{len(companies)} made-up companies of {accounts:,} accounts, seeds {companies[0].seed} to "
        f"{companies[-1].seed}, {WEEKS + 1} sheets each of {share:.0%} of the active accounts; the rules are "
        "told nothing of how a company was drawn. What columns mean: [the hot sheet](guides/hot-sheet.md)."
    )
    yield ""
    yield "| drawn up | right, of 100 rows | losses held | revenue held | seen | weeks before, in quartiles |"
    yield "|---|---|---|---|---|---|"
    for name, title in LISTS.items():
        yield _line(title.lower(), together(companies, name))
    yield ""
    yield from promise_table(promises(companies))
    yield ""
    first = companies[0]
    yield f"Of these the sample company that a demo is drawn as (seed {first.seed}):"
    yield ""
    yield "| drawn up | right, of 100 rows | losses held | revenue held | seen | weeks before |"
    yield "|---|---|---|---|---|---|"
    for each in first.found.fared:
        yield _line(LISTS[each.list].lower(), each)
    yield ""
    yield from _lines_of_learned(later)
    yield ""
    yield f"{measured_with()}."


def _lines_of_learned(later: Sequence[Later]) -> Iterator[str]:
    """Yield how points that were learned did on weeks that came after."""
    proposed = [each for each in later if each.learned.is_reweighted]
    yield (
        f"**Points that were learned.** The same companies with {YEARS} years of history: in the middle, "
        "weights and the shares of the risk are learned from what was known by then; judged are the sheets "
        f"of the {LATER_WEEKS} weeks after it alone, as far as what followed is known. Other weights were "
        f"proposed at {len(proposed)} of {len(later)} companies. The product adopts nothing by itself."
    )
    yield ""
    yield "| drawn up | right, of 100 rows | losses held | revenue held | seen | weeks before |"
    yield "|---|---|---|---|---|---|"
    for name, title in TITLES.items():
        yield _line(title.lower(), together(later, name))


def _line(title: str, each: Fared) -> str:
    low, middle, high = each.lead_weeks or (float("nan"),) * 3
    shares = (each.precision, each.recall, each.revenue_recall)
    said = " | ".join("–" if share is None else f"{100 * share:.1f}" for share in shares)
    seen = f"{each.seen:,} of {each.losses:,}"
    return f"| {title} | {said} | {seen} | {low:.0f}, {middle:.0f}, {high:.0f} |"


def main(
    seeds: Sequence[int],
    *,
    accounts: int = 1000,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Company, ...]:
    """Measure, print the table, and write it into ``page`` under the date ``on`` if both are given.

    Args:
        seeds: of the companies.
        accounts: of each.
        on: date of the section.
        page: the page of benchmarks.
        say: called with a line at a time.
    """
    companies, later = [], []
    for seed in seeds:
        say(f"seed {seed} ...")
        companies.append(measure(seed, accounts))
        later.append(measure_learned(seed, accounts))
    text = "\n".join(lines(companies, later, accounts))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench replay`. {text}")
    return tuple(companies)
