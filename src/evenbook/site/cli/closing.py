"""Commands of loops: list them, close one with its artifact, waive one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from evenbook.book.queries import me
from evenbook.capacity.queries import account_row
from evenbook.closures.actions.batches import Signed
from evenbook.closures.actions.batches import acknowledge_reviews as sign_reviews
from evenbook.closures.actions.closing import close as close_with
from evenbook.closures.actions.deciding import REASONS
from evenbook.closures.actions.deciding import waive as waive_for
from evenbook.closures.actions.owed import no_such_loop
from evenbook.closures.actions.reading import acknowledge as acknowledge_brief
from evenbook.closures.queries.batches import MOST
from evenbook.closures.queries.briefs import BriefRow, briefs_to_read
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, how_many_loops, loop_called
from evenbook.closures.queries.loops import loops as loops_of
from evenbook.closures.queries.stable import Review, reviews_owed
from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import counted
from evenbook.policy.rules.document import PolicyRefused
from evenbook.policy.rules.yaml_file import read_yaml, text_of
from evenbook.runs.asked import week_asked
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, screen

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SHOWN = 40
LARGEST = 1_000_000
"""Bytes of a file with an artifact: more than a hundred thousand characters are refused word by word."""


class BadArtifactFile(EvenbookError):
    """A file with an artifact can't be read."""

    kind = "bad-artifact-file"


@click.command()
@click.option("--owner", metavar="KEY", default="", help="A person's key, pool:KEY, or nobody.")
@click.option("--account", metavar="KEY", default="", help="One account, by its key.")
@click.option("--kind", metavar="KIND", default="", help="One kind of loop.")
@click.option("--all", "every", is_flag=True, help="Also those that are closed, waived or withdrawn.")
@click.option("--as-of", "day", metavar="DATE", default="", help="As of this day; else as they are now.")
@AS_JSON
@click.pass_obj
def loops(
    acting: Acting, *, owner: str, account: str, kind: str, every: bool, day: str, as_json: bool
) -> int:
    """List loops: what is open or overdue, who owes it, and by when."""
    acting.ready()
    viewer, asked = acting.viewer, day_given(day)
    shown = week_asked(viewer, asked)
    on = asked or shown.today(acting.now)
    wanted = LoopsWanted(
        owner=owner, account_key=account, kind=kind, owed=not every, as_they_are=asked is None
    )
    if as_json:
        click.echo(json.dumps([_document(row) for row in loops_of(viewer, shown.policy, on, wanted=wanted)]))
        return 0
    rows = loops_of(viewer, shown.policy, on, wanted=wanted, limit=SHOWN)
    total = how_many_loops(viewer, shown.policy, on, wanted=wanted)
    if rows:
        screen().print(_table(rows))
    if total > len(rows):
        click.echo(f"… and {total - len(rows)} more; --json lists all.")
    click.echo(f"loops: {counted(total, 'loop', 'loops')} as of {on.isoformat()}.")
    return 0


@click.command()
@click.argument("loop")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help="The artifact's answers by field, as YAML or JSON.",
)  # fmt: skip
@AS_JSON
@click.pass_obj
def close(acting: Acting, loop: str, *, path: Path, as_json: bool) -> int:
    """Close LOOP with an artifact that meets its standard; else say what it lacks.

    LOOP is its id, as `evenbook loops` lists it. Ends with 1 where it is not closed, or waits for a leader.
    """
    acting.ready()
    by, answers = acting.writer(), answers_in(path)
    shown = week_asked(by, None)
    row = loop_called(by, shown.policy, shown.run.as_of, loop)
    if row is None:
        raise no_such_loop(loop)
    stands = account_row(by, shown.run.id, row.account_id)
    found = close_with(loop, answers, by=by, tier=stands.tier if stands else None, now=acting.now)
    if as_json:
        refusals = [{"field": each.field, "reason": each.reason} for each in found.refusals]
        click.echo(
            json.dumps(
                {"closed": found.is_closed, "refusals": refusals, "waits_for": list(found.waits_for)},
                ensure_ascii=False,
            )
        )
    elif found.is_closed:
        click.echo(f"close: the {row.title.lower()} with {row.account_name} is closed.")
    elif found.waits_for:
        click.echo(f"close: it is written, and waits for {' and '.join(found.waits_for)} to read it.")
    else:
        click.echo("\n".join(f"  {each.field}: {each.reason}" for each in found.refusals))
        click.echo("close: not closed; nothing was changed.")
    return 0 if found.is_closed else 1


@click.command()
@click.argument("loop")
@click.option("--reason", type=click.Choice(REASONS), required=True, help="Why it is let go.")
@click.option("--note", default="", help="What others should know.")
@click.pass_obj
def waive(acting: Acting, loop: str, *, reason: str, note: str) -> int:
    """Waive LOOP with a reason; it is counted, closes nothing and covers nobody."""
    acting.ready()
    waive_for(loop, reason, note, by=acting.writer(), now=acting.now)
    click.echo("waive: the loop is waived.")
    return 0


