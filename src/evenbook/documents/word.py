"""What the parts of a document become in a Word file. ``docx`` is the door; nobody else loads this.

Tables are built of elements, row by row: through the library's own cells they take three times as
long. Texts are set as texts of elements; what XML forbids was taken out by ``wording``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from evenbook.documents import wording
from evenbook.documents.parts import (
    Bullets,
    Chart,
    Column,
    Document,
    Facts,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Part,
    Table,
)

Element = Any
Runs = Sequence[wording.Run]

LINE_MM = 170
LINE_CHARACTERS = 94
"""How many fit on a line of a table, fewer than in Calibri: where it is missing, a wider font stands in."""
TWIPS_A_MM = 1440 / 25.4
LONGEST_PROPERTY = 255
"""Word refuses longer titles in a file's properties."""
INK, QUIET, ACCENT, WARN, RULE = "1C1F1E", "5A615E", "0B6E69", "945800", "D5D2C9"
CELL_ROOM = (("top", "50"), ("left", "90"), ("bottom", "50"), ("right", "90"))
STYLE_IDS = {
    "Heading 1": "Heading1",
    "Heading 2": "Heading2",
    "Heading 3": "Heading3",
    "List Bullet": "ListBullet",
    "Table Text": "TableText",
}
"""What the styles are called inside a file, where that is not their name."""

SIZES_PT = {"Title": 22, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}


def written(document: Document) -> bytes:
    """Return the document as a Word file, whose parts may carry the hour of writing."""
    file = docx.Document()
    _set_page(file)
    _set_styles(file)
    _set_properties(file, document)
    _set_footer(file, wording.footer(document))
    _add(file, "Title", wording.runs(wording.one_line(document.title)))
    if document.under:
        _add(file, "Subtitle", wording.runs(document.under))
    for part in document.parts or (Paragraph(wording.NOTHING, is_quiet=True),):
        WRITERS[type(part)](file, part)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _set_page(file: File) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = Mm(20)
    section.bottom_margin = Mm(22)


def _set_styles(file: File) -> None:
    _style(file, "Normal", size=10.5, color=INK, after=6)
    for name, size in SIZES_PT.items():
        _style(file, name, size=size, color=INK, is_bold=True, after=4)
    _style(file, "Subtitle", size=10.5, color=QUIET, after=14)
    _style(file, "List Bullet", size=10.5, color=INK, after=3)
    for name in ("Quiet", "Missing", "Table Text"):
        made = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(made, ParagraphStyle)
        made.base_style = file.styles["Normal"]
    _style(file, "Quiet", size=9, color=QUIET, after=6)
    _style(file, "Table Text", size=9, color=INK, after=0)
    missing = _style(file, "Missing", size=10.5, color=INK, after=8)
    edge = {"val": "single", "sz": "18", "space": "6", "color": WARN}
    shade = _element("shd", val="clear", color="auto", fill="FBF3E2")
    for place, mark in enumerate((_element("pBdr", _element("left", **edge)), shade)):
        missing.element.get_or_add_pPr().insert(place, mark)


def _style(
    file: File, name: str, *, size: float, color: str, after: float, is_bold: bool = False
) -> ParagraphStyle:
    style = file.styles[name]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size, style.font.bold, style.font.italic = "Calibri", Pt(size), is_bold, False
    style.font.color.rgb = RGBColor.from_string(color)
    style.paragraph_format.space_after = Pt(after)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if name == "Title":
        for border in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(border)
    return style


def _set_properties(file: File, document: Document) -> None:
    """Name the title, and the instant that the caller gave: not the template's author and year."""
    about = file.core_properties
    about.title = wording.shortened(document.title, LONGEST_PROPERTY)
    about.author = about.comments = about.last_modified_by = ""
    for name in ("created", "modified"):
        found = about._element.find(qn(f"dcterms:{name}"))
        if document.made_at is not None:
            setattr(about, name, document.made_at.astimezone(UTC).replace(tzinfo=None))
        elif found is not None:
            about._element.remove(found)


def _set_footer(file: File, words: str) -> None:
    line = file.sections[0].footer.paragraphs[0]
    line.style = file.styles["Quiet"]
    stops = _element(
        "tabs", _element("tab", val="clear", pos="4320"), _element("tab", val="clear", pos="8640")
    )
    stops.append(_element("tab", val="right", pos=str(round(LINE_MM * TWIPS_A_MM))))
    line._p.get_or_add_pPr().append(stops)
    line.add_run(f"{words}\tPage ")
    line._p.append(_element("fldSimple", _run("1"), instr="PAGE"))
    line.add_run(" of ")
    line._p.append(_element("fldSimple", _run("1"), instr="NUMPAGES"))


def _heading(file: File, part: Heading) -> None:
    _add(file, f"Heading {part.level}", wording.runs(part.text))


def _paragraph(file: File, part: Paragraph) -> None:
    _add(file, "Quiet" if part.is_quiet else "Normal", wording.runs(part.words))


def _bullets(file: File, part: Bullets) -> None:
    for item in part.items:
        _add(file, "List Bullet", wording.runs(item))


