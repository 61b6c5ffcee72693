"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from evenbook.sources import web

urlpatterns = [
    path("import", web.imports, name="import"),
    path("import/questions", web.questions, name="import-questions"),
    path("import/uploads/<str:token>", web.preview, name="import-preview"),
    path("import/uploads/<str:token>/files/<int:number>", web.file, name="import-file"),
    path("import/uploads/<str:token>/rejects", web.preview_rejects, name="import-preview-rejects"),
    path("import/loads/<int:number>", web.past, name="import-load"),
    path("import/loads/<int:number>/rejects", web.rejects, name="import-rejects"),
]
