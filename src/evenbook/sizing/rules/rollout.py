"""The seven steps from the equation to a team that works by it, each with what the product itself sees.

A step is done when a person says so; beside it stands whether the records show it.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from evenbook.kit.findings import counted
from evenbook.sizing.rules.inputs import Measured
from evenbook.sizing.rules.told import amount, percent
from evenbook.sizing.rules.verdict import NAMES, VERDICTS, WHITE_GLOVE

MEASURE, PICK, CLOSER, LADDER, SPLIT, REVIEWS, SHEET = STEPS = (
    "measure", "pick", "closer", "ladder", "split", "reviews", "sheet",
)  # fmt: skip
TITLES = {
    MEASURE: "Measure the three variables",
    PICK: "Pick the model",
    CLOSER: "Name one closer",
    LADDER: "Walk the ladder",
    SPLIT: "Split the team",
    REVIEWS: "Replace calendar reviews",
    SHEET: "Ship the hot sheet",
}
OPENS = {MEASURE: "sizing", PICK: "sizing", CLOSER: "people", SPLIT: "team-week", SHEET: "hot-sheet"}
MONDAYS = 4
"""So many weeks of a hot sheet running show that it is in use."""


@dataclass(frozen=True)
class Marked:
    """That somebody says that a step is done, with what was chosen in it."""

    step: str
    choice: str
    note: str
    done_on: date
    done_by: str


@dataclass(frozen=True)
class Seen:
    """What the records say.

    Attributes:
        found: what is measured of the whole base; verdict: what follows from it.
        closers: the names of those who have open expansions, with how many.
        open_expansions: how many are open.
        products, products_opened: how many products expansions were ever opened for among those on record,
            and how many of them in the last quarter.
        retention, expansion: how many CSMs are staffed to each machine.
        reviews, reviews_before: live business reviews of the last quarter and of the one before.
        mondays: of the last four weeks those with a stored hot sheet.
    """

    found: Measured
    verdict: str
    closers: Mapping[str, int] = field(default_factory=dict)
    open_expansions: int = 0
    products: int = 0
    products_opened: int = 0
    retention: int = 0
    expansion: int = 0
    reviews: int = 0
    reviews_before: int = 0
    mondays: int = 0


@dataclass(frozen=True)
class Step:
    """A step: whether somebody says that it is done, whether the records show it, and what they say."""

    key: str
    title: str
    marked: Marked | None
    is_seen: bool
    said: str
    opens: str

    @property
    def is_done(self) -> bool:
        """Whether somebody says so."""
        return self.marked is not None


def steps(seen: Seen, marks: Mapping[str, Marked]) -> tuple[Step, ...]:
    """Return the seven steps in order."""
    told = {
        MEASURE: _measure(seen),
        PICK: _pick(seen, marks.get(PICK)),
        CLOSER: _closer(seen, marks.get(CLOSER)),
        LADDER: _ladder(seen),
        SPLIT: _split(seen),
        REVIEWS: _reviews(seen),
        SHEET: _sheet(seen),
    }
    return tuple(Step(key, TITLES[key], marks.get(key), *told[key], OPENS.get(key, "")) for key in STEPS)


def _measure(seen: Seen) -> tuple[bool, str]:
    found = seen.found
    if found.accounts is None:
        return False, "No account is on record."
    parts = [f"{amount(found.accounts)} accounts"]
    lacks = []
    for value, said, missing in (
        (found.csms, "CSMs", "who the CSMs are"),
        (found.completed_share, "of them reached", "meetings"),
        (found.acv, "a year each", "revenue"),
    ):
        if value is None:
            lacks.append(missing)
        else:
            parts.append(f"{percent(value) if said.startswith('of') else amount(value)} {said}")
    missing_said = f" Not on record: {', '.join(lacks)}." if lacks else ""
    return not lacks, f"Measured: {', '.join(parts)}.{missing_said}"


def _pick(seen: Seen, marked: Marked | None) -> tuple[bool, str]:
    measured = f"What is measured says {NAMES[seen.verdict]}."
    if marked is None or marked.choice not in VERDICTS:
        return False, measured
    agrees = marked.choice == seen.verdict
    return agrees, f"Picked: {NAMES[marked.choice]}. {measured}"


def _closer(seen: Seen, marked: Marked | None) -> tuple[bool, str]:
    if not seen.open_expansions:
        return False, "No expansion is open."
    open_ = counted(seen.open_expansions, "expansion is open", "expansions are open")
    if marked is None or not marked.choice:
        return False, f"{open_}, with {counted(len(seen.closers), 'owner', 'owners')}."
    theirs = seen.closers.get(marked.choice, 0)
    return theirs == seen.open_expansions, f"{open_}, {theirs} of them with {marked.choice}."


def _ladder(seen: Seen) -> tuple[bool, str]:
    if not seen.products:
        return False, "No expansion on record names its product."
    said = f"Of {counted(seen.products, 'product', 'products')} that expansions name, {seen.products_opened} "
    return seen.products_opened == seen.products, f"{said}had one opened in the last quarter."


def _split(seen: Seen) -> tuple[bool, str]:
    said = (
        f"{seen.retention} of the CSMs are in retention and {seen.expansion} in expansion: as they are "
        "staffed, else by their roles."
    )
    return seen.retention > 0 and seen.expansion > 0, said


def _reviews(seen: Seen) -> tuple[bool, str]:
    said = (
        f"{counted(seen.reviews, 'live business review', 'live business reviews')} in the last quarter, "
        f"{seen.reviews_before} in the one before."
    )
    if seen.verdict == WHITE_GLOVE:
        return True, f"{said} White Glove keeps them live."
    return seen.reviews < seen.reviews_before, said


def _sheet(seen: Seen) -> tuple[bool, str]:
    verb = "has" if seen.mondays == 1 else "have"
    said = f"{seen.mondays} of the last {MONDAYS} weeks {verb} a hot sheet."
    return seen.mondays >= MONDAYS, said
