"""A chart as a drawing: it says its figures, keeps gaps, and no text in it is read as markup."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.documents.docx import as_docx
from evenbook.documents.drawing import TELEPHONE, as_svg, spoken
from evenbook.documents.html import as_html
from evenbook.documents.parts import Chart, Document, Series
from evenbook.documents.pdf import as_pdf
from papers import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"
LINES = Chart(
    "line",
    "Load",
    ("2 Mar", "9 Mar", "16 Mar", "23 Mar"),
    (Series("North", (0.8, None, 0.9, 1.0)), Series("Baseline", (1.0, 1.0, 1.0, 1.0))),
    "share",
    0,
)
BARS = Chart("bar", "Load", ("Amara", "Ben"), (Series("Now", (1.0, 0.5)),), "share", 0)


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(chart))


def texts(chart: Chart) -> list[str]:
    return ["".join(each.itertext()) for each in drawn(chart).iter(f"{SVG}text")]


def test_a_line_is_broken_where_nothing_is_known():
    lines = [each.get("points", "").split() for each in drawn(LINES).iter(f"{SVG}polyline")]

    assert [len(points) for points in lines] == [2, 4]
    assert len(list(drawn(LINES).iter(f"{SVG}circle"))) == 3


def test_lines_for_a_telephone_name_themselves_below_and_stay_within_its_width():
    narrow = ElementTree.fromstring(as_svg(LINES, frame=TELEPHONE))
    said = {"".join(each.itertext()): each for each in narrow.iter(f"{SVG}text")}
    points = [each.get("points", "").split() for each in narrow.iter(f"{SVG}polyline")]

    assert narrow.get("viewBox", "").startswith("0 0 310 ") and [len(each) for each in points] == [2, 4]
    assert {"Load", "North 100%", "Baseline 100%", "2 Mar", "23 Mar"} <= set(said)
    assert said["North 100%"].get("x") == said["Baseline 100%"].get("x") == "16.0"
    assert said["23 Mar"].get("text-anchor") == "end"
    assert max(float(pair.split(",")[0]) for line in points for pair in line) <= 310
    assert as_svg(BARS, frame=TELEPHONE) == as_svg(BARS)


def test_bars_are_as_long_as_their_values_from_zero():
    one, half = (float(each.get("width", "")) for each in drawn(BARS).iter(f"{SVG}rect"))

    assert half == pytest.approx(one / 2, abs=0.1)


def test_figures_and_names_stand_at_the_marks():
    assert {"Load", "North 100%", "Baseline 100%", "2 Mar", "23 Mar"} <= set(texts(LINES))
    assert {"Amara", "100%", "Ben", "50%"} <= set(texts(BARS))


def test_names_at_the_ends_of_lines_do_not_cover_each_other():
    ends = [
        float(each.get("y", ""))
        for each in drawn(LINES).iter(f"{SVG}text")
        if (each.text or "").endswith(" 100%")
    ]

    assert abs(ends[0] - ends[1]) >= 14


def test_it_is_said_in_words_for_who_does_not_see_it():
    assert spoken(LINES) == "Load. North from 80% to 100%; Baseline from 100% to 100%."
    assert spoken(BARS) == "Load. Amara: Now 100%; Ben: Now 50%."
    assert drawn(BARS).get("role") == "img" and drawn(BARS).get("aria-label") == spoken(BARS)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text):
    chart = Chart("bar", text, (text,), (Series(text, (1.0,)), Series("b", (2.0,))))

    assert {each.tag for each in drawn(chart).iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "text", "rect", "line")
    }


@given(
    st.sampled_from(["line", "bar"]),
    st.lists(st.lists(st.none() | st.floats(-1e9, 1e9), min_size=3, max_size=3), min_size=1, max_size=3),
)
def test_whatever_the_figures_the_drawing_stays_inside_its_frame(kind, rows):
    chart = Chart(kind, "t", ("a", "b", "c"), [Series(f"s{place}", row) for place, row in enumerate(rows)])
    root = drawn(chart)
    width = float(root.get("width", ""))
    for each in root.iter(f"{SVG}rect"):
        assert (
            0 <= float(each.get("x", "")) and float(each.get("x", "")) + float(each.get("width", "")) <= width
        )
    assert spoken(chart)


def test_a_chart_stands_in_a_page_in_a_pdf_and_as_a_table_in_word():
    document = Document("x", "", (LINES, BARS))
    page = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(as_pdf(document))).pages)
    table = docx.Document(io.BytesIO(as_docx(document))).tables[0]

    assert as_html(document).count("<svg") == 2
    assert "North 100%" in page and "Amara" in page
    assert [cell.text for cell in table.rows[2].cells] == ["9 Mar", "–", "100%"]


def test_a_chart_without_labels_or_with_a_wrong_number_of_values_is_a_bug():
    for given_ in (((), (Series("a", ()),)), (("x",), ()), (("x",), (Series("a", (1.0, 2.0)),))):
        with pytest.raises(ValueError):
            Chart("bar", "t", *given_)
    with pytest.raises(ValueError):
        Chart("pie", "t", ("x",), (Series("a", (1.0,)),))
    with pytest.raises(ValueError):
        Chart("bar", "t", ("x",), (Series("a", (float("nan"),)),))
