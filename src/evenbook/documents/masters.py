"""A PowerPoint file of the organization as the master of its slides: checked before it is taken.

A file that somebody uploads may be anything. It is taken only if it is an office file without programs and
without links to outside, and no larger unpacked than a deck can be. What it lacks is said, and stood in for.

The library is loaded when the first file is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from evenbook.kit.errors import EvenbookError

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
MOST_PARTS = 2_000
MOST_TIMES = 200
"""How much larger a part may be unpacked; a picture is hardly packed at all, text about ten times."""
WITH_PROGRAMS = ("vbaproject", "activex", "macros", ".exe", ".dll", ".js", ".vbs", "/embeddings/ole")
SMALLEST, LARGEST = 4 * 914_400, 56 * 914_400
"""Of a slide's width and height, in the file's units."""


class MasterRefused(EvenbookError):
    """A file that can't be the master of slides."""

    kind = "master-refused"
    status = 422


@dataclass(frozen=True)
class CheckedMaster:
    """A file that can be used; ``findings`` say what it lacks and what is done about it."""

    findings: tuple[str, ...]
    layouts: int
    width_inches: float
    height_inches: float


def checked(file: bytes) -> CheckedMaster:
    """Return what a file offers as a master.

    Raises:
        MasterRefused: it is no PowerPoint file, too large, holds programs or leads outside.
    """
    _check_archive(file)
    from pptx.exc import PythonPptxError

    try:
        opened = _opened(file)
        width, height = opened.slide_width, opened.slide_height
        layouts = [layout for master in opened.slide_masters for layout in master.slide_layouts]
    except (
        PythonPptxError,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        TypeError,
        SyntaxError,
    ) as error:
        raise MasterRefused(
            "This is no PowerPoint file that can be read.", fix="Save it as .pptx once more, and upload that."
        ) from error
    if not layouts or not all(SMALLEST <= (each or 0) <= LARGEST for each in (width, height)):
        raise MasterRefused(
            "It has no layouts, or slides of a size that nobody can read.",
            fix="Take a presentation with at least one layout.",
        )
    return CheckedMaster(tuple(_lacks(layouts)), len(layouts), width / 914_400, height / 914_400)


def _opened(file: bytes) -> Any:
    from pptx import Presentation

    return Presentation(BytesIO(file))


def _check_archive(file: bytes) -> None:
    if len(file) > MOST_BYTES:
        raise MasterRefused(
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.", fix="Make its pictures smaller."
        )
    try:
        with ZipFile(BytesIO(file)) as archive:
            parts = archive.infolist()
            _check_size(parts)
            names = [each.filename.lower() for each in parts]
            _check_names(names)
            for each in parts:
                _check_part(each.filename.lower(), _read(archive, each))
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise MasterRefused("This is no PowerPoint file.", fix="Upload a file that ends in .pptx.") from error
    except ValueError as error:
        raise MasterRefused("This is no PowerPoint file.", fix="Upload a file that ends in .pptx.") from error


def _check_size(parts: list[ZipInfo]) -> None:
    swollen = any(
        each.file_size > 1024 * 1024 and each.file_size > MOST_TIMES * max(1, each.compress_size)
        for each in parts
    )
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED or swollen:
        raise MasterRefused(
            "Unpacked, the file is far larger than a presentation can be.",
            fix="Save a new presentation with your master alone, and upload that.",
        )


def _check_names(names: list[str]) -> None:
    if "[content_types].xml" not in names or not any(name.startswith("ppt/") for name in names):
        raise MasterRefused("This is no PowerPoint file.", fix="Upload a file that ends in .pptx.")
    if any(word in name for name in names for word in WITH_PROGRAMS):
        raise MasterRefused(
            "The file holds a program (a macro or an embedded object).",
            fix="Save it as .pptx without macros.",
        )


def _read(archive: ZipFile, part: ZipInfo) -> bytes:
    """Return a part if it holds markup, never more of it than it says it has."""
    if not part.filename.lower().endswith((".xml", ".rels", ".vml", ".svg")):
        return b""
    with archive.open(part) as opened:
        return opened.read(min(part.file_size, MOST_UNPACKED) + 1)


def _check_part(name: str, markup: bytes) -> None:
    plain = markup.replace(b"\x00", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise MasterRefused(
            "The file defines words of its own in its markup.", fix="Save it as .pptx once more."
        )
    if name == "[content_types].xml" and b"macroenabled" in plain:
        raise MasterRefused("The file is made for macros.", fix="Save it as .pptx without macros.")
    if name.endswith(".rels") and (b'targetmode="external"' in plain or b"targetmode='external'" in plain):
        raise MasterRefused(
            f"{name.rpartition('/')[2].removesuffix('.rels')} in it leads outside: to a picture, a link or a "
            "template elsewhere.",
            fix="Put pictures into the file and take links out of its layouts and slides.",
        )


def _lacks(layouts: list[Any]) -> Iterator[str]:
    """Yield what is missing in words, each with what is done instead."""
    if cover_of(layouts) is None:
        yield "No layout has a title and a subtitle: the cover stands on the first one, in boxes of our own."
    content = content_of(layouts)
    if content is None:
        yield "No layout has a title: titles stand in boxes of our own, at the top of the slide."
    elif body_of(content) is None:
        yield (
            f"The layout '{content.name[:60]}' has no placeholder for content: charts and tables fill "
            "what is below its title."
        )


def cover_of(layouts: list[Any]) -> Any:
    """Return the layout with a title and a subtitle; None where there is none."""
    return next((each for each in layouts if {"title", "subtitle"} <= _holds(each)), None)


def content_of(layouts: list[Any]) -> Any:
    """Return the layout that slides stand on: a title and one place for content, else a title alone."""
    titled = [each for each in layouts if "title" in _holds(each) and "subtitle" not in _holds(each)]
    with_one = [each for each in titled if len(bodies_of(each)) == 1]
    return next(iter(with_one), None) or next(iter(titled), None)


def body_of(layout: Any) -> Any:
    """Return the placeholder for content; None where there is none, or several."""
    found = bodies_of(layout)
    return found[0] if len(found) == 1 else None


def bodies_of(layout: Any) -> list[Any]:
    """Return the placeholders for content of a layout."""
    return [each for each in layout.placeholders if _kind(each) == "body"]


def _holds(layout: Any) -> set[str]:
    return {_kind(each) for each in layout.placeholders}


def _kind(placeholder: Any) -> str:
    from pptx.enum.shapes import PP_PLACEHOLDER as KINDS

    kind = placeholder.placeholder_format.type
    if kind in {KINDS.TITLE, KINDS.CENTER_TITLE}:
        return "title"
    if kind == KINDS.SUBTITLE:
        return "subtitle"
    return "body" if kind in {KINDS.BODY, KINDS.OBJECT, KINDS.CHART, KINDS.TABLE} else ""
