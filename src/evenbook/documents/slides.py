"""What the parts of a document become on slides. ``pptx`` is the door; nobody else loads this.

Where things stand is in ``stage``; a text is as large as it fits into its box (``fitting``). The sheet inside
a chart is written here and not by the library, which would read a name that begins with = as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from evenbook.documents import fitting, wording
from evenbook.documents.archives import without_clock
from evenbook.documents.deck import LINE_CHARACTERS, MOST_CHARACTERS, Block, Line, Slide, Words, planned
from evenbook.documents.drawing import color, spoken
from evenbook.documents.parts import Chart, Column, Document, Phrase, Table, Value
from evenbook.documents.stage import Place, Stage, stage_of
from evenbook.documents.tabled import ROW_A_POINT, fitting_size

File = Any
Shape = Any
BETWEEN = Inches(0.3)
INK, QUIET, ACCENT, WARN, RULE = "1C1F1E", "5A615E", "0B6E69", "945800", "F2F0EA"
LARGEST_TITLE, LARGEST_CELL, LONGEST_PROPERTY = 36.0, 15.0, 255
CHARTS = {"line": XL_CHART_TYPE.LINE_MARKERS, "bar": XL_CHART_TYPE.BAR_CLUSTERED}
NEVER = datetime(1980, 1, 1)
BOLD_TAKES = 0.9
"""How much of a width there is for bold letters, which are a tenth wider."""
PLAIN_TABLE = "{5940675A-B579-460E-94D1-54222C63F5DA}"
"""The style of tables that draws lines and no colors."""


def written(document: Document, *, master: bytes | None = None) -> bytes:
    """Return the document as a PowerPoint file, whose parts may carry the hour of writing.

    Args:
        document: what is written.
        master: a file that ``masters.checked`` took; without it, the library's own template.
    """
    stage = stage_of(master)
    file = stage.file
    _set_properties(file, document)
    _first(stage, document)
    for number, slide in enumerate(planned(document), start=2):
        _slide(stage, slide, foot=wording.footer(document), number=number)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _set_properties(file: File, document: Document) -> None:
    """Name the title, and the instant that the caller gave: not the template's author and year."""
    about = file.core_properties
    about.title = wording.shortened(document.title, LONGEST_PROPERTY)
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    made_at = document.made_at.astimezone(UTC).replace(tzinfo=None) if document.made_at else NEVER
    about.created = about.modified = made_at
    about.revision = 1


def _first(stage: Stage, document: Document) -> None:
    shown = stage.file.slides.add_slide(stage.cover)
    title, under = shown.shapes.title, _subtitle(shown)
    places = stage.of_cover
    texts = ((title, document.title, LARGEST_TITLE, True), (under, document.under, 16.0, False))
    for (shape, said, size, is_bold), place in zip(texts, places, strict=True):
        box = shape if shape is not None else shown.shapes.add_textbox(*place)
        _place(box, place)
        box.text_frame.word_wrap = True
        _fill(
            box,
            said,
            place,
            size=size * stage.scale,
            least=10.0,
            is_bold=is_bold,
            tone=INK if is_bold else QUIET,
        )
        box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    _take_out(shown, keep=(title, under))


def _slide(stage: Stage, slide: Slide, *, foot: str, number: int) -> None:
    shown = stage.file.slides.add_slide(stage.content)
    title = shown.shapes.title
    box = title if title is not None else shown.shapes.add_textbox(*stage.title)
    _place(box, stage.title)
    box.text_frame.word_wrap = True
    _fill(box, slide.title, stage.title, size=24 * stage.scale, least=11.0, is_bold=True)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    box.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _take_out(shown, keep=(title,))
    if slide.sentence:
        _box(shown, slide.sentence, stage.sentence, size=16 * stage.scale, least=10.0)
    _blocks(shown, stage, slide.blocks)
    for note, place in zip(slide.notes[:2], stage.notes(len(slide.notes)), strict=False):
        _box(shown, note, place, size=10 * stage.scale, least=7.0, tone=QUIET)
    if not stage.has_own_foot:
        _foot(shown, stage, foot, number)


def _subtitle(shown: Shape) -> Shape | None:
    return next((each for each in shown.placeholders if each.placeholder_format.idx == 1), None)


def _take_out(shown: Shape, *, keep: Sequence[Shape | None]) -> None:
    """Take placeholders away that nothing stands in: they would ask the reader to click and type."""
    kept = [each.element for each in keep if each is not None]
    for each in list(shown.placeholders):
        if each.element not in kept:
            each.element.getparent().remove(each.element)


def _blocks(shown: Shape, stage: Stage, blocks: Sequence[Block]) -> None:
    left, top, room, height = stage.body
    width = (room - BETWEEN * (len(blocks) - 1)) // max(1, len(blocks))
    for number, block in enumerate(blocks):
        place = (left + number * (width + BETWEEN), top, width, height)
        if isinstance(block, Chart):
            _chart(shown, block, place)
        elif isinstance(block, Table):
            _table(shown, block, place, scale=stage.scale)
        else:
            _words(shown, block, place, scale=stage.scale)


