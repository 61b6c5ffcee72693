"""Imports that outlive a request: those that a person began in the browser, and those of the inbox."""

from evenbook.runs.declared import Round
from evenbook.sources.jobs.inbox import INBOX, look_into
from evenbook.sources.jobs.working import LOAD, LOOK

WORKS = (LOOK, LOAD, INBOX)
ROUNDS = (Round("inbox", 10, look_into),)
