"""Addresses of what all tables share, and of the gallery."""

from __future__ import annotations

from django.urls import path

from evenbook.screens import web

urlpatterns = [
    path("views/<slug:table>", web.view_save, name="view-save"),
    path("views/<int:view_id>/drop", web.view_drop, name="view-drop"),
    path("-/patterns", web.gallery, name="patterns"),
]