@click.command()
@click.argument("loop", default="")
@AS_JSON
@click.pass_obj
def acknowledge(acting: Acting, loop: str, *, as_json: bool) -> int:
    """Say that you have read the brief of LOOP; without LOOP, list those that wait for you.

    Ends with 1 where briefs, or this one, still wait for somebody.
    """
    acting.ready()
    by = acting.writer()
    today = week_asked(by, None).today(acting.now)
    if not loop:
        return _to_read(briefs_to_read(by, today=today), as_json=as_json)
    left = acknowledge_brief(loop, by=by, today=today, now=acting.now)
    if as_json:
        click.echo(json.dumps({"closed": not left, "waits_for": list(left)}, ensure_ascii=False))
    elif left:
        click.echo(f"acknowledge: the brief is read, and waits for {' and '.join(left)}.")
    else:
        click.echo("acknowledge: all have read the brief, and its loop is closed.")
    return 1 if left else 0


def _to_read(rows: tuple[BriefRow, ...], *, as_json: bool) -> int:
    if as_json:
        told = [
            {"loop": row.loop_key, "account": row.account_key, "due_on": row.due_on.isoformat()}
            for row in rows
        ]
        click.echo(json.dumps(told))
        return 1 if rows else 0
    for row in rows:
        click.echo(f"  {row.due_on.isoformat()}  {row.account_name}: by {row.written_by}; {row.loop_key}")
    click.echo(f"acknowledge: {counted(len(rows), 'brief waits', 'briefs wait')} for you.")
    return 1 if rows else 0


@click.command(name="acknowledge-reviews")
@click.argument("loops", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that you owe and that have not moved.")
@AS_JSON
@click.pass_obj
def acknowledge_reviews(acting: Acting, loops: tuple[str, ...], *, every: bool, as_json: bool) -> int:
    """Sign health reviews of accounts that have not moved: those of LOOPS, or all that you owe.

    Without either it lists them. Ends with 1 where one was refused, or waits to be signed.
    """
    acting.ready()
    by = acting.writer()
    shown = week_asked(by, None)
    today, own = shown.today(acting.now), me(by)
    wanted = LoopsWanted(
        person_id=own.id if own else 0, pools=own.pools if own else frozenset(), as_they_are=True
    )
    stable = [each for each in reviews_owed(by, shown, wanted=wanted, today=today) if each.is_stable]
    if not loops and (not every or not stable):
        return _stable(stable, as_json=as_json)
    keys = loops or [each.loop.key for each in stable[:MOST]]
    found = sign_reviews(keys, by=by, week=shown, today=today, now=acting.now)
    return _signed(found, as_json=as_json)


def _stable(rows: list[Review], *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps([{"loop": each.loop.key, "account": each.loop.account_key} for each in rows]))
        return 1 if rows else 0
    for each in rows:
        score = "" if each.score is None else f" {each.score:.0f}"
        click.echo(f"  {each.loop.account_name}: {each.band}{score}; {each.loop.key}")
    said = counted(len(rows), "review is", "reviews are")
    click.echo(f"acknowledge-reviews: {said} stable and may be signed together.")
    return 1 if rows else 0


def _signed(found: tuple[Signed, ...], *, as_json: bool) -> int:
    refused = [each for each in found if not each.is_closed]
    if as_json:
        told = [{"loop": each.key, "closed": each.is_closed, "why_not": each.why_not} for each in found]
        click.echo(json.dumps(told, ensure_ascii=False))
        return 1 if refused else 0
    for each in refused:
        click.echo(f"  {each.account or each.key}: {each.why_not}")
    closed = counted(len(found) - len(refused), "review is", "reviews are")
    click.echo(f"acknowledge-reviews: {closed} signed and closed, {len(refused)} refused.")
    return 1 if refused else 0


COMMANDS = (loops, close, waive, acknowledge, acknowledge_reviews)


def answers_in(path: Path) -> Any:
    """Return the answers that a file holds.

    Raises:
        BadArtifactFile: it is too large, or neither YAML nor JSON.
    """
    if path.stat().st_size > LARGEST:
        raise BadArtifactFile("The file is larger than an artifact can be.", fix="Give the answers alone.")
    try:
        return read_yaml(text_of(path.read_bytes()))
    except PolicyRefused as error:
        raise BadArtifactFile(
            f"{path.name} can't be read as YAML or JSON.", fix="Write a line for each field: 'summary: …'."
        ) from error


def _document(row: LoopRow) -> dict[str, Any]:
    return {
        "id": row.key,
        "account": row.account_key,
        "kind": row.kind,
        "owner": row.owner_key or None,
        "opened_on": row.opened_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "opened_by": row.opened_by,
    }


def _table(rows: list[LoopRow]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Due", "Account", "Artifact", "Owner", "State", "Id"):
        table.add_column(head, overflow="fold")
    for row in rows:
        state = row.state.replace("_", " ")
        table.add_row(
            row.due_on.isoformat(), plain(row.account_name), row.artifact_title, plain(row.owner_name), state,
            plain(row.key),
        )  # fmt: skip
    return table
