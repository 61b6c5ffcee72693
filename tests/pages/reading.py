"""Reads a page as a program would: its figures, and the folds that they open into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from math import prod
from typing import Any
from urllib.parse import urldefrag, urljoin


@dataclass(frozen=True)
class Link:
    """A figure on a page: what it counts, its exact value, and where it opens."""

    name: str
    value: str
    href: str
    text: str = ""


@dataclass
class Fold:
    """A fold on a page: its kind, its value, and the parts that it is of."""

    name: str
    kind: str
    value: str
    rounded: float = 0.0


@dataclass
class Page:
    """What a program finds on a page. ``loose`` are numbers that stand out, and neither open nor add up."""

    figures: list[Link] = field(default_factory=list)
    folds: dict[str, Fold] = field(default_factory=dict)
    parts: dict[str, list[tuple[float | None, float]]] = field(default_factory=dict)
    next_href: str = ""
    loose: list[str] = field(default_factory=list)


ALONE = {"meta", "link", "input", "br", "img", "rect", "line", "path", "circle"}
STANDING_OUT = {"h1", "h2", "caption", "tfoot", "under", "n", "tag"}
"""Elements and classes whose numbers a reader goes by; others are evidence in words, or records."""

OPENING = {"data-figure", "data-part", "data-fold"}
QUIET = {"time", "svg", "why", "aside"}
A_NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[tuple[str, set[str]]] = []

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        around = set().union(*(marks for _, marks in self._open))
        is_seen = "main" in around and around & STANDING_OUT and not around & (OPENING | QUIET)
        if is_seen and A_NUMBER.search(data):
            self.page.loose.append(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in ALONE:
            self._open.append((tag, {tag, *given.get("class", "").split(), *(OPENING & given.keys())}))
        if "data-figure" in given:
            self.page.figures.append(Link(given["data-figure"], given["data-value"], given["href"]))
        if "data-fold" in given:
            fold = Fold(
                given["data-of"], given["data-fold"], given["data-value"], float(given.get("data-rounded", 0))
            )
            self.page.folds[fold.name] = fold
        elif "data-part" in given:
            part = float(given["data-part"]) if given["data-part"] else None
            pair = (part, float(given.get("data-weight") or 0))
            self.page.parts.setdefault(given["data-of"], []).append(pair)
        if tag == "a" and given.get("rel") == "next":
            self.page.next_href = given["href"]


@lru_cache(maxsize=500)
def read(html: str) -> Page:
    """Return the figures, folds and parts of a page; many figures open into the same one."""
    reader = _Reader()
    reader.feed(html)
    return reader.page


def fetching(ask: Callable[[str], Any]) -> Callable[[str], str]:
    """Return a function that gives the text of a page, which must be there; ``ask`` gets an answer."""

    def fetch(address: str) -> str:
        answer = ask(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        text: str = answer.content.decode()
        return text

    return fetch


def opened(
    fetch: Callable[[str], str], base: str, link: Link
) -> tuple[Fold, list[tuple[float | None, float]]]:
    """Return the fold that a figure opens into, with its parts from all the pages of its rows."""
    address = urldefrag(urljoin(base, link.href)).url
    first = read(fetch(address))
    assert link.name in first.folds, f"{link.name} does not open at {address}"
    parts, page = list(first.parts.get(link.name, [])), first
    while page.next_href:
        address = urljoin(address, page.next_href)
        page = read(fetch(address))
        parts += page.parts.get(link.name, [])
    return first.folds[link.name], parts


def folded(kind: str, parts: list[tuple[float | None, float]]) -> float | None:
    """Return the fold of parts."""
    known = [part for part, _ in parts if part is not None]
    if kind in {"sum", "count"}:
        return sum(known) if known or kind == "count" else None
    if kind == "product":
        return prod(known)
    if kind == "spread":
        return max(known) - min(known)
    if kind == "share":
        return sum(known) / len(known) if known else None
    weights = sum(weight for _, weight in parts)
    if kind == "mean":
        return sum((part or 0) * weight for part, weight in parts) / weights if weights else None
    assert kind == "ratio", f"no such fold: {kind}"
    return sum(known) / weights if weights else None


def problems(fetch: Callable[[str], str], address: str) -> Iterator[str]:
    """Yield each figure and each fold of a page that does not open, or whose rows do not add up to it."""
    page = read(fetch(address))
    own = [Link(fold.name, fold.value, address) for fold in page.folds.values()]
    for link in dict.fromkeys([*page.figures, *own]):
        fold, parts = opened(fetch, address, link)
        found = folded(fold.kind, parts)
        if not _same(found, fold.value, fold.rounded * (len(parts) + 1)):
            yield f"{address}: {link.name} opens as {fold.value}, its rows give {found}"
        if not _same(_number(link.value), fold.value, 1e-9):
            yield f"{address}: {link.name} says {link.value}, but opens as {fold.value}"


def _number(text: str) -> float | None:
    return float(text) if text else None


def _same(found: float | None, said: str, slack: float) -> bool:
    value = _number(said)
    if found is None or value is None:
        return (found or 0) == (value or 0)
    return abs(found - value) <= slack + 1e-6 * max(1.0, abs(value))
