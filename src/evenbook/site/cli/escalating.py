"""The command of escalations: open one, say that one was resolved outside, or list those that are open."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.book.queries import NamedAccount
from evenbook.closures.actions.escalating import escalate as open_at
from evenbook.closures.actions.escalating import no_such_account, no_such_issue, resolve
from evenbook.closures.queries.issues import Issues, OpenIssue, account_with_issues, issues_at
from evenbook.kit.findings import counted
from evenbook.runs.queries import week
from evenbook.site.actor import Acting
from evenbook.site.cli.printed import plain, safe, screen


@click.command()
@click.argument("account")
@click.option(
    "--cause", default="", help="What is wrong, in a line; with --resolve also the id of the issue."
)
@click.option("--severity", default="", help="How soon it is handed over: a priority of the policy.")
@click.option("--note", default="", help="What others should know; with --resolve, how it was resolved.")
@click.option("--resolve", "is_over", is_flag=True, help="Say that the issue was resolved outside.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def escalate(
    acting: Acting, account: str, *, cause: str, severity: str, note: str, is_over: bool, as_json: bool
) -> int:
    """Open an escalation at ACCOUNT, say that one was resolved, or list those that are open.

    ACCOUNT is its key. Without a cause, what is open is listed and nothing is changed.
    """
    acting.ready()
    found, issues = _issues(acting, account)
    if not (cause or severity or note or is_over):
        return _listed(found, issues, as_json=as_json)
    by = acting.writer()
    if is_over:
        issue = issues.of_cause(cause)
        if issue is None:
            raise no_such_issue(cause)
        resolve(issue.event, note, by=by, now=acting.now)
        said = "the issue is resolved; its loop stays as it is"
    else:
        issue = open_at(account, cause, severity, note, by=by, now=acting.now)
        said = "the escalation is open; its loop opens with the next refresh"
    if as_json:
        click.echo(json.dumps({"id": issue.event, "account": found.key, "open": not is_over}))
    else:
        click.echo(safe(f"escalate: {found.name}, {issue.cause}: {said}."))
    return 0


COMMANDS = (escalate,)


def _issues(acting: Acting, key: str) -> tuple[NamedAccount, Issues]:
    """Return an account and what is open there, as far as whoever acts opens it or answers for it."""
    viewer = acting.viewer
    found = account_with_issues(viewer, key)
    if found is None:
        raise no_such_account(key)
    return found, issues_at(viewer, week(viewer), found.id, now=acting.now)


def _listed(account: NamedAccount, issues: Issues, *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps([_document(each) for each in issues.open], ensure_ascii=False))
        return 0
    if issues.open:
        table = Table(box=None, pad_edge=False)
        for head in ("Since", "Severity", "Cause", "Loop", "Id"):
            table.add_column(head, overflow="fold")
        for each in issues.open:
            state = each.loop.state.replace("_", " ") if each.loop else ""
            issue = each.issue
            table.add_row(
                f"{issue.escalated_at:%Y-%m-%d}", plain(issue.severity), plain(issue.cause), state,
                plain(issue.event),
            )  # fmt: skip
        screen().print(table)
    click.echo(
        safe(f"escalate: {counted(len(issues.open), 'issue is', 'issues are')} open at {account.name}.")
    )
    return 0


def _document(each: OpenIssue) -> dict[str, Any]:
    issue = each.issue
    return {
        "id": issue.event,
        "account": issue.account_key,
        "cause": issue.cause,
        "severity": issue.severity or None,
        "opened_on": issue.escalated_at.date().isoformat(),
        "opened_by": issue.opened_by or None,
        "note": issue.note or None,
        "source": issue.source,
        "loop": each.loop.key if each.loop else None,
        "loop_state": each.loop.state if each.loop else None,
    }
