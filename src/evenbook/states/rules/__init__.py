"""Where each account stands: its health score, its state, and every change of it with its causes."""

from __future__ import annotations

from evenbook.frames.step import rule_step, sql_step
from evenbook.states.rules.fold import NO_STANDINGS, stand

STEPS = (
    sql_step("evenbook.states", "score_weight"),
    sql_step("evenbook.states", "score_point"),
    sql_step("evenbook.states", "score_as_of"),
    sql_step("evenbook.states", "state_input"),
    rule_step("state_as_of", ("state_input", "state_carry"), stand, also=("state_move", "state_carry_after")),
    sql_step("evenbook.states", "transition"),
    sql_step("evenbook.states", "standing_as_of"),
    sql_step("evenbook.states", "standing_terms"),
)
__all__ = ["NO_STANDINGS", "STEPS"]
