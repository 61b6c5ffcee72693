"""Addresses of expansion: openings and their pipeline, the list, the ladder, the scoreboards."""

from __future__ import annotations

from django.urls import path

from evenbook.expansion.web import ladder, listed, openings, scoreboards

urlpatterns = [
    path("expansion", openings.page, name="expansion"),
    path("expansion/open", openings.open_one, name="opening-new"),
    path("expansion/openings/<int:number>", openings.one, name="opening"),
    path("expansion/pipeline", openings.group, name="expansion-pipeline"),
    path("expansion/list", listed.page, name="expansion-list"),
    path("expansion/ladder", ladder.page, name="expansion-ladder"),
    path("expansion/trials", ladder.begin, name="trial-new"),
    path("expansion/trials/<int:number>", ladder.end, name="trial-end"),
    path("expansion/scoreboards", scoreboards.page, name="scoreboards"),
    path("expansion/machines", scoreboards.say, name="machine-say"),
]
