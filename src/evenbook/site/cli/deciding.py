"""Commands of leaders: what waits for a decision, deciding it, the diagnosis of a missing artifact."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.closures.actions.diagnosing import decide as keep_diagnosis
from evenbook.closures.rules.diagnosis import DIAGNOSES
from evenbook.decisions import actions
from evenbook.decisions.queries import (
    DecisionRow,
    DecisionsWanted,
    decision,
    how_many_decisions,
)
from evenbook.decisions.queries import (
    decisions as decisions_of,
)
from evenbook.decisions.rules import ACCEPTED, DECLINED, DONE, LAPSED, OPEN
from evenbook.kit.findings import counted
from evenbook.runs.asked import week_asked
from evenbook.site.actor import Acting
from evenbook.site.cli.printed import plain, screen

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SHOWN = 40


@click.group()
def decisions() -> None:
    """What waits for a leader: list, decide, say that it is done, take back."""


@decisions.command(name="list")
@click.option(
    "--state", type=click.Choice([OPEN, ACCEPTED, DONE, DECLINED, LAPSED]), help="How they stand; else all."
)
@AS_JSON
@click.pass_obj
def listing(acting: Acting, *, state: str | None, as_json: bool) -> int:
    """List decisions, those that wait first. Ends with 1 where one waits."""
    acting.ready()
    viewer, wanted = acting.viewer, DecisionsWanted(state=state or "")
    waiting = how_many_decisions(viewer, wanted=DecisionsWanted(state=OPEN))
    if as_json:
        rows = decisions_of(viewer, wanted=wanted)
        click.echo(json.dumps([_document(row) for row in rows], ensure_ascii=False))
        return 1 if waiting else 0
    rows = decisions_of(viewer, wanted=wanted, limit=SHOWN)
    total = how_many_decisions(viewer, wanted=wanted)
    if rows:
        screen().print(_table(rows))
    if total > len(rows):
        click.echo(f"… and {total - len(rows)} more; --json lists all.")
    click.echo(f"decisions: {counted(waiting, 'decision waits', 'decisions wait')}.")
    return 1 if waiting else 0


@decisions.command()
@click.argument("number", type=click.IntRange(1))
@click.argument("choice")
@click.option("--note", default="", help="Why, or what is to be done.")
@click.pass_obj
def decide(acting: Acting, number: int, choice: str, *, note: str) -> int:
    """Decide NUMBER: CHOICE is one of its choices, such as redistribute, hire or wait."""
    acting.ready()
    by = acting.writer()
    actions.decide(number, choice, note, by=by, now=acting.now)
    row = decision(by, number)
    click.echo(f"decisions: {plain(row.subject)}: {row.decided}." if row else "decisions: decided.")
    return 0


@decisions.command()
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def done(acting: Acting, number: int) -> int:
    """Say that what was accepted of NUMBER has been done; from now on its effect is measured."""
    acting.ready()
    actions.finish(number, by=acting.writer(), now=acting.now)
    click.echo("decisions: it is done.")
    return 0


@decisions.command(name="take-back")
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def take_back(acting: Acting, number: int) -> int:
    """Let the decision NUMBER wait again, as long as what it is about holds."""
    acting.ready()
    actions.take_back(number, by=acting.writer(), now=acting.now)
    click.echo("decisions: it waits again.")
    return 0


@click.command()
@click.argument("account")
@click.argument("kind")
@click.argument("diagnosis", type=click.Choice(list(DIAGNOSES)))
@click.option("--note", default="", help="What others should know.")
@click.pass_obj
def diagnose(acting: Acting, account: str, kind: str, diagnosis: str, *, note: str) -> int:
    """Confirm or overrule why KIND is missing at ACCOUNT, as `evenbook audit` suggests it.

    ACCOUNT is a key and KIND an artifact, such as check_in_note.
    """
    acting.ready()
    by = acting.writer()
    found = keep_diagnosis(account, kind, diagnosis, note, by=by, week=week_asked(by, None), now=acting.now)
    how = "confirmed" if found.diagnosis == diagnosis else f"{found.title.lower()} was suggested"
    click.echo(f"diagnose: {DIAGNOSES[diagnosis].lower()} is kept; {how}.")
    return 0


COMMANDS = (decisions, diagnose)


def _document(row: DecisionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "person": row.person_key or None,
        "person_name": row.person_name or None,
        "account": row.account_key or None,
        "account_name": row.account_name or None,
        "sentence": row.sentence,
        "reasons": list(row.reasons),
        "state": row.state,
        "as_of": row.as_of.isoformat(),
        "choices": [each.value for each in row.choices],
        "decided": row.choice or None,
        "note": row.note or None,
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "owners": list(row.owners),
    }


def _table(rows: tuple[DecisionRow, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Id", "About", "State", "Why", "Decided"):
        table.add_column(head, overflow="fold")
    for row in rows:
        why = " ".join((row.sentence, *row.reasons))
        table.add_row(str(row.id), plain(row.subject), row.state_name, plain(why), plain(row.decided))
    return table
