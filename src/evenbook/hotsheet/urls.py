"""Address of the hot sheet."""

from __future__ import annotations

from django.urls import path

from evenbook.hotsheet import web

urlpatterns = [path("hot-sheet", web.hot_sheet, name="hot-sheet")]
