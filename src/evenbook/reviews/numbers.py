"""How far a review looks back, who is held back, how long a link opens, and what is suggested when."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, choice, flag, number, rows, text, words

HOLDS = {
    "open_escalation": "An escalation is open",
    "opted_out": "The customer does not want reviews",
    "no_contact": "Nobody with a mail address is known",
    "nothing_to_tell": "There is nothing to tell",
}
WHEN = {
    "seats_free": "Fewer than so many of the seats are used (share)",
    "seats_full": "More than so many of the seats are used (share)",
    "usage_rose": "Usage rose by so much since the last review (share)",
    "usage_fell": "Usage fell by so much since the last review (share)",
    "feature_unused": "So many features are not used yet (count)",
    "tickets_many": "So many tickets were opened since the last review (count)",
    "not_met": "Nobody has met for so long (days)",
}


ATTACHED = {"none": "The link alone", "pptx": "The link, and the slides", "pdf": "The link, and the PDF"}


class Feature(Row):
    """A feature whose use is measured, so that a review can say that it is not used yet."""

    key = ("measure",)

    measure: str = text(unit="name of a usage measure", reason="As the usage feed names it.", longest=60)
    title: str = text(unit="words", reason="As the customer knows it.", longest=80)
    product: str = text(
        "", unit="name of a product", reason="Told to those who have it; empty: to all.", longest=120
    )
    worth: str = text(unit="words", reason="What the customer would get out of it.", longest=300)


class Suggestion(Row):
    """What a review suggests where a figure says so."""

    key = ("when", "least")

    when: str = choice(options=WHEN, reason="A suggestion rests on a figure that the review shows.")
    least: float = number(unit="in the unit of `when`", reason="From here on it is said.", at_least=0)
    says: str = text(unit="words", reason="As the customer reads it.", longest=300)


class ReviewsNumbers(Section):
    """Asynchronous business reviews."""

    name: ClassVar[str] = "reviews"
    title: ClassVar[str] = "Business reviews"

    look_back_days: int = number(
        92,
        unit="days",
        reason="A quarter, where no earlier review says when to begin.",
        at_least=7,
        at_most=400,
    )
    farthest_back_days: int = number(
        370, unit="days", reason="A review tells of a year at the most.", at_least=7, at_most=800
    )
    cycle_days: int = number(
        100,
        unit="days",
        reason="An account counts as reviewed for a quarter and a week of grace.",
        at_least=7,
        at_most=400,
    )
    level_weeks: int = number(
        4, unit="weeks", reason="A level of usage is the mean of a month.", at_least=1, at_most=13
    )
    held_back: tuple[str, ...] = words(
        tuple(HOLDS),
        unit="rules that hold a review back",
        reason="Each may be overridden for one account, with a reason.",
        options=HOLDS,
    )
    sample: int = number(
        5,
        unit="reviews that a person looks at before they approve",
        reason="Five of different kinds show what a thousand will look like.",
        at_least=1,
        at_most=50,
    )
    link_days: int = number(
        90, unit="days", reason="A link opens until the next review is due.", at_least=1, at_most=400
    )
    most_people: int = number(
        6,
        unit="people of the customer on a slide",
        reason="A slide is read at a glance; the figure opens into all of them.",
        at_least=3,
        at_most=10,
    )
    names_people: bool = flag(
        True, reason="Who reads a review sees whom we know; some customers do not want names in writing."
    )
    attaches: str = choice(
        "none",
        options=ATTACHED,
        unit="goes with the mail of a review",
        reason="A link can be taken back, and says who opened; a file can't. Some customers open no links.",
    )
    attach_most_kb: int = number(
        5_000,
        unit="kB of the file that goes with a mail",
        reason="Mail servers refuse large mails; a larger file stays behind, its mail goes.",
        at_least=10,
        at_most=15_000,
    )
    hand_mails: bool = flag(True, reason="A raised hand cools within a day. Each may choose otherwise.")
    features: tuple[Feature, ...] = rows(
        (),
        unit="feature by usage measure",
        reason="Only what is measured can be said not to be used.",
    )
    suggestions: tuple[Suggestion, ...] = rows(
        (
            Suggestion(
                when="seats_free", least=0.6,
                says="Give the free seats to colleagues who do the same work; we help with the start.",
            ),
            Suggestion(
                when="seats_full", least=0.95,
                says="Nearly every seat is taken. Tell us who else would use it.",
            ),
            Suggestion(
                when="usage_fell", least=0.2,
                says="Look with us at what changed in your work, and at what would bring the use back.",
            ),
            Suggestion(
                when="usage_rose", least=0.25,
                says="Tell us what you do more of now: there may be a shorter way to it.",
            ),
            Suggestion(
                when="feature_unused", least=1,
                says="Try what you have and do not use yet; half an hour with us is enough for a start.",
            ),
            Suggestion(
                when="tickets_many", least=12,
                says="Go through the questions of your team with us once; many have the same answer.",
            ),
            Suggestion(
                when="not_met", least=90,
                says="If something is on your mind, ask for a talk: this page has a button for it.",
            ),
        ),
        unit="suggestion by figure",
        reason="What is suggested can be traced to a figure, and is worded by people.",
    )  # fmt: skip
