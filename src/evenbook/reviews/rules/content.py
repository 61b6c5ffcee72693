"""What the review of an account says: its slides, each left out where it would have nothing to show.

A customer reads it. So it holds their own facts alone, and none of our judgments: no score, no points, no
load, no note of ours, no other customer.

Pure: facts, policy and words in, a deck out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from evenbook.reviews.numbers import ReviewsNumbers
from evenbook.reviews.rules import telling, usage
from evenbook.reviews.rules.deck import (
    NEWS,
    NEXT,
    OUTCOMES,
    PEOPLE,
    SHIPPED,
    SLIDES,
    UNUSED,
    USAGE,
    Deck,
    Slide,
)
from evenbook.reviews.rules.facts import Facts, known
from evenbook.reviews.rules.measured import Drawing
from evenbook.reviews.rules.said import day_text
from evenbook.reviews.rules.wording import Words


def drawn(
    facts: Facts, numbers: ReviewsNumbers, words: Words, *, as_of: date, ends_at: datetime, measure: str
) -> Deck:
    """Return the review of an account as of a day.

    Args:
        facts: of the account; what is later is not read.
        numbers: the policy of reviews.
        words: how it is worded.
        as_of: the day up to which it tells.
        ends_at: the instant at which that day is over.
        measure: the usage measure that says how many people work in the product.
    """
    seen = known(facts, as_of=as_of, ends_at=ends_at)
    told = Drawing(seen, numbers, words, since(seen, numbers, as_of), as_of, measure)
    slides = [
        slide for kind in SLIDES if kind not in words.left_out and (slide := WRITERS[kind](told)) is not None
    ]
    places = places_of(seen, since_on=told.since_on, as_of=as_of)
    return Deck(
        account=seen.account,
        title=words.says("title", places),
        headline=_headline(slides),
        greeting=words.says("greeting", places),
        since_on=told.since_on,
        as_of=as_of,
        by=seen.our_name,
        ask=words.says("ask", places),
        subject=words.says("subject", places),
        mail=words.says("mail", places),
        slides=tuple(slides),
    )


def since(facts: Facts, numbers: ReviewsNumbers, as_of: date) -> date:
    """Return the day from which a review tells: the last review, not farther back than policy goes."""
    farthest = as_of - timedelta(days=numbers.farthest_back_days)
    held = [each.date() for each in facts.reviewed_at if each.date() < as_of]
    return max(farthest, max(held, default=as_of - timedelta(days=numbers.look_back_days)))


def places_of(facts: Facts, *, since_on: date, as_of: date) -> Mapping[str, str]:
    """Return what stands in the places of words that are known when a review is drawn up."""
    found = {
        "account": facts.account,
        "since": day_text(since_on),
        "until": day_text(as_of),
        "by": facts.our_name or "Your customer success team",
    }
    return {name: value.replace("{", "(").replace("}", ")") for name, value in found.items()}


def says_something(deck: Deck) -> bool:
    """Return whether a review tells more than that a hand may be raised."""
    return any(slide.kind != NEXT for slide in deck.slides)


def _headline(slides: list[Slide]) -> str:
    """Return the sentence of the cover: that of the first slide that has one."""
    return next((slide.sentence for slide in slides if slide.kind != NEXT), "How things stand.")


WRITERS: Mapping[str, Callable[[Drawing], Slide | None]] = {
    USAGE: usage.usage,
    OUTCOMES: usage.outcomes,
    UNUSED: telling.unused,
    NEWS: telling.news,
    SHIPPED: telling.shipped,
    PEOPLE: telling.people,
    NEXT: telling.next_,
}
