"""Accounts, people and weeks, for programs: what the desk's pages show."""

from __future__ import annotations

from evenbook.desk.api import (
    account,
    accounts,
    ahead,
    executive,
    mails,
    proposed_weeks,
    reports,
    roles,
    weeks,
)
from evenbook.rest.router import Router

router = Router("Desk")
for part in (accounts, roles, account, weeks, ahead, proposed_weeks, mails, executive, reports):
    router.add_router("", part.router)
