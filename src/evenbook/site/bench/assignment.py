"""How near the assignment of made-up books comes to the best, beside what else there is.

The same instance, the same seconds of the processor: the engine, HiGHS alone, CP-SAT, and greed, each in a
process of its own. A gap is to the best bound that any of them proved. How the engine searches was chosen on
seeds below 1000; what is reported uses seed 1000.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from evenbook.kit.errors import EvenbookError
from evenbook.site.bench.bar import Promise, promise_table
from evenbook.site.bench.page import measured_with, write_section

HEADING = "## Assignment of books"
RUNNER = "evenbook.site.bench.assignment_forms"
FORMS = ("engine", "HiGHS", "CP-SAT", "greedy")
LARGE = (50_000, 500)
SECONDS = {(300, 10): 5.0, (2_000, 40): 10.0, (10_000, 200): 30.0, LARGE: 90.0}
"""What is asked for at each number of accounts and people."""

ASKS = {(300, 10): 0.02, (2_000, 40): 0.014, (10_000, 200): 0.018, LARGE: 0.025}
FLOORS = {(300, 10): 0.02, (2_000, 40): 0.025, (10_000, 200): 0.03, LARGE: 0.035}
"""Shares of the best bound; at 300 accounts most of it lies between the bound and the best plan."""


class PlacingFailed(EvenbookError):
    """A way to place a book could not be measured."""

    kind = "placing-failed"
    status = 500


@dataclass(frozen=True)
class Placed:
    """What one way found; None where it found or proved nothing, or was not run (``why``)."""

    form: str
    value: float | None = None
    bound: float | None = None
    over: float | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0
    arcs: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Book:
    """All ways at one size."""

    accounts: int
    people: int
    asked: float
    placed: tuple[Placed, ...]

    @property
    def bound(self) -> float:
        """The best that was proved; what CP-SAT proves is of the problem rounded, and left aside."""
        bounds = (each.bound for each in self.placed if each.bound is not None and each.form != "CP-SAT")
        return max(bounds, default=float("nan"))

    def gap(self, placed: Placed) -> float:
        """Return how far a plan is from the best bound, as a share of it."""
        return float("nan") if placed.value is None else (placed.value - self.bound) / abs(self.bound)


def measure(accounts: int, people: int, *, seconds: float, say: Callable[[str], None] = print) -> Book:
    """Return what every way finds for one made-up book.

    Raises:
        PlacingFailed: one ended with an error.
    """
    found = []
    for form in FORMS:
        say(f"{accounts:,} accounts, {people} people: {form} ...")
        why = _left_out(form, accounts)
        found.append(Placed(form, why=why) if why else _run(form, accounts, people, seconds))
    return Book(accounts, people, seconds, tuple(found))


def _left_out(form: str, accounts: int) -> str:
    if form == "CP-SAT" and importlib.util.find_spec("ortools") is None:
        return "OR-Tools is not installed"
    if accounts >= LARGE[0] and form in {"HiGHS", "CP-SAT"}:
        return "not given: too large for it"
    return ""


def _run(form: str, accounts: int, people: int, seconds: float) -> Placed:
    asked = [sys.executable, "-m", RUNNER, form, str(accounts), str(people), str(seconds)]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    if ended.returncode:
        last = ended.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise PlacingFailed(
            f"{form} ended with an error: {last[0]}", fix=f"Run it alone: {' '.join(asked[1:])}"
        )
    return Placed(form, **json.loads(ended.stdout.strip().splitlines()[-1]))


def promises(books: Sequence[Book]) -> Iterator[Promise]:
    """Yield what is promised of the engine."""
    for book in books:
        size = (book.accounts, book.people)
        if size in ASKS:
            name = f"gap to the best bound, {book.accounts:,} × {book.people}, {book.asked:g} s"
            yield Promise(name, ASKS[size], FLOORS[size], book.gap(book.placed[0]))


def lines(books: Sequence[Book]) -> Iterator[str]:
    """Yield the report, as Markdown."""
    yield (
        "Made-up books, seed 1000, a yearly rebalancing; each way in a process of its own, one thread, CPU "
        "seconds. A gap is to the best bound that any but CP-SAT proved, which solves the problem rounded; "
        "broken are limits exceeded and accounts left to nobody. Peaks hold the instance itself."
    )
    yield ""
    yield from promise_table(promises(books))
    yield ""
    yield "| accounts × people | arcs | asked, s | way | value | bound | gap | broken | took, s | peak, MB |"
    yield "|---" * 10 + "|"
    for book in books:
        for each in book.placed:
            yield _line(book, each)
    yield ""
    yield f"{measured_with()}, numpy {np.__version__}."


def _line(book: Book, each: Placed) -> str:
    size = f"{book.accounts:,} × {book.people}"
    if each.why:
        return f"| {size} | | {book.asked:g} | {each.form} | {each.why} | | | | | |"
    value = "none" if each.value is None else f"{each.value:,.1f}"
    bound = "" if each.bound is None else f"{each.bound:,.1f}"
    gap = "" if each.value is None else f"{book.gap(each):.2%}"
    broken = "" if each.over is None else f"{each.over:.0f}"
    return (
        f"| {size} | {each.arcs:,.0f} | {book.asked:g} | {each.form} | {value} | {bound} | {gap} | {broken} "
        f"| {each.seconds:.1f} | {each.peak_mb:.0f} |"
    )


def main(
    *,
    large: bool = False,
    seconds: float | None = None,
    on: date | None = None,
    page: Path | None = None,
    say: Callable[[str], None] = print,
) -> tuple[Book, ...]:
    """Measure, say the table, and write it into ``page`` under the date ``on`` if both are given.

    Args:
        large: the largest book as well.
        seconds: asked for at every size; None for what is usual at each.
    """
    sizes = [size for size in SECONDS if large or size != LARGE]
    books = tuple(measure(*size, seconds=seconds or SECONDS[size], say=say) for size in sizes)
    text = "\n".join(lines(books))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench assignment`. {text}")
    return books
