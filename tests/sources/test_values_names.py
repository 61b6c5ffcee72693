from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.sources.values import (
    Problem,
    company_domain,
    is_blank,
    is_formula,
    is_nothing,
    match_name,
    name_of,
    parse_boolean,
    parse_domain,
    parse_email,
    parse_id,
    salesforce_id,
    same_id,
    text_of,
)


@pytest.mark.parametrize("cell", ["TRUE", "True", "yes", "Y", "1", 1, True, "t", "on", " x "])
def test_yes(cell: object):
    assert parse_boolean(cell) is True


@pytest.mark.parametrize("cell", ["FALSE", "no", "N", "0", 0, 0.0, False, "off"])
def test_no(cell: object):
    assert parse_boolean(cell) is False


def test_neither_yes_nor_no():
    assert parse_boolean("No phone service") == Problem('"No phone service" is neither yes nor no')
    assert isinstance(parse_boolean(2), Problem)
    assert parse_boolean("N/A") is None


def test_a_word_for_nothing_is_text_in_a_column_of_text():
    assert (is_blank("NA"), is_nothing("NA")) == (False, True)
    assert (is_blank(" \t"), is_nothing(" \t")) == (True, True)
    assert (is_blank(0), is_nothing(0)) == (False, False)


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x.example","y")', "+1", "@", "@SUM(A1)", "-2+3", "\tx", "-cmd|x"]
)
def test_text_that_a_spreadsheet_would_run_is_told(text: str):
    assert is_formula(text)
    assert text_of(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "-", "--", "-5", "-5.20", "-1,000", "-5%", "+49 30 1234567", "a=b", None, 5]
)
def test_numbers_dashes_and_telephones_are_not_formulas(text: object):
    assert not is_formula(text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (2.5, "2.5"),
        (True, "true"),
        (" a ", "a"),
        ("  ", None),
        (None, None),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5, 1, 2), "2024-03-05 01:02:00"),
    ],
)
def test_cells_as_text(cell: object, text: str | None):
    assert text_of(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "Amara@Acme.Example",
        " amara@acme.example ",
        "mailto:amara@acme.example",
        "Amara Okoye <amara@acme.example>",
    ],
)
def test_one_form_of_a_mail_address(cell: str):
    assert parse_email(cell) == "amara@acme.example"


@pytest.mark.parametrize(
    "cell",
    [
        "amara",
        "a@b",
        "a b@acme.example",
        "a@x.example, b@x.example",
        "@acme.example",
        "a@.example",
        "fcb67ef339b691956cc85fa12be6490c",
    ],
)
def test_what_is_no_mail_address(cell: str):
    assert isinstance(parse_email(cell), Problem)


@pytest.mark.parametrize(
    "cell",
    [
        "acme.example",
        "WWW.Acme.Example",
        "https://www.acme.example/a?b#c",
        "http://user:x@acme.example:8080/",
        "//acme.example",
        "acme.example.",
        "amara@acme.example",
    ],
)
def test_one_form_of_a_domain(cell: str):
    assert parse_domain(cell) == "acme.example"


def test_letters_of_other_scripts_become_ascii_in_a_domain():
    assert parse_domain("https://MÜNCHEN.example") == "xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    "cell",
    [
        "localhost",
        "10.0.0.1",
        "http://",
        "a b.example",
        "x" * 300 + ".example",
        "acme..example",
        "1.5",
        "-a.example",
    ],
)
def test_what_is_no_domain(cell: str):
    assert isinstance(parse_domain(cell), Problem)


def test_free_mail_is_no_company():
    assert company_domain("amara@gmail.com") is None
    assert company_domain("amara@acme.example") == "acme.example"
    assert company_domain("amara@shared.example", frozenset({"shared.example"})) is None


def test_both_forms_of_a_salesforce_id_are_one():
    assert salesforce_id("0011G00000eLwuW") == "0011G00000eLwuWQAS"
    assert salesforce_id("0011G00000eLwuWQAS") == "0011G00000eLwuWQAS"
    assert same_id("0011G00000eLwuW") == same_id("0011G00000eLwuWQAS")


def test_letter_case_that_a_spreadsheet_lost_comes_back_from_the_check():
    assert salesforce_id("0011g00000elwuwqas") == "0011G00000eLwuWQAS"


def test_what_only_looks_like_a_salesforce_id_is_left_alone():
    assert salesforce_id("0011G00000eLwuWAAA") is None
    assert same_id("9CcfAt8qtZvCTwFvwOFLcg==") == "9CcfAt8qtZvCTwFvwOFLcg=="
    assert same_id("") is None


def test_ids_of_numbers_and_texts_are_the_same():
    assert parse_id(5) == parse_id(5.0) == parse_id("5.0") == parse_id(" 5 ") == "5"
    assert parse_id("007") == "007"


@pytest.mark.parametrize("cell", ["1.23E+11", "1,23E+11", "#REF!"])
def test_an_id_that_a_spreadsheet_spoiled_is_a_problem(cell: str):
    found = parse_id(cell)
    assert isinstance(found, Problem)
    assert found.kind == "damaged"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme, Inc.", "ACME  inc"),
        ("O’Reilly & Sons", "O'Reilly and Sons"),
        ("Ｆｕｌｌ Width", "full width"),
        ("Straße-Bau", "STRASSE BAU"),
        ("a\u00a0b", "A B"),
    ],
)
def test_names_that_are_exactly_the_same(one: str, other: str):
    assert match_name(one) == match_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Inc", "Acme GmbH"),
        ("Acme Inc", "Acme"),
        ("GTX Pro", "GTXPro"),
        ("A+ Co", "A Co"),
        ("C# Co", "C Co"),
    ],
)
def test_names_that_are_not_the_same(one: str, other: str):
    assert match_name(one) != match_name(other)


def test_a_name_of_nothing_but_punctuation_is_none():
    assert match_name("???") is None
    assert name_of("  two\n lines ") == "two lines"
    assert name_of(" ") is None


@given(st.text())
def test_matching_a_matched_name_changes_nothing(text: str):
    once = match_name(text)
    assert once is None or match_name(once) == once


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_no_cell_makes_these_parsers_fail(cell: object):
    for parse in (
        parse_email,
        parse_domain,
        company_domain,
        parse_id,
        same_id,
        parse_boolean,
        name_of,
        text_of,
        is_formula,
    ):
        parse(cell)  # type: ignore[operator]


@given(st.text("ABCabc019", min_size=15, max_size=15))
def test_every_fifteen_characters_have_one_form_of_eighteen(fifteen: str):
    long = salesforce_id(fifteen)
    assert long is not None
    assert len(long) == 18
    assert salesforce_id(long) == long
