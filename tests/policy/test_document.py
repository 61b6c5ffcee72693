"""Documents, files, paths and differences: the same policy comes back, and refusals say where and why."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.policy.registry import sections
from evenbook.policy.rules.difference import Change, difference
from evenbook.policy.rules.document import PolicyRefused, from_document, from_stored, merged, to_document
from evenbook.policy.rules.paths import card_at, value_at, with_value
from evenbook.policy.rules.yaml_file import LARGEST_FILE, read_yaml, write_yaml
from evenbook.policy.schema import Policy
from evenbook.signals.numbers import SignalsNumbers

DEFAULTS = Policy.defaults(sections())

A_WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy that an organization could have: numbers, words, flags and tables all changed."""
    document = to_document(DEFAULTS)
    document["capacity"]["monthly_hours"] = draw(st.floats(1, 300))
    document["capacity"]["centered"] = draw(st.booleans())
    document["capacity"]["base_hours"][0]["hours"] = draw(st.floats(0, 700))
    document["signals"]["sentiment_negative_below"] = draw(st.floats(-1, 0))
    document["records"]["usage_measure"] = draw(A_WORD)
    document["organization"]["currency"] = draw(st.sampled_from(["USD", "EUR", "NOK"]))
    document["organization"]["exchange_rates"] = [
        {"currency": code, "rate": draw(st.floats(1e-6, 1e6))}
        for code in draw(st.lists(st.sampled_from(["EUR", "NOK", "JPY"]), unique=True))
    ]
    document["organization"]["working_days"] = draw(
        st.lists(st.sampled_from(["mon", "tue", "wed", "sun"]), min_size=1, unique=True)
    )
    document["hotsheet"]["plays"][0]["play"] = draw(A_WORD)
    regions = draw(st.lists(A_WORD.map(str.strip), max_size=4, unique=True))
    document["book"]["holiday_regions"] = [{"region": each, "country": "NO"} for each in regions]
    return from_document(document, sections())


def refused(document: object) -> dict[str, str]:
    """Return the words of each refusal by path."""
    with pytest.raises(PolicyRefused) as caught:
        from_document(document, sections())
    return {problem.path: problem.words for problem in caught.value.problems}


def by_key(policy: Policy) -> dict[str, Any]:
    """Return every value by its path; rows by their key, so that their order is lost."""
    return {
        f"{section.name}.{card.name}": {row.key_text(): row for row in getattr(section, card.name)}
        if card.kind == "rows"
        else getattr(section, card.name)
        for section in policy.sections
        for card in section.cards()
    }


def changed(section: str, field: str, value: Any) -> dict[str, Any]:
    return {section: {field: value}}


@settings(max_examples=25, deadline=None)
@given(policies())
def test_a_policy_written_as_yaml_reads_back_as_the_same_policy(policy):
    text = write_yaml(policy, heading="Two lines\nwith: a colon")

    assert from_document(read_yaml(text), sections()) == policy


@given(policies())
def test_a_policy_stored_as_a_document_reads_back_as_the_same_policy(policy):
    assert from_document(to_document(policy), sections()) == policy


@given(policies(), policies())
def test_a_difference_is_empty_exactly_when_nothing_but_the_order_of_rows_differs(old, new):
    assert (difference(old, new) == ()) == (by_key(old) == by_key(new))


def test_the_yaml_says_the_reason_the_unit_and_the_default_above_each_number():
    text = write_yaml(DEFAULTS)

    for section in DEFAULTS.sections:
        for card in section.cards():
            above = text.partition(f"\n  {card.name}:")[0].splitlines()[-2:]
            assert section.name and f"  # {card.reason}" in text
            assert any(card.unit in line for line in text.splitlines() if line.startswith("  #")), above


def test_what_a_document_leaves_out_is_at_its_default():
    policy = from_document({"capacity": {"monthly_hours": 110}}, sections())

    assert difference(DEFAULTS, policy) == (
        Change("capacity.monthly_hours", 120.0, 110.0, "customer-facing hours a month"),
    )


def test_a_difference_names_cells_rows_added_and_rows_gone():
    document = to_document(DEFAULTS)
    document["capacity"]["multipliers"][0]["multiplier"] = 2
    document["closures"]["kinds"].append({"kind": "launch_note", "title": "Launch note"})
    gone = document["capacity"]["complexity_points"].pop()

    changes = {each.path: each for each in difference(DEFAULTS, from_document(document, sections()))}

    assert set(changes) == {
        "capacity.multipliers[stage,onboarding].multiplier",
        "capacity.complexity_points[use_cases,4]",
        "closures.kinds[launch_note]",
    }
    assert changes["capacity.multipliers[stage,onboarding].multiplier"].new == 2
    assert changes["closures.kinds[launch_note]"].old is None
    assert changes["capacity.complexity_points[use_cases,4]"].old == gone


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        (changed("capacity", "monthly_hours", 0), "capacity.monthly_hours", "must be above 0, not 0"),
        (
            changed("capacity", "monthly_hours", "many"),
            "capacity.monthly_hours",
            "must be a number, not 'many'",
        ),
        (
            changed("capacity", "monthly_hours", None),
            "capacity.monthly_hours",
            "must be a number, but nothing was given",
        ),
        (changed("hotsheet", "least_rows", 1.5), "hotsheet.least_rows", "must be a whole number, not 1.5"),
        (changed("capacity", "centered", "maybe"), "capacity.centered", "must be yes or no, not 'maybe'"),
        (
            changed("capacity", "monthly_hour", 3),
            "capacity.monthly_hour",
            "is not a number of the policy; did you mean 'monthly_hours'?",
        ),
        ({"capasity": {}}, "capasity", "is not a section of the policy; did you mean 'capacity'?"),
        ({"capacity": [1]}, "capacity", "must hold numbers by name, as in 'name: value'"),
        (
            changed("capacity", "base_hours", [{"tier": 1, "hours": -2}]),
            "capacity.base_hours[1].hours",
            "must be at least 0, not -2",
        ),
        (
            changed("capacity", "base_hours", [{"tier": 1, "hours": 2}]),
            "capacity.base_hours",
            "the row '2' is missing",
        ),
        (
            changed("closures", "renewal_refreshes", [{"days_befor": 3}]),
            "closures.renewal_refreshes[row 1].days_befor",
            "is not a number of the policy; did you mean 'days_before'?",
        ),
        (
            changed("organization", "time_zone", "Mars/Olympus"),
            "organization.time_zone",
            "'Mars/Olympus' is not a time zone such as Europe/Paris",
        ),
        (
            changed("organization", "time_zone", "../../etc/passwd"),
            "organization.time_zone",
            "'../../etc/passwd' is not a time zone such as Europe/Paris",
        ),
        (
            changed("organization", "currency", "usd"),
            "organization.currency",
            "must be of the form 'ISO 4217 code', not 'usd'",
        ),
        (
            changed("organization", "working_days", []),
            "organization.working_days",
            "must name at least one working day",
        ),
        (
            changed("states", "green_from", 30),
            "states",
            "yellow_from must be less than green_from",
        ),
    ],
)
def test_a_value_that_cannot_stand_is_refused_in_words_beside_its_path(document, path, words):
    assert refused(document)[path] == words


