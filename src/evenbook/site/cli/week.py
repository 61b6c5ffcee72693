"""``evenbook week``: the weekly run, today's stored, a past day's printed."""

from __future__ import annotations

import json
from dataclasses import replace
from textwrap import fill
from typing import Any

import click
from rich.table import Table

from evenbook.kit.findings import Finding
from evenbook.records.checks import usage_feeds
from evenbook.site.actor import Acting
from evenbook.site.cli.days import NotYet, day_given, today_of
from evenbook.site.cli.printed import plain, screen
from evenbook.site.cli.seen import seen_of
from evenbook.site.cli.told import bare_table, said_share, sheet_lines
from evenbook.site.jobs import Outcome, run_week

HEADS = ("CSM", "Accounts", "Effort, h", "Capacity, h", "Load", "Unmonitored")
SHOWN = 40
ON_TOP = 10


@click.command()
@click.option("--as-of", "day", metavar="DATE", default="", help="As of this day (YYYY-MM-DD); else today.")
@click.option("--restate", is_flag=True, help="Store a new run of the day beside the old one.")
@click.option("--fresh", is_flag=True, help="Work out the whole history again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def week(acting: Acting, *, day: str, restate: bool, fresh: bool, as_json: bool) -> int:
    """Run the week: load, states, coverage, retention and the hot sheet, as of a day.

    Today's run is stored. A past day is printed with the policy in force then, and stores nothing
    unless --restate is given.
    """
    acting.ready()
    today = today_of(acting)
    as_of = day_given(day) or today
    if as_of > today:
        raise NotYet(f"{as_of:%d %B %Y} has not come yet.", fix="Choose today or an earlier day.")
    by = acting.writer() if restate else acting.viewer
    why_not = "" if as_of == today or restate else "a past day is only looked at"
    by_nobody = not why_not and not by.may_write
    why_not = "nobody who may write was named; say who acts with --as" if by_nobody else why_not
    outcome = run_week(as_of, by=by, home=acting.home, store=not why_not, restate=restate, fresh=fresh)
    outcome = replace(outcome, document=seen_of(by, outcome.document))
    if as_json:
        click.echo(json.dumps(outcome.document, ensure_ascii=False))
    else:
        _show(outcome)
        _say_alarm(usage_feeds(acting.now) if as_of == today else None)
        click.echo(f"\n{outcome.says or f'Nothing was stored: {why_not}.'}")
    return 1 if by_nobody else 0


def _show(outcome: Outcome) -> None:
    document = outcome.document
    click.echo(f"Week as of {document['as_of']}, policy version {document['policy_version']}.")
    if document["csms"]:
        screen().print(_team(document["csms"][:SHOWN]))
    _say_rest(len(document["csms"]) - SHOWN, "--json lists all")
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in document["states"].items())
    click.echo(fill(f"States: {states or 'no account yet'}.", screen().width, subsequent_indent="  "))
    coverage, kept = document["coverage"], document["retention"]
    click.echo(f"Covered: {coverage['covered']} of {coverage['accounts']} accounts.")
    shares = (said_share(kept[name]) for name in ("nrr", "grr", "logo"))
    click.echo("Retention: NRR {}, GRR {}, logos {}.".format(*shares))
    sheet = document["hotsheet"]
    if sheet:
        click.echo("\n".join(["", *sheet_lines(sheet[:ON_TOP], width=screen().width)]))
    _say_rest(len(sheet) - ON_TOP, f"evenbook hotsheet --as-of {document['as_of']}")


def _say_alarm(found: Finding | None) -> None:
    """Say that usage is missing: what is not known looks like calm."""
    if found is not None:
        click.echo(fill(f"Data: {found.what} See `evenbook doctor`.", screen().width))


def _say_rest(more: int, where: str) -> None:
    if more > 0:
        click.echo(f"… and {more} more: {where}.")


def _team(csms: list[dict[str, Any]]) -> Table:
    table = bare_table(heads=HEADS, numbers=HEADS[1:])
    for csm in csms:
        load = csm["load_percent"]
        table.add_row(
            plain(csm["name"]),
            str(csm["accounts"]),
            f"{csm['effort_hours']:.1f}",
            f"{csm['capacity_hours']:.1f}",
            "no capacity" if load is None else f"{load:.0f}%",
            said_share(csm["unmonitored_ratio"]),
        )
    return table


COMMANDS = (week,)
