"""What becomes of openings. ``raise_hand`` is the door for what customers do themselves."""

from __future__ import annotations

from evenbook.expansion.actions.opening import Opened, raise_hand

__all__ = ["Opened", "raise_hand"]
