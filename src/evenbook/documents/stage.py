"""Where things stand on a slide: in the library's template made 16:9, or in the organization's own master.

On a master of their own, titles and content stand where its placeholders are. What it lacks stands where it
would in ours. ``slides`` alone loads this.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from evenbook.documents.masters import body_of, content_of, cover_of

Place = tuple[int, int, int, int]
"""Left, top, width and height."""

WIDTH, HEIGHT, SIDE = Inches(13.333), Inches(7.5), Inches(0.6)
TITLE_ONLY, TITLE_SLIDE = 5, 0
SMALLEST_BODY = Inches(2.2)


@dataclass(frozen=True)
class Stage:
    """A file to put slides into, the layouts that they stand on, and the place of each thing.

    ``scale`` is how large things are beside those on a slide of 7.5 inches; ``of_cover`` are the places of
    the cover's title and of the line under it.
    """

    file: Any
    cover: Any
    content: Any
    of_cover: tuple[Place, Place]
    title: Place
    sentence: Place
    body: Place
    scale: float
    has_own_foot: bool = False

    def notes(self, count: int) -> tuple[Place, ...]:
        """Return the places of the quiet lines under the body: one high one, or two low ones."""
        left, top, width, height = self.body
        under = top + height + round(Inches(0.05) * self.scale)
        high = round(Inches(0.6) * self.scale)
        if count < 2:
            return ((left, under, width, high),)
        return ((left, under, width, high // 2), (left, under + high // 2, width, high // 2))

    @property
    def feet(self) -> tuple[Place, Place]:
        """The places of the foot and of the slide's number."""
        room, top, one = self.file.slide_width - 2 * SIDE, Inches(7.05), Inches(1)
        left = self.file.slide_width - SIDE - one
        return (SIDE, top, room - one, Inches(0.3)), (left, top, one, Inches(0.3))


def stage_of(master: bytes | None) -> Stage:
    """Return a stage: on a master, else on the library's own template."""
    return _own(BytesIO(master)) if master is not None else _plain()


def _plain() -> Stage:
    file = Presentation()
    _widen(file)
    room = WIDTH - 2 * SIDE
    return Stage(
        file=file,
        cover=file.slide_layouts[TITLE_SLIDE],
        content=file.slide_layouts[TITLE_ONLY],
        of_cover=((SIDE, Inches(2.1), room, Inches(1.5)), (SIDE, Inches(3.7), room, Inches(1.6))),
        title=(SIDE, Inches(0.35), room, Inches(0.7)),
        sentence=(SIDE, Inches(1.05), room, Inches(0.75)),
        body=(SIDE, Inches(1.85), room, Inches(4.5)),
        scale=1.0,
    )


def _widen(file: Any) -> None:
    """Bring the template from 4:3 to 16:9, the places of its layouts with it."""
    wider = WIDTH / file.slide_width
    master = file.slide_master
    for shape in [*master.shapes, *(each for layout in master.slide_layouts for each in layout.shapes)]:
        if shape.element.xpath("./p:spPr/a:xfrm"):
            shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    file.slide_width, file.slide_height = WIDTH, HEIGHT


def _own(file: BytesIO) -> Stage:
    opened = Presentation(file)
    _empty(opened)
    layouts = [layout for master in opened.slide_masters for layout in master.slide_layouts]
    cover, content = cover_of(layouts) or layouts[0], content_of(layouts) or layouts[0]
    width, height = int(opened.slide_width or WIDTH), int(opened.slide_height or HEIGHT)
    scale = min(width / WIDTH, height / HEIGHT)
    side = round(SIDE * scale)
    title = _placed(content, 0) or (side, round(0.05 * height), width - 2 * side, round(0.1 * height))
    left, top, room, tall = _body(content, title, width, height)
    sentence_height, notes_height = round(Inches(0.75) * scale), round(Inches(0.7) * scale)
    body = (left, top + sentence_height, room, tall - sentence_height - notes_height)
    half = (side, round(0.3 * height), width - 2 * side, round(0.2 * height))
    under = (side, round(0.52 * height), width - 2 * side, round(0.22 * height))
    return Stage(
        file=opened,
        cover=cover,
        content=content,
        of_cover=(_placed(cover, 0) or half, _placed(cover, 1) or under),
        title=title,
        sentence=(left, top, room, sentence_height),
        body=body,
        scale=scale,
        has_own_foot=True,
    )


def _empty(file: Any) -> None:
    """Take the slides of a master's file away; what hung on them alone is not written any more."""
    held = file.slides._sldIdLst
    for each in list(held):
        file.part.drop_rel(each.rId)
        held.remove(each)


def _body(layout: Any, title: Place, width: int, height: int) -> Place:
    """Return the room for content: of its placeholder if that is large enough, else under the title."""
    holder = body_of(layout)
    found = _place_of(holder) if holder is not None else None
    if found is not None and found[3] >= SMALLEST_BODY * height / HEIGHT:
        return found
    top = min(title[1] + title[3], height // 2)
    return (title[0], top, max(width - 2 * title[0], width // 2), height - top - round(0.06 * height))


def _placed(layout: Any, number: int) -> Place | None:
    """Return the place of a layout's placeholder: 0 the title, 1 the subtitle; None where it has none."""
    held = next((each for each in layout.placeholders if each.placeholder_format.idx == number), None)
    return _place_of(held) if held is not None else None


def _place_of(holder: Any) -> Place | None:
    found = (holder.left, holder.top, holder.width, holder.height)
    return None if any(each is None for each in found) or min(found[2:]) <= 0 else found
