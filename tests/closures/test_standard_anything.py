"""The completion standard on whatever a page, JSON or a file can hold: it judges, and it never breaks."""

from __future__ import annotations

import copy
import json
import time
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.answers import CHANNELS, follow_ups_of, settled, summary_of
from evenbook.closures.rules.writing import cleaned, words_in
from written import COMPLETE, TODAY, form, refused, why

LONG = "long " * 20_000
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=40),
    st.sampled_from([*CHANNELS, "yes", "action", "transitioned", "n/a", "\u3164", "\u202e", LONG, "2026-03-12", "A few words that say something"]),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=5),
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(["what", "who", "by"]), st.text(max_size=8), st.integers(), st.none(), st.dates()
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
FORMS = st.sampled_from(sorted(COMPLETE))

TEXTS = st.sampled_from(
    ["Rollout is on plan and the new admin starts Monday", "  Two mails,\r\none call and a letter were tried\u200b today ", "客户对新版本表示满意，下周再谈合同的事"]
)  # fmt: skip
NAMES = st.sampled_from(["Ben", " Chidi\u00a0Eze ", "李", "Zoë"])
DAYS = st.dates(TODAY, TODAY + timedelta(days=700))
EITHER_DAYS = DAYS | DAYS.map(date.isoformat) | DAYS.map(lambda day: f" {day} ")
RIGHT = {
    "words": TEXTS,
    "day": EITHER_DAYS,
    "number": st.integers(-1000, 1000) | st.floats(-1e6, 1e6) | st.integers(0, 100).map(str),
    "person": NAMES,
    "touchpoint": EITHER_DAYS | st.sampled_from([*CHANNELS, "E-Mail", "In-Product"]),
    "follow_ups": st.lists(
        st.fixed_dictionaries({"what": TEXTS, "who": NAMES, "by": EITHER_DAYS}), min_size=1, max_size=3
    ),
}


def right(question: Question) -> st.SearchStrategy[Any]:
    if question.asks == "choice":
        return st.sampled_from(question.answers).flatmap(
            lambda option: st.sampled_from([option, option.upper(), f" {option}\n"])
        )
    return RIGHT[question.asks]


@st.composite
def given_answers(draw: st.DrawFn, *, wrong: bool) -> tuple[str, dict[Any, Any]]:
    """Answers to one of the forms: all of them right, or each of them perhaps anything."""
    artifact = draw(FORMS)
    answers = {}
    for row in form(artifact):
        if not wrong or draw(st.booleans()):
            answers[row.field] = draw(ANYTHING if wrong and draw(st.booleans()) else right(row))
    if wrong:
        answers |= draw(st.dictionaries(KEYS, ANYTHING, max_size=2))
    return artifact, answers


@given(given_answers(wrong=False))
@settings(max_examples=150, deadline=None)
def test_right_answers_are_accepted_again_once_settled(drawn: tuple[str, dict[Any, Any]]):
    artifact, answers = drawn
    assert refused(artifact, answers, asynchronous=True) == ()

    stored = settled(form(artifact), answers)
    assert refused(artifact, stored, asynchronous=True) == ()
    assert list(stored) == [row.field for row in form(artifact)]


@given(given_answers(wrong=True), st.booleans())
@settings(max_examples=400, deadline=None)
def test_whatever_is_given_is_judged_in_words_and_settles(
    drawn: tuple[str, dict[Any, Any]], asynchronous: bool
):
    artifact, answers = drawn
    found = refused(artifact, answers, asynchronous=asynchronous)
    stored = settled(form(artifact), answers)

    assert settled(form(artifact), stored) == stored
    assert json.loads(json.dumps(stored, allow_nan=False).encode("utf-8")) == stored
    if not found:
        assert refused(artifact, stored, asynchronous=asynchronous) == ()
    for each in found:
        assert each.reason.endswith((".", "?")) and "\n" not in each.reason and len(each.reason) < 300
        assert LONG[:50] not in each.reason
    summary_of(form(artifact), stored)
    follow_ups_of(form(artifact), stored)


@given(given_answers(wrong=True))
@settings(max_examples=200, deadline=None)
def test_every_needed_answer_that_is_missing_is_named_and_only_fields_are(drawn: tuple[str, dict[Any, Any]]):
    artifact, answers = drawn
    asked = {row.field for row in form(artifact)}
    named = [each.field for each in refused(artifact, answers)]
    owed = {row.field for row in form(artifact) if row.needed == "always"}

    assert owed - set(answers) <= set(named)
    assert len([name for name in named if name not in asked]) == len(set(answers) - asked)


@given(given_answers(wrong=True), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_answers_changes_nothing(drawn: tuple[str, dict[Any, Any]], chance: Any):
    artifact, answers = drawn
    keys = list(answers)
    chance.shuffle(keys)
    turned = {key: answers[key] for key in keys}

    assert refused(artifact, turned) == refused(artifact, answers)
    assert settled(form(artifact), turned) == settled(form(artifact), answers)


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_answers_of_any_kind_raise_nothing(answers: object):
    refused("check_in_note", answers)
    assert isinstance(settled(form("check_in_note"), answers), dict)


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing(text: str):
    once = cleaned(text)
    assert cleaned(once) == once and once == once.strip()
    once.encode("utf-8")
    words_in(text)


def test_judging_leaves_what_was_typed_alone():
    answers = {"summary": " n/a ", "follow_ups": [{"what": " Call  them ", "who": None}], "other": [1]}
    before = copy.deepcopy(answers)
    refused("check_in_note", answers)
    settled(form("check_in_note"), answers)

    assert answers == before


@pytest.mark.parametrize("asks", ["words", "choice", "day", "number", "person", "follow_ups", "touchpoint"])
def test_a_number_too_long_to_be_written_is_refused(asks: str):
    assert len(why(asks, 10**5000, options="no | yes")) == 1
    assert len(why(asks, {10**5000: 10**5000}, options="no | yes")) >= 1


def test_a_list_that_holds_itself_is_refused():
    endless = yaml.safe_load("&a [*a]")
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    for value in (endless, deep):
        assert {each.field for each in refused("check_in_note", dict.fromkeys(COMPLETE["check_in_note"], value))} == {
            "summary", "follow_ups", "next_touchpoint",
        }  # fmt: skip


SLOW = {
    "one word": "a" * 100_000,
    "marks": "\u0316\u0301" * 50_000,
    "marks on a letter": "a" + "\u0316\u0301" * 4_999,
    "almost a period": "a b " * 2_499 + "c",
    "punctuation": "!" * 9_999 + "a",
    "sentence ends": " ." * 5_000,
    "signs that grow": "\ufdfa" * 9_999,
    "nothing to see": "\u200b" * 100_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=list(SLOW))
def test_no_text_takes_long(text: str):
    started = time.perf_counter()
    for asks in ("words", "person", "day", "number", "touchpoint", "follow_ups"):
        why(asks, text, least_words=5)
    why("follow_ups", [{"what": text, "who": text, "by": text}] * 20)

    assert time.perf_counter() - started < 5
