"""Who may import: operations. For everybody else these pages are not there."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.policy.schema import AnySection
from evenbook.sources.jobs import uploads
from evenbook.sources.jobs.uploads import Upload
from evenbook.sources.jobs.working import OF_A_TOKEN, home
from evenbook.sources.numbers import SourcesNumbers


def keeper(request: HttpRequest) -> Viewer:
    """Return the viewer, who may import.

    Raises:
        Http404: they may not.
    """
    viewer = asking(request)
    if not viewer.is_operations:
        raise Http404
    return viewer


def known_as(viewer: Viewer) -> str:
    """Return how an upload remembers who sent it."""
    return f"{OF_A_TOKEN}{viewer.token_id}" if viewer.token_id else str(viewer.user_id)


def upload_of(viewer: Viewer, token: str) -> Upload:
    """Return an upload that the viewer sent.

    Raises:
        Http404: there is none.
    """
    found = uploads.find(home(), token, by=known_as(viewer))
    if found is None:
        raise Http404
    return found


def limits() -> SourcesNumbers:
    """Return the limits of imports that are in force."""
    return _section(SourcesNumbers)


def _section(kind: type[AnySection]) -> AnySection:
    try:
        return latest().policy.of(kind)
    except KeyError:
        return kind()
