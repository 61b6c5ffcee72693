"""A Word file says what the document says, in styles that people can go on writing with."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from evenbook.documents.docx import as_docx
from evenbook.documents.parts import Document, Paragraph
from papers import HOSTILE, KESTREL_SAID, NOT_TEXT, NOT_TEXT_SAID, PLACES, WEEK, everywhere, long_table


def read(document: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(as_docx(document)))


def texts(file: docx.document.Document) -> list[str]:
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in file.paragraphs), *cells]


def test_each_part_has_the_style_that_its_kind_has_in_word():
    styled = [(line.style.name, line.text) for line in read(WEEK).paragraphs if line.text.strip()]

    assert styled == [
        ("Title", "Weekly audit"),
        ("Subtitle", "Amara's team · as of 9 Mar 2026"),
        ("Heading 1", "What the week says"),
        ("Normal", "Of 42 promises, 38 were kept."),
        ("Heading 2", "To look at"),
        ("List Bullet", "The plan has no date."),
        ("List Bullet", "Two tickets wait."),
        ("Missing", "Missing: No success plan is written down. Ask Amara."),
        ("Table Text", "Accounts by size"),
        ("Heading 3", "By team"),
        ("Quiet", "Figures are those of 9 March."),
    ]


def test_tables_hold_their_cells_with_repeated_headings_and_numbers_at_the_right():
    facts, accounts, teams = read(WEEK).tables

    assert [[cell.text for cell in row.cells] for row in facts.rows] == [
        ["Accounts", "310"],
        ["Kept", "90.5%"],
        ["Sponsor", "–"],
    ]
    assert tuple(cell.text for cell in accounts.rows[1].cells) == KESTREL_SAID
    assert [cell.text for cell in accounts.rows[2].cells] == ["Northwind", *["–"] * 6]
    assert accounts.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT for cell in accounts.rows[1].cells] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip
    assert [row.cells[0].text for row in teams.rows] == ["Team", "No team has asked."]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_every_place(text):
    file = read(everywhere(text))

    assert sum(said.count(text) for said in texts(file)) >= PLACES
    assert file.core_properties.title == text


def test_what_xml_forbids_is_left_out_and_lines_are_kept():
    said = texts(read(everywhere(NOT_TEXT)))

    assert sum(text.count(NOT_TEXT_SAID) for text in said) >= PLACES
    assert "a\nb" in texts(read(Document("x", "", (Paragraph("a\r\nb"),))))


@pytest.mark.parametrize("text", ["x" * 100_000, "שלום", "😀", "  two  blanks  "])
def test_long_and_foreign_text_and_blanks_are_kept_whole(text):
    assert text in texts(read(Document("x", "", (Paragraph(text),))))


def test_links_lead_where_the_document_says_and_nothing_else_is_outside():
    outside = [link.target_ref for link in read(WEEK).part.rels.values() if link.is_external]

    assert outside == ["https://evenbook.example/closures", "https://evenbook.example/accounts/1"]


def test_pages_are_a4_and_numbered_at_their_foot():
    section = read(WEEK).sections[0]
    foot = section.footer._element.xml

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "Evenbook" in foot and 'w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot


def test_the_files_own_data_name_the_instant_that_was_given_and_nobody_else():
    about, bare = read(WEEK).core_properties, read(Document("x")).core_properties

    assert about.created == about.modified == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    assert (about.author, about.title) == ("", "Weekly audit")
    assert bare.created is None and bare.modified is None


def test_the_same_document_gives_the_same_bytes_at_any_hour():
    made = as_docx(WEEK)
    entries = zipfile.ZipFile(io.BytesIO(made)).infolist()

    assert made == as_docx(WEEK)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_an_empty_document_says_so():
    assert texts(read(Document(""))) == ["", "There is nothing in this document."]


def test_thousands_of_rows_are_all_there():
    rows = read(long_table(5_000)).tables[0]._tbl.tr_lst
    names = [row.tc_lst[0].p_lst[0].text for row in rows[1:]]

    assert names == [f"Account-{number}-end" for number in range(5_000)]


def test_elements_stand_in_the_order_that_word_insists_on():
    file = read(WEEK)
    missing = [child.tag for child in file.styles["Missing"].element.pPr]
    table = [child.tag for child in file.tables[1]._tbl.tblPr]

    assert missing == [qn("w:pBdr"), qn("w:shd"), qn("w:spacing")]
    assert table == [qn(f"w:{name}") for name in ("tblW", "tblBorders", "tblLayout", "tblCellMar")]
