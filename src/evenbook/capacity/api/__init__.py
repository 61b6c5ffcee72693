"""Effort and capacity for programs."""

from __future__ import annotations

from evenbook.capacity.api.calibration import router

__all__ = ["router"]
