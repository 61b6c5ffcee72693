"""What becomes of openings. ``raise_hand`` is the door for what customers do themselves."""

from __future__ import annotations

from evenbook.expansion.actions.keeping import KEPT, store
from evenbook.expansion.actions.opening import Opened, raise_hand

__all__ = ["KEPT", "Opened", "raise_hand", "store"]
