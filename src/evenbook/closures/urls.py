"""Addresses of the coverage matrix and of loops."""

from __future__ import annotations

from django.urls import path

from evenbook.closures.web import coverage, loops

urlpatterns = [
    path("coverage", coverage.coverage, name="coverage"),
    path("loops/<int:number>", loops.one, name="loop"),
    path("loops/<int:number>/draft", loops.draft, name="loop-draft"),
    path("loops/<int:number>/waive", loops.waive, name="loop-waive"),
    path("loops/<int:number>/take", loops.take, name="loop-take"),
    path("follow-ups/<int:number>", loops.follow_up, name="follow-up"),
]
