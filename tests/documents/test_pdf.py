"""A PDF says what the document says; no text in it is more than text."""

from __future__ import annotations

import io
import os
import re
import sys
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from typst import TypstError

from evenbook.documents import typesetting
from evenbook.documents.parts import Column, Document, Paragraph, Table
from evenbook.documents.pdf import TooLongForPdf, as_pdf
from papers import HOSTILE, KESTREL_SAID, NOT_TEXT, NOT_TEXT_SAID, PLACES, WEEK, everywhere, long_table


def read(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(as_pdf(document)))


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_pdf_says_what_the_document_says_in_its_order():
    said = text_of(read(WEEK))
    wanted = ["Weekly audit", "What the week says", "38 were kept", "90.5%", "Two tickets wait.", "Missing:"]
    wanted += ["Accounts by size", *KESTREL_SAID, "Northwind –", "By team", "No team has asked."]
    places = [said.index(text) for text in wanted]

    assert places == sorted(places)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_stands_in_every_place(text):
    pdf = read(everywhere(text))

    assert packed(text_of(pdf)).count(packed(text)) >= PLACES
    assert pdf.metadata.title == text


def test_a_template_could_read_no_file_of_the_machine(tmp_path, monkeypatch):
    (tmp_path / "secret.txt").write_text("a secret")
    for asked in (tmp_path / "secret.txt", "secret.txt", "../secret.txt"):
        (tmp_path / "bad.typ").write_text(f'#read("{asked}")')
        monkeypatch.setattr(typesetting, "TEMPLATE", tmp_path / "bad.typ")
        order = io.TextIOWrapper(io.BytesIO(b'{"document": "", "made_at_s": 0, "is_tagged": true}'))
        monkeypatch.setattr(sys, "stdin", order)

        with pytest.raises(TypstError):
            typesetting.main()


def test_a_word_without_end_is_broken_and_stays_on_its_page():
    said = text_of(
        read(
            Document(
                "x", "", (Paragraph("x" * 100_000), Table((Column("a"), Column("b")), (("y" * 3_000, "z"),)))
            )
        )
    )

    assert said.count("x") >= 100_000 and said.count("y") == 3_000 and "\u200b" not in said
    assert max(len(line) for line in said.splitlines()) < 130


@pytest.mark.parametrize(
    "text", ["שלום עולם", "مرحبا بالعالم", "Ελληνικά Кириллица", "😀👨‍👩‍👧", "e\u0301" * 500, "\n\n\n"]
)
def test_other_scripts_and_pictures_do_not_break_a_page(text):
    assert "Missing:" in text_of(read(everywhere(text)))


def test_letters_of_other_scripts_are_there_to_be_found():
    said = text_of(
        read(Document("x", "", (Paragraph("Ελληνικά"), Paragraph("Кириллица"), Paragraph("ŻółćĞßø"))))
    )

    assert all(word in said for word in ("Ελληνικά", "Кириллица", "ŻółćĞßø"))


def test_control_characters_are_left_out():
    assert NOT_TEXT_SAID in text_of(read(Document("x", NOT_TEXT)))


def test_a_table_repeats_its_headings_and_every_page_has_its_number():
    pdf = read(long_table(200))
    pages = [page.extract_text() for page in pdf.pages]

    assert len(pages) > 3
    assert all("Customer" in page and "Seats" in page for page in pages)
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))


def test_thousands_of_rows_are_all_there():
    said = text_of(read(long_table(5_000)))
    found = re.findall(r"Account-(\d+)-end", said)

    assert [int(number) for number in found] == list(range(5_000))


def test_a_page_break_begins_a_new_page():
    first, second = (page.extract_text() for page in read(WEEK).pages)

    assert "By team" in second and "By team" not in first


def test_the_same_document_gives_the_same_bytes():
    assert as_pdf(WEEK) == as_pdf(WEEK)


def test_an_empty_document_has_one_page_that_says_so():
    pdf = read(Document(""))

    assert len(pdf.pages) == 1 and "There is nothing in this document." in text_of(pdf)


def test_pages_are_a4_with_their_fonts_inside_and_marks_for_screen_readers():
    pdf = read(WEEK)
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    inside = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]

    assert all(
        abs(page.mediabox.width - 595.28) < 0.1 and abs(page.mediabox.height - 841.89) < 0.1
        for page in pdf.pages
    )
    assert fonts and all({"/FontFile2", "/FontFile3"} & set(each.get_object()) for each in inside)
    assert pdf.root_object["/MarkInfo"]["/Marked"] and pdf.root_object["/Lang"] == "en"


def test_links_lead_where_the_document_says():
    annotations = [each.get_object() for page in read(WEEK).pages for each in page.get("/Annots", ())]

    assert {each["/A"]["/URI"] for each in annotations} == {
        "https://evenbook.example/closures",
        "https://evenbook.example/accounts/1",
    }


def test_the_files_own_data_name_the_instant_that_was_given_and_no_other():
    assert read(WEEK).metadata.creation_date == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    assert read(Document("x")).metadata.creation_date is None


def test_pages_that_take_too_long_are_given_up_with_a_word_how_to_go_on():
    with pytest.raises(TooLongForPdf, match="Word file"):
        as_pdf(WEEK, within_seconds=0.001)


def test_no_folder_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    as_pdf(WEEK)

    assert os.listdir(tmp_path) == []
