"""``evenbook worker`` does durable work; ``evenbook runs`` shows it, cancels it and begins it anew."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.table import Table

from evenbook.kit.findings import counted
from evenbook.people.viewer import Viewer
from evenbook.runs import actions, queries
from evenbook.runs.declared import declared
from evenbook.runs.queries.pieces import STATES

WIDE = 140
SHOWN = 30
MAIL = "mail"
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Acting(Protocol):
    """Who acts, when and on which instance, as ``site`` hands it to commands."""

    @property
    def now(self) -> datetime: ...

    @property
    def home(self) -> Path: ...

    @property
    def viewer(self) -> Viewer: ...

    def writer(self) -> Viewer: ...

    def ready(self) -> None: ...


@click.command()
@click.option("--child-of", "parent", type=int, default=0, hidden=True)
@click.pass_obj
def worker(acting: Acting, *, parent: int) -> int:
    """Do what was asked for, the weekly run and the mails, until stopped.

    `evenbook serve` and `evenbook demo` start one by themselves. It may be killed at any instant:
    another one goes on where it stopped.
    """
    acting.ready()
    from evenbook.runs.jobs.worker import Worker

    def ready() -> None:
        if not parent:
            click.echo("worker: at work (Ctrl+C stops it).")
            sys.stdout.flush()

    Worker(declared(), parent=parent).run(ready=ready)
    if not parent:
        click.echo("worker: stopped.")
    sys.stdout.flush()
    os._exit(0)  # a thread in the midst of a step would hold the process; the step is done again


@click.group()
def runs() -> None:
    """Durable work: what waits, what is under way, how it ended."""


@runs.command("list")
@click.option("--state", type=click.Choice([name for name, _ in STATES]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=SHOWN, show_default=True)
@AS_JSON
@click.pass_obj
def list_runs(acting: Acting, *, state: str | None, limit: int, as_json: bool) -> int:
    """List runs: what is open first, then the newest."""
    acting.ready()
    viewer = acting.viewer
    total, found = queries.jobs(viewer, state=state or "", limit=limit)
    standing = queries.standing(viewer, now=acting.now)
    waits = standing.waiting + standing.happenings
    if as_json:
        click.echo(
            json.dumps(
                {
                    "workers": standing.workers,
                    "waiting": standing.waiting,
                    "running": standing.running,
                    "failed_lately": standing.failed,
                    "total": total,
                    "runs": [each.as_json() for each in found],
                },
                ensure_ascii=False,
            )
        )
    else:
        _print(found, total)
        click.echo(f"runs: {_said(standing)}")
    return 1 if waits and not standing.workers else 0


@runs.command()
@click.argument("number", type=int)
@AS_JSON
@click.pass_obj
def show(acting: Acting, *, number: int, as_json: bool) -> int:
    """Show the run NUMBER: its steps and its log."""
    acting.ready()
    found = queries.job(acting.viewer, number)
    if found is None:
        raise actions.JobGone(f"There is no run {number} that you may see.", fix="See `evenbook runs list`.")
    lines, steps = queries.lines_of(acting.viewer, found), queries.steps_of(acting.viewer, found)
    if as_json:
        document = {
            **found.as_json(),
            "steps": [
                {"title": each.title, "begun": each.times, "ended": bool(each.ended_at)} for each in steps
            ],
            "log": [{"at": each.at.isoformat(), "says": each.says} for each in lines],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return 0
    click.echo(f"{_called(found)}, run {found.id}: {found.state_name.lower()}.")
    for each in steps:
        ended = "done" if each.ended_at else "begun"
        again = f", begun {each.times} times" if each.times > 1 else ""
        click.echo(f"  {each.number}. {each.title}: {ended}{again}")
    for line in lines:
        click.echo(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.says}")
    return 0


@runs.command()
@click.argument("number", type=int)
@click.pass_obj
def cancel(acting: Acting, *, number: int) -> int:
    """Cancel the run NUMBER: at once while it waits, at its next halt while it runs."""
    acting.ready()
    actions.cancel(number, by=acting.writer(), now=acting.now)
    click.echo(f"Run {number} is cancelled, or stops as soon as it can.")
    return 0


@runs.command()
@click.argument("number")
@click.pass_obj
def retry(acting: Acting, *, number: str) -> int:
    """Begin the run NUMBER anew; `mail` tries the mails again that were given up."""
    acting.ready()
    by = acting.writer()
    if number == MAIL:
        again = counted(actions.retry_mails(by=by, now=acting.now), "mail is", "mails are")
        click.echo(f"{again} tried again.")
        return 0
    if not number.isdecimal():
        raise click.BadParameter(f"'{number}' is neither a number of a run nor 'mail'")
    actions.retry(int(number), by=by, now=acting.now)
    click.echo(f"Run {number} waits for a worker.")
    return 0


COMMANDS = (worker, runs)


def _print(found: tuple[queries.JobInfo, ...], total: int) -> None:
    if not found:
        return
    table = Table(box=None, pad_edge=False)
    for head in ("Run", "What", "State", "Progress", "By", "Asked for"):
        table.add_column(head, overflow="fold")
    for each in found:
        asked = f"{each.asked_at:%Y-%m-%d %H:%M}"
        table.add_row(str(each.id), _called(each), each.state_name, _progress(each), each.by, asked)
    Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, markup=False).print(table)
    if total > len(found):
        click.echo(f"… and {total - len(found):,} more: --limit {total}.")


def _called(found: queries.JobInfo) -> str:
    return f"{found.title}, {found.about}" if found.about else found.title


def _progress(found: queries.JobInfo) -> str:
    if found.total:
        return f"{found.done:,} of {found.total:,}"
    return f"{found.done:,}" if found.done else ""


def _said(standing: queries.Standing) -> str:
    there = counted(standing.workers, "worker is", "workers are")
    under_way = f"{standing.running} under way, {standing.waiting} waiting"
    failed = f", {standing.failed} failed in the last seven days" if standing.failed else ""
    if standing.waiting + standing.happenings and not standing.workers:
        return f"{under_way}{failed}, and no worker runs. Start one: evenbook worker"
    return f"{there} there; {under_way}{failed}."
