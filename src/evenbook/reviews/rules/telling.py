"""The slides of a review that tell: what is not used yet, what is new, what shipped, people, what we suggest.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from evenbook.reviews.numbers import Feature
from evenbook.reviews.rules.deck import NEWS, NEXT, PEOPLE, SHIPPED, UNUSED, Figure, Line, Slide
from evenbook.reviews.rules.facts import Told
from evenbook.reviews.rules.measured import Drawing, rows_figure
from evenbook.reviews.rules.said import counted, day_text
from evenbook.reviews.rules.suggesting import Measured, suggested
from evenbook.reviews.rules.usage import change, days_since_met

MOST_LINES = 5
"""Of news and requests on a slide; what came last is what is told."""


def unused(told: Drawing) -> Slide | None:
    """Return the features that a customer has and that nobody there used."""
    rows = _features_unused(told)
    if not rows:
        return None
    lines = tuple(Line(each.title, each.worth, each.product) for each in rows[:MOST_LINES])
    means = f"What is part of your products, has its use measured, and was used by nobody {told.span}."
    listed = tuple((each.title, each.product) for each in rows)
    figure = rows_figure("unused", "not used yet", listed, means=means, columns=("Feature", "Part of"))
    waits = "feature waits" if len(rows) == 1 else "features wait"
    sentence = f"{counted(len(rows))} {waits} to be tried."
    return Slide(UNUSED, told.words.title(UNUSED), sentence, (figure,), lines, note=_left(len(rows)))


def news(told: Drawing) -> Slide | None:
    """Return what was released since the last review in the products that a customer has."""
    rows = [each for each in told.facts.news if not each.product or each.product in told.products]
    means = f"Released {told.span}, in the products that you have."
    found = _fresh(told, rows)
    title = "thing is new" if len(found) == 1 else "things are new"
    return _told(told, NEWS, found, _counting(NEWS, title, found, means))


def shipped(told: Drawing) -> Slide | None:
    """Return the requests of a customer that shipped since the last review."""
    found = _fresh(told, told.facts.shipped)
    title = "request of yours shipped" if len(found) == 1 else "requests of yours shipped"
    means = f"Shipped {told.span} after you had asked."
    return _told(told, SHIPPED, found, _counting(SHIPPED, title, found, means))


def people(told: Drawing) -> Slide | None:
    """Return who of the customer we know, and who of us is there for them."""
    most = told.numbers.most_people
    theirs = sorted(told.facts.people, key=lambda each: (not each.is_champion, each.name))
    if not theirs or not told.numbers.names_people:
        return None
    ours, our_mail = told.facts.our_name, told.facts.our_mail
    lines = [Line(ours, our_mail, "on our side")] if ours else []
    lines += [Line(each.name, each.title, "on your side") for each in theirs[:most]]
    listed = tuple((each.name, each.title) for each in theirs)
    means = f"The people of yours whom we knew by {day_text(told.as_of)}. Tell us who came and who left."
    figure = rows_figure("people", "people of yours", listed, means=means, columns=("Name", "Title"))
    known = f"We know {counted(len(theirs)).lower()} {'person' if len(theirs) == 1 else 'people'} of yours."
    sentence = f"{known} {ours} is there for you." if ours else known
    note = f"And {len(theirs) - most} more." if len(theirs) > most else ""
    return Slide(PEOPLE, told.words.title(PEOPLE), sentence, (figure,), tuple(lines), note=note)


def next_(told: Drawing) -> Slide | None:
    """Return the last slide: what is suggested, and the button; the button alone needs no figure."""
    found = suggested(_measured(told), told.numbers.suggestions)
    lines = tuple(Line(each.says, each.because) for each in found)
    says = "Your figures say:" if lines else "If you would like to talk, or want more, say so."
    return Slide(NEXT, told.words.title(NEXT), says, lines=lines)


def _features_unused(told: Drawing) -> list[Feature]:
    from_on = told.since_on - timedelta(days=7)

    def is_unused(each: Feature) -> bool:
        is_theirs = not each.product or each.product in told.products
        used = sum(value for day, value in told.used(each.measure).items() if day > from_on)
        return is_theirs and each.measure in told.facts.reported and not used

    return [each for each in told.numbers.features if is_unused(each)]


def _fresh(told: Drawing, rows: Sequence[Told]) -> list[Told]:
    """Return what came since the last review, the newest first."""
    fresh = [each for each in rows if each.on > told.since_on]
    return sorted(fresh, key=lambda each: (each.on, each.title), reverse=True)


def _counting(kind: str, title: str, found: Sequence[Told], means: str) -> Figure:
    listed = tuple((each.title, day_text(each.on)) for each in found)
    return rows_figure(kind, title, listed, means=means, columns=("What", "Since"))


def _told(told: Drawing, kind: str, found: Sequence[Told], figure: Figure) -> Slide | None:
    if not found:
        return None
    lines = tuple(Line(each.title, each.says, day_text(each.on)) for each in found[:MOST_LINES])
    sentence = f"{counted(len(found))} {figure.title} {told.span}."
    return Slide(kind, told.words.title(kind), sentence, (figure,), lines, note=_left(len(found)))


def _left(count: int) -> str:
    return f"The last {MOST_LINES} of {count}." if count > MOST_LINES else ""


def _measured(told: Drawing) -> Measured:
    now, seats, moved = told.level(told.as_of), told.seats, change(told)
    return Measured(
        share=now / seats if now is not None and seats else None,
        change=moved.value if moved else None,
        unused=len(_features_unused(told)),
        tickets=sum(each.opened_at.date() > told.since_on for each in told.facts.tickets),
        days_unmet=days_since_met(told),
    )
