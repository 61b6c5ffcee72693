"""What changes runs: the ledger of weeks, pieces of work, what happened, the workers that are there."""

from evenbook.runs.actions.happenings import happened, settle, settle_before, take_happenings
from evenbook.runs.actions.pieces import (
    JobGone,
    JobRefused,
    add_line,
    begin,
    begun,
    cancel,
    forget,
    hand_over,
    hand_over_again,
    record_end,
    record_step,
    retry,
    said,
)
from evenbook.runs.actions.weeks import (
    Keeping,
    StoredRun,
    current,
    current_before,
    days_stored,
    open_run,
)
from evenbook.runs.actions.workers import join, leave, lost_workers, take_over, tell_alive

__all__ = [
    "JobGone",
    "JobRefused",
    "Keeping",
    "StoredRun",
    "add_line",
    "begin",
    "begun",
    "cancel",
    "current",
    "current_before",
    "days_stored",
    "forget",
    "hand_over",
    "hand_over_again",
    "happened",
    "join",
    "leave",
    "lost_workers",
    "open_run",
    "record_end",
    "record_step",
    "retry",
    "said",
    "settle",
    "settle_before",
    "take_happenings",
    "take_over",
    "tell_alive",
]
