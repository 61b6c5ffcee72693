"""The slides of a review that measure: the use of what a customer has, and what happened since the last one.

Pure.
"""

from __future__ import annotations

from datetime import date, timedelta

from evenbook.kit.dates import last_full_week, monday_of
from evenbook.reviews.rules.deck import OUTCOMES, USAGE, Figure, Plot, Slide
from evenbook.reviews.rules.measured import Drawing, rows_figure
from evenbook.reviews.rules.said import day_text, percent, plain_number

WEEKS_SHOWN = 26
NO_SUBJECT = "Without a subject"
A_WEEK = "People a week"


def usage(told: Drawing) -> Slide | None:
    """Return the use of the product beside the seats that are paid for."""
    now = told.level(told.as_of)
    if now is None:
        return None
    title, seats = told.words.title(USAGE), told.seats
    people = f"{plain_number(now)} {'person' if plain_number(now) == '1' else 'people'}"
    if not seats:
        sentence = f"{people} worked in it each week lately."
        return Slide(USAGE, title, sentence, (_level(told, now),), plot=_plot(told))
    figures = (_level(told, now), _seats(told, seats), _share(told, now, seats))
    sentence = (
        f"{people} worked in it each week lately: {percent(now / seats)} of your {plain_number(seats)} seats."
    )
    return Slide(USAGE, title, sentence, figures, plot=_plot(told))


def outcomes(told: Drawing) -> Slide | None:
    """Return what happened since the last review: questions solved and open, meetings, the change of use."""
    found = (_solved(told), _open(told), _held(told), change(told))
    figures = tuple(each for each in found if each is not None)
    if not figures:
        return None
    said = [f"{each.said} {each.title}" for each in figures if each.key in {"solved", "met"}]
    sentence = f"{' and '.join(said)} {told.span}." if said else f"What happened {told.span}."
    return Slide(OUTCOMES, told.words.title(OUTCOMES), sentence, figures)


def change(told: Drawing) -> Figure | None:
    """Return how usage changed since the last review; None where one of both levels is not known."""
    now, before = told.level(told.as_of), told.level(told.since_on)
    if now is None or not before or monday_of(told.since_on) >= last_full_week(told.as_of):
        return None
    moved = now / before - 1
    sign = "+" if moved > 0 else "\N{MINUS SIGN}" if moved < 0 else ""
    weeks = told.numbers.level_weeks
    means = (
        f"The mean of {weeks} weeks up to {day_text(told.as_of)} against the mean of as many up to "
        f"{day_text(told.since_on)}."
    )
    rows = (("Then", plain_number(before)), ("Now", plain_number(now)))
    said = f"{sign}{percent(abs(moved))}"
    return Figure("change", "use against then", said, moved, means, ("", A_WEEK), rows, len(rows))


def _level(told: Drawing, now: float) -> Figure:
    count, last = told.numbers.level_weeks, last_full_week(told.as_of)
    days = [day for day in sorted(told.weeks, reverse=True) if day > last - timedelta(weeks=count)]
    rows = tuple((f"Week of {day_text(day)}", plain_number(told.weeks[day])) for day in days)
    means = (
        f"The mean of the last {count} full weeks up to {day_text(told.as_of)}; a week in which nothing was "
        "reported is not counted."
    )
    return Figure("level", A_WEEK, plain_number(now), now, means, ("Week", "People"), rows, len(rows))


def _seats(told: Drawing, seats: float) -> Figure:
    """Return the seats, with the contracts that hold as many."""
    named = sorted({each.product for each in told.contracts if each.product and each.seats == seats})
    rows = tuple((product, plain_number(seats)) for product in named)
    means = f"The seats that you pay for, as of {day_text(told.as_of)}."
    return Figure("seats", "Seats", plain_number(seats), seats, means, ("Contract", "Seats"), rows, len(rows))


def _share(told: Drawing, now: float, seats: float) -> Figure:
    share = now / seats
    means = "People a week ÷ seats; above 100% where people share seats."
    rows = ((A_WEEK, plain_number(now)), ("Seats", plain_number(seats)))
    return Figure("share", "Seats in use", percent(share), share, means, ("", ""), rows, len(rows))


def _plot(told: Drawing) -> Plot | None:
    last, seats = last_full_week(told.as_of), told.seats
    days = [last - timedelta(weeks=back) for back in range(WEEKS_SHOWN - 1, -1, -1)]
    first = min((day for day in days if day in told.weeks), default=None)
    shown = [day for day in days if first is not None and day >= first]
    if len(shown) < 2:
        return None
    people: tuple[str, tuple[float | None, ...]] = ("People", tuple(told.weeks.get(day) for day in shown))
    labels = tuple(f"{day.day} {day:%b}" for day in shown)
    if not seats:
        return Plot(A_WEEK, labels, (people,))
    return Plot(f"{A_WEEK}, and seats", labels, (people, ("Seats", (seats,) * len(shown))))


def _solved(told: Drawing) -> Figure | None:
    solved = [
        (each.solved_at, each)
        for each in told.facts.tickets
        if each.solved_at is not None and each.solved_at.date() > told.since_on
    ]
    if not solved:
        return None
    solved.sort(key=lambda pair: (pair[0], pair[1].subject), reverse=True)
    rows = tuple((each.subject or NO_SUBJECT, day_text(each.opened_at), day_text(at)) for at, each in solved)
    title = "question was solved" if len(rows) == 1 else "questions were solved"
    means = f"Your tickets that were solved {told.span}, whenever they were opened."
    return rows_figure("solved", title, rows, means=means, columns=("What", "Opened", "Solved"))


def _open(told: Drawing) -> Figure | None:
    waiting = [each for each in told.facts.tickets if each.solved_at is None]
    if not waiting:
        return None
    waiting.sort(key=lambda each: (each.opened_at, each.subject))
    rows = tuple((each.subject or NO_SUBJECT, day_text(each.opened_at)) for each in waiting)
    title = "question is open" if len(rows) == 1 else "questions are open"
    means = f"Your tickets that were not solved by {day_text(told.as_of)}."
    return rows_figure("open", title, rows, means=means, columns=("What", "Opened"))


def _held(told: Drawing) -> Figure | None:
    met = [each for each in told.facts.meetings if each.at.date() > told.since_on]
    if not met:
        return None
    met.sort(key=lambda each: (each.at, each.kind), reverse=True)
    rows = tuple((each.kind, day_text(each.at)) for each in met)
    title = "meeting was held" if len(rows) == 1 else "meetings were held"
    means = f"Meetings with you that took place {told.span}."
    return rows_figure("met", title, rows, means=means, columns=("What", "On"))


def days_since_met(told: Drawing) -> int | None:
    """Return how many days ago somebody last met; None where no meeting is known."""
    last: date | None = max((each.at.date() for each in told.facts.meetings), default=None)
    return (told.as_of - last).days if last is not None else None
