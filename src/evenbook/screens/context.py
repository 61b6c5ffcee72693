"""What every page takes besides its own: the navigation and who is looking."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest

from evenbook.screens.places import address, links_for


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``viewer`` and ``places``: (group, links) in the order of the sketch."""
    viewer = getattr(request, "viewer", None)
    if not viewer:
        return {"viewer": None, "places": ()}
    links = links_for(viewer.role, request.path)
    groups = [(name, list(of)) for name, of in groupby(links, lambda each: each.group)]
    return {"viewer": viewer, "places": groups, "find_at": address("find")}
