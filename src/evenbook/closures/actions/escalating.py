"""Escalations that a person opens, and the word that an issue was resolved outside the CS team.

What is opened is written as a ticket of our own, so that the rules open its loop as they open that of any
escalated ticket. The loop is closed by its artifact, which hands the issue over; the issue itself stays
active until its resolution is recorded.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.book.access import answers_for
from evenbook.book.actions.accounts import hold
from evenbook.book.directory import has_churned
from evenbook.book.lookup import NoSuchAccount, account_of_key
from evenbook.book.queries import NamedAccount
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.rules.escalation import loop_of_tickets, severities
from evenbook.closures.rules.writing import cleaned, folded, is_placeholder, one_line, short
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import latest
from evenbook.records.actions import open_issue, solve_issue
from evenbook.records.queries import Issue, issue_called, open_issues
from evenbook.runs.actions import happened

LONGEST_CAUSE, LONGEST_NOTE = 200, 2_000


class EscalationRefused(EvenbookError):
    """An escalation without a cause or a severity, or of an account that has churned."""

    kind = "escalation-refused"


class NotTheirAccount(EvenbookError):
    """An account for which somebody else answers."""

    kind = "not-their-account"
    status = 403


class IssueOpen(EvenbookError):
    """An escalation for a cause that is open at the account already."""

    kind = "issue-open"
    status = 409


class NoSuchIssue(EvenbookError):
    """An issue that is not there, or at an account that who asks may not open."""

    kind = "no-such-issue"
    status = 404


class IssueResolved(EvenbookError):
    """An issue whose resolution is recorded already."""

    kind = "issue-resolved"
    status = 409


def escalate(
    account_key: str, cause: str, severity: str, note: str = "", *, by: Viewer, now: datetime
) -> Issue:
    """Open an escalation at an account; its loop opens with the next refresh.

    Args:
        account_key: the account's.
        cause: what is wrong, in a line; one escalation of an account and a cause is open at a time.
        severity: one of ``rules.escalation.severities``.
        note: what others should know.
        by: who opens it.
        now: when.

    Raises:
        NoSuchAccount, NotTheirAccount: it is not there, or not for them.
        EscalationRefused: it has churned, or what was given will not do.
        IssueOpen: there is one for this cause.
    """
    with transaction.atomic():
        account = account_of_key(by, account_key)
        if account is None:
            raise no_such_account(account_key)
        _must_answer(by, account)
        values = _values(cause, severity, note, by)
        hold(account.id)
        if has_churned(account.id, now=now):
            raise EscalationRefused(
                f"{account.name} has churned, and nothing new is opened for it.",
                fix="If it is a customer again, import its revenue or its status first.",
            )
        _must_be_new(account, str(values["subject"]))
        event = open_issue(account.id, values, now=now)
        told = {"cause": values["subject"], "severity": values["priority"]}
        record(by, "escalation.opened", _thing(event, account.name, cause), at=now, after=told)
        happened("escalation.opened", accounts=[account.id], by=by.name, now=now)
        found = issue_called(SYSTEM, event)
    assert found is not None
    return found


def resolve(event: str, note: str = "", *, by: Viewer, now: datetime) -> Issue:
    """Write down that an issue that was opened here was resolved outside; its loop stays as it is.

    Args:
        event: what the issue is called.
        note: how it was resolved.
        by: who says so.
        now: when.

    Raises:
        NoSuchIssue, NotTheirAccount: it is not there, or not for them.
        EscalationRefused: another system keeps it, or the note is too long.
        IssueResolved: it was resolved before.
    """
    with transaction.atomic():
        issue, account = _held_issue(event, by)
        if not issue.is_by_hand:
            raise EscalationRefused(
                f"This issue is a ticket of {issue.source}, and is resolved there.",
                fix="Solve the ticket; the next import brings its solution.",
            )
        if issue.solved_at is not None:
            raise IssueResolved(
                f"This issue was resolved on {issue.solved_at:%d %B %Y} by {issue.resolved_by}.",
                fix="Nothing was changed. If it is back, open it again.",
            )
        told = {"resolved_by": by.name[:120], "resolution": _note(note)}
        solve_issue(issue, told, now=now)
        record(by, "escalation.resolved", _thing(event, account.name, issue.cause), at=now, after=told)
        happened("escalation.resolved", accounts=[account.id], by=by.name, now=now)
    return issue


def _held_issue(event: str, by: Viewer) -> tuple[Issue, NamedAccount]:
    """Return an issue of an account for which who asks answers, the account locked."""
    found = issue_called(SYSTEM, event)
    account = account_of_key(by, found.account_key) if found else None
    if found is None or account is None:
        raise no_such_issue(event)
    _must_answer(by, account)
    hold(account.id)
    now_stands = issue_called(SYSTEM, event)
    return now_stands or found, account


def no_such_account(key: str) -> NoSuchAccount:
    """Return the refusal of a key that no account has which whoever asks may know."""
    return NoSuchAccount(
        f"No account that you may open has the key '{short(key)}'.",
        fix="Look for its key by its name or domain: evenbook why NAME",
    )


def no_such_issue(named: str) -> NoSuchIssue:
    """Return the refusal of what no issue is called that whoever asks may see."""
    return NoSuchIssue(
        f"No issue that you may see is called '{short(named)}'.",
        fix="List those that are open: evenbook escalate ACCOUNT",
    )


def _must_answer(by: Viewer, account: NamedAccount) -> None:
    if not answers_for(by, account.id):
        raise NotTheirAccount(
            f"Somebody else answers for {account.name}.",
            fix="Ask its owner, who covers for them, or their leader.",
        )


def _values(cause: str, severity: str, note: str, by: Viewer) -> dict[str, object]:
    """Return the values of the ticket, or say of the first one that will not do why."""
    numbers = latest().policy.of(ClosuresNumbers)
    loop, known = loop_of_tickets(numbers), severities(numbers)
    if loop is None:
        raise EscalationRefused(
            "No loop of the policy is opened by an escalated ticket.",
            fix="Add one to the policy, under Loops.",
        )
    if severity not in {each.value for each in known}:
        said = f"'{short(severity)}' is no severity." if severity.strip() else "The severity is not given."
        raise EscalationRefused(said, fix=f"Choose one of: {', '.join(each.value for each in known)}.")
    return {
        "subject": _cause(cause),
        "priority": severity,
        "kind": loop.named,
        "custom": {"opened_by": by.name[:120], "note": _note(note)},
    }


def _cause(text: str) -> str:
    line = one_line(text)
    if len(line) > LONGEST_CAUSE:
        raise EscalationRefused(
            f"The cause has {len(line):,} characters.",
            fix=f"Say it in {LONGEST_CAUSE} at most; the rest belongs into the note.",
        )
    if not line or is_placeholder(line):
        raise EscalationRefused(
            "The cause is empty." if not line else f"'{short(line)}' says no cause.",
            fix="Say in a few words what is wrong, such as: exports have failed since Monday.",
        )
    return line


def _note(text: str) -> str:
    note = cleaned(text)
    if len(note) > LONGEST_NOTE:
        raise EscalationRefused(
            f"The note has {len(note):,} characters.", fix=f"Say it in {LONGEST_NOTE:,} at most."
        )
    return note


def _must_be_new(account: NamedAccount, cause: str) -> None:
    for each in open_issues(SYSTEM, account.id):
        if folded(each.cause) == folded(cause):
            raise IssueOpen(
                f"This is open at {account.name} since {each.escalated_at:%d %B %Y}: '{short(each.cause)}'.",
                fix="Go on with that one, or say what is different about this one.",
            )


def _thing(event: str, account: str, cause: str) -> Thing:
    return Thing("escalation", event, f"{account}: {one_line(cause)}")