def _facts(file: File, part: Facts) -> None:
    rows = [(wording.runs(fact.name), wording.fact_runs(fact)) for fact in part.pairs]
    if not rows:
        return
    table = _new_table(file, (1 / 3, 2 / 3))
    for name, value in rows:
        table.append(_row([_cell(file, name, color=QUIET), _cell(file, value)]))
    _after_table(file)


def _table(file: File, part: Table) -> None:
    if part.caption:
        caption = _add(file, "Table Text", wording.runs(part.caption), is_bold=True)
        caption.pPr.append(_element("keepNext"))
    table = _new_table(file, wording.shares(part, LINE_CHARACTERS))
    heads = [
        _cell(file, wording.runs(column.name), column, is_bold=True, color=QUIET) for column in part.columns
    ]
    table.append(_row(heads, is_head=True))
    for row in part.rows:
        pairs = zip(row, part.columns, strict=True)
        table.append(
            _row([_cell(file, wording.value_runs(value, column), column) for value, column in pairs])
        )
    if not part.rows:
        empty = _cell(file, wording.runs(part.empty), color=QUIET)
        empty.insert(0, _element("tcPr", _element("gridSpan", val=str(len(part.columns)))))
        table.append(_row([empty]))
    _after_table(file)


def _chart(file: File, part: Chart) -> None:
    _table(file, part.table)


def _missing(file: File, part: Missing) -> None:
    line = _add(file, "Missing", ())
    line.append(_run("Missing: ", is_bold=True, color=WARN))
    said = f"{part.what} {part.fix}" if part.fix else part.what
    line.append(_run(wording.clean(said)))


def _page_break(file: File, part: PageBreak) -> None:
    _add(file, "Normal", ()).append(_element("r", _element("br", type="page")))


def _add(file: File, style: str, said: Runs, *, is_bold: bool = False) -> Element:
    """Add a paragraph and return its element. The library would look through all styles for each one."""
    line = _element("p", _element("pPr", _element("pStyle", val=STYLE_IDS.get(style, style))))
    line.extend(_inline(file, said, is_bold=is_bold))
    _append(file, line)
    return line


def _append(file: File, element: Element) -> None:
    """Put an element at the end: before the section's own, which is the last and so found at once."""
    file.element.body[-1].addprevious(element)


def _new_table(file: File, shares: Sequence[float]) -> Element:
    """Add an empty table with fixed columns and thin lines between its rows; return its element."""
    widths = [str(round(share * LINE_MM * TWIPS_A_MM)) for share in shares]
    line = {"val": "single", "sz": "4", "space": "0", "color": RULE}
    properties = _element(
        "tblPr",
        _element("tblW", w=str(sum(map(int, widths))), type="dxa"),
        _element("tblBorders", _element("bottom", **line), _element("insideH", **line)),
        _element("tblLayout", type="fixed"),
        _element("tblCellMar", *(_element(side, w=room, type="dxa") for side, room in CELL_ROOM)),
    )
    grid = _element("tblGrid", *(_element("gridCol", w=width) for width in widths))
    table = _element("tbl", properties, grid)
    _append(file, table)
    return table


def _after_table(file: File) -> None:
    """Two tables that touch become one in Word; a paragraph keeps them apart."""
    _add(file, "Table Text", ())


def _row(cells: Sequence[Element], *, is_head: bool = False) -> Element:
    marks = [_element("cantSplit"), *([_element("tblHeader")] if is_head else [])]
    return _element("tr", _element("trPr", *marks), *cells)


def _cell(
    file: File, said: Runs, column: Column | None = None, *, is_bold: bool = False, color: str = ""
) -> Element:
    properties = _element("pPr", _element("pStyle", val="TableText"))
    if column is not None and column.is_right:
        properties.append(_element("jc", val="right"))
    return _element("tc", _element("p", properties, *_inline(file, said, is_bold=is_bold, color=color)))


def _inline(file: File, said: Runs, *, is_bold: bool = False, color: str = "") -> list[Element]:
    return [_link(file, text, url) if url else _run(text, is_bold=is_bold, color=color) for text, url in said]


def _link(file: File, text: str, url: str) -> Element:
    key = file.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink", attrs={qn("r:id"): key})
    link.append(_run(text, color=ACCENT, is_underlined=True))
    return link


def _run(text: str, *, is_bold: bool = False, color: str = "", is_underlined: bool = False) -> Element:
    marks = [
        *([_element("b")] if is_bold else []),
        *([_element("color", val=color)] if color else []),
        *([_element("u", val="single")] if is_underlined else []),
    ]
    run = _element("r", *([_element("rPr", *marks)] if marks else []))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(_element("br"))
        words = _element("t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        run.append(words)
    return run


def _element(tag: str, *inside: Element, **attributes: str) -> Element:
    made: Element = OxmlElement(
        f"w:{tag}", attrs={qn(f"w:{name}"): said for name, said in attributes.items()}
    )
    made.extend(inside)
    return made


WRITERS: dict[type[Part], Callable[[File, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Chart: _chart,
    Missing: _missing,
    PageBreak: _page_break,
}
