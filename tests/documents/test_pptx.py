"""Slides say what the document says: titles, sentences, tables, and charts that can be edited."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from evenbook.documents.parts import Chart, Column, Document, Heading, Paragraph, Series, Table
from evenbook.documents.pptx import as_pptx
from papers import HOSTILE, KESTREL_SAID, NOT_TEXT, NOT_TEXT_SAID, WEEK, everywhere, long_table

LOADS = Chart(
    "line", "Load by week", ("2 Mar", "9 Mar", "16 Mar"), (Series("Load", (0.9, None, 1.1)),), "share", 0
)
PEOPLE = Chart(
    "bar",
    "Load by person",
    ("Amara", "Ben"),
    (Series("Before", (1.2, None)), Series("Now", (1.0, 0.8))),
    "share",
    0,
)


def read(document: Document) -> Any:
    return Presentation(io.BytesIO(as_pptx(document)))


def shown(slide: Any) -> list[str]:
    """Return the texts of a slide but its foot."""
    cells = [cell.text for shape in slide.shapes if shape.has_table for cell in shape.table.iter_cells()]
    boxes = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return [text for text in (*boxes[: -2 if len(boxes) > 2 else None], *cells) if text]


def charts(file: Any) -> list[Any]:
    return [shape.chart for slide in file.slides for shape in slide.shapes if shape.has_chart]


def sheet(chart: Any) -> list[list[Any]]:
    blob = chart.part.chart_workbook.xlsx_part.blob
    page = openpyxl.load_workbook(io.BytesIO(blob)).active
    return [[(cell.value, cell.data_type) for cell in row] for row in page.iter_rows()]


def test_a_heading_begins_a_slide_and_the_first_paragraph_is_its_sentence():
    document = Document(
        "March", "North", (Heading("Load"), Paragraph("Load rose."), LOADS, Heading("People"), PEOPLE)
    )
    first, load, people = read(document).slides

    assert shown(first) == ["March", "North"]
    assert shown(load) == ["Load", "Load rose."] and load.shapes.title.text == "Load"
    assert shown(people) == ["People"]


def test_every_kind_of_part_is_on_a_slide():
    said = [text for slide in read(WEEK).slides for text in shown(slide)]

    assert "Of 42 promises, 38 were kept." in said and "Figures are those of 9 March." in said
    assert any("• The plan has no date.\n• Two tickets wait." in text for text in said)
    assert any("Missing: No success plan is written down. Ask Amara." in text for text in said)
    assert all(text in said for text in (*KESTREL_SAID, "Accounts by size", "No team has asked.", "90.5%"))


def test_charts_are_native_with_their_figures_and_gaps_where_nothing_is_known():
    lines, bars = charts(read(Document("x", "", (LOADS, PEOPLE))))

    assert (lines.chart_type, bars.chart_type) == (XL_CHART_TYPE.LINE_MARKERS, XL_CHART_TYPE.BAR_CLUSTERED)
    assert list(lines.plots[0].categories) == ["2 Mar", "9 Mar", "16 Mar"]
    assert lines.plots[0].series[0].values == (0.9, None, 1.1)
    assert [(each.name, each.values) for each in bars.plots[0].series] == [
        ("Before", (1.2, None)),
        ("Now", (1.0, 0.8)),
    ]
    assert bars.has_legend and not lines.has_legend
    assert lines.value_axis.tick_labels.number_format == "0%" and lines.value_axis.minimum_scale == 0
    assert lines.chart_title.text_frame.text == "Load by week"
    assert bars.category_axis.reverse_order and not bars.value_axis.visible, "values stand at the bars"
    assert bars.plots[0].has_data_labels


def test_the_sheet_in_a_chart_holds_the_same_figures_as_numbers():
    bars = charts(read(Document("x", "", (PEOPLE,))))[0]

    assert [[value for value, _ in row] for row in sheet(bars)] == [
        [None, "Before", "Now"],
        ["Amara", 1.2, 1.0],
        ["Ben", None, 0.8],
    ]


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("https://evil.example")', "@SUM(A1)", "+1", "-1"])
def test_a_name_that_looks_like_a_formula_is_a_text_in_the_sheet_of_a_chart(text):
    chart = charts(read(Document("x", "", (Chart("bar", text, (text,), (Series(text, (1.0,)),)),))))[0]

    assert sheet(chart)[1][0] == (text, "s") and sheet(chart)[0][1] == (text, "s")
    assert list(chart.plots[0].categories) == [text]


def test_a_chart_says_in_words_what_it_shows():
    frame = next(s for slide in read(Document("x", "", (LOADS,))).slides for s in slide.shapes if s.has_chart)

    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == "Load by week. Load from 90% to 110%."


def test_a_narrow_table_stands_beside_its_chart_and_a_wide_one_after_it():
    narrow = Table((Column("Week"), Column("Load", "share")), (("2 Mar", 0.9),))
    wide = Table([Column(name) for name in "abcde"], [list("12345")])

    assert len(read(Document("x", "", (LOADS, narrow))).slides) == 2
    assert len(read(Document("x", "", (LOADS, wide))).slides) == 3


def test_a_long_table_goes_on_with_its_headings_and_every_row_is_there():
    slides = list(read(long_table(100)).slides)[1:]
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    heads = {tuple(cell.text for cell in table.rows[0].cells) for table in tables}
    names = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]

    assert len(tables) > 5 and len(heads) == 1
    assert names == [f"Account-{number}-end" for number in range(100)]
    assert [slide.shapes.title.text.endswith("(continued)") for slide in slides] == [False] + [True] * (
        len(slides) - 1
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_every_place(text):
    file = read(everywhere(text))
    said = [found for slide in file.slides for found in shown(slide)]

    assert sum(each.count(text) for each in said) >= 8
    assert file.core_properties.title == text


def test_what_xml_forbids_is_left_out_and_lines_are_kept():
    said = [text for slide in read(everywhere(NOT_TEXT)).slides for text in shown(slide)]

    assert sum(text.count(NOT_TEXT_SAID) for text in said) >= 8
    broken = [
        text for slide in read(Document("x", "", (Paragraph("a\r\nb"),))).slides for text in shown(slide)
    ]
    assert "a\vb" in broken


def test_a_text_too_long_for_a_slide_is_cut_with_a_mark():
    said = [t for slide in read(Document("x", "", (Paragraph("y" * 5_000),))).slides for t in shown(slide)]

    assert any(text.endswith("y…") and 100 < len(text) <= 600 for text in said)


def test_links_lead_where_the_document_says_and_nothing_else_is_outside():
    outside = [
        rel.target_ref for slide in read(WEEK).slides for rel in slide.part.rels.values() if rel.is_external
    ]

    assert outside == ["https://evenbook.example/closures", "https://evenbook.example/accounts/1"]


def test_slides_are_wide_and_everything_stands_inside_them():
    file = read(Document("x", "", (*WEEK.parts, LOADS, PEOPLE)))

    assert (file.slide_width, file.slide_height) == (Inches(13.333), Inches(7.5))
    for slide in file.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= file.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= file.slide_height


def test_the_files_own_data_name_the_instant_that_was_given_and_nobody_else():
    about = read(WEEK).core_properties

    assert about.created == about.modified == datetime(2026, 3, 9, 8, 30)
    assert (about.author, about.last_modified_by, about.title) == ("", "", "Weekly audit")


def test_the_same_document_gives_the_same_bytes_at_any_hour(monkeypatch):
    document = Document("x", "", (*WEEK.parts, LOADS, PEOPLE), made_at=WEEK.made_at)
    made = as_pptx(document)
    entries = zipfile.ZipFile(io.BytesIO(made)).infolist()

    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert made == as_pptx(document)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_an_empty_document_says_so():
    said = [text for slide in read(Document("")).slides for text in shown(slide)]

    assert said == ["There is nothing in this document."]
