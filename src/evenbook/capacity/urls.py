"""Addresses of effort and capacity."""

from __future__ import annotations

from django.urls import path

from evenbook.capacity.web import calibration

urlpatterns = [
    path("calibration", calibration.shown, name="calibration"),
    path("calibration/work-out", calibration.work_out, name="calibration-work-out"),
    path("calibration/<int:number>", calibration.one, name="calibration-of"),
    path("calibration/<int:number>/adopt", calibration.adopt, name="calibration-adopt"),
]
