"""What the parts of a document become on slides. ``pptx`` is the door; nobody else loads this.

Slides are 16:9 in the library's own template, so that people can go on with its layouts. The sheet inside a
chart is written here and not by the library, which would read a name that begins with = as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from evenbook.documents import wording
from evenbook.documents.archives import without_clock
from evenbook.documents.deck import MOST_CHARACTERS, Block, Line, Slide, Words, planned
from evenbook.documents.drawing import color, spoken
from evenbook.documents.parts import Chart, Column, Document, Phrase, Table, Value

File = Any
Shape = Any
Place = tuple[int, int, int, int]
"""Left, top, width and height."""

WIDTH, HEIGHT, SIDE = Inches(13.333), Inches(7.5), Inches(0.6)
ROOM = WIDTH - 2 * SIDE
TITLE_TOP, SENTENCE_TOP, BODY_TOP, FOOT_TOP = Inches(0.35), Inches(1.05), Inches(1.85), Inches(6.45)
BODY = FOOT_TOP - BODY_TOP
BETWEEN = Inches(0.3)
TITLE_ONLY, TITLE_SLIDE = 5, 0
INK, QUIET, ACCENT, WARN, RULE = "1C1F1E", "5A615E", "0B6E69", "945800", "F2F0EA"
LONGEST_TITLE, LONGEST_PROPERTY = 120, 255
CHARTS = {"line": XL_CHART_TYPE.LINE_MARKERS, "bar": XL_CHART_TYPE.BAR_CLUSTERED}
NEVER = datetime(1980, 1, 1)
PLAIN_TABLE = "{5940675A-B579-460E-94D1-54222C63F5DA}"
"""The style of tables that draws lines and no colors."""


def written(document: Document) -> bytes:
    """Return the document as a PowerPoint file, whose parts may carry the hour of writing."""
    file = Presentation()
    _widen(file)
    _set_properties(file, document)
    _first(file, document)
    for number, slide in enumerate(planned(document), start=2):
        _slide(file, slide, foot=wording.footer(document), number=number)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _widen(file: File) -> None:
    """Bring the template from 4:3 to 16:9, the places of its layouts with it."""
    wider = WIDTH / file.slide_width
    master = file.slide_master
    for shape in [*master.shapes, *(each for layout in master.slide_layouts for each in layout.shapes)]:
        if shape.element.xpath("./p:spPr/a:xfrm"):
            shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    file.slide_width, file.slide_height = WIDTH, HEIGHT


def _set_properties(file: File, document: Document) -> None:
    """Name the title, and the instant that the caller gave: not the template's author and year."""
    about = file.core_properties
    about.title = wording.shortened(document.title, LONGEST_PROPERTY)
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    made_at = document.made_at.astimezone(UTC).replace(tzinfo=None) if document.made_at else NEVER
    about.created = about.modified = made_at
    about.revision = 1


def _first(file: File, document: Document) -> None:
    shown = file.slides.add_slide(file.slide_layouts[TITLE_SLIDE])
    title, under = shown.shapes.title, shown.placeholders[1]
    _place(title, (SIDE, Inches(2.4), ROOM, Inches(1.2)))
    _place(under, (SIDE, Inches(3.7), ROOM, Inches(1.0)))
    _say(title, wording.shortened(document.title, LONGEST_TITLE), size=36, is_bold=True)
    _say(under, document.under, size=16, tone=QUIET)
    for shape in (title, under):
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def _slide(file: File, slide: Slide, *, foot: str, number: int) -> None:
    shown = file.slides.add_slide(file.slide_layouts[TITLE_ONLY])
    title = shown.shapes.title
    _place(title, (SIDE, TITLE_TOP, ROOM, Inches(0.7)))
    _say(title, wording.shortened(slide.title, LONGEST_TITLE), size=24, is_bold=True)
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    if slide.sentence:
        _box(shown, slide.sentence, (SIDE, SENTENCE_TOP, ROOM, Inches(0.7)), size=16)
    _blocks(shown, slide.blocks)
    for place, note in enumerate(slide.notes[:2]):
        _box(shown, note, (SIDE, FOOT_TOP + place * Inches(0.25), ROOM, Inches(0.3)), size=10, tone=QUIET)
    _foot(shown, foot, number)


def _blocks(shown: Shape, blocks: Sequence[Block]) -> None:
    width = (ROOM - BETWEEN * (len(blocks) - 1)) // max(1, len(blocks))
    for place, block in enumerate(blocks):
        left = SIDE + place * (width + BETWEEN)
        if isinstance(block, Chart):
            _chart(shown, block, left, width)
        elif isinstance(block, Table):
            _table(shown, block, left, width)
        else:
            _words(shown, block, left, width)


