"""What a field of the policy must say, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest
from pydantic import ValidationError

from evenbook.policy.registry import sections
from evenbook.policy.schema import (
    FieldCard,
    Policy,
    Row,
    Section,
    choice,
    day,
    flag,
    number,
    rows,
    text,
    words,
)


class Step(Row):
    key = ("from_day",)

    from_day: int = number(unit="day", reason="When it starts.", at_least=0)
    share: float | None = number(None, unit="share", reason="How much.", at_least=0, at_most=1)


class Trip(Section):
    name: ClassVar[str] = "trip"
    title: ClassVar[str] = "A trip"

    hours: float = number(8, unit="hours", reason="A working day.", above=0, at_most=24)
    seats: int = number(2, unit="seats", reason="One each.", at_least=1)
    way: str = choice("rail", options={"rail": "By rail", "foot": "On foot"}, reason="Slow is fine.")
    code: str = text("AB", unit="two capitals", reason="On the ticket.", pattern="[A-Z]{2}")
    window: bool = flag(True, reason="To look out.")
    starts_on: date | None = day(None, reason="Not fixed yet.")
    stops: tuple[str, ...] = words(("Lyon", "Nice"), unit="towns", reason="On the way.")
    steps: tuple[Step, ...] = rows(
        (Step(from_day=0, share=0.5), Step(from_day=3, share=1)), unit="share by day", reason="Eases in."
    )


def all_cards() -> list[tuple[str, FieldCard]]:
    return [(kind.name, card) for kind in sections() for card in kind.cards()]


@pytest.mark.parametrize(("section", "card"), all_cards(), ids=lambda each: getattr(each, "name", each))
def test_every_number_of_the_product_has_a_unit_and_a_reason_of_one_line(section, card):
    for each in (card, *card.columns):
        assert each.unit.strip(), f"{section}.{card.name}.{each.name} has no unit"
        assert each.reason.strip().endswith("."), f"{section}.{card.name}.{each.name} has no sentence why"
        assert "\n" not in each.reason


def test_no_two_sections_share_a_name_and_no_two_numbers_a_parameter():
    names = [kind.name for kind in sections()]
    parameters = [f"{name}_{card.name}" for name, card in all_cards()]

    assert len(set(names)) == len(names)
    assert len(set(parameters)) == len(parameters)


def test_every_table_of_the_product_names_the_columns_that_tell_its_rows_apart():
    for section, card in all_cards():
        columns = {column.name for column in card.columns}
        assert card.kind != "rows" or (card.row_key and set(card.row_key) <= columns), (
            f"{section}.{card.name}"
        )


def test_a_field_without_a_reason_cannot_be_made():
    with pytest.raises(TypeError, match="unit and its reason"):
        number(1, unit="hours", reason=" ")


def test_a_section_with_a_bare_field_cannot_be_made():
    with pytest.raises(TypeError, match="constructor"):
        type("Bare", (Section,), {"name": "bare", "title": "Bare", "__annotations__": {"x": int}, "x": 1})


def test_a_section_whose_default_breaks_its_own_bounds_cannot_be_made():
    with pytest.raises(ValidationError):
        type(
            "Broken",
            (Section,),
            {
                "name": "broken",
                "title": "Broken",
                "__annotations__": {"x": int},
                "x": number(0, unit="days", reason="None.", at_least=1),
            },
        )


def test_single_values_are_parameters_and_tables_and_lists_are_rows():
    policy = Policy.defaults([Trip])

    assert policy.params() == {
        "trip_hours": 8.0,
        "trip_seats": 2,
        "trip_way": "rail",
        "trip_code": "AB",
        "trip_window": True,
        "trip_starts_on": None,
    }
    assert policy.tables() == {
        "policy_trip_stops": [{"value": "Lyon"}, {"value": "Nice"}],
        "policy_trip_steps": [{"from_day": 0, "share": 0.5}, {"from_day": 3, "share": 1.0}],
    }
    assert policy.table_columns() == {
        "policy_trip_stops": {"value": "VARCHAR"},
        "policy_trip_steps": {"from_day": "BIGINT", "share": "DOUBLE"},
    }


def test_a_section_is_found_by_its_class_and_an_unknown_one_is_not():
    policy = Policy.defaults([Trip])

    assert policy.of(Trip).hours == 8
    with pytest.raises(KeyError):
        Policy(()).of(Trip)


def test_an_empty_cell_of_an_optional_column_means_none():
    assert Step.model_validate({"from_day": "4", "share": ""}) == Step(from_day=4, share=None)


@pytest.mark.parametrize(
    ("field", "value", "words_said"),
    [
        ("hours", True, "must be a number"),
        ("hours", float("inf"), "finite"),
        ("seats", 1.5, "fractional part"),
        ("way", "air", "'air' is not one of rail, foot"),
        ("way", False, "must be text"),
        ("code", "ABC", "match pattern"),
        ("stops", ["Lyon", "Lyon"], "the word 'Lyon' stands twice"),
        ("steps", [{"from_day": 0}, {"from_day": 0}], "the row '0' stands twice"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(field, value, words_said):
    with pytest.raises(ValidationError, match=words_said):
        Trip.model_validate({field: value})


def test_a_fixed_table_loses_and_gains_no_rows():
    class Fixed(Section):
        name: ClassVar[str] = "fixed"
        title: ClassVar[str] = "Fixed"
        steps: tuple[Step, ...] = rows((Step(from_day=0),), unit="share", reason="Fixed.", fixed=True)

    with pytest.raises(ValidationError, match="the row '0' is missing"):
        Fixed.model_validate({"steps": []})
    with pytest.raises(ValidationError, match="the row '1' is not one of 0"):
        Fixed.model_validate({"steps": [{"from_day": 0}, {"from_day": 1}]})


def test_the_defaults_are_made_once_and_nobody_can_change_them():
    first = Policy.defaults((Trip,)).of(Trip)
    assert Policy.defaults((Trip,)).of(Trip) is first
    with pytest.raises(ValidationError, match="frozen"):
        first.hours = 9
