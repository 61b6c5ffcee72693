"""The sizing equation: the worked example of the specification, verdicts at their borders, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.rules.document import document
from evenbook.sizing.rules.equation import Inputs, outputs
from evenbook.sizing.rules.inputs import (
    ASSUMED,
    INPUTS,
    MEASURED,
    NOTHING,
    TYPED,
    InputRefused,
    Measured,
    number_typed,
    settled,
)
from evenbook.sizing.rules.told import meetings_said, needed, reasons, verdicts
from evenbook.sizing.rules.verdict import (
    AS_FUNDED,
    OVERSTAFFED,
    POOLED_LEVERAGE,
    SPLIT_MACHINE,
    UNDERSTAFFED,
    WHITE_GLOVE,
    boundaries,
    sensitivity,
    staffing,
    verdict,
)

NUMBERS = SizingNumbers()
EXAMPLE = Inputs(600, 3, 0.33, 3000, 150_000, 1)
INPUTS_OF_SENSE = st.builds(
    Inputs,
    accounts=st.floats(1, 1e6),
    csms=st.floats(0.1, 1e4),
    completed_share=st.floats(0.001, 1),
    acv=st.floats(1, 1e7),
    csm_cost=st.floats(1000, 1e6),
    meetings_per_quarter=st.floats(0.1, 60),
)


def test_the_worked_example():
    found = outputs(EXAMPLE, NUMBERS)

    assert found.accounts_per_csm == 200
    assert found.meetings_per_day.planned == pytest.approx(200 / 60)
    assert found.meetings_per_day.reachable == pytest.approx(1.1)
    assert found.meetings_a_month.reachable == pytest.approx(22)
    assert found.hours_share.planned == pytest.approx(200 * 1.5 / (3 * 120))
    assert found.hours_share.reachable == pytest.approx(0.275)
    assert found.cost_share_of_arr == pytest.approx(0.25)
    assert found.split_cost_share == pytest.approx(0.125)
    assert (found.cost_per_account, found.fundable_book) == (750, pytest.approx(1000 / 3))
    assert verdict(EXAMPLE, NUMBERS) == SPLIT_MACHINE


def test_the_plan_of_3_3_meetings_a_day_is_named_impossible_in_words():
    said = meetings_said(EXAMPLE, NUMBERS)

    assert "200 live meetings a quarter, 3.3 a working day" in said
    assert "impossible at a volume that nobody sustains" in said
    assert "22 a month a head, 1.1 a day" in said


def test_each_of_the_three_measured_variables_gives_its_reason():
    said = reasons(EXAMPLE, NUMBERS, "USD")

    assert [each["of"] for each in said] == ["reachability", "value", "base"]
    assert said[0]["text"].startswith("33% of the base")
    assert "funded by 333 accounts" in said[1]["text"]
    assert "overstaffed" in said[2]["text"]


def test_each_of_the_three_verdicts_says_why_it_holds_or_what_it_would_take():
    by_name = {row["verdict"]: row for row in verdicts(EXAMPLE, NUMBERS)}

    assert [row["holds"] for row in by_name.values()] == [False, True, False]
    assert "20,000" in by_name[WHITE_GLOVE]["text"] and "60%" in by_name[WHITE_GLOVE]["text"]
    assert by_name[POOLED_LEVERAGE]["text"].startswith("It would take either")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"acv": 20_000, "completed_share": 0.6}, WHITE_GLOVE),
        ({"acv": 19_999, "completed_share": 0.6}, SPLIT_MACHINE),
        ({"acv": 20_000, "completed_share": 0.599}, SPLIT_MACHINE),
        ({"acv": 2500}, SPLIT_MACHINE),
        ({"acv": 2499}, POOLED_LEVERAGE),
        ({"completed_share": 0.2}, SPLIT_MACHINE),
        ({"completed_share": 0.199}, POOLED_LEVERAGE),
        ({"acv": 1_000_000, "completed_share": 0.1}, POOLED_LEVERAGE),
        ({"csms": 1}, SPLIT_MACHINE),
        ({"csms": 500, "accounts": 50_000}, SPLIT_MACHINE),
    ],
)
def test_the_verdict_at_its_borders(changed, found):
    assert verdict(replace(EXAMPLE, **changed), NUMBERS) == found


@given(INPUTS_OF_SENSE, st.floats(0.1, 1e4))
def test_how_many_people_there_are_never_moves_the_verdict(inputs, csms):
    assert verdict(replace(inputs, csms=csms), NUMBERS) == verdict(inputs, NUMBERS)


@example(replace(EXAMPLE, completed_share=0.6, acv=20_000.0))
@given(INPUTS_OF_SENSE)
def test_past_each_boundary_the_verdict_is_the_one_that_it_names(inputs):
    now = verdict(inputs, NUMBERS)
    for each in boundaries(inputs, NUMBERS):
        past = each.bound * (1 - 1e-5 if each.falls else 1 + 1e-5)
        inside = each.bound + 0.5 * (each.value - each.bound)
        assert each.verdict != now
        assert verdict(replace(inputs, **{each.input: past}), NUMBERS) == each.verdict
        if abs(each.gap) > 1e-4:
            assert verdict(replace(inputs, **{each.input: inside}), NUMBERS) == now


@given(INPUTS_OF_SENSE)
def test_the_nearest_boundary_comes_first(inputs):
    gaps = [abs(each.gap) for each in boundaries(inputs, NUMBERS)]

    assert gaps == sorted(gaps)


def test_the_input_nearest_to_another_verdict_matters_most():
    rows = sensitivity(EXAMPLE, NUMBERS)

    assert rows[0].input == "csm_cost" and rows[0].nearest is not None
    assert {row.input for row in rows} == set(INPUTS)
    assert [row.input for row in rows if row.nearest is None] == ["csms", "accounts", "meetings_per_quarter"]


def test_reachability_is_never_something_to_work_on():
    for share in (0.05, 0.33, 0.9):
        said = str(document(settled({"completed_share": share}, NOTHING, NUMBERS), NUMBERS, "USD")).lower()
        assert not any(word in said for word in ("coach", "train", "improve", "persuade"))


def test_below_white_glove_a_live_review_needs_a_raised_hand_or_a_red_state():
    for share, name in ((0.33, "split"), (0.1, "pooled")):
        said = document(settled({"completed_share": share}, NOTHING, NUMBERS), NUMBERS, "USD")
        assert name in said["verdict"] and "raised hand or a red state" in said["does"]


@pytest.mark.parametrize(
    ("csms", "found"), [(1.8, AS_FUNDED), (3, OVERSTAFFED), (1, UNDERSTAFFED), (0, UNDERSTAFFED)]
)
def test_more_people_than_the_market_funds_are_overstaffed(csms, found):
    assert staffing(replace(EXAMPLE, csms=csms), NUMBERS) == found


def test_without_a_csm_it_says_how_many_are_needed():
    given_ = replace(EXAMPLE, csms=0)
    said = document(settled({"csms": 0}, NOTHING, NUMBERS), NUMBERS, "USD")

    assert needed(given_, NUMBERS) == 2
    assert said["accounts_per_csm"] is None and said["meetings_per_day"]["planned"] is None
    assert said["meetings_text"].startswith("2 CSMs are needed")
    assert said["verdict"] == SPLIT_MACHINE


def test_what_is_typed_goes_before_what_is_measured_and_that_before_the_policy():
    found = Measured(accounts=243, completed_share=0.5)
    rows = {row.name: row for row in settled({"accounts": 100}, found, NUMBERS)}

    assert (rows["accounts"].value, rows["accounts"].provenance, rows["accounts"].measured) == (
        100,
        TYPED,
        243,
    )
    assert (rows["completed_share"].value, rows["completed_share"].provenance) == (0.5, MEASURED)
    assert (rows["csm_cost"].value, rows["csm_cost"].provenance) == (150_000, ASSUMED)


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e300", "many", "1" * 50, "", "0x10"])
def test_what_can_not_be_is_refused_in_words(name, text):
    with pytest.raises(InputRefused) as refused:
        number_typed(name, text)
    assert INPUTS[name].title in refused.value.what and refused.value.fix


@pytest.mark.parametrize("name", [name for name in INPUTS if name != "csms"])
def test_zero_is_refused_where_it_means_nothing(name):
    with pytest.raises(InputRefused):
        number_typed(name, "0")


def test_zero_csms_ask_how_many():
    assert number_typed("csms", "0") == 0


@pytest.mark.parametrize("text", ["33", "101%", "1.01"])
def test_a_rate_over_the_whole_is_refused(text):
    with pytest.raises(InputRefused, match="over 100%"):
        number_typed("completed_share", text)


def test_a_comma_that_parts_no_thousands_is_refused_and_not_dropped():
    for text in ("7,8", "0,33", "12,34", "1,2345", "3.000,5", ",5"):
        with pytest.raises(InputRefused, match="no number"):
            number_typed("csms", text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("accounts", "1,200", 1200),
        ("acv", "1,234,567.5", 1_234_567.5),
        ("completed_share", "33%", 0.33),
        ("completed_share", " 0.33 ", 0.33),
    ],
)
def test_numbers_are_read_as_people_type_them(name, text, value):
    assert number_typed(name, text) == pytest.approx(value)


@given(INPUTS_OF_SENSE)
def test_every_answer_can_be_told(inputs):
    typed = {name: getattr(inputs, name) for name in INPUTS}
    said = document(settled(typed, NOTHING, NUMBERS), NUMBERS, "USD")

    assert {row["provenance"] for row in said["inputs"]} == {TYPED}
    assert len(said["reasons"]) == 3 and said["nearest_boundary"] is not None
