"""What reviews cost: decks a second on one core, and the memory of a thousand of them in one process.

The customers are made up, every eighth with a name that is long, right to left, or full of pictures. Each
review is drawn up from its facts and written as slides, as a batch does; what is read from the database and
mailed is not measured here. Facts are drawn by seed.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from evenbook.reviews.decks import file_of
from evenbook.reviews.numbers import Feature, ReviewsNumbers
from evenbook.reviews.rules.content import drawn
from evenbook.reviews.rules.facts import Asked, Facts, Has, Known, Met, Told, Used
from evenbook.reviews.rules.wording import words_of
from evenbook.site.bench.page import measured_with, write_section

HEADING = "## Business reviews"
AS_OF = date(2026, 3, 9)
ENDS_AT = datetime(2026, 3, 10, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 6, tzinfo=UTC)
NAMES = (
    "Northwind Wholesale Provisions and Cold Storage " * 6,
    "شركة الشمال للأغذية والتخزين المبرد " * 6,
    "Kestrel 🚀 Bio 🧪 " * 12,
    "北风食品冷藏有限公司" * 20,
)
NUMBERS = ReviewsNumbers(
    features=(
        Feature(measure="exports", title="Exports", product="Core", worth="Numbers in your own sheets."),
    )
)
KILOBYTES_A_MEGABYTE = 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of decks cost.

    Attributes:
        decks: how many were made.
        a_second: decks for each second of one core.
        drawing: seconds of a processor to draw one up, without its file.
        pdf: seconds by the clock to set one as PDF, in a process of its own.
        kilobytes: mean size of a deck.
        start_mb, peak_mb: memory of the process before the first deck, and at its highest.
        slides: least and most of a deck.
    """

    decks: int
    a_second: float
    drawing: float
    pdf: float
    kilobytes: float
    start_mb: float
    peak_mb: float
    slides: tuple[int, int]


def facts_of(number: int, rng: np.random.Generator) -> Facts:
    """Return the facts of a made-up customer."""
    name = NAMES[number // 8 % len(NAMES)][:300] if number % 8 == 0 else f"Customer {number}"
    seats, monday = int(rng.integers(5, 400)), date(2026, 3, 2)
    weeks = [monday - timedelta(weeks=back) for back in range(26)]
    day = datetime(2026, 2, 20, tzinfo=UTC)
    return Facts(
        account=name,
        tier=1 + number % 4,
        seats=((float(seats), LONG_AGO),),
        used=tuple(Used("active_users", week, float(rng.integers(1, seats + 1)), LONG_AGO) for week in weeks),
        reported=frozenset({"active_users", "exports"}),
        tickets=tuple(
            Asked(f"Question {n}", day, day if n % 2 else None, LONG_AGO) for n in range(number % 12)
        ),
        meetings=tuple(Met("Call", day, LONG_AGO) for _ in range(number % 5)),
        people=tuple(
            Known(f"Person {n}", "Head of Things", "a@b.example", n == 0, LONG_AGO) for n in range(4)
        ),
        products=(Has("Core", seats, None, None, LONG_AGO),),
        news=tuple(Told(f"News {n}", "What it does. " * 8, day.date(), LONG_AGO) for n in range(4)),
        shipped=(Told("Undo", "Take a step back.", day.date(), LONG_AGO),),
        our_name="Amara Okafor",
        our_mail="amara@example.com",
    )


def measure(decks: int, *, seed: int = 1) -> Measured:
    """Return what so many decks cost, made one after the other as a batch makes them."""
    rng, words = np.random.default_rng(seed), words_of(None)
    asked = {"as_of": AS_OF, "ends_at": ENDS_AT, "measure": "active_users"}
    facts = [facts_of(number, rng) for number in range(decks)]
    file_of(drawn(facts[0], NUMBERS, words, **asked), "pptx", made_at=ENDS_AT, master=None)  # type: ignore[arg-type]
    start, begun, sizes, pages = _megabytes(), time.process_time(), 0, []
    drawing = 0.0
    for each in facts:
        before = time.process_time()
        deck = drawn(each, NUMBERS, words, **asked)  # type: ignore[arg-type]
        drawing += time.process_time() - before
        sizes += len(file_of(deck, "pptx", made_at=ENDS_AT, master=None).contents)
        pages.append(deck.pages)
    seconds = time.process_time() - begun
    clock = time.perf_counter()
    for each in facts[:10]:
        file_of(drawn(each, NUMBERS, words, **asked), "pdf", made_at=ENDS_AT, master=None)  # type: ignore[arg-type]
    pdf = (time.perf_counter() - clock) / min(10, decks)
    return Measured(
        decks, decks / seconds, drawing / decks, pdf, sizes / decks / 1024, start, _megabytes(),
        (min(pages), max(pages)),
    )  # fmt: skip


def lines(found: Measured) -> Iterator[str]:
    """Yield the report, as Markdown."""
    least, most = found.slides
    slides = f"{least} to {most}" if least < most else f"{most}"
    yield (
        f"{found.decks:,} made-up customers, one core, one process; {slides} slides each with the cover, a "
        "native chart in each deck; every eighth name is long, right to left or full of pictures."
    )
    yield ""
    yield "| | measured |"
    yield "|---|---|"
    yield f"| decks a second, on one core | {found.a_second:.1f} |"
    yield f"| of it drawing up, without the file | {found.drawing * 1000:.1f} ms a deck |"
    yield f"| a PDF, in a process of its own | {found.pdf * 1000:.0f} ms |"
    yield f"| size of a deck | {found.kilobytes:.0f} kB |"
    yield f"| memory before the first deck | {found.start_mb:.0f} MB |"
    yield f"| memory at its highest | {found.peak_mb:.0f} MB |"
    yield ""
    yield f"{measured_with()}."


def main(
    decks: int, *, on: date | None = None, page: Path | None = None, say: Callable[[str], None] = print
) -> Measured:
    """Measure, say the table, and write it into ``page`` under the date ``on`` if both are given."""
    found = measure(decks)
    text = "\n".join(lines(found))
    say(text)
    if page is not None and on is not None:
        write_section(page, f"{HEADING}, {on.isoformat()}\n\n`evenbook bench reviews`. {text}")
    return found


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_A_MEGABYTE