def _chart(shown: Shape, part: Chart, left: int, width: int) -> None:
    data = CategoryChartData(number_format=_format(part))
    data.categories = [wording.one_line(label) for label in part.labels]
    for each in part.series:
        data.add_series(wording.one_line(each.name), each.values)
    frame = shown.shapes.add_chart(CHARTS[part.kind], left, BODY_TOP, width, BODY, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", wording.one_line(spoken(part)))
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_sheet(part))
    chart.has_title = True
    chart.chart_title.text_frame.text = wording.one_line(part.title)
    _font(chart.chart_title.text_frame.paragraphs[0].runs[0].font, size=13, is_bold=True)
    chart.font.size, chart.font.color.rgb = Pt(11), RGBColor.from_string(INK)
    chart.has_legend = len(part.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.tick_labels.number_format = _format(part)
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("D5D2C9")
    lows = [value for each in part.series for value in each.values if value is not None]
    if min(lows, default=0) >= 0:
        chart.value_axis.minimum_scale = 0
    _color(chart, part)


def _color(chart: Shape, part: Chart) -> None:
    """Give each series its color; bars stand in the order of the labels, their values at their ends."""
    for place, series in enumerate(chart.plots[0].series):
        shade = RGBColor.from_string(color(place).lstrip("#").upper())
        if part.kind == "line":
            series.smooth = False
            series.format.line.color.rgb, series.format.line.width = shade, Pt(2.25)
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = shade
            series.marker.format.line.color.rgb = shade
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = shade
    if part.kind == "bar":
        chart.category_axis.reverse_order = True
        chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
        plot = chart.plots[0]
        plot.has_data_labels, plot.gap_width = True, 60
        plot.data_labels.number_format = _format(part)
        plot.data_labels.number_format_is_linked = False
        plot.data_labels.font.size = Pt(10)


def _format(part: Chart) -> str:
    decimals = 0 if part.type == "whole" else part.decimals
    number = f"0.{'0' * decimals}" if decimals else "0"
    return f"{number}%" if part.type == "share" else number


def _sheet(part: Chart) -> bytes:
    """Return the sheet inside a chart: labels down, series across, every text a text."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": NEVER})
        page = book.add_worksheet("Sheet1")
        for row, label in enumerate(part.labels, start=1):
            page.write_string(row, 0, wording.one_line(label))
        for place, each in enumerate(part.series, start=1):
            page.write_string(0, place, wording.one_line(each.name))
            for row, value in enumerate(each.values, start=1):
                if value is not None:
                    page.write_number(row, place, value)
    return without_clock(out.getvalue())


def _table(shown: Shape, part: Table, left: int, width: int) -> None:
    rows = [*part.rows] or [[part.empty, *[""] * (len(part.columns) - 1)]]
    top: int = BODY_TOP
    if part.caption:
        _box(shown, part.caption, (left, BODY_TOP, width, Inches(0.35)), size=12, is_bold=True)
        top += Inches(0.4)
    height = Inches(0.28) * (len(rows) + 1)
    frame = shown.shapes.add_table(len(rows) + 1, len(part.columns), left, top, width, height)
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE
    table.horz_banding = False
    for place, share in enumerate(wording.shares(part, 118)):
        table.columns[place].width = Emu(int(width * share))
    for place, column in enumerate(part.columns):
        _cell(table.cell(0, place), column.name, column, is_head=True)
    for number, row in enumerate(rows, start=1):
        table.rows[number].height = Inches(0.28)
        for place, (value, column) in enumerate(zip(row, part.columns, strict=True)):
            _cell(table.cell(number, place), value, column)
    table.rows[0].height = Inches(0.28)


def _cell(cell: Shape, value: Value, column: Column, *, is_head: bool = False) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.07)
    said = wording.runs(value) if is_head and isinstance(value, str) else wording.value_runs(value, column)
    line = cell.text_frame.paragraphs[0]
    _runs(line, said, size=11, tone=QUIET if is_head else INK, is_bold=is_head)
    line.alignment = PP_ALIGN.RIGHT if column.is_right else PP_ALIGN.LEFT
    cell.fill.background()
    if is_head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(RULE)


def _words(shown: Shape, part: Words, left: int, width: int) -> None:
    box = shown.shapes.add_textbox(left, BODY_TOP, width, BODY)
    box.text_frame.word_wrap = True
    for place, line in enumerate(part.lines):
        paragraph = box.text_frame.paragraphs[0] if place == 0 else box.text_frame.add_paragraph()
        _line(paragraph, line)


def _line(paragraph: Shape, line: Line) -> None:
    style, said = line
    runs = list(wording.runs(said))
    if style == "bullet":
        runs.insert(0, ("\u2022 ", ""))
    _runs(paragraph, runs, size=16, tone=WARN if style == "missing" else INK, is_bold=style == "head")
    paragraph.space_after = Pt(6)


def _box(shown: Shape, said: Phrase, place: Place, **look: Any) -> None:
    box = shown.shapes.add_textbox(*place)
    box.text_frame.word_wrap = True
    _runs(box.text_frame.paragraphs[0], wording.runs(said), **look)


def _foot(shown: Shape, foot: str, number: int) -> None:
    """Write the foot and the number of the slide, which goes along when slides change places."""
    _box(shown, foot, (SIDE, Inches(7.05), ROOM - Inches(1), Inches(0.3)), size=9, tone=QUIET)
    box = shown.shapes.add_textbox(WIDTH - SIDE - Inches(1), Inches(7.05), Inches(1), Inches(0.3))
    line = box.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr lang="en-US" sz="900"/><a:t>{number}</a:t></a:fld>'
    )
    line._p.append(field)


def _say(shape: Shape, said: Phrase, **look: Any) -> None:
    _runs(shape.text_frame.paragraphs[0], wording.runs(said), **look)


def _runs(
    line: Shape, said: Sequence[wording.Run], *, size: float, tone: str = INK, is_bold: bool = False
) -> None:
    """Write runs into a paragraph; a new line in them stays one, and links lead where they say."""
    left = MOST_CHARACTERS
    for text, url in said:
        shown = text if len(text) <= left else f"{text[: max(0, left - 1)].rstrip()}…"
        for place, words in enumerate(shown.split("\n")):
            if place:
                line.add_line_break()
            if words:
                run = line.add_run()
                run.text = words
                _font(run.font, size=size, tone=ACCENT if url else tone, is_bold=is_bold)
                if url:
                    run.hyperlink.address = url
        left -= len(shown)
        if left <= 0:
            return


def _font(font: Shape, *, size: float, tone: str = INK, is_bold: bool = False) -> None:
    font.size, font.bold, font.color.rgb = Pt(size), is_bold, RGBColor.from_string(tone)


def _place(shape: Shape, place: Place) -> None:
    shape.left, shape.top, shape.width, shape.height = place
