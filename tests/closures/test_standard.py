"""The completion standard: what closes a loop, and in which words the rest is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import yaml

from evenbook.closures.numbers.artifacts import KINDS
from evenbook.closures.rules.answers import CHANNELS, FollowUp, follow_ups_of, settled, summary_of
from evenbook.closures.rules.standard import Refusal, refusals
from written import COMPLETE, DUE, TODAY, form, kept, refused, why

# ---------------------------------------------------------------- the seven forms


def test_every_default_artifact_has_its_example():
    assert set(COMPLETE) == {row.kind for row in KINDS}


@pytest.mark.parametrize("artifact", COMPLETE)
def test_a_complete_artifact_is_accepted_and_kept_as_it_is(artifact: str):
    assert refused(artifact, COMPLETE[artifact]) == ()
    assert settled(form(artifact), COMPLETE[artifact]) == COMPLETE[artifact]


OWED = [
    (artifact, row.field)
    for artifact, answers in COMPLETE.items()
    for row in form(artifact)
    if row.field in answers and row.needed != "never"
]


@pytest.mark.parametrize(("artifact", "field"), OWED)
@pytest.mark.parametrize("blank", [..., None, "", " \t\n", "\u200b", "\u3164 \u2800", []])
def test_a_needed_answer_left_out_is_refused_by_its_name(artifact: str, field: str, blank: object):
    answers = {**COMPLETE[artifact], field: blank}
    if blank is ...:
        del answers[field]

    (found,) = refused(artifact, answers)
    assert found.field == field and "' has no answer" in found.reason


@pytest.mark.parametrize(
    ("artifact", "field"), [("health_review_log", "score"), ("decision_record", "promised")]
)
def test_an_answer_that_is_never_needed_may_be_left_out_but_is_checked_when_given(artifact: str, field: str):
    answers = {**COMPLETE[artifact], field: ""}
    assert refused(artifact, answers) == () and field not in settled(form(artifact), answers)
    assert [each.field for each in refused(artifact, {**answers, field: "tbd"})] == [field]


def test_what_was_found_is_owed_only_where_the_band_moved():
    stable = {"band": "green", "moved": "no", "outcome": "acknowledged stable"}
    assert refused("health_review_log", stable) == ()

    (found,) = refused("health_review_log", {**stable, "moved": " YES "})
    assert found == Refusal(
        "found", "'What the investigation found' has no answer; it is needed where 'Has it moved?' is 'yes'."
    )


def test_an_action_is_owed_where_it_is_the_outcome():
    answers = {**COMPLETE["health_review_log"], "follow_ups": []}
    (found,) = refused("health_review_log", answers)
    assert found.reason == (
        "'Action' has no answer: say what, who and by when; it is needed where 'Outcome' is 'action'."
    )


def test_an_answer_that_is_not_owed_but_given_is_checked_too():
    answers = {"band": "green", "moved": "no", "outcome": "acknowledged stable", "found": "n/a"}
    assert [each.field for each in refused("health_review_log", answers)] == ["found"]


def test_refusals_come_in_the_order_of_the_form():
    assert [each.field for each in refused("transfer_brief", {})] == [
        row.field for row in form("transfer_brief")
    ]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    "text",
    [
        "n/a", "N/A", "n.a.", " N / A ", "na", "None", "nil", "TBD", "t.b.d.", "todo", "TODO:", "xxx", "x", "XXXX",
        "test", "Test.", "test test", "lorem ipsum dolor sit amet consectetur", "asdf", "ｎ／ａ", "to be determined",
        "see above", "ok", "yes", "n/a n/a tbd", "n/a - tbd", "oooooo", "11",
    ],
)  # fmt: skip
def test_a_placeholder_says_nothing(text: str):
    (reason,) = why("words", text, least_words=1)
    assert (
        reason
        == f"'Note' says only '{' '.join(text.split())}'; if there is nothing to tell, say so in a sentence."
    )


@pytest.mark.parametrize(
    "text", ["-", ".", "…", "---", "12 / 34", "🎉🎉 👍", "🇳🇴", "\ufe0f", "2026-03-09 10:30"]
)
def test_a_text_without_letters_has_no_words(text: str):
    assert why("words", text) == ["'Note' has no words in it."]


@pytest.mark.parametrize(
    "text",
    [
        "call call call call call",
        "Call, call; CALL! call. call",
        "call call call call done",
        "we called them we called them",
        "the new admin starts on Monday and so the new admin starts on Monday and so",
        "We called them today.\nWe called them today.",
        "We called. They are fine. They are fine. We called.",
        "客户满意客户满意",
    ],
)
def test_what_is_repeated_says_the_same_thing(text: str):
    assert why("words", text, least_words=5) == ["'Note' says the same thing again and again."]


@pytest.mark.parametrize(
    "text",
    [
        "No change, no risk, no action",
        "They pay. They use it. They renew in May.",
        "Sara calls Tom, Tom calls Sara back",
        "客户对新版本表示满意，下周再谈",
        "العميل راضٍ عن الإصدار الجديد",
        "ग्राहक नए संस्करण से खुश है",
        "ลูกค้าพอใจกับรุ่นใหม่และจะต่อสัญญา",
        "Renewal 2026 at 40 seats, 3 % up",
        "Done by Ben, tested; no N/A left 🎉",
    ],
)
def test_a_text_that_says_something_is_accepted_in_any_script(text: str):
    assert why("words", text, least_words=5) == []


@pytest.mark.parametrize(
    ("text", "count"), [("All is well", 3), ("Well", 1), ("— all - is / well —", 3), ("all\u200bis well", 2)]
)
def test_a_text_under_the_least_is_refused_with_its_count(text: str, count: int):
    words = "1 word" if count == 1 else f"{count} words"
    assert why("words", text, least_words=5) == [f"'Note' has {words}; at least 5 are needed."]
    assert why("words", text, least_words=count) == []


def test_the_longest_text_is_10000_characters():
    text = ("The customer asked about item number {}. " * 250).format(*range(250))
    assert why("words", f"{text[:9_999]}x", least_words=5) == []
    assert why("words", f"{text[:9_999]}xy") == ["'Note' has 10,001 characters; at most 10,000 can be kept."]
    assert why("words", "ab" * 50_000) == ["'Note' has 100,000 characters; at most 10,000 can be kept."]


@pytest.mark.parametrize("value", [5, 2.5, True, ["a text"], {"text": "a text"}, date(2026, 3, 9), b"a text"])
def test_words_must_be_text(value: object):
    (reason,) = why("words", value)
    assert reason.startswith("'Note' must be text, not ")


def test_text_is_kept_trimmed_without_what_nobody_sees():
    assert kept("words", "\ufeff  one\x00\x1b two\r\nthree\u2028four\u202e five\ud800 \u200f") == (
        "one two\nthree\nfour five"
    )
    assert kept("words", "one\ttwo\n\nthree") == "one\ttwo\n\nthree"
    assert kept("words", "👩\u200d💻 می\u200cخواهد") == "👩\u200d💻 می\u200cخواهد"


# ---------------------------------------------------------------- choice

BANDS = {"options": "green | yellow | Moved to digital"}


@pytest.mark.parametrize(
    ("given_as", "option"),
    [
        ("green", "green"),
        (" GREEN ", "green"),
        ("moved  to\u00a0DIGITAL", "Moved to digital"),
        ("ｇｒｅｅｎ", "green"),
    ],
)
def test_a_choice_is_read_without_case_and_space_and_kept_as_the_policy_writes_it(given_as: str, option: str):
    assert why("choice", given_as, **BANDS) == [] and kept("choice", given_as, **BANDS) == option


@pytest.mark.parametrize(
    ("value", "said"),
    [("purple", "'purple'"), ("green yellow", "'green yellow'"), (["green"], "a list"), (True, "yes"), (7, "7"), ({"a": 1}, "values by name"), pytest.param(10**5000, "so large a number", id="huge")],
)  # fmt: skip
def test_what_is_no_option_is_refused_with_the_options(value: object, said: str):
    assert why("choice", value, **BANDS) == [f"'Note' must be green, yellow or Moved to digital, not {said}."]


def test_yaml_makes_a_yes_of_yes_and_a_number_of_a_number():
    assert kept("choice", yaml.safe_load("yes"), options="no | yes") == "yes"
    assert kept("choice", yaml.safe_load("no"), options="no | yes") == "no"
    assert kept("choice", yaml.safe_load("2"), options="1 | 2 | 3") == "2"


# ---------------------------------------------------------------- day and touchpoint


@pytest.mark.parametrize(
    "value",
    ["2026-03-09", date(2026, 3, 9), " 2026-03-09\n", "２０２６-０３-０９", yaml.safe_load("2026-03-09")],
)
@pytest.mark.parametrize("asks", ["day", "touchpoint"])
def test_a_day_is_today_or_later_and_kept_as_iso(asks: str, value: object):
    assert why(asks, value) == [] and kept(asks, value) == "2026-03-09"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("2026-03-08", "must be today or later, not 2026-03-08"),
        (date(1999, 1, 1), "must be today or later, not 1999-01-01"),
        ("2028-03-10", "must be within two years, not 2028-03-10"),
        ("9999-12-31", "must be within two years, not 9999-12-31"),
        ("2026-02-30", "must be a day such as 2026-03-09, not '2026-02-30'"),
        ("20260312", "must be a day such as 2026-03-09, not '20260312'"),
        ("2026-W12-1", "must be a day such as 2026-03-09, not '2026-W12-1'"),
        ("12.03.2026", "must be a day such as 2026-03-09, not '12.03.2026'"),
        ("next week", "must be a day such as 2026-03-09, not 'next week'"),
        ("2026-03-12T10:00:00Z", "must be a day such as 2026-03-09, not '2026-03-12T10:00:00Z'"),
        (datetime(2026, 3, 12, 10), "must be a day such as 2026-03-09, not 2026-03-12T10:00:00"),
        (20260312, "must be a day such as 2026-03-09, not 20260312"),
        (True, "must be a day such as 2026-03-09, not yes"),
        (["2026-03-12"], "must be a day such as 2026-03-09, not a list"),
    ],
)
@pytest.mark.parametrize("asks", ["day", "touchpoint"])
def test_what_is_no_day_from_today_on_is_refused(asks: str, value: object, fault: str):
    assert why(asks, value) == [f"'Note' {fault}."]


def test_the_farthest_day_is_two_years_away():
    assert why("day", (TODAY + timedelta(days=731)).isoformat()) == []
    assert refusals((), {}, today=date.max, asynchronous=False) == ()


@pytest.mark.parametrize("value", [*CHANNELS, "E-Mail", "email", "In-Product", "in_product", " CHAT "])
def test_a_channel_stands_for_a_day_only_where_the_tier_allows_it(value: str):
    (reason,) = why("touchpoint", value)
    assert reason.startswith("'Note' must be a day: this tier asks for a date, and ")

    assert why("touchpoint", value, asynchronous=True) == []
    assert kept("touchpoint", value) in CHANNELS


def test_a_channel_that_is_none_is_refused_with_those_that_are():
    assert why("touchpoint", "pigeon", asynchronous=True) == [
        "'Note' must be a day such as 2026-03-09, or one of mail, chat, newsletter, in product, recording; "
        "not 'pigeon'."
    ]
    assert why("touchpoint", "2020-01-01", asynchronous=True) == [
        "'Note' must be today or later, not 2020-01-01."
    ]


# ---------------------------------------------------------------- number and person


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0), (72.5, 72.5), ("72.50", 72.5), (" -3 ", -3), ("72.0", 72), (72.0, 72), ("+5", 5), ("−5", -5)],
)
def test_a_number_may_be_typed_and_is_kept_as_a_number(value: object, number: float):
    assert why("number", value) == []
    assert kept("number", value) == number and type(kept("number", value)) is type(number)


@pytest.mark.parametrize(
    "value",
    [True, False, float("nan"), float("inf"), pytest.param(10**5000, id="huge"), 1e300, "nan", "inf", "1e5", "1_000", "72,5", "seventy", "9" * 60, [7], {"n": 7}, "0x1F"],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused(value: object):
    (reason,) = why("number", value)
    assert reason.startswith("'Note' must be a number such as 72.5, not ")
    assert kept("number", value) is None


@pytest.mark.parametrize(
    "name", ["Ben", "Ben Okafor", "Na Li", "O'Brien, Zoë", "李", "王芳", "محمد", "ben@example.com", "Bo"]
)
def test_a_person_has_a_name(name: str):
    assert why("person", f" {name}\n") == [] and kept("person", f" {name}\n") == name


@pytest.mark.parametrize(
    "value",
    [
        "tbd",
        "n/a",
        "-",
        "?",
        "42",
        "🙂",
        "someone",
        "Me",
        "the team",
        "XXX",
        "nobody",
        "unknown",
        ["Ben"],
        5,
        False,
    ],
)
def test_a_placeholder_or_nobody_in_particular_is_no_person(value: object):
    (reason,) = why("person", value)
    assert reason.startswith("'Note' must be a name, not ")


def test_a_name_has_at_most_200_characters():
    assert why("person", "Ben O" * 40) == []
    assert why("person", "Ben O" * 41) == ["'Note' has 205 characters; a name has at most 200."]


# ---------------------------------------------------------------- follow-ups


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ({**DUE, "by": ""}, ["The follow-up has no date."]),
        ({**DUE, "who": " "}, ["The follow-up has no person."]),
        ({"who": "Ben", "by": "2026-03-12"}, ["The follow-up has no task."]),
        ({"who": "Ben"}, ["The follow-up has no task.", "The follow-up has no date."]),
        ({**DUE, "what": "Call"}, ["The task of the follow-up has 1 word; at least 2 are needed."]),
        ({**DUE, "what": ["Call", "them"]}, ["The task of the follow-up must be text, not a list."]),
        (
            {**DUE, "what": "a b" * 200},
            ["The task of the follow-up has 600 characters; at most 300 can be kept."],
        ),
        ({**DUE, "who": "someone"}, ["The person of the follow-up must be a name, not 'someone'."]),
        ({**DUE, "by": "2026-03-01"}, ["The date of the follow-up must be today or later, not 2026-03-01."]),
        ({**DUE, "when": "soon"}, ["The follow-up says 'when', and only what, who, by are asked."]),
    ],
)
def test_a_follow_up_says_which_part_is_at_fault(row: dict[str, Any], reasons: list[str]):
    assert why("follow_ups", [row]) == reasons


@pytest.mark.parametrize(
    "value", ["call them", 5, [["what", "who", "by"]], [[]], [[[1]]], ["call"], [5], True]
)
def test_what_is_no_follow_up_is_refused(value: object):
    (reason,) = why("follow_ups", value, needed="always")
    assert "say what, who and by when" in reason


def test_of_several_follow_ups_the_place_is_said_and_empty_rows_do_not_count():
    empty = {"what": "", "who": "", "by": None}
    assert why("follow_ups", [DUE, empty, {**DUE, "by": ""}]) == ["Follow-up 3 has no date."]
    assert why("follow_ups", [empty, {**DUE, "by": ""}]) == ["The follow-up has no date."]
    assert why("follow_ups", [empty, {}]) == ["'Note' has no answer: say what, who and by when."]
    assert kept("follow_ups", [DUE, empty]) == [DUE]


def test_one_follow_up_may_stand_without_a_list():
    assert why("follow_ups", DUE) == [] and kept("follow_ups", DUE) == [DUE]


def test_at_most_20_follow_ups_are_kept():
    assert why("follow_ups", [DUE] * 20) == []
    assert why("follow_ups", [DUE] * 21) == ["'Note' has 21 follow-ups; at most 20 can be kept."]


def test_follow_ups_are_read_with_their_day():
    answers = {"follow_ups": [{"what": " Send  the offer\n", "who": "Ben", "by": date(2026, 3, 12)}]}
    stored = settled(form("check_in_note"), answers)

    assert stored == {"follow_ups": [{"what": "Send the offer", "who": "Ben", "by": "2026-03-12"}]}
    assert follow_ups_of(form("check_in_note"), stored) == (
        FollowUp("Send the offer", "Ben", date(2026, 3, 12)),
    )
    assert follow_ups_of(form("check_in_note"), {}) == ()


def test_of_a_draft_only_whole_follow_ups_are_read():
    stored = settled(form("check_in_note"), {"follow_ups": [DUE, {"what": "Call them", "by": "soon"}]})

    assert stored["follow_ups"] == [DUE, {"what": "Call them", "who": "", "by": ""}]
    assert [each.what for each in follow_ups_of(form("check_in_note"), stored)] == ["Send the offer"]


# ---------------------------------------------------------------- what a refusal repeats


def test_a_refusal_repeats_at_most_40_characters_on_one_line():
    typed = "in the second\nhalf of the third quarter, or the one after"
    shown = "in the second half of the third quarter…"

    assert len(shown) == 40
    assert why("day", typed) == [f"'Note' must be a day such as 2026-03-09, not '{shown}'."]
    assert [each.field for each in refused("check_in_note", {typed: 1})][-1] == shown
    assert why("day", "x" * 40) == [f"'Note' must be a day such as 2026-03-09, not '{'x' * 40}'."]


# ---------------------------------------------------------------- fields that are not asked


def test_an_unknown_field_is_refused_with_what_was_meant():
    answers = {
        **COMPLETE["check_in_note"],
        "sumary": "x",
        "Next Touchpoint": "x",
        "colour": "x",
        7: "x",
        None: "x",
    }
    assert refused("check_in_note", answers) == (
        Refusal("(no name)", "'(no name)' is not asked in this form."),
        Refusal("7", "'7' is not asked in this form."),
        Refusal(
            "Next Touchpoint", "'Next Touchpoint' is not asked in this form; did you mean 'next_touchpoint'?"
        ),
        Refusal("colour", "'colour' is not asked in this form."),
        Refusal("sumary", "'sumary' is not asked in this form; did you mean 'summary'?"),
    )


def test_of_very_many_unknown_fields_the_first_are_named_and_the_rest_counted():
    answers = COMPLETE["check_in_note"] | {f"field{number:05}": 1 for number in range(10_000)}
    found = refused("check_in_note", answers)

    assert len(found) == 21
    assert found[-1] == Refusal("field00020", "'field00020' and 9,979 more are not asked in this form.")


@pytest.mark.parametrize("answers", [None, [], "summary", 5, [{"summary": "x"}]])
def test_answers_that_have_no_names_are_refused_as_a_whole(answers: object):
    assert refused("check_in_note", answers) == (
        Refusal("summary", "The answers must be given by name, as in 'summary: …'."),
    )
    assert settled(form("check_in_note"), answers) == {}


# ---------------------------------------------------------------- lists


def test_a_list_shows_the_first_text_on_one_line():
    stored = settled(form("decision_record"), {"promised": "A plan", "decisions": "Go\nahead with site two"})
    assert summary_of(form("decision_record"), stored) == "Go ahead with site two"


def test_a_list_shows_what_was_chosen_where_nothing_was_written():
    stored = {"band": "green", "moved": "no", "outcome": "acknowledged stable"}
    said = "Band: green; Has it moved? no; Outcome: acknowledged stable"
    assert summary_of(form("health_review_log"), stored) == said
    assert summary_of(form("health_review_log"), {}) == ""
