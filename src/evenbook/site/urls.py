"""Root addresses: each slice that has pages brings its own ``urls``, high slices first."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from evenbook.site.admin import records
from evenbook.site.api import addresses, build
from evenbook.site.web import coverage_of_any_day, personal, probes, set_up

OF_ANY_DAY = {"coverage"}
"""Pages that answer for any past day, not only for days that were run."""


def _with_pages() -> list[str]:
    apps = [app for app in settings.INSTALLED_APPS if app.startswith("evenbook.") and app != "evenbook.site"]
    return [f"{app}.urls" for app in reversed(apps) if find_spec(f"{app}.urls")]


def _addresses(module: str) -> list[URLPattern | URLResolver]:
    return [_opened(address) for address in import_module(module).urlpatterns]


def _opened(address: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(address, URLPattern) and address.name in OF_ANY_DAY:
        return path(str(address.pattern), coverage_of_any_day(address.callback), name=address.name)
    if isinstance(address, URLPattern) and address.name == "sign-in":
        return path(str(address.pattern), set_up.or_first(address.callback), name=address.name)
    return address


urlpatterns: list[URLPattern | URLResolver] = [
    path("health", probes.health, name="health"),
    path("ready", probes.ready, name="ready"),
    path("metrics", probes.counted, name="metrics"),
    path("set-up", set_up.first, name="set-up"),
    path("personal-data", personal.find, name="personal-data"),
    path("personal-data/<slug:kind>/<str:who>", personal.one, name="personal-data-of"),
    path("personal-data/<slug:kind>/<str:who>/file", personal.file, name="personal-data-file"),
    *(path("", include(_addresses(name))) for name in _with_pages()),
    path("admin/", records().urls),
]
handler500 = "evenbook.site.web.went_wrong"

API = build()
urlpatterns.append(path("api/v1/", include((addresses(API), "api"))))
