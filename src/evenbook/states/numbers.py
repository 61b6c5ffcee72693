"""When an account enters and leaves a state, and how many points each signal costs its score."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from evenbook.policy.schema import Row, Section, choice, number, rows, text

FEEDS = {
    "usage": "Usage",
    "seats": "Paid seats with usage",
    "tickets": "Support tickets",
    "contacts": "Contacts",
    "interactions": "Interactions or usage, as the tier is judged",
    "sentiment": "Scored calls",
    "revenue": "Contracts and revenue",
    "scores": "Surveys and outside scores",
}
MOST_TERMS = 8
FULL_SCORE = 100


class ScoreTerm(Row):
    """One term of the health score: the most that it can cost, and the data that it needs."""

    key = ("term",)

    term: str = text(unit="name of the term", reason="As the parts of a score are listed.", longest=30)
    title: str = text(unit="words", reason="How pages and files call it.", longest=80)
    cap: float = number(
        unit="points at most",
        reason="No single side of an account can decide its score alone.",
        at_least=0,
        at_most=FULL_SCORE,
    )
    needs: str = choice(
        options=FEEDS,
        unit="data",
        reason="Without it the term is missing and its points are shared out.",
    )


class SignalPoints(Row):
    """How many points a current signal takes from the score, and in which term."""

    key = ("kind",)

    kind: str = text(unit="kind of signal", reason="As the records of signals name it.", longest=40)
    term: str = text(unit="name of the term", reason="Signals of one term share its cap.", longest=30)
    points: float = number(
        unit="points", reason="What the signal costs while it stands.", at_least=0, at_most=FULL_SCORE
    )


class StatesNumbers(Section):
    """States and the health score."""

    name: ClassVar[str] = "states"
    title: ClassVar[str] = "States and health score"

    declining_below: float = number(
        0.70,
        unit="usage, share of the normal level",
        reason="A third lost is more than season.",
        above=0,
        below=1,
    )
    declining_z: float = number(
        2,
        title="Declining certainty",
        unit="standard errors",
        reason="A fall of a small account must be larger to be believed.",
        at_least=0,
    )
    at_risk_below: float = number(
        0.45, unit="usage, share of the frozen level", reason="More than half is lost.", above=0, below=1
    )
    at_risk_z: float = number(
        3,
        title="At risk certainty",
        unit="standard errors",
        reason="Red asks for more certainty than yellow.",
        at_least=0,
    )
    leave_above: float = number(
        0.85,
        unit="usage, share of the frozen level",
        reason="Higher than the entry, so that border accounts do not flicker.",
        above=0,
        at_most=1.5,
    )
    declining_points: float = number(
        40,
        unit="points off the score",
        reason="Accounts without usage data decline by their other signals.",
        above=0,
        at_most=FULL_SCORE,
    )
    at_risk_points: float = number(
        60, unit="points off the score", reason="A score under 40 is red.", above=0, at_most=FULL_SCORE
    )
    leave_points: float = number(
        30,
        unit="points off the score",
        reason="Lower than the entry, so that border accounts do not flicker.",
        at_least=0,
        at_most=FULL_SCORE,
    )
    hold_weeks: int = number(
        2, unit="weeks running", reason="One odd week changes nothing.", at_least=1, at_most=13
    )
    recovering_weeks: int = number(
        8, unit="weeks", reason="A rescued account is watched for two months.", at_least=1, at_most=52
    )
    rebase_weeks: int = number(
        26,
        unit="steady weeks",
        reason="After half a year a smaller level is the account's normal: it is re-based as a contraction.",
        at_least=4,
        at_most=104,
    )
    steady_band: float = number(
        0.15,
        unit="share of the account's mean level",
        reason="Weeks within it, either side, are steady.",
        above=0,
        at_most=1,
    )
    score_terms: tuple[ScoreTerm, ...] = rows(
        (
            ScoreTerm(term="usage", title="Usage", cap=40, needs="usage"),
            ScoreTerm(term="seats", title="Seats", cap=5, needs="seats"),
            ScoreTerm(term="support", title="Support", cap=15, needs="tickets"),
            ScoreTerm(term="contact", title="Contact", cap=10, needs="interactions"),
            ScoreTerm(term="people", title="People", cap=10, needs="contacts"),
            ScoreTerm(term="sentiment", title="Sentiment", cap=10, needs="sentiment"),
            ScoreTerm(term="money", title="Renewal and revenue", cap=5, needs="revenue"),
            ScoreTerm(term="opinion", title="Surveys and outside scores", cap=5, needs="scores"),
        ),
        unit="cap by term, 100 together",
        reason="Usage leads, the rest confirms; at most eight terms keep the score plain.",
    )
    score_signals: tuple[SignalPoints, ...] = rows(
        (
            SignalPoints(kind="usage_drop", term="usage", points=30),
            SignalPoints(kind="usage_silent", term="usage", points=40),
            SignalPoints(kind="seats_unused", term="seats", points=5),
            SignalPoints(kind="ticket_escalated", term="support", points=12),
            SignalPoints(kind="ticket_volume", term="support", points=8),
            SignalPoints(kind="contact_gap", term="contact", points=10),
            SignalPoints(kind="champion_silent", term="people", points=6),
            SignalPoints(kind="champion_left", term="people", points=10),
            SignalPoints(kind="sentiment_falling", term="sentiment", points=6),
            SignalPoints(kind="sentiment_negative", term="sentiment", points=10),
            SignalPoints(kind="renewal_near", term="money", points=3),
            SignalPoints(kind="contraction", term="money", points=5),
            SignalPoints(kind="detractor", term="opinion", points=5),
            SignalPoints(kind="health_low", term="opinion", points=5),
        ),
        unit="points by kind of signal",
        reason="The score is 100 less the points of the current signals, so that every point has a cause.",
    )
    green_from: float = number(
        60,
        unit="score, 0 to 100",
        reason="Above it a healthy account is green.",
        at_least=0,
        at_most=FULL_SCORE,
    )
    yellow_from: float = number(
        40,
        unit="score, 0 to 100",
        reason="Under it an account is red whatever its state.",
        at_least=0,
        at_most=FULL_SCORE,
    )
    book_share: float = number(
        0.3,
        unit="share of a book's accounts, 0 to 1",
        reason="With more of them red or yellow, a person only puts out fires.",
        above=0,
        at_most=1,
    )
    book_points: float = number(
        5,
        unit="points of percent over the share of all accounts",
        reason="Where a quarter of all accounts is red or yellow, a book is held against the others.",
        at_least=0,
        at_most=100,
    )
    fleet_share: float = number(
        0.25,
        unit="share of all accounts, 0 to 1",
        reason="Up to it the plain limit of a book holds, past it the one that follows the others.",
        above=0,
        at_most=1,
    )
    book_least: int = number(
        2,
        unit="accounts",
        reason="Past that share of all accounts, so many any book can hold, however small it is.",
        at_least=0,
        at_most=20,
    )

    @field_validator("score_terms", mode="after")
    @classmethod
    def _terms_add_up(cls, value: tuple[ScoreTerm, ...]) -> tuple[ScoreTerm, ...]:
        if len(value) > MOST_TERMS:
            raise ValueError(
                f"has {len(value)} terms; a score that people can follow has at most {MOST_TERMS}"
            )
        total = sum(term.cap for term in value)
        if abs(total - FULL_SCORE) > 1e-6:
            raise ValueError(f"the caps add up to {total:g}; they must add up to {FULL_SCORE}")
        return value

    @model_validator(mode="after")
    def _thresholds_are_in_order(self) -> Self:
        if not self.at_risk_below < self.declining_below < self.leave_above:
            raise ValueError("at_risk_below, declining_below and leave_above must rise in this order")
        if not self.leave_points < self.declining_points < self.at_risk_points:
            raise ValueError("leave_points, declining_points and at_risk_points must rise in this order")
        if self.yellow_from >= self.green_from:
            raise ValueError("yellow_from must be less than green_from")
        unknown = {row.term for row in self.score_signals} - {row.term for row in self.score_terms}
        if unknown:
            raise ValueError(f"score_signals names a term that score_terms does not have: {min(unknown)}")
        return self
