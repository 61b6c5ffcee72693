"""The API of an instance: every slice's endpoints under one root, with the description of all of them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from evenbook import __version__
from evenbook.rest.entrance import Entrance
from evenbook.rest.rendering import text_of
from evenbook.rest.root import Api
from evenbook.site.web import personal_api

ABOUT = (
    "Everything that the pages of Evenbook show and do, for programs. A token of operations signs in, in the "
    "header Authorization alone. Money is in major units with its currency, shares run 0 to 1, what has no "
    "value is null, days and instants are ISO 8601 in UTC, lists begin with what matters first."
)


def build() -> Api:
    """Return the API with the endpoints of all slices, high slices first."""
    api = Api(title="Evenbook", version=__version__, description=ABOUT)
    for app in reversed(settings.INSTALLED_APPS):
        if app.startswith("evenbook.") and app != "evenbook.site" and find_spec(f"{app}.api"):
            api.add_router("", import_module(f"{app}.api").router)

    api.add_router("", personal_api.router)

    @api.get("/openapi.json", auth=[Entrance("read")], include_in_schema=False)
    def description(request: HttpRequest) -> HttpResponse:
        return HttpResponse(text_of(api.get_openapi_schema()), content_type="application/json")

    return api


def addresses(api: Api) -> list[URLPattern | URLResolver]:
    """Return the addresses under the root; each asks by itself who is there, and sends nobody to sign in."""
    found: list[URLPattern | URLResolver] = [*api.urls[0]]
    for each in found:
        if isinstance(each, URLPattern):
            each.callback.login_required = False  # type: ignore[attr-defined]
    return found