def test_all_refusals_are_said_at_once():
    document = {"capacity": {"monthly_hours": -1, "ramp": [{"from_day": 1, "share": 1}]}, "tiers": {"x": 1}}

    assert set(refused(document)) == {"capacity.monthly_hours", "capacity.ramp", "tiers.x"}


def test_the_points_of_the_score_and_of_the_hot_sheet_add_up_to_100_over_at_most_eight_terms():
    terms = to_document(DEFAULTS)["states"]["score_terms"]
    heavier = [{**terms[0], "cap": 41}, *terms[1:]]
    many = [{**terms[0], "term": f"t{at}", "cap": 100 / 9} for at in range(9)]

    assert refused(changed("states", "score_terms", heavier)) == {
        "states.score_terms": "the caps add up to 101; they must add up to 100"
    }
    assert "at most 8" in refused(changed("states", "score_terms", many))["states.score_terms"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1", "is not YAML"),
        ("- 1", "must be made of sections"),
        ("a: &x [1]\nb: *x", "line 2 uses an alias"),
        ("capacity: {}\ncapacity: {}", "line 2 names 'capacity' a second time"),
        ("? [a]\n: 1", "has a name that is not a word"),
        ("a: !!python/object/apply:os.system ['true']", "is not YAML"),
        ("a: 2026-99-99", "is not YAML"),
        ("[" * 5000, "is not YAML"),
        ("#" * (LARGEST_FILE + 1), "more than 1,000,000 characters"),
    ],
)
def test_a_file_that_is_not_a_policy_is_refused_in_words(text, words):
    with pytest.raises(PolicyRefused) as caught:
        from_document(read_yaml(text), sections())

    assert words in str(caught.value)


def test_an_empty_file_changes_nothing():
    assert merged(to_document(DEFAULTS), read_yaml(""), sections()) == to_document(DEFAULTS)


def test_a_number_that_a_later_release_dropped_does_not_stop_an_old_version_from_being_read():
    stored = copy.deepcopy(to_document(DEFAULTS))
    stored["capacity"]["dropped_long_ago"] = 3
    stored["gone"] = {"x": 1}

    assert from_stored(stored, sections()) == DEFAULTS


def test_a_stored_table_of_an_earlier_release_gets_the_columns_and_rows_that_came_since():
    stored = to_document(DEFAULTS)
    limits = stored["signals"]["quiet_limits"]
    limits[0]["days"] = 21
    for row in limits[1:]:
        del row["days"]
        row["gone"] = 1
    last = limits.pop()
    stored["hotsheet"]["plays"] = [{"term": "usage", "play": "Call them."}]
    found = from_stored(stored, sections())
    first, *_, added = found.of(SignalsNumbers).quiet_limits
    usual = {row.tier: row.days for row in DEFAULTS.of(SignalsNumbers).quiet_limits}
    assert first.days == 21 and (added.tier, added.days) == (last["tier"], usual[last["tier"]])
    assert [row.play for row in found.of(HotsheetNumbers).plays] == ["Call them."]


def test_a_value_is_read_and_typed_in_by_its_path():
    path = "capacity.multipliers[stage, onboarding].multiplier"

    policy = from_document(with_value(DEFAULTS, path, "1.7"), sections())

    assert value_at(DEFAULTS, path) == 1.6
    assert value_at(policy, path) == 1.7
    assert card_at(path, sections()).unit == "times the base hours"


def test_a_list_is_typed_in_with_commas():
    policy = from_document(with_value(DEFAULTS, "organization.working_days", "sun, mon,tue"), sections())

    assert value_at(policy, "organization.working_days") == ["sun", "mon", "tue"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("hours", "is not a path"),
        ("capacity.hours", "is not a number of the policy"),
        ("capacity.base_hours", "is a table"),
        ("capacity.base_hours[9].hours", "names no row; the rows are: 1; 2; 3; 4"),
        ("capacity.base_hours[1].minutes", "names no column; the columns are: tier, hours"),
        ("capacity.monthly_hours[1].x", "names no column; the columns are: none"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_there_is(path, words):
    with pytest.raises(PolicyRefused, match=words.replace("(", r"\(")):
        with_value(DEFAULTS, path, "1")
