"""One column while its cells pass by: counts, evidence and a sample of kinds, in bounded memory.

The order of day and month, the decimal mark and the range of numbers take in every cell; the kinds
of cells a sample. Each different text of a batch is looked at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from evenbook.sources.profile.cells import kind_of
from evenbook.sources.profile.date_evidence import DateEvidence
from evenbook.sources.profile.findings import CellKind, ColumnProfile, DateFinding, NumberFinding, Sighting
from evenbook.sources.profile.looks import Looks, looks_like
from evenbook.sources.profile.number_evidence import NumberEvidence
from evenbook.sources.profile.scores import score_of
from evenbook.sources.profile.words import DATE, words_of
from evenbook.sources.reading.sheets import Cell
from evenbook.sources.values import is_formula, is_nothing, text_of

FIRST_SAMPLE = 1_000
LATER_SAMPLE = 20
WHOLE_SAMPLE = 5_000
DISTINCT_KEPT = 50
LONGEST_KEPT = 200
MOST = 0.6
NUMERIC: tuple[CellKind, ...] = ("integer", "decimal", "money", "percent")
LONGEST_WHOLE = 18
STARTS = "=+-@\t\r"
UNIX_TIMES = ((10**8, 5 * 10**9, "unix seconds"), (10**11, 5 * 10**12, "unix milliseconds"))
SERIALS = (20_000, 76_700)


class ColumnState:
    """Everything known about one column so far."""

    def __init__(self, name: str, position: int) -> None:
        self.name, self.position = name, position
        self.rows = self.blanks = self.formulas = self.longest = 0
        self.known: set[Cell] = set()
        self.kinds: Counter[CellKind] = Counter()
        self.distinct: dict[str, None] = {}
        self.first_formula: Sighting | None = None
        self.dates, self.numbers = DateEvidence(), NumberEvidence()

    def see(self, cells: Sequence[Cell], numbers: Sequence[int]) -> None:
        """Take in the cells of a batch."""
        tally = Counter(cells)
        self.rows += len(cells)
        texts = [cell for cell in tally if isinstance(cell, str) and cell and not cell.isspace()]
        typed = [cell for cell in tally if cell is not None and not isinstance(cell, str)]
        filled = sum(tally[cell] for cell in texts) + sum(tally[cell] for cell in typed)
        self.blanks += len(cells) - filled
        self._sample([*typed, *texts])
        self._keep_distinct([*typed, *texts])
        if texts:
            self.longest = max(self.longest, max(map(len, texts)))
            self._see_texts(texts, tally, cells, numbers)
        for cell in typed:
            self._see_typed(cell, tally[cell])

    def profile(self) -> ColumnProfile:
        """Return what was found out."""
        share = Counter({kind: count / max(self.sampled, 1) for kind, count in self.kinds.items()})
        numeric = share["integer"] + share["decimal"] + share["percent"] + share["money"]
        numbers = self.numbers.finding() if numeric >= MOST else None
        dates = self.dates.finding() if share["date"] >= MOST else self._dates_in_numbers(numbers)
        values, has_more = tuple(self.distinct)[:DISTINCT_KEPT], len(self.distinct) > DISTINCT_KEPT
        looks = Looks(self.name, share, numbers, dates, values, has_more, self.rows, self.rows - self.blanks)
        return ColumnProfile(
            name=self.name,
            position=self.position,
            rows=self.rows,
            blanks=self.blanks,
            looks_like=looks_like(looks),
            kinds=dict(self.kinds),
            sampled=self.sampled,
            dates=dates,
            numbers=numbers,
            score=score_of(self.name, numbers, values, closed=not has_more),
            distinct=values,
            has_more_values=has_more,
            formulas=self.formulas,
            first_formula=self.first_formula,
            longest=self.longest,
        )

    def _sample(self, values: list[Cell]) -> None:
        room = max(FIRST_SAMPLE - self.sampled, LATER_SAMPLE)
        if self.sampled >= WHOLE_SAMPLE:
            return
        for value in values:
            if value not in self.known and not is_nothing(value):
                self.known.add(value)
                self.kinds[kind_of(value)] += 1
                room -= 1
                if not room:
                    return

    @property
    def sampled(self) -> int:
        """How many different values were looked at for their kind."""
        return len(self.known)

    def _keep_distinct(self, values: list[Cell]) -> None:
        if len(self.distinct) > DISTINCT_KEPT:
            return
        for value in values:
            self.distinct[(text_of(value) or "")[:LONGEST_KEPT]] = None
            if len(self.distinct) > DISTINCT_KEPT:
                return

    def _see_texts(
        self, texts: list[str], tally: Counter[Cell], cells: Sequence[Cell], numbers: Sequence[int]
    ) -> None:
        for text in texts:
            if text[0] in STARTS and is_formula(text):
                self.formulas += tally[text]
                if self.first_formula is None:
                    self.first_formula = Sighting(text[:LONGEST_KEPT], numbers[cells.index(text)])
        kinds = self.kinds
        has_dates = kinds["date"] > 0
        if not has_dates and not any(kinds[kind] for kind in NUMERIC):
            return
        digits = [text for text in texts if text.isdecimal() and len(text) <= LONGEST_WHOLE]
        self.numbers.see_whole(digits)
        if len(digits) == len(texts):
            return
        first_row = dict(zip(reversed(cells), reversed(numbers), strict=True))
        for text in texts:
            if text.isdecimal() or (has_dates and self.dates.see_text(text, tally[text], first_row[text])):
                continue
            self.numbers.see_text(text, tally[text], first_row[text])

    def _see_typed(self, value: Cell, count: int) -> None:
        if isinstance(value, datetime):
            self.dates.see_typed(value.date(), has_time=value.time() != time())
        elif isinstance(value, date):
            self.dates.see_typed(value, has_time=False)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            self.numbers.see_typed(value, count)

    def _dates_in_numbers(self, numbers: NumberFinding | None) -> DateFinding | None:
        """Unix times and spreadsheet serials, where the name says that these numbers are dates."""
        if numbers is None or not words_of(self.name) & DATE:
            return None
        for low, high, form in (*UNIX_TIMES, (*SERIALS, "serial")):
            if low <= numbers.minimum and numbers.maximum < high:
                return DateFinding(
                    "ymd", forms=(form,), has_times=form != "serial", example=str(numbers.minimum)
                )
        return None
