"""Which metrics and reports there are, for whom, and where each acts. Pure; no step of the weekly run."""

from __future__ import annotations

STEPS = ()
