"""The monthly pack on its page, as PDF, as slides, for programs and for commands."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from pptx import Presentation
from tests.pages import company  # noqa: F401
from tests.pages.company import AS_OF

from evenbook.book.models import Person
from evenbook.people.models import AuditEntry
from evenbook.runs.models import Run


def test_a_leader_sees_the_month_of_their_team(as_user: Any):
    said = as_user("amara").get("/monthly").content.decode()

    assert "In March load is " in said and "North, as of 9 Mar 2026" in said
    assert "The weekly seven" in said and "What lags behind" in said and "Ben Adler" in said
    assert "Chidi" not in said and 'data-figure="effort_load"' in said
    assert "/monthly/pdf?month=2026-03" in said and "/monthly/pptx?month=2026-03" in said


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("amara", "/monthly?month=2026-03", 200),
        ("amara", "/monthly?team=South", 200),
        ("lena", "/monthly?team=South", 200),
        ("edda", "/monthly", 200),
        ("ben", "/monthly", 404),
        ("ben", "/monthly/pdf", 404),
        ("amara", "/monthly/docx", 404),
        ("amara", "/monthly/pdf?month=2020-01", 404),
        ("amara", "/monthly/pdf?month=soon", 404),
        ("amara", "/monthly/pptx?team=South", 404),
        ("amara", "/monthly?team=No%00rth", 200),
    ],
)
def test_who_gets_which_month(as_user: Any, name: str, address: str, status: int):
    assert as_user(name).get(address).status_code == status


def test_a_month_without_a_stored_week_says_so_and_offers_others(as_user: Any):
    answer = as_user("amara").get("/monthly?month=2026-01")
    said = answer.content.decode()

    assert answer.status_code == 404 and "No week was stored in January 2026." in said
    assert '<option value="2026-03"' in said


def test_a_word_that_is_no_month_is_named_and_the_newest_is_shown(as_user: Any):
    said = as_user("amara").get("/monthly?month=<i>x").content.decode()

    assert "is not a month such as 2026-11; the newest is shown." in said and "<i>x" not in said


def test_a_team_that_is_not_theirs_is_named_and_their_own_is_shown(as_user: Any):
    said = as_user("amara").get("/monthly?team=South").content.decode()

    assert "There is no team &#x27;South&#x27; whose pack you may see; yours is shown." in said
    assert "North, as of 9 Mar 2026" in said and "Chidi" not in said


def test_before_the_first_run_the_page_says_what_will_come(as_user: Any):
    Run.objects.all().delete()

    assert "There is no week to show yet." in as_user("lena").get("/monthly").content.decode()


def test_the_pdf_and_the_slides_say_what_the_page_says(as_user: Any):
    client = as_user("amara")
    pdf, pptx = client.get("/monthly/pdf"), client.get("/monthly/pptx?month=2026-03")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    slides = list(Presentation(io.BytesIO(pptx.content)).slides)
    titles = [slide.shapes.title.text for slide in slides]
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]

    assert pdf["Content-Type"] == "application/pdf" and "Monthly calibration, March 2026" in text
    assert "Load, and how it is spread" in text and "Ben Adler" in text and "for Amara Okafor" in text
    assert titles[0] == "Monthly calibration, March 2026" and "The weekly seven" in titles
    assert 'filename="monthly-2026-03.pptx"' in pptx["Content-Disposition"]
    load = charts[0].plots[0]
    assert list(load.categories)[-1] == "9 Mar" and len(list(load.categories)) == 13
    assert load.series[0].values[-1] is not None and None in load.series[0].values
    assert AuditEntry.objects.filter(thing_name__contains="monthly-2026-03").count() == 2


def test_a_name_cannot_break_the_page_or_the_files(as_user: Any):
    Person.objects.filter(key="ben").update(name="=1+1 <script>alert(1)</script> {{ 7*7 }}")
    client = as_user("amara")
    said = client.get("/monthly").content.decode()
    slides = Presentation(io.BytesIO(client.get("/monthly/pptx").content)).slides
    cells = [
        cell.text
        for slide in slides
        for shape in slide.shapes
        if shape.has_table
        for cell in shape.table.iter_cells()
    ]

    assert "<script>alert(1)" not in said and "=1+1 <script>alert(1)</script> {{ 7*7 }}" in cells
    assert client.get("/monthly/pdf").content.startswith(b"%PDF")


def test_a_program_gets_the_same_and_the_files(as_user: Any):
    client = as_user("olu")
    found = client.get("/api/v1/monthly?team=North").json()

    assert (found["month"], found["subject"], found["as_of"]) == ("2026-03", "North", AS_OF.isoformat())
    assert found["before_on"] == "2026-02-23" and found["baseline_on"] is None
    load = next(each for each in found["figures"] if each["measure"] == "effort_load")
    assert load["change"] == pytest.approx(load["now"] - load["before"])
    assert [each["id"] for each in found["people"]] == ["ben"] and found["calibration"] is None
    assert [each["section"] for each in found["sections"]][:2] == ["load", "seven"]
    assert client.get("/api/v1/monthly?month=2026-99").status_code == 404
    assert client.get("/api/v1/monthly?month=soon").status_code == 422
    assert client.get("/api/v1/monthly/file?format=pptx").content[:2] == b"PK"
    assert client.get("/api/v1/monthly/file").content.startswith(b"%PDF")
