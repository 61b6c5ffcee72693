"""Every address of the product, taken from the resolver: what holds for all is asked of a new one too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, get_resolver, resolve


def routes() -> Iterator[tuple[str, str]]:
    """Yield each address pattern, without its leading slash, with its name."""
    yield from _below(get_resolver().url_patterns)


def _below(patterns: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _below(each.url_patterns, route)
        else:
            yield route, each.name or ""


def starts() -> list[str]:
    """Return every address that needs nothing filled in."""
    return [f"/{route}" for route, _ in routes() if "<" not in route and "(?P" not in route]


def kind_of(path: str) -> tuple[str, ...]:
    """Return an address pattern with the names of what is asked: one kind of page."""
    at = urlsplit(path)
    try:
        route = resolve(at.path).route
    except Resolver404:
        route = at.path
    return route, *sorted(part.split("=")[0] for part in at.query.split("&"))
