"""What is looked at before an endpoint: who asks, for what their token was made, how much they send.

It decides nothing about customers. The order is from the cheapest to the dearest, and who asks
stands before what was asked, so that a stranger learns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from evenbook.rest import rates
from evenbook.rest.once import asker_of
from evenbook.rest.problems import (
    ForgeryRefused,
    Invalid,
    MediaTypeRefused,
    NotSignedIn,
    ScopeMissing,
    TokenInAddress,
    TooLarge,
)

JSON, BYTES = "application/json", "application/octet-stream"
MOST_JSON = 1024 * 1024
LONGEST_HEADER = 200
PRINTABLE_ASCII = r"^[ -~]*$"
PRINTABLE = re.compile(rf"[ -~]{{0,{LONGEST_HEADER}}}")
SAFE = frozenset({"GET", "HEAD"})
NAMES_OF_TOKENS = frozenset({"token", "access_token", "api_key", "apikey", "authorization", "auth", "key"})


@dataclass
class Entrance:
    """The way into one endpoint; ninja calls it with each request.

    Attributes:
        scope: what a token must have been made for.
        takes: the media type of its body; empty where it has none.
        fields: the fields that ``fields=`` may name.
        names: the parameters it has in its address, set once it is known.
        most_bytes: returns how large a body may be.
    """

    scope: str
    takes: str = ""
    fields: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    most_bytes: Callable[[], int] = field(default=lambda: MOST_JSON)

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """By what one comes in, as the description says it."""
        return [{"token": [self.scope]}, {"session": []}]

    def __call__(self, request: HttpRequest) -> Any:
        """Return who asks.

        Raises:
            NotSignedIn, ScopeMissing, ForgeryRefused, TooManyRequests: they may not.
            TokenInAddress, TooLarge, MediaTypeRefused, Invalid: what they sent is not read.
        """
        _no_token_in_address(request)
        viewer = _viewer(request)
        if viewer.scopes is not None and self.scope not in viewer.scopes:
            raise ScopeMissing(
                f"This token was not made for '{self.scope}'.",
                fix=f"Ask operations for a token with the scope '{self.scope}'.",
            )
        if viewer.token_id is None and request.method not in SAFE and check_csrf(request):
            raise ForgeryRefused(
                "A write with a session needs the token of our own page.",
                fix="Send the cookie 'csrftoken' as the header X-CSRFToken, or use an API token.",
            )
        now = request.arrived_at  # type: ignore[attr-defined]
        rates.count(asker_of(request), limit=settings.EVENBOOK_API_REQUESTS_A_MINUTE, now=now)
        self._look_at_body(request)
        _look_at_headers(request)
        self._look_at_names(request)
        return viewer

    def _look_at_body(self, request: HttpRequest) -> None:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > self.most_bytes():
            raise TooLarge(
                f"The body has {size:,} bytes; this endpoint takes {self.most_bytes():,}.",
                fix="Send less at once.",
            )
        if self.takes and request.content_type != self.takes:
            raise MediaTypeRefused("The body is of another media type.", fix=f"Send it as {self.takes}.")

    def _look_at_names(self, request: HttpRequest) -> None:
        unknown = [name for name in request.GET if name not in self.names]
        if unknown:
            raise Invalid(
                "The address has parameters that this endpoint does not know.",
                fix=f"It knows: {', '.join(sorted(self.names)) or 'none'}.",
                errors=[{"where": f"query.{name[:60]}", "what": "not known"} for name in unknown],
            )
        asked = [name.strip() for name in request.GET.get("fields", "").split(",") if name.strip()]
        strange = [name for name in asked if name not in self.fields]
        if strange:
            raise Invalid(
                "'fields' names what is not there.",
                fix=f"Choose from: {', '.join(sorted(self.fields))}.",
                errors=[{"where": "query.fields", "what": f"{name[:60]} is not known"} for name in strange],
            )


@dataclass
class SignedEntrance(Entrance):
    """The way in for what is signed instead of having a token.

    Attributes:
        verifies: refuses what is not signed as it has to be; called with the request and its body.
    """

    verifies: Callable[[HttpRequest, bytes], None] = field(default=lambda request, body: None)

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """By what one comes in, as the description says it."""
        return [{"signature": []}]

    def __call__(self, request: HttpRequest) -> Any:
        """Return that the request is signed.

        Raises:
            TooLarge, MediaTypeRefused, Invalid: what was sent is not read; and whatever ``verifies`` raises.
        """
        _no_token_in_address(request)
        self._look_at_body(request)
        _look_at_headers(request)
        self.verifies(request, request.body)
        self._look_at_names(request)
        return True


def _look_at_headers(request: HttpRequest) -> None:
    for name in ("Idempotency-Key", "If-Match", "If-None-Match"):
        if not (PRINTABLE.fullmatch(request.headers.get(name, ""))):
            raise Invalid(
                f"{name} does not consist of at most {LONGEST_HEADER} printable ASCII characters.",
                fix="Use a random UUID as a key, and tags as they came.",
            )


def _viewer(request: HttpRequest) -> Any:
    viewer = getattr(request, "viewer", None)
    if not viewer:
        raise NotSignedIn(
            "No token came with the request, or none that is valid now.",
            fix="Send the header 'Authorization: Bearer TOKEN' with one that has not ended.",
        )
    return viewer


def _no_token_in_address(request: HttpRequest) -> None:
    if any(name.lower() in NAMES_OF_TOKENS for name in request.GET):
        raise TokenInAddress(
            "A token stands in the address, where histories and logs keep it; it was not read.",
            fix="Send it in the header 'Authorization: Bearer TOKEN'. End this one: it is no longer secret.",
        )
