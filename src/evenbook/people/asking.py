"""Who asks, from a request: the one line that every page starts with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from evenbook.people.viewer import Viewer


def asking(request: HttpRequest) -> Viewer:
    """Return the viewer of a signed-in request.

    Strangers do not come this far: the middleware sends them to sign in.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if not viewer:
        raise PermissionDenied("Nobody is signed in.")
    return viewer
