"""How long the Monday list is and what puts an account on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar, Protocol

from pydantic import field_validator

from evenbook.policy.schema import Row, Section, flag, number, rows, text

MOST_TERMS = 8
FULL_POINTS = 100


class Term(Row):
    """One term of the points: none at ``starts_at``, all at ``full_at``, evenly between."""

    key = ("term",)

    term: str = text(unit="name of the term", reason="As the reasons of a row are listed.", longest=30)
    title: str = text(unit="words", reason="How pages and files call it.", longest=80)
    max_points: float = number(
        unit="points at most", reason="Usage leads, the rest confirms.", at_least=0, at_most=FULL_POINTS
    )
    starts_at: float = number(unit="in the term's own measure", reason="From here on it counts.")
    full_at: float = number(unit="in the term's own measure", reason="From here on it counts in full.")
    measure: str = text(unit="words", reason="What starts_at and full_at are counted in.", longest=120)


class TermOfPoints(Protocol):
    """A term of additive points, of the hot sheet or of another list."""

    term: str
    max_points: float
    starts_at: float
    full_at: float


def check_terms(terms: Sequence[TermOfPoints]) -> None:
    """Refuse terms that nobody can follow, do not add up, or have no slope.

    Raises:
        ValueError: says which.
    """
    if len(terms) > MOST_TERMS:
        raise ValueError(f"has {len(terms)} terms; a list that people can follow has at most {MOST_TERMS}")
    total = sum(term.max_points for term in terms)
    if abs(total - FULL_POINTS) > 1e-6:
        raise ValueError(f"the points add up to {total:g}; they must add up to {FULL_POINTS}")
    flat = [term.term for term in terms if term.starts_at == term.full_at]
    if flat:
        raise ValueError(f"the term '{flat[0]}' starts and ends at the same value")


class Play(Row):
    """What to do first when a term weighs most."""

    key = ("term",)

    term: str = text(unit="name of the term", reason="The reason with the most points.", longest=30)
    play: str = text(unit="words", reason="A suggestion; the owner decides.", longest=300)


class Risk(Row):
    """What share of the revenue is expected lost at so many points; evenly between two rows."""

    key = ("points",)

    points: float = number(unit="points", reason="Of the score.", at_least=0, at_most=FULL_POINTS)
    share: float = number(
        unit="share of the revenue, 0 to 1",
        reason="What became of accounts with so many.",
        at_least=0,
        at_most=1,
    )


DEFAULT_TERMS = tuple(
    Term(term=term, title=title, max_points=points, starts_at=starts_at, full_at=full_at, measure=measure)
    for term, title, points, starts_at, full_at, measure in (
        ("usage", "Usage trend", 40, 0.10, 0.60, "share lost against the normal level"),
        ("seats", "Seats", 10, 0.60, 0.20, "share of paid seats in use"),
        ("support", "Support volume", 15, 1.5, 3.0, "times the normal volume"),
        ("contact", "Last heard of", 10, 1.0, 2.0, "times the tier's quiet limit"),
        ("sentiment", "Sentiment", 10, 0.0, -0.6, "mean of the last scored calls, -1 to 1"),
        ("renewal", "Renewal near", 15, 120, 30, "days before the renewal"),
    )
)


class HotsheetNumbers(Section):
    """The hot sheet."""

    name: ClassVar[str] = "hotsheet"
    title: ClassVar[str] = "Hot sheet"

    share: float = number(
        0.12,
        unit="share of the accounts, 0 to 1",
        reason="Between 10 and 15 in a hundred is what a team can work in a week.",
        above=0,
        at_most=1,
    )
    least_rows: int = number(
        1,
        unit="accounts",
        reason="Even a small base has one account that needs a look.",
        at_least=1,
        at_most=100,
    )
    terms: tuple[Term, ...] = rows(
        DEFAULT_TERMS,
        unit="points by term, 100 together",
        reason="Additive and at most eight terms, so that every rank can be read.",
    )
    risk: tuple[Risk, ...] = rows(
        (Risk(points=0, share=0), Risk(points=FULL_POINTS, share=1)),
        unit="share of the revenue expected lost, by points",
        reason="Points ÷ 100 until a replay has learned what points were worth here.",
    )
    mails: bool = flag(
        True,
        reason="Owners hear of their rows, leaders of what does not fit. Each may choose otherwise.",
    )
    row_hours: float = number(
        1.5,
        unit="hours a row in the week",
        reason="A call with its preparation and what follows from it; what does not fit goes to the leader.",
        above=0,
        at_most=40,
    )
    calm_weeks: int = number(
        8,
        unit="weeks off the sheet and in no bad state",
        reason="Two months without a sign: what was saved has stayed saved.",
        at_least=2,
        at_most=52,
    )
    rest_weeks: int = number(
        8,
        unit="weeks on the sheet after the work ended",
        reason="Who was saved, or was a false alarm, is not new work the week after.",
        at_least=1,
        at_most=52,
    )
    replay_weeks: int = number(
        26,
        unit="weeks after a Monday",
        reason="Half a year: what is lost later, no work in that week would have kept.",
        at_least=4,
        at_most=52,
    )
    replay_loss: float = number(
        0.10,
        unit="share of the revenue lost, 0 to 1",
        reason="Smaller cuts are haggling; from a tenth on, something went wrong.",
        above=0,
        at_most=1,
    )
    learn_losses: int = number(
        60,
        unit="losses that followed",
        reason="Ten for each of six terms: of fewer, what is learned is farther off than what is in force.",
        at_least=20,
        at_most=10_000,
    )
    escalation_points: float = number(
        12,
        unit="points of the support term",
        reason="An open escalation counts almost in full, whatever the volume.",
        at_least=0,
        at_most=FULL_POINTS,
    )
    plays: tuple[Play, ...] = rows(
        (
            Play(
                term="usage",
                play="Call the champion: ask what changed in their work, and offer one guided session.",
            ),
            Play(
                term="seats", play="Go through the unused seats with the admin and name who should have them."
            ),
            Play(
                term="support",
                play="Join support on the open tickets and tell the customer who owns the way out.",
            ),
            Play(term="contact", play="Reach a second person at the customer with one concrete question."),
            Play(
                term="sentiment", play="Have someone senior listen for half an hour, with no agenda of ours."
            ),
            Play(term="renewal", play="Write the renewal brief and book the renewal talk this week."),
        ),
        unit="first move by term",
        reason="A row without a next step is only bad news.",
    )

    @field_validator("terms", mode="after")
    @classmethod
    def _terms_add_up(cls, value: tuple[Term, ...]) -> tuple[Term, ...]:
        check_terms(value)
        return value

    @field_validator("risk", mode="after")
    @classmethod
    def _risk_rises(cls, value: tuple[Risk, ...]) -> tuple[Risk, ...]:
        points = [row.points for row in value]
        if points[:1] != [0] or points[-1:] != [FULL_POINTS]:
            raise ValueError(f"must have a row for 0 points first and one for {FULL_POINTS} last")
        if any(later.points <= row.points or later.share < row.share for row, later in pairwise(value)):
            raise ValueError("the rows must rise in points and may not fall in share")
        return value