def _chart(shown: Shape, part: Chart, place: Place) -> None:
    data = CategoryChartData(number_format=_format(part))
    data.categories = [wording.one_line(label) for label in part.labels]
    for each in part.series:
        data.add_series(wording.one_line(each.name), each.values)
    frame = shown.shapes.add_chart(CHARTS[part.kind], *place, data)
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


def _table(shown: Shape, part: Table, place: Place, *, scale: float) -> None:
    left, top, width, height = place
    rows = [*part.rows] or [[part.empty, *[""] * (len(part.columns) - 1)]]
    if part.caption:
        head = (left, top, width, round(Inches(0.35) * scale))
        _box(shown, part.caption, head, size=12 * scale, least=8.0, is_bold=True)
        top += round(Inches(0.4) * scale)
    room = width / Inches(1), (place[1] + height - top) / Inches(1)
    size = fitting_size(part, rows, inches=room, largest=LARGEST_CELL * scale, least=8.0 * scale)
    row_height = round(Inches(ROW_A_POINT * size))
    frame = shown.shapes.add_table(
        len(rows) + 1, len(part.columns), left, top, width, row_height * (len(rows) + 1)
    )
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE
    table.horz_banding = False
    for number, share in enumerate(wording.shares(part, LINE_CHARACTERS)):
        table.columns[number].width = Emu(int(width * share))
    most = max(row_height, place[1] + height - top - row_height)
    for number, column in enumerate(part.columns):
        _cell(table.cell(0, number), column.name, column, most=most, size=size, is_head=True)
    for number, row in enumerate(rows, start=1):
        table.rows[number].height = row_height
        for at, (value, column) in enumerate(zip(row, part.columns, strict=True)):
            _cell(table.cell(number, at), value, column, most=most, size=size)
    table.rows[0].height = row_height


def _cell(
    cell: Shape, value: Value, column: Column, *, most: int, size: float, is_head: bool = False
) -> None:
    """Write a cell; a text that would fill more than the slide is cut, the page and the PDF have it whole."""
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.07)
    said = wording.runs(value) if is_head and isinstance(value, str) else wording.value_runs(value, column)
    line = cell.text_frame.paragraphs[0]
    _runs(line, _within(said, most, size=size), size=size, tone=QUIET if is_head else INK, is_bold=is_head)
    line.alignment = PP_ALIGN.RIGHT if column.is_right else PP_ALIGN.LEFT
    cell.fill.background()
    if is_head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(RULE)


def _within(said: Sequence[wording.Run], most: int, *, size: float) -> Sequence[wording.Run]:
    """Return runs that are no longer than a slide can hold: a text without links is cut."""
    plain = wording.plain(said)
    if len(plain) < MOST_CHARACTERS or any(url for _, url in said):
        return said
    height = most / Inches(1)
    return ((fitting.cut(plain[:MOST_CHARACTERS], inches=(height, height), size=size), ""),)


def _words(shown: Shape, part: Words, place: Place, *, scale: float) -> None:
    box = shown.shapes.add_textbox(*place)
    box.text_frame.word_wrap = True
    text = "\n".join(f"• {wording.plain(wording.runs(said))}\n" for _, said in part.lines)
    size = fitting.size_for(text, inches=_room(place), size=16 * scale, least=9.0)
    for number, line in enumerate(part.lines):
        paragraph = box.text_frame.paragraphs[0] if number == 0 else box.text_frame.add_paragraph()
        _line(paragraph, line, size=size)


def _line(paragraph: Shape, line: Line, *, size: float) -> None:
    style, said = line
    runs = list(wording.runs(said))
    if style == "bullet":
        runs.insert(0, ("\u2022 ", ""))
    _runs(paragraph, runs, size=size, tone=WARN if style == "missing" else INK, is_bold=style == "head")
    paragraph.space_after = Pt(6)


def _box(shown: Shape, said: Phrase, place: Place, *, size: float, least: float, **look: Any) -> None:
    box = shown.shapes.add_textbox(*place)
    box.text_frame.word_wrap = True
    _fill(box, said, place, size=size, least=least, **look)


def _fill(box: Shape, said: Phrase, place: Place, *, size: float, least: float, **look: Any) -> None:
    """Write a text into a box as large as it fits there; what does not even fit small is cut."""
    runs = wording.runs(said)
    plain, (width, height) = wording.plain(runs), _room(place)
    room = (width * BOLD_TAKES if look.get("is_bold") else width, height)
    size = fitting.size_for(plain, inches=room, size=size, least=least)
    if not any(url for _, url in runs):
        runs = ((fitting.cut(plain, inches=room, size=size), ""),) if plain else ()
    _runs(box.text_frame.paragraphs[0], runs, size=size, **look)


def _room(place: Place) -> tuple[float, float]:
    """Return the inches of a place without the margins of a box."""
    return place[2] / Inches(1) - 0.2, place[3] / Inches(1) - 0.1


def _foot(shown: Shape, stage: Stage, foot: str, number: int) -> None:
    """Write the foot and the number of the slide, which goes along when slides change places."""
    of_foot, of_number = stage.feet
    _box(shown, foot, of_foot, size=9 * stage.scale, least=7.0, tone=QUIET)
    box = shown.shapes.add_textbox(*of_number)
    line = box.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr lang="en-US" sz="900"/><a:t>{number}</a:t></a:fld>'
    )
    line._p.append(field)


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
