"""The hot sheet and its replay, for programs."""

from __future__ import annotations

from evenbook.hotsheet.api import replay
from evenbook.hotsheet.api.sheet import router

__all__ = ["replay", "router"]
