"""What is decided of openings: who closes them, how they move, which accounts are worth a talk."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STEPS = tuple(
    sql_step("evenbook.expansion", name)
    for name in ("expansion_point", "expansion_list", "mention_as_of", "addon_as_of")
)
