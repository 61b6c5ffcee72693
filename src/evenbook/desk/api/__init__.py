"""Accounts, people and weeks, for programs: what the desk's pages show."""

from __future__ import annotations

from evenbook.desk.api import account, accounts, ahead, mails, proposed_weeks, weeks
from evenbook.rest.router import Router

router = Router("Desk")
for part in (accounts, account, weeks, ahead, proposed_weeks, mails):
    router.add_router("", part.router)
