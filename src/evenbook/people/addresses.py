"""Where people open Evenbook: what a link in a mail begins with.

A request names the host it was sent to, and whoever sends it may name any. So a link is made from
``EVENBOOK_URL``; without it, from a host that ``EVENBOOK_HOSTS`` names, and never where those are
patterns that anything fits.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from evenbook.kit.errors import EvenbookError


class NoAddress(EvenbookError):
    """Nobody has said where people open Evenbook, so no link can be mailed."""

    kind = "no-address"


def base_address(request: HttpRequest | None = None) -> str:
    """Return the address that links begin with, without a slash at its end.

    Raises:
        NoAddress: it was not set, and the request can't be trusted to tell it.
    """
    if settings.EVENBOOK_URL:
        return _checked(settings.EVENBOOK_URL)
    if request is None or any(host.startswith((".", "*")) for host in settings.ALLOWED_HOSTS):
        raise NoAddress(
            "A link can't be mailed: nobody has said where people open Evenbook.",
            fix="Set EVENBOOK_URL, like https://evenbook.company.example",
        )
    return f"{request.scheme}://{request.get_host()}"


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise NoAddress(
            "EVENBOOK_URL is not the address of a page.", fix="Write it like https://evenbook.company.example"
        )
    return url
