"""A value is said the same in every file, and a text keeps all that a reader sees of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.documents import wording
from evenbook.documents.parts import Column, Document, Fact, Link, Table
from papers import NOT_TEXT, NOT_TEXT_SAID


def said(value, kind: str = "text", decimals: int = 1) -> str:
    return wording.plain(wording.value_runs(value, Column("", kind, decimals)))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1234, "whole", "1,234"),
        (-1234, "whole", "−1,234"),
        (1234.56, "number", "1,234.6"),
        (-0.04, "number", "0.0"),
        (0.905, "share", "90.5%"),
        (-0.2, "share", "−20.0%"),
        (1_240_050, "money", "12,400.50"),
        (-5, "money", "−0.05"),
        (date(2026, 3, 9), "day", "9 Mar 2026"),
        (datetime(2026, 3, 9, 8, 30, tzinfo=UTC), "instant", "9 Mar 2026, 08:30 UTC"),
        (datetime(2026, 7, 9, 8, 30, tzinfo=ZoneInfo("Europe/Berlin")), "instant", "9 Jul 2026, 08:30 CEST"),
        (True, "flag", "yes"),
        (False, "flag", "no"),
        ("not asked", "number", "not asked"),
    ],
)
def test_values_are_said_after_the_type_of_their_column(value, kind, text):
    assert said(value, kind) == text


@pytest.mark.parametrize("value", [None, "", float("nan"), float("inf"), ()])
def test_what_is_not_known_is_a_dash_and_never_0(value):
    assert said(value, "number") == "–"


def test_a_fact_without_a_type_is_said_after_its_value():
    facts = (
        Fact("", 3),
        Fact("", 2.25),
        Fact("", True),
        Fact("", date(2026, 3, 9)),
        Fact("", 0.5, "share", 0),
    )

    assert [wording.plain(wording.fact_runs(fact)) for fact in facts] == [
        "3",
        "2.2",
        "yes",
        "9 Mar 2026",
        "50%",
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///x", "/accounts/1", "https://x y", "https://x\n"]
    + ["https://" + "x" * 2_000, "https://x\u202e", 'https://x"y', ""]
)  # fmt: skip
def test_a_link_that_leads_elsewhere_than_the_web_is_left_as_words(url):
    assert wording.runs(Link("here", url)) == (("here", ""),)


@pytest.mark.parametrize(
    "url", ["https://evenbook.example/a?b=1&c=2#d", "HTTP://x", "mailto:amara@evenbook.example"]
)
def test_links_to_the_web_and_to_mail_are_kept(url):
    assert wording.runs(("see ", Link("here", url))) == (("see ", ""), ("here", url))


def test_what_no_file_may_hold_is_taken_out_and_line_ends_are_one_kind():
    assert wording.clean(NOT_TEXT) == NOT_TEXT_SAID
    assert wording.clean("a\r\nb\rc\x0bd\u2028e\x85f\tg") == "a\nb\nc\nd\ne\nf g"


def test_a_footer_is_one_short_line_and_the_title_stands_in_for_it():
    assert wording.footer(Document("Weekly\naudit")) == "Weekly audit"
    assert len(wording.footer(Document("x" * 100_000))) == 90


@given(st.text(), st.integers(4, 40))
def test_places_to_break_change_nothing_that_is_read(text, longest):
    assert wording.with_breaks(text, longest).replace("\u200b", "") == text.replace("\u200b", "")


@given(st.text(st.characters(codec="ascii"), max_size=200), st.integers(4, 40))
def test_no_word_stays_longer_than_its_line(text, longest):
    broken = wording.with_breaks(text, longest).replace("\u200b", " ")

    assert all(len(word) <= longest for word in broken.split())


def test_a_letter_and_what_stands_over_it_are_not_parted():
    assert "\u200b\u0301" not in wording.with_breaks("e\u0301" * 50, 7)


@given(
    st.lists(
        st.tuples(st.sampled_from(["text", "whole", "day"]), st.text(max_size=90)), min_size=1, max_size=30
    )
)
def test_columns_share_a_line_and_none_is_left_without_room(columns):
    table = Table(
        tuple(Column(name[:12], kind) for kind, name in columns), (tuple(name for _, name in columns),)
    )
    shares = wording.shares(table, 100)

    assert sum(shares) == pytest.approx(1) and min(shares) > 0.01


def test_a_long_text_leaves_short_columns_and_numbers_the_room_they_need():
    table = Table((Column("Tier"), Column("Seats", "whole"), Column("Note")), (("Tier 2", 12, "x " * 500),))
    tier, seats, note = (share * 100 for share in wording.shares(table, 100))

    assert tier >= len("Tier 2") and seats >= len("Seats") and note > 60
