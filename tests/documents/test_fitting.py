"""No text runs over its box: measured here with the metrics of real fonts, and where an office program is, rendered."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont
from pptx import Presentation
from pptx.util import Emu

from evenbook.documents import fitting
from evenbook.documents.parts import Chart, Column, Document, Heading, Paragraph, Series, Table
from evenbook.documents.pptx import as_pptx

NAMES = {
    "300 characters": "Northwind Wholesale Provisions and Cold Storage " * 6 + "International",
    "one word": "W" * 300,
    "right to left": "شركة الشمال للأغذية والتخزين المبرد المحدودة " * 6,
    "emoji": "Kestrel 🚀👩‍👩‍👧‍👦🇳🇴 Bio 🧪 " * 14,
    "Chinese": "北风食品冷藏有限公司" * 30,
}


def deck(name: str) -> Document:
    """Return a review-like document that says a name wherever one can stand."""
    return Document(
        f"Business review: {name}",
        f"30 people of {name} worked in it.\nFrom then to now.",
        (
            Heading(f"Use of {name}"),
            Paragraph(f"Thirty people of {name} worked in it each week lately."),
            Chart("line", "People", ("1", "2"), (Series("People", (1.0, 2.0)),)),
            Table([Column("Figure"), Column("Now", "number")], [["People", "30"], [name, "9"]]),
            Paragraph(f"How it is counted: {name}", is_quiet=True),
            Heading("News"),
            Paragraph("Three things are new."),
            Table(
                [Column("What"), Column("What it does"), Column("Since")],
                [[name[:120], name, "9 Mar 2026"]] * 5,
            ),
        ),
        footer=name,
    )


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    found = shutil.which("fc-match")
    said = (
        subprocess.run([found, "-f", "%{file}", "DejaVu Sans"], capture_output=True, text=True, check=False)
        if found
        else None
    )
    if said is None or not Path(said.stdout).exists():
        pytest.skip("no font to measure with is installed here: fc-match names none")
    return ImageFont.truetype(said.stdout, size)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), min_size=1, max_size=200))
def test_a_text_is_never_narrower_than_it_is_taken_to_be(text: str):
    """DejaVu Sans is among the widest of common fonts; in none of them does a fitting text run over."""
    plain = "".join(each for each in text if each.isprintable())
    assert font(100).getlength(plain) / 100 <= fitting.wide(plain) * 1.02 + 0.1


def boxes(file: object):
    """Yield each text on the slides with its size and the room of its box, in inches."""
    for slide in file.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text.strip():
                sizes = [
                    run.font.size.pt
                    for line in shape.text_frame.paragraphs
                    for run in line.runs
                    if run.font.size
                ]
                room = (Emu(shape.width).inches - 0.2, Emu(shape.height).inches - 0.1)
                if sizes:
                    yield shape.text_frame.text.replace("\x0b", "\n"), max(sizes), room


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("own", [False, True], ids=["plain", "own master"])
def test_every_text_of_a_slide_fits_into_its_box(name: str, own: bool):
    master = None
    if own:
        out = io.BytesIO()
        Presentation().save(out)
        master = out.getvalue()
    found = list(boxes(Presentation(io.BytesIO(as_pptx(deck(name), master=master)))))

    assert len(found) > 5
    over = [
        (text, size, room) for text, size, room in found if not fitting.fits(text, inches=room, size=size)
    ]
    assert over == []
    assert all(size >= 7 for _, size, _ in found)


def test_what_is_cut_ends_with_a_mark_and_no_letter_is_taken_apart():
    room = (1.0, 0.4)

    assert fitting.cut("short", inches=room, size=10) == "short"
    family = "👩‍👩‍👧‍👦" * 40
    said = fitting.cut(family, inches=room, size=12)
    assert said.endswith("…") and len(said) < len(family) and not said.removesuffix("…").endswith("\u200d")
    assert fitting.size_for("x" * 400, inches=(2.0, 1.0), size=20, least=8) == 8


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_rendered_by_an_office_program_every_line_stays_on_its_slide(name: str, tmp_path: Path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no office program is installed here that could render slides (soffice)")
    from pypdf import PdfReader

    (tmp_path / "deck.pptx").write_bytes(as_pptx(deck(name)))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run([office, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "deck.pptx"],
                   check=True, capture_output=True, timeout=120)  # fmt: skip
    pages = PdfReader(tmp_path / "deck.pdf").pages
    slides = Presentation(tmp_path / "deck.pptx").slides
    assert len(pages) == len(slides)
    for page in pages:
        lowest: list[float] = []
        page.extract_text(visitor_text=lambda text, cm, tm, fonts, size, lowest=lowest: lowest.append(tm[5] + cm[5]) if text.strip() else None)  # fmt: skip
        assert lowest and min(lowest) >= 0 and max(lowest) <= float(page.mediabox.height)
