"""The rows as they are kept, for operations to look at: behind the same door as every page, read only.

Every model of every slice is here by itself. Nothing can be added, changed or deleted: that is what
actions are for, which check and record. What opens a door is never shown.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

HIDDEN_ENDINGS = ("password", "secret", "digest", "token", "session_key")
TRAIL = tuple(
    f"people.AuditEntry.{name}" for name in ("by_name", "thing_id", "thing_name", "before", "after")
)
FEELINGS = ("throughput.Pulse.felt", "throughput.Pulse.word")
HIDDEN = frozenset({"people.OpenSession.key", "mails.Mail.text", "people.Forgotten.salt", *FEELINGS, *TRAIL})
"""A session's key is a way in; a mail that waits may hold a link that is one. The trail has its own page,
which hides the names of people who were forgotten. How a load feels is between a person and their leader."""

OF_THE_SITE = frozenset({"index", "app_list", "jsi18n"})
OF_A_MODEL = ("_changelist", "_change")
LONG = (models.TextField, models.JSONField, models.BinaryField, models.ForeignKey)
COLUMNS = 6


class Records(AdminSite):
    """Django's admin without its own door: no sign-in, no passwords, nothing but looking."""

    site_header = site_title = "Evenbook records"
    index_title = "Rows as they are kept"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in operations who came through the one door, second factor and all."""
        viewer = getattr(request, "viewer", None)
        return bool(viewer and viewer.is_operations)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse everybody else, instead of showing a sign-in of its own."""
        shown = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *given: Any, **named: Any) -> Any:
            if not self.has_permission(request):
                raise PermissionDenied("Only operations looks at the records.")
            if request.method not in {"GET", "HEAD"}:
                raise PermissionDenied("The records are read only.")
            return shown(request, *given, **named)

        return update_wrapper(answer, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the addresses of looking alone."""
        kept = [
            each for each in super().get_urls() if isinstance(each, URLResolver) or each.name in OF_THE_SITE
        ]
        return [_behind_our_door(each) for each in kept]


class ReadOnly(ModelAdmin):  # type: ignore[type-arg]
    """A model to look at."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: object = None) -> Any:
        """Return what a row shows."""
        return [field.name for field in _shown(self.model)]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return what a list shows: the short ones first."""
        return ["pk", *_columns(self.model)]

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the list and of one row."""
        kept = [each for each in super().get_urls() if (each.name or "").endswith(OF_A_MODEL)]
        return [_behind_our_door(each) for each in kept]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the slice."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Show the rows; ``Records`` has settled to whom."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Add nothing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Change nothing."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Delete nothing."""
        return False


def is_hidden(field: models.Field[Any, Any]) -> bool:
    """Return whether what a field holds opens a door."""
    name = f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"
    return field.name.endswith(HIDDEN_ENDINGS) or name in HIDDEN


def records() -> Records:
    """Return the site with every model of ours."""
    site = Records(name="admin")
    for model in apps.get_models():
        if model.__module__.startswith("evenbook."):
            site.register(model, ReadOnly)
    return site


def _behind_our_door(address: Any) -> Any:
    """Return an address that sends strangers to our sign-in."""
    if isinstance(address, URLPattern):
        address.callback.login_url = "sign-in"  # type: ignore[attr-defined]
    return address


def _shown(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not is_hidden(field)]


def _columns(model: type[models.Model]) -> list[str]:
    short = [field.name for field in _shown(model) if not isinstance(field, LONG) and not field.primary_key]
    return short[:COLUMNS]
