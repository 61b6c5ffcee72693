"""Which accounts are worth a talk about more: how long the expansion list is, and what puts them on it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator

from evenbook.hotsheet.numbers import FULL_POINTS, check_terms
from evenbook.policy.schema import Row, Section, choice, number, rows, text

FIGURES = {
    "seats": "Seats in use of those paid for, 0 to 1",
    "growth": "Usage above the usual level, as a share",
    "requests": "Feature requests in the days that capacity counts them in",
    "meetings": "Meetings completed within the cycles",
}
"""What a signal may be told by."""

WHO = {"implementation": "Implementation", "support": "Support", "csm": "The CSM"}


class Worth(Row):
    """One term of the points: none at ``starts_at``, all at ``full_at``, evenly between."""

    key = ("term",)

    term: str = text(unit="name of the term", reason="As the reasons of a row are listed.", longest=30)
    title: str = text(unit="words", reason="How pages and files call it.", longest=80)
    max_points: float = number(
        unit="points at most",
        reason="Room and value weigh most; whether they can be reached comes after.",
        at_least=0,
        at_most=FULL_POINTS,
    )
    starts_at: float = number(unit="in the term's own measure", reason="From here on it counts.")
    full_at: float = number(unit="in the term's own measure", reason="From here on it counts in full.")
    measure: str = text(unit="words", reason="What starts_at and full_at are counted in.", longest=120)


class Mention(Row):
    """What a customer does that an add-on serves: who mentions it, and when."""

    key = ("signal", "product")

    signal: str = choice(options=FIGURES, reason="What the customer does, as it is measured.")
    product: str = text(unit="name of the product", reason="The add-on that serves it.", longest=120)
    at_least: float = number(unit="in the figure's own measure", reason="From here on it is worth a word.")
    who: str = choice(options=WHO, reason="Whoever is in touch at that moment mentions it.")
    says: str = text(unit="words", reason="What to mention, and when.", longest=300)


class WorthNumbers(Section):
    """The expansion list."""

    name: ClassVar[str] = "expansion_list"
    title: ClassVar[str] = "Expansion list"

    share: float = number(
        0.22,
        unit="share of the active accounts, 0 to 1",
        reason="A fifth to a quarter of a base can be sold more at any time; the rest only hears noise.",
        above=0,
        at_most=1,
    )
    cycle_days: int = number(
        91,
        unit="days",
        reason="A quarter is the cycle in which a meeting is planned with each account.",
        at_least=7,
        at_most=400,
    )
    cycles: int = number(
        2,
        unit="cycles",
        reason="Who has met us in one of the last two can be reached; who has not will not answer now.",
        at_least=1,
        at_most=12,
    )
    renewal_days: int = number(
        60,
        unit="days before a renewal",
        reason="So near to it, more is talked about within the renewal and not beside it.",
        at_least=0,
        at_most=365,
    )
    terms: tuple[Worth, ...] = rows(
        tuple(
            Worth(term=term, title=title, max_points=points, starts_at=starts, full_at=full, measure=measure)
            for term, title, points, starts, full, measure in (
                ("whitespace", "Room", 35, 0.0, 1.0, "share of our products that they do not have"),
                ("seats", "Seats in use", 25, 0.5, 0.95, "share of paid seats in use"),
                ("growth", "Usage grows", 15, 0.0, 0.3, "share above the usual level"),
                ("reached", "Reached", 15, 0.0, 2.0, "meetings completed within the cycles"),
                ("hands", "Hands raised", 10, 0.0, 1.0, "openings under way"),
            )
        ),
        unit="points by term, 100 together",
        reason="Additive and at most eight terms, so that every rank can be read.",
    )
    mentions: tuple[Mention, ...] = rows(
        (
            Mention(
                signal="seats",
                product="More seats",
                at_least=0.9,
                who="csm",
                says="Ask which team comes next, and offer its seats before they run out.",
            ),
            Mention(
                signal="growth",
                product="A larger plan",
                at_least=0.25,
                who="support",
                says="Say with the next answer that a plan fits what they do now, and who explains it.",
            ),
        ),
        unit="what to mention, by signal and product",
        reason="Whoever implements or helps sees it first; told what serves it, they can say so.",
    )

    @field_validator("terms", mode="after")
    @classmethod
    def _terms_add_up(cls, value: tuple[Worth, ...]) -> tuple[Worth, ...]:
        check_terms(value)
        return value
