"""A file of the organization as the master of slides: what it lacks is said, what it may not hold is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from pptx import Presentation
from pptx.util import Inches

from evenbook.documents.masters import MasterRefused, checked
from evenbook.documents.parts import Chart, Column, Document, Heading, Paragraph, Series, Table
from evenbook.documents.pptx import as_pptx

DOCUMENT = Document(
    "Review: Northwind",
    "From then to now",
    (
        Heading("Use"),
        Paragraph("Thirty people."),
        Chart("line", "People", ("1", "2"), (Series("People", (1.0, 2.0)),)),
        Heading("News"),
        Table([Column("What"), Column("Since")], [["Dark mode", "9 Mar"]]),
    ),
)


def master(change: Callable[[object], None] = lambda file: None) -> bytes:
    """Return a presentation with three slides of its own, changed."""
    file = Presentation()
    for _ in range(3):
        file.slides.add_slide(file.slide_layouts[0]).shapes.title.text = "Of the organization"
    change(file)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def with_part(name: str, contents: bytes, *, into: bytes | None = None) -> bytes:
    out = io.BytesIO(into or master())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, contents)
    return out.getvalue()


def replaced(old: bytes, new: bytes, *, of: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(master())) as read, zipfile.ZipFile(out, "w") as write:
        for name in read.namelist():
            part = read.read(name)
            write.writestr(name, part.replace(old, new) if name == of else part)
    return out.getvalue()


def read(file: bytes) -> object:
    return Presentation(io.BytesIO(file))


def take_out(*kinds: int) -> Callable[[object], None]:
    """Return a change that takes placeholders of an index out of every layout."""

    def change(file: object) -> None:
        for layout in file.slide_layouts:
            for held in list(layout.placeholders):
                if held.placeholder_format.idx in kinds:
                    held.element.getparent().remove(held.element)

    return change


def test_slides_stand_on_the_master_with_its_placeholders_and_none_of_its_own_slides():
    found = checked(master())
    shown = read(as_pptx(DOCUMENT, master=master()))

    assert found.findings == () and found.layouts == 11
    assert (found.width_inches, found.height_inches) == (10.0, 7.5)
    assert [slide.shapes.title.text for slide in shown.slides] == ["Review: Northwind", "Use", "News"]
    assert shown.slide_width == Inches(10)
    assert [slide.slide_layout.name for slide in shown.slides] == [
        "Title Slide", "Title and Content", "Title and Content",
    ]  # fmt: skip
    assert any(shape.has_chart for shape in shown.slides[1].shapes)
    for slide in shown.slides:
        assert len(list(slide.placeholders)) <= 2, "none is left that asks to be filled"
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= shown.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= shown.slide_height


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (take_out(1, *range(10, 20)), "No layout has a title and a subtitle"),
        (take_out(0), "No layout has a title: titles stand in boxes of our own"),
        (take_out(*range(1, 20)), "has no placeholder for content"),
    ],
    ids=("no subtitle", "no title", "no content"),
)
def test_what_a_master_lacks_is_said_and_stood_in_for(change: Callable[[object], None], said: str):
    file = master(change)

    assert any(said in finding for finding in checked(file).findings)
    shown = read(as_pptx(DOCUMENT, master=file))
    texts = [
        shape.text_frame.text for slide in shown.slides for shape in slide.shapes if shape.has_text_frame
    ]
    assert {"Review: Northwind", "From then to now", "Use", "Thirty people.", "News"} <= set(texts)


def bomb() -> bytes:
    out = io.BytesIO(master())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/media/big.xml", b"\0" * 60_000_000)
    return out.getvalue()


EXTERNAL = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" Type="t" Target="https://evil.example/x.png" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "no PowerPoint file"),
        (b"PK\x03\x04 and nothing", "no PowerPoint file"),
        (b"%PDF-1.7", "no PowerPoint file"),
        (bomb(), "far larger than a presentation can be"),
        (with_part("ppt/vbaProject.bin", b"x"), "holds a program"),
        (with_part("ppt/embeddings/oleObject1.bin", b"x"), "holds a program"),
        (with_part("ppt/slides/_rels/slide9.xml.rels", EXTERNAL), "slide9.xml in it leads outside"),
        (with_part("ppt/theme/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "words of its own"),
        (
            replaced(b"presentationml.presentation.main+xml", b"ms-powerpoint.presentation.macroEnabled.main+xml", of="[Content_Types].xml"),
            "made for macros",
        ),
        (replaced(b"<p:sldMasterIdLst", b"<p:sldMasterIdLs", of="ppt/presentation.xml"), "can be read|no PowerPoint|no layouts"),
    ],
    ids=("nothing", "a broken archive", "a PDF", "a bomb", "a macro", "an object", "a link outside", "an entity",
         "made for macros", "broken markup"),
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_in_words(file: bytes, said: str):
    with pytest.raises(MasterRefused, match=said):
        checked(file)


def test_a_file_with_too_many_parts_or_bytes_is_refused_before_it_is_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"ppt/{number}", b"")
    with pytest.raises(MasterRefused, match="far larger"):
        checked(out.getvalue())
    with pytest.raises(MasterRefused, match="larger than 20 MB"):
        checked(b"x" * (20 * 1024 * 1024 + 1))
