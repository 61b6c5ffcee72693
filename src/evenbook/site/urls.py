"""Root addresses: each slice that has pages brings its own ``urls``, high slices first."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


def _with_pages() -> list[str]:
    apps = [app for app in settings.INSTALLED_APPS if app.startswith("evenbook.") and app != "evenbook.site"]
    return [f"{app}.urls" for app in reversed(apps) if find_spec(f"{app}.urls")]


urlpatterns: list[URLPattern | URLResolver] = [path("", include(name)) for name in _with_pages()]
