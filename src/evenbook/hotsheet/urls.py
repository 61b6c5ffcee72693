"""Addresses of the hot sheet: the page, what is said of its rows, its replay."""

from __future__ import annotations

from django.urls import path

from evenbook.hotsheet.web.replay import adopt, replay, run
from evenbook.hotsheet.web.sheet import hot_sheet, marked

urlpatterns = [
    path("hot-sheet", hot_sheet, name="hot-sheet"),
    path("hot-sheet/accounts/<str:key>/mark", marked, name="hot-sheet-mark"),
    path("hot-sheet/replay", replay, name="replay"),
    path("hot-sheet/replay/run", run, name="replay-run"),
    path("hot-sheet/replay/<int:number>/adopt", adopt, name="replay-adopt"),
]
