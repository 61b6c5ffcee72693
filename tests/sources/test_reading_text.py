"""CSV: encodings, delimiters, quotes, rows that do not fit."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.sources.reading import Limits, ReadingStopped, Sheet, Unread, open_paths
from evenbook.sources.reading.encoding import FEW_CONTROLS
from evenbook.sources.reading.layout import is_footer
from sources.reading_tables import left_out, numbers, only_sheet, rejects, rows, sheet_of, unread_of, written

NAMES = "id,name,city\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16 without a byte order mark"),
        ("utf-16-be", "UTF-16 without a byte order mark"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_a_table_is_the_same_in_any_usual_encoding(tmp_path: Path, encoding: str, named: str):
    sheet = sheet_of(tmp_path, (NAMES + "1,Müller,Zürich\n2,Señor,Besançon\n").encode(encoding))

    assert sheet.header == ["id", "name", "city"]
    assert rows(sheet) == [["1", "Müller", "Zürich"], ["2", "Señor", "Besançon"]]
    assert sheet.facts["encoding"] == named


def test_big_endian_with_a_mark_is_read_too(tmp_path: Path):
    assert rows(sheet_of(tmp_path, b"\xfe\xff" + "a;b\n1;é\n".encode("utf-16-be"))) == [["1", "é"]]


def test_one_wrong_byte_in_utf_8_rejects_its_row_and_names_the_byte(tmp_path: Path):
    good = "".join(f"{n},Müller,Köln\n" for n in range(20)).encode()
    sheet = sheet_of(tmp_path, NAMES.encode() + good + b"20,M\xfcller,Bonn\n" + good)

    assert len(rows(sheet)) == 40
    (rejected,) = [row for batch in sheet.batches() for row in batch.rejected]
    assert rejected.number == 22
    assert rejected.reason == "holds the byte 0xFC, which is not UTF-8"
    assert rejected.column == "name"
    assert rejected.cells == ("20", "Müller", "Bonn")
    assert sheet.notes == ["Bytes that are not UTF-8: 1; their rows are rejected."]


def test_text_of_another_script_in_an_old_encoding_is_refused_not_misread(tmp_path: Path):
    found = unread_of(tmp_path, "id,имя\n1,Светлана Козлова\n2,Дмитрий\n".encode("cp1251"))

    assert found.cause == "damaged"
    assert "save it as UTF-8" in found.reason


def test_a_nul_character_rejects_its_row(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES.encode() + b"1,A\0cme,Bonn\n2,Beta,Bonn\n")

    assert rows(sheet) == [["2", "Beta", "Bonn"]]
    assert rejects(sheet) == [(2, "holds a NUL character (byte 0x00)")]


def test_bytes_that_are_no_text_are_not_a_table(tmp_path: Path):
    found = unread_of(tmp_path, bytes(range(256)) * 50)
    assert (found.cause, found.reason) == ("damaged", "it is not text (many control characters)")


@pytest.mark.parametrize(
    ("mark", "named"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
)
def test_the_delimiter_is_found(tmp_path: Path, mark: str, named: str):
    sheet = sheet_of(tmp_path, f"id{mark}name\n1{mark}Acme\n2{mark}Beta\n")

    assert rows(sheet) == [["1", "Acme"], ["2", "Beta"]]
    assert sheet.facts["delimiter"] == named


def test_decimal_commas_do_not_pass_for_the_delimiter(tmp_path: Path):
    sheet = sheet_of(tmp_path, "arr;mrr\n" + "1,5;2,5\n" * 30)
    assert rows(sheet)[0] == ["1,5", "2,5"]


def test_the_line_that_names_the_delimiter_is_obeyed_and_is_row_one(tmp_path: Path):
    sheet = sheet_of(tmp_path, 'sep=;\nid;name\n1;"a,b"\n')
    assert (rows(sheet), numbers(sheet), sheet.facts["header_row"]) == ([["1", "a,b"]], [3], "2")


def test_one_column_is_a_table_in_a_csv_and_plain_text_in_a_txt(tmp_path: Path):
    assert rows(sheet_of(tmp_path, "name\nAcme\nBeta\n")) == [["Acme"], ["Beta"]]
    assert unread_of(tmp_path, "Read me.\nThis is text, really.\n", "readme.txt").cause == "unknown_type"


def test_a_quoted_cell_may_hold_delimiters_quotes_and_lines(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + '1,"Acme, ""the"" first\nand last",Bonn\r\n2,Beta,Köln\r\n')

    assert rows(sheet) == [["1", 'Acme, "the" first\nand last', "Bonn"], ["2", "Beta", "Köln"]]
    assert numbers(sheet) == [2, 3]


def test_rows_with_too_few_or_too_many_cells_are_rejected_with_their_number(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + "1,Acme,Bonn\n2,Beta\n3,Gamma,Köln,extra\n4,Delta,Ulm,,\n")

    assert rows(sheet) == [["1", "Acme", "Bonn"], ["4", "Delta", "Ulm"]]
    assert rejects(sheet) == [
        (3, "has 2 cells where the header has 3"),
        (4, "has 4 cells where the header has 3"),
    ]


def test_a_row_of_ten_thousand_columns_is_rejected_alone(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + "1,Acme,Bonn\n" + ",".join(["x"] * 10_000) + "\n2,Beta,Ulm\n")

    assert [row[0] for row in rows(sheet)] == ["1", "2"]
    assert rejects(sheet) == [(3, "has 10,000 cells where the header has 3")]


def test_a_header_of_ten_thousand_columns_is_refused_in_words(tmp_path: Path):
    wide = ",".join(f"c{n}" for n in range(10_000))
    found = unread_of(tmp_path, f"{wide}\n{wide}\n")

    assert (found.cause, found.reason) == ("refused", "it has 10,000 columns; at most 2,000 are read")


def test_blank_rows_are_passed_over_and_counted(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + "1,Acme,Bonn\n\n,,\n2,Beta,Ulm\n")
    assert numbers(sheet) == [2, 5]


def test_a_quote_that_never_closes_costs_its_own_row_only(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + '1,"Acme,Bonn\n2,Beta,Ulm\n3,Gamma,Köln\n')

    assert [row[0] for row in rows(sheet)] == ["2", "3"]
    assert rejects(sheet) == [(2, "has a quote that is not closed, or not doubled inside a cell")]


def test_a_quote_that_closes_in_a_later_row_costs_its_own_row_only(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + '1,"Acme,Bonn\n2,Beta,Ulm\n3,"Gamma",Köln\n4,Delta,Kiel\n')

    assert [row[0] for row in rows(sheet)] == ["2", "3", "4"]
    assert rejects(sheet) == [(2, "has a quote that is not closed, or not doubled inside a cell")]


def test_a_quote_that_was_not_doubled_inside_a_cell_does_no_harm(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + '1,"Acme "the best" Inc, Bonn",Bonn\n2,5" pipe,Ulm\n')
    assert rows(sheet) == [["1", 'Acme "the best" Inc, Bonn', "Bonn"], ["2", '5" pipe', "Ulm"]]


def test_a_cell_that_is_too_long_is_rejected_and_the_next_rows_are_read(tmp_path: Path):
    limits = Limits(cell_characters=100)
    sheet = sheet_of(tmp_path, NAMES + f"1,{'x' * 200},Bonn\n2,Beta,Ulm\n", limits=limits)

    assert [row[0] for row in rows(sheet)] == ["2"]
    assert "has a cell of more than 100 characters" in rejects(sheet)[0][1]


def test_endlessly_many_open_quotes_stop_the_reading(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + "1,Acme,Bonn\n" * 250 + '2,"Beta,Ulm\n' * 2_001)
    with pytest.raises(ReadingStopped, match="a quote that does not close"):
        rows(sheet)


def test_a_line_without_an_end_is_refused_before_it_is_loaded(tmp_path: Path):
    found = unread_of(tmp_path, NAMES + "x" * 3_000_000, limits=Limits(line_bytes=2_000_000))
    assert (found.cause, found.reason) == ("damaged", "it has a line of more than 2,000,000 bytes")


def test_more_rows_than_allowed_stop_the_reading(tmp_path: Path):
    sheet = sheet_of(tmp_path, NAMES + "1,Acme,Bonn\n" * 30, limits=Limits(rows=20))
    with pytest.raises(ReadingStopped, match="more than 20 rows"):
        rows(sheet)


@pytest.mark.parametrize(
    ("data", "reason"), [("", "the file is empty"), ("\n\n \n", "the file holds no text")]
)
def test_an_empty_file(tmp_path: Path, data: str, reason: str):
    found = unread_of(tmp_path, data)
    assert (found.cause, found.reason) == ("empty", reason)


def test_a_file_that_starts_with_very_many_blank_rows_is_not_called_empty(tmp_path: Path):
    found = unread_of(tmp_path, "\n" * 5_000 + NAMES + "1,Acme,Bonn\n")
    assert (found.cause, found.reason) == ("damaged", "its first rows are all blank")


def test_a_header_alone_keeps_its_names(tmp_path: Path):
    found = unread_of(tmp_path, NAMES)
    assert (found.cause, found.header) == ("empty", ("id", "name", "city"))


def test_no_batch_size_changes_what_is_read(tmp_path: Path):
    dirty = NAMES + "".join(
        [
            f'{n},"two\nlines",Bonn\n' if n % 7 == 0 else f"{n},Acme\n" if n % 11 == 0 else f"{n},Acme,Bonn\n"
            for n in range(200)
        ]
    )
    sheet = sheet_of(tmp_path, dirty + "200,,\n\nGenerated by Amara\n")
    whole = (rows(sheet), numbers(sheet), sorted(rejects(sheet)), left_out(sheet))

    for size in (1, 2, 3, 10, 64, 1000):
        batches = list(sheet.batches(size))
        assert [row for batch in batches for row in batch.rows] == whole[0]
        assert [number for batch in batches for number in batch.numbers] == whole[1]
        assert sorted((r.number, r.reason) for batch in batches for r in batch.rejected) == whole[2]
        assert [(r.number, r.cells) for batch in batches for r in batch.left_out] == whole[3]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    row = st.lists(CELLS, min_size=width, max_size=width).filter(
        lambda cells: any(cell.strip() for cell in cells) and not is_footer(cells)  # a lone © is no row
    )
    body = draw(st.lists(row, min_size=1, max_size=8).filter(_is_text))
    return [[f"column {chr(97 + at)}" for at in range(width)], *body]


def _is_text(body: list[list[str]]) -> bool:
    """Return whether a table has no more control characters than the reader takes for text."""
    return sum(character < " " for row in body for cell in row for character in cell) <= FEW_CONTROLS


@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    written_as=st.sampled_from(
        [
            (csv.QUOTE_MINIMAL, "\r\n"),
            (csv.QUOTE_ALL, "\n"),
            (csv.QUOTE_ALL, "\r"),
            (csv.QUOTE_NONNUMERIC, "\r\n"),
        ]
    ),
    size=st.integers(1, 5),
)
@settings(deadline=None)
def test_any_table_survives_any_delimiter_and_encoding(
    table: list[list[str]], delimiter: str, encoding: str, written_as: tuple[int, str], size: int
):
    text, (quoting, ending) = io.StringIO(), written_as
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=ending).writerows(table)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        sheet = only_sheet(written(Path(folder), text.getvalue().encode(encoding)))
        read = [row for batch in sheet.batches(size) for row in batch.rows]

    assert [sheet.header, *read] == table


@given(
    table=st.lists(
        st.lists(
            st.sampled_from(["Zürich", "Café au lait", "€ 5", "plain", "naïve; ok"]), min_size=3, max_size=3
        ),
        min_size=1,
    )
)
@settings(deadline=None)
def test_western_european_text_survives_windows_1252(table: list[list[str]]):
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b", "c"], *table])
    with tempfile.TemporaryDirectory() as folder:
        assert rows(only_sheet(written(Path(folder), text.getvalue().encode("cp1252")))) == table


@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.text('abc,;\t|"\n\r\0 é1', max_size=200).map(str.encode),
        st.text('[]{}",:1a \n\\u', max_size=120).map(str.encode),
        st.binary(max_size=100).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=100).map(lambda tail: b"PAR1" + tail + b"PAR1"),
    ),
    name=st.sampled_from(
        ["t.csv", "t.txt", "t.json", "t.jsonl", "t.xlsx", "t.parquet", "t.zip", "t.xls", "t"]
    ),
)
@settings(deadline=None, max_examples=300)
def test_no_bytes_make_reading_fail(data: bytes, name: str):
    with tempfile.TemporaryDirectory() as folder:
        for found in open_paths([written(Path(folder), data, name)]):
            assert isinstance(found, Sheet | Unread)
            if isinstance(found, Sheet):
                assert len(set(found.header)) == len(found.header)
                assert all(name and name.isprintable() for name in found.header)
                for batch in found.batches(3):
                    assert all(len(row) == len(found.header) for row in batch.rows)
                    assert len(batch.numbers) == len(batch.rows)
            else:
                assert found.reason
                assert not found.reason.endswith(".")
