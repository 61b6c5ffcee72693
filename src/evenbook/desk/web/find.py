"""Finding an account, a person or a page by name: for the palette, and as a page without script."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.book.queries import named, people_named
from evenbook.desk.web import links
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.screens.places import links_for

MOST_OPENS = 3
"""Accounts that were found at which an expansion can be opened from here: from every page, in two clicks."""


@dataclass(frozen=True)
class Found:
    """Something that goes by the name."""

    label: str
    kind: str
    href: str


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Answer with what goes by the name, as JSON where it is asked for."""
    viewer, text = asking(request), request.GET.get("q", "")[:100].replace("\x00", "").strip()
    found = _found(viewer, text)
    if request.GET.get("format") == "json":
        results = [{"label": each.label, "kind": each.kind, "href": each.href} for each in found]
        return JsonResponse({"results": results})
    return render(request, "desk/find.html", {"q": text, "found": found})


def _found(viewer: Viewer, text: str) -> tuple[Found, ...]:
    pages = [
        Found(link.label, "page", link.href)
        for link in links_for(viewer.role)
        if text.lower() in link.label.lower()
    ]
    accounts = [Found(each.name, "account", links.account(each.key)) for each in named(viewer, text)]
    opens = [
        Found(f"Open expansion at {each.label}", "action", f"{each.href}?source=account#expand")
        for each in accounts[:MOST_OPENS]
        if viewer.may_write
    ]
    people = [Found(each.name, "person", links.person_week(each.key)) for each in people_named(viewer, text)]
    return tuple([*accounts, *people, *pages, *opens] if text else pages)
