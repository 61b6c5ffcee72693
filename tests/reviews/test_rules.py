"""The small decisions around a review: who is held back, the sample, the words, which opening counts, its mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reviews.test_content import EVERYTHING, review

from evenbook.reviews.numbers import HOLDS, Suggestion
from evenbook.reviews.rules.facts import Facts, Known
from evenbook.reviews.rules.holding import holds, reader_of, sample_of
from evenbook.reviews.rules.letters import hand_letter, review_letter
from evenbook.reviews.rules.suggesting import MOST, Measured, suggested
from evenbook.reviews.rules.visits import counts_as_opened
from evenbook.reviews.rules.wording import WordingRefused, checked, chosen, words_of

THEN = datetime(2026, 1, 1, tzinfo=UTC)
ADA = Known("Ada", "", "ada@northwind.example", False, THEN)
BO = Known("Bo", "", "bo@northwind.example", True, THEN)


def test_a_review_goes_to_the_champion_who_has_an_address_and_is_still_there():
    assert reader_of([ADA, BO]) == BO and reader_of([ADA]) == ADA
    assert reader_of([Known("Cy", "", "", True, THEN)]) is None
    assert reader_of([Known("Dee", "", "d@x.example", True, THEN, THEN)]) is None


def test_only_the_rules_that_policy_names_hold_back():
    facts = Facts("Northwind", escalated=True, opted_out="No thanks.")

    found = holds(facts, says_something=False, reader=None, rules=tuple(HOLDS))
    assert [each.rule for each in found] == ["open_escalation", "opted_out", "no_contact", "nothing_to_tell"]
    assert holds(facts, says_something=False, reader=None, rules=()) == ()
    assert holds(Facts("x"), says_something=True, reader=ADA, rules=tuple(HOLDS)) == ()


@given(st.lists(st.integers(1, 4), max_size=60), st.integers(1, 8))
def test_the_sample_is_of_every_kind_as_far_as_it_goes_and_chance_alone_chooses_within(
    kinds: list[int], count: int
):
    rows = list(enumerate(kinds))
    found = sample_of(rows, count=count, seed="one")

    assert len(found) == min(count, len(rows)) and found == sample_of(rows[::-1], count=count, seed="one")
    assert len({kinds[number] for number in found}) == min(len(found), len(set(kinds)))


def test_words_are_kept_where_they_differ_and_fall_back_to_what_is_built_in():
    kept = checked({"title": "Your quarter", "ask": "Raise a hand", "mail": ""}, ["people"])

    assert kept == {"title": "Your quarter", "left_out": ["people"]}
    words = words_of(kept)
    assert words.says("title", {}) == "Your quarter" and words.says("ask", {}) == "Raise a hand"
    assert words.left_out == {"people"} and words_of(None).left_out == frozenset()


@pytest.mark.parametrize(
    ("given_", "left_out", "said"),
    [
        ({"title": "x" * 81}, [], "has 81 characters"),
        ({"greeting": "{nobody}"}, [], "There is no place '{nobody}'"),
        ({"mail": "Hello {reader}"}, [], "does not hold the link"),
        ({"ask": "Raise\na hand"}, [], "is one line"),
        ({}, ["next"], "'next' can't be left out"),
        ({}, ["cover"], "'cover' can't be left out"),
    ],
)
def test_words_that_can_not_be_used_are_refused(given_: dict[str, str], left_out: list[str], said: str):
    with pytest.raises(WordingRefused, match=said):
        checked(given_, left_out)


def test_the_most_fitting_newest_version_words_a_review():
    rows = [(0, "", 1), (0, "", 2), (1, "", 1), (0, "Enterprise", 3), (1, "Enterprise", 1)]

    assert chosen(rows, tier=1, segment="Enterprise") == (1, "Enterprise", 1)
    assert chosen(rows, tier=1, segment="Other") == (1, "", 1)
    assert chosen(rows, tier=2, segment="Enterprise") == (0, "Enterprise", 3)
    assert chosen(rows, tier=3, segment="") == (0, "", 2) and chosen([], tier=1, segment="") is None


def test_the_mail_has_one_line_as_its_subject_whatever_a_customer_is_called():
    from dataclasses import replace

    hostile = "Kestrel 👩\u200d🔬 \u202e{link}\r\nBcc: all@x.example " + "شركة " * 80
    deck = review(replace(EVERYTHING, account=hostile))
    letter = review_letter(deck, reader="Ada\nBerg", link="https://x.example/r/1", ends="1 Apr 2026")

    assert letter.subject.isprintable() and len(letter.subject) <= 150 and "\n" not in letter.subject
    assert letter.text.count("https://x.example/r/1") == 1 and "Hello Ada Berg," in letter.text
    told = hand_letter(
        account=hostile, wants="a talk", note="a\x00b", contact="", address="https://x.example"
    )
    assert told.subject.isprintable() and "\x00" not in told.text


@pytest.mark.parametrize(
    ("method", "headers", "is_ours", "counts"),
    [
        ("GET", {"user-agent": "Mozilla/5.0 Firefox/140.0"}, False, True),
        ("HEAD", {"user-agent": "Mozilla/5.0 Firefox/140.0"}, False, False),
        ("GET", {"user-agent": "Mozilla/5.0 Firefox/140.0"}, True, False),
        ("GET", {"user-agent": "Mozilla/5.0 Firefox/140.0", "sec-purpose": "prefetch"}, False, False),
        ("GET", {"user-agent": "Mozilla/5.0 Firefox/140.0", "x-moz": "prefetch"}, False, False),
        ("GET", {"user-agent": "LinkedInBot/1.0"}, False, False),
        ("GET", {"user-agent": "Mozilla/5.0 SkypeUriPreview Preview/0.5"}, False, False),
        ("GET", {"user-agent": "Microsoft Office/16.0"}, False, False),
        ("GET", {}, False, False),
    ],
)
def test_an_opening_counts_where_somebody_reads(
    method: str, headers: dict[str, str], is_ours: bool, counts: bool
):
    assert counts_as_opened(method, headers, is_ours=is_ours) is counts


def test_suggestions_come_in_the_order_of_policy_each_kind_once_and_few():
    rows = [
        Suggestion(when="seats_free", least=0.6, says="Give them away."),
        Suggestion(when="seats_free", least=0.9, says="Never twice."),
        Suggestion(when="seats_full", least=0.95, says="More seats."),
        Suggestion(when="usage_fell", least=0.2, says="Look at it."),
        Suggestion(when="not_met", least=90, says="Let us talk."),
        Suggestion(when="tickets_many", least=3, says="Go through them."),
    ]
    measured = Measured(share=0.5, change=-0.3, tickets=4, days_unmet=90)

    found = suggested(measured, rows)
    assert [each.says for each in found] == ["Give them away.", "Look at it.", "Let us talk."]
    assert len(found) == MOST and found[0].because == "50% of the seats are in use."
    assert suggested(Measured(), rows) == ()
