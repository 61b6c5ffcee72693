"""The issues that are open at an account: its escalated tickets, each with the loop that it opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evenbook.book.access import answers_for
from evenbook.book.lookup import account_of_key
from evenbook.book.queries import NamedAccount
from evenbook.book.queries import account as opened_in_full
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.loops import LoopRow, loops_called
from evenbook.closures.rules.escalation import Severity, severities
from evenbook.closures.rules.writing import folded
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import latest
from evenbook.records.queries import Issue, open_issues
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class OpenIssue:
    """An issue that waits for its resolution outside, and its loop, once a run has opened it."""

    issue: Issue
    loop: LoopRow | None


@dataclass(frozen=True)
class Issues:
    """The open issues of an account, and whether the viewer may open and resolve them."""

    open: tuple[OpenIssue, ...]
    may_act: bool
    severities: tuple[Severity, ...]

    def of_cause(self, text: str) -> Issue | None:
        """Return the issue of this cause, or that is called so."""
        found = (each.issue for each in self.open)
        return next((row for row in found if row.event == text or folded(row.cause) == folded(text)), None)


def account_with_issues(viewer: Viewer, key: str) -> NamedAccount | None:
    """Return an account whose issues the viewer may see: they open it in full, or answer for it."""
    found = account_of_key(viewer, key)
    if found and (opened_in_full(viewer, found.key) or answers_for(viewer, found.id)):
        return found
    return None


def issues_at(viewer: Viewer, week: Week | None, account_id: int, *, now: datetime) -> Issues:
    """Return what is open at an account, the oldest first.

    Whoever may open the account sees it, and whoever stands in for its owner. Before the first week
    there are no loops.
    """
    policy, may_act = latest().policy, answers_for(viewer, account_id)
    numbers = policy.of(ClosuresNumbers)
    found = open_issues(SYSTEM if may_act else viewer, account_id)
    kinds = [row.loop for row in numbers.loops if row.opened_by == "ticket"]
    keys = {issue.event: [f"{kind}:{issue.event}" for kind in kinds] for issue in found}
    wanted = [key for named in keys.values() for key in named]
    known = loops_called(viewer, policy, week.today(now), wanted) if week and wanted else {}
    rows = (
        OpenIssue(issue, next((known[key] for key in keys[issue.event] if key in known), None))
        for issue in found
    )
    return Issues(tuple(rows), may_act, severities(numbers))
