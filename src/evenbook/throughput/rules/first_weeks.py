"""The first seven weeks: what is done in which, and when each step is.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenbook.kit.findings import counted

SENTENCE = "A ceiling broken is a problem to solve, never a score of the person."
"""What each leader puts their name under."""

CLASSIFIED = 0.95
SPOKEN = 0.5
LATE_DAYS = 14
"""A decision that waits longer is one that nobody takes."""

RUNS = 4

FIGURES = {
    "effort_load": ("Load", "share"),
    "strategic": ("Strategic interactions \u00f7 ceiling", "share"),
    "time_to_detect": ("Days to detect a risk", "number"),
    "sentiment": ("Sentiment of calls", "number"),
    "follow_ups": ("Follow-ups per meeting", "number"),
    "unmonitored": ("Unmonitored accounts", "share"),
    "quality": ("Quality of calls", "number"),
    "covered": ("Covered accounts", "share"),
    "green": ("Green accounts", "share"),
    "nrr": ("Net revenue retention", "share"),
    "grr": ("Gross revenue retention", "share"),
    "logo": ("Logo retention", "share"),
    "csat": ("CSAT", "number"),
}
"""What the baseline keeps: the weekly seven, and what lags; each measure's title and unit on screens."""


@dataclass(frozen=True)
class Facts:
    """What the steps are judged by.

    Attributes:
        started_on: the day of the baseline, None before it is taken.
        scored: calls of the last weeks with a score.
        spoke, people: of the people of the team how many said this week how the load feels.
        classified, accounts: of the accounts how many have a tier that was not assumed, and a stage.
        calibrated_on: when weights of effort were last worked out, and adopted_on: when adopted.
        limited: of the people how many have a ceiling.
        signed, leaders: names of the leaders who signed, and of all.
        runs: how many of the last weeks have a stored run.
        late: decisions that have waited for more than two weeks.
    """

    started_on: date | None = None
    scored: int = 0
    spoke: int = 0
    people: int = 0
    classified: int = 0
    accounts: int = 0
    calibrated_on: date | None = None
    adopted_on: date | None = None
    limited: int = 0
    signed: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    runs: int = 0
    late: int = 0


@dataclass(frozen=True)
class Step:
    """One step: what it is, whether it is done, what is so, and the name of the address where it is done."""

    key: str
    title: str
    is_done: bool
    said: str
    opens: str


@dataclass(frozen=True)
class Stage:
    """Steps of some weeks; ``first`` and ``last`` number them, the last stage goes on."""

    title: str
    first: int
    last: int | None
    steps: tuple[Step, ...]

    @property
    def weeks(self) -> str:
        """Which weeks it is, in words."""
        return f"week {self.first} on" if self.last is None else f"weeks {self.first} and {self.last}"

    @property
    def done(self) -> int:
        """How many of its steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def is_done(self) -> bool:
        """Whether all are."""
        return self.done == len(self.steps)


def week_of(facts: Facts, day: date) -> int:
    """Return which week a day is in, 1 from the baseline on; 1 before it is taken too."""
    return 1 if facts.started_on is None else max(0, (day - facts.started_on).days) // 7 + 1


def stages(facts: Facts) -> tuple[Stage, ...]:
    """Return the stages with what is so of each step."""
    return (
        Stage("Baseline", 1, 2, (_baseline(facts), _conversations(facts), _felt(facts))),
        Stage("Taxonomy", 3, 4, (_classified(facts), _weights(facts))),
        Stage("Ceilings and triggers", 5, 6, (_ceilings(facts), _signed(facts))),
        Stage("Monitoring", 7, None, (_monitored(facts), _decided(facts), _again(facts))),
    )


def _baseline(facts: Facts) -> Step:
    said = f"Taken as of {_day(facts.started_on)}." if facts.started_on else "Not taken yet."
    return Step("baseline", "The team as it is, kept", facts.started_on is not None, said, "")


def _conversations(facts: Facts) -> Step:
    said = f"{counted(facts.scored, 'scored call', 'scored calls')} of the last weeks."
    return Step("conversations", "Calls come in", facts.scored > 0, said, "import")


def _felt(facts: Facts) -> Step:
    said = f"{facts.spoke} of {counted(facts.people, 'person', 'people')} said this week how the load feels."
    is_done = facts.people > 0 and facts.spoke >= SPOKEN * facts.people
    return Step("felt", "People say how the load feels", is_done, said, "my-week")


def _classified(facts: Facts) -> Step:
    of = counted(facts.accounts, "account has", "accounts have")
    said = f"{facts.classified} of {of} a tier that was said and a stage."
    is_done = facts.accounts > 0 and facts.classified >= CLASSIFIED * facts.accounts
    return Step("classified", "Every account is classified", is_done, said, "accounts")


def _weights(facts: Facts) -> Step:
    said = "Nobody has looked yet at what logged hours say."
    if facts.calibrated_on:
        said = f"Worked out as of {_day(facts.calibrated_on)}."
    if facts.adopted_on:
        said = f"Adopted on {_day(facts.adopted_on)}."
    return Step("weights", "Effort weights fitted", facts.calibrated_on is not None, said, "calibration")


def _ceilings(facts: Facts) -> Step:
    said = f"{facts.limited} of {counted(facts.people, 'person has', 'people have')} one this week."
    is_done = facts.people > 0 and facts.limited >= facts.people
    return Step("ceilings", "Everybody has a ceiling", is_done, said, "policy")


def _signed(facts: Facts) -> Step:
    missing = [name for name in facts.leaders if name not in facts.signed]
    said = f"Signed by {', '.join(facts.signed) or 'nobody'}."
    if missing:
        said = f"{said} Not yet by {', '.join(missing)}."
    return Step("signed", "Each leader signs", bool(facts.leaders) and not missing, said, "")


def _monitored(facts: Facts) -> Step:
    said = f"{facts.runs} of the last {RUNS} weeks have a run."
    return Step("monitored", "A run each week", facts.runs >= RUNS, said, "runs")


def _decided(facts: Facts) -> Step:
    late = counted(facts.late, "decision has", "decisions have")
    said = f"{late} waited for two weeks." if facts.late else "No decision has waited for two weeks."
    return Step("decided", "Decisions are taken", facts.late == 0 and facts.runs >= RUNS, said, "decisions")


def _again(facts: Facts) -> Step:
    both = facts.calibrated_on is not None and facts.started_on is not None
    later = both and facts.calibrated_on > facts.started_on  # type: ignore[operator]
    said = "Looked at again since the baseline." if later else "The weights are looked at again each month."
    return Step("again", "The calibration meeting", later, said, "outcomes")


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
