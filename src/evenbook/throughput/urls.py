"""Address of a person's weekly seven."""

from __future__ import annotations

from django.urls import path

from evenbook.throughput import web

urlpatterns = [path("seven/<path:key>", web.seven, name="seven")]
