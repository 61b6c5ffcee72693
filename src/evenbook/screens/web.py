"""Keeping views of tables, and the gallery of components."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from evenbook.people.asking import asking
from evenbook.screens import patterns
from evenbook.screens.actions import ViewRefused, drop_view, save_view


@require_POST
def view_save(request: HttpRequest, table: str) -> HttpResponse:
    """Keep the view of a table that the form describes, and go back to it."""
    query = request.POST.get("query", "")
    try:
        save_view(asking(request), table, name=request.POST.get("name", ""), query=query, now=timezone.now())
    except ViewRefused as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, "The view is kept.")
    return _back(request, query)


@require_POST
def view_drop(request: HttpRequest, view_id: int) -> HttpResponse:
    """Drop one of the viewer's own views."""
    try:
        drop_view(asking(request), view_id, now=timezone.now())
    except ViewRefused as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    return _back(request)


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    context: dict[str, Any] = patterns.samples(request.GET, as_of=date(2026, 3, 9))
    return render(request, "screens/patterns.html", context)


def _back(request: HttpRequest, query: str = "") -> HttpResponseRedirect:
    path = request.POST.get("back", "/")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return HttpResponseRedirect(f"{path if is_ours else '/'}{f'?{query}' if query else ''}")
