"""What a review says: its customer's own facts, each figure with its rows; nothing that is not known; nothing of ours."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evenbook.reviews.numbers import Feature, ReviewsNumbers
from evenbook.reviews.rules.content import drawn, says_something
from evenbook.reviews.rules.deck import Deck, deck_of
from evenbook.reviews.rules.facts import Asked, Facts, Has, Known, Met, Told, Used
from evenbook.reviews.rules.wording import words_of

AS_OF = date(2026, 3, 9)
ENDS_AT = datetime(2026, 3, 10, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 6, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
NUMBERS = ReviewsNumbers()


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def weeks(values: list[float], measure: str = "active_users") -> tuple[Used, ...]:
    """Return weeks of usage, the last one the week before the day of the review."""
    return tuple(
        Used(measure, MONDAY - timedelta(weeks=back), value, at(MONDAY - timedelta(weeks=back - 1)))
        for back, value in enumerate(reversed(values))
    )


EVERYTHING = Facts(
    account="Northwind Foods",
    seats=((40.0, LONG_AGO),),
    used=weeks([20.0] * 16 + [30.0] * 4) + weeks([0.0] * 20, "exports"),
    reported=frozenset({"active_users", "exports"}),
    tickets=(
        Asked("Export stops", at(date(2026, 2, 2)), at(date(2026, 2, 4)), LONG_AGO),
        Asked("Login fails", at(date(2026, 3, 1)), None, LONG_AGO),
        Asked("Long ago", at(date(2025, 6, 1)), at(date(2025, 6, 2)), LONG_AGO),
    ),
    meetings=(Met("Call", at(date(2026, 2, 20)), LONG_AGO), Met("Meeting", at(date(2025, 5, 1)), LONG_AGO)),
    people=(Known("Ada Berg", "CFO", "ada@northwind.example", False, LONG_AGO),
            Known("Bo Lund", "", "bo@northwind.example", True, LONG_AGO)),
    products=(Has("Core", 40, date(2025, 1, 1), date(2027, 1, 1), LONG_AGO),),
    news=(Told("Dark mode", "Easier at night.", date(2026, 2, 10), LONG_AGO),
          Told("Forecasts", "See ahead.", date(2026, 2, 11), LONG_AGO, "Forecast"),
          Told("Old news", "Long known.", date(2025, 2, 11), LONG_AGO)),
    shipped=(Told("Undo", "Take a step back.", date(2026, 2, 12), LONG_AGO),),
    reviewed_at=(at(date(2026, 1, 5)),),
    our_name="Ben Adler",
    our_mail="ben@example.com",
)  # fmt: skip
WITH_FEATURE = ReviewsNumbers(
    features=(
        Feature(measure="exports", title="Exports", product="Core", worth="Numbers in your own sheets."),
    )
)


def review(facts: Facts, numbers: ReviewsNumbers = WITH_FEATURE, **words: Any) -> Deck:
    return drawn(
        facts, numbers, words_of(words or None), as_of=AS_OF, ends_at=ENDS_AT, measure="active_users"
    )


def test_with_everything_known_a_review_has_eight_slides_in_their_order():
    deck = review(EVERYTHING)

    assert [slide.kind for slide in deck.slides] == [
        "usage", "outcomes", "unused", "news", "shipped", "people", "next",
    ]  # fmt: skip
    assert deck.pages == 8
    assert deck.since_on == date(2026, 1, 5), "it tells what came after the last review"


def test_a_slide_without_data_is_left_out_and_nothing_is_invented():
    deck = review(Facts(account="Nobody Ltd"))

    assert [slide.kind for slide in deck.slides] == ["next"] and deck.slides[0].lines == ()
    assert not says_something(deck) and says_something(review(EVERYTHING))


def test_usage_stands_against_the_seats_that_are_paid_for_and_opens_into_its_weeks():
    deck = review(EVERYTHING)
    level, share = deck.figure("usage", "level"), deck.figure("usage", "share")

    assert (level.value, level.said, len(level.rows)) == (30.0, "30", 4)
    assert (share.value, share.said) == (0.75, "75%")
    assert deck.headline == "30 people worked in it each week lately: 75% of your 40 seats."
    without = review(replace(EVERYTHING, seats=(), products=()))
    assert without.figure("usage", "share") is None
    assert without.headline == "30 people worked in it each week lately."


def test_what_happened_is_counted_from_the_last_review_on():
    deck = review(EVERYTHING)
    solved, waiting, met, change = (
        deck.figure("outcomes", key) for key in ("solved", "open", "met", "change")
    )

    assert solved.rows == (("Export stops", "2 Feb 2026", "4 Feb 2026"),)
    assert waiting.rows == (("Login fails", "1 Mar 2026"),) and met.rows == (("Call", "20 Feb 2026"),)
    assert (change.value, change.said) == (0.5, "+50%")


def test_news_is_of_the_products_that_the_customer_has_and_requests_are_their_own():
    deck = review(EVERYTHING)
    told = {slide.kind: [line.title for line in slide.lines] for slide in deck.slides}

    assert told["news"] == ["Dark mode"] and told["shipped"] == ["Undo"]
    assert told["unused"] == ["Exports"]
    assert told["people"] == ["Ben Adler", "Bo Lund", "Ada Berg"]


def test_a_feature_is_unused_only_where_its_use_is_reported_and_it_is_theirs():
    assert (
        review(replace(EVERYTHING, reported=frozenset({"active_users"}))).figure("unused", "unused") is None
    )
    assert review(replace(EVERYTHING, products=())).figure("unused", "unused") is None
    used = replace(EVERYTHING, used=weeks([20.0] * 20) + weeks([1.0] * 20, "exports"))
    assert review(used).figure("unused", "unused") is None


def test_a_suggestion_rests_on_a_figure_that_the_review_shows():
    lines = review(EVERYTHING).slides[-1].lines

    assert [line.says for line in lines] == ["Use rose by 50%.", "1 of what you have is not used yet."]


def test_every_figure_says_how_it_is_counted_and_counts_its_rows():
    for slide in review(EVERYTHING).slides:
        for figure in slide.figures:
            assert figure.means.endswith(".") and figure.columns and figure.total == len(figure.rows)
            if figure.key not in {"level", "seats", "share", "change"}:
                assert figure.value == len(figure.rows)


def test_nothing_of_ours_reaches_the_customer():
    said = json.dumps(review(EVERYTHING).as_json()).lower()

    for word in ("health", "risk", "points", "load", "champion", "tier", "score", "escalat", "hot sheet"):
        assert word not in said.replace("download", ""), word


def test_a_slide_may_be_left_out_and_words_are_the_organizations_own():
    deck = review(EVERYTHING, left_out=["people"], title="Your quarter", title_usage="How you use it")

    assert "people" not in {slide.kind for slide in deck.slides}
    assert deck.title == "Your quarter" and deck.slides[0].title == "How you use it"


def test_a_review_comes_back_as_it_was_kept():
    deck = review(EVERYTHING)

    assert deck_of(json.loads(json.dumps(deck.as_json()))) == deck


LATER = st.datetimes(
    min_value=datetime(2026, 3, 10, 0, 0, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)
)


@given(known_at=LATER, value=st.floats(0, 1e6), subject=st.text(max_size=30))
def test_what_becomes_known_later_changes_no_earlier_review(known_at: datetime, value: float, subject: str):
    early = at(date(2026, 2, 1))
    more = replace(
        EVERYTHING,
        seats=(*EVERYTHING.seats, (value, known_at)),
        used=(*EVERYTHING.used, Used("active_users", MONDAY, value, known_at)),
        tickets=(
            *EVERYTHING.tickets,
            Asked(subject, early, None, known_at),
            Asked(subject, known_at, None, known_at),
        ),
        meetings=(*EVERYTHING.meetings, Met("Call", early, known_at), Met("Call", known_at, known_at)),
        people=(*EVERYTHING.people, Known(subject, "", "", True, known_at)),
        products=(*EVERYTHING.products, Has("Forecast", 9, None, None, known_at)),
        news=(*EVERYTHING.news, Told(subject, "x", date(2026, 2, 1), known_at)),
        shipped=(*EVERYTHING.shipped, Told(subject, "x", known_at.date(), known_at)),
        reviewed_at=(*EVERYTHING.reviewed_at, known_at),
    )

    assert review(more) == review(EVERYTHING)


@given(at_=LATER)
def test_what_closes_later_is_open_in_an_earlier_review(at_: datetime):
    closed = replace(
        EVERYTHING,
        tickets=tuple(replace(each, solved_at=each.solved_at or at_) for each in EVERYTHING.tickets),
        people=tuple(replace(each, left_at=at_) for each in EVERYTHING.people),
        products=tuple(replace(each, lost_at=at_) for each in EVERYTHING.products),
    )

    assert review(closed) == review(EVERYTHING)
