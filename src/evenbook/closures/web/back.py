"""Where a page goes after what was done on it: where the person came from, else their week."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from evenbook.screens.places import address


def back_of(request: HttpRequest) -> str:
    """Return the address on this site that the request asks to go back to."""
    path = request.POST.get("back") or request.GET.get("back") or ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else address("my-week")
