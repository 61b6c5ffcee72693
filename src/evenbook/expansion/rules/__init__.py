"""What is decided of openings: who closes them, how they move, which accounts are worth a talk."""

from __future__ import annotations

STEPS: tuple[object, ...] = ()
