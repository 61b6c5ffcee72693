"""``evenbook week``: the weekly run, today's stored, a past day's printed."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from evenbook.site.actor import Acting
from evenbook.site.cli.days import NotYet, day_given, today_of
from evenbook.site.jobs import Outcome, run_week


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
    outcome = run_week(as_of, by=by.name, home=acting.home, store=not why_not, restate=restate, fresh=fresh)
    if as_json:
        click.echo(json.dumps(outcome.document, ensure_ascii=False))
    else:
        _show(outcome, Console(), why_not)
    return 1 if by_nobody else 0


def _show(outcome: Outcome, console: Console, why_not: str) -> None:
    document = outcome.document
    console.print(f"Week as of {document['as_of']}, policy version {document['policy_version']}.")
    console.print(_team(document["csms"]))
    states = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in document["states"].items())
    console.print(f"States: {states or 'no account yet'}.")
    coverage = document["coverage"]
    console.print(f"Covered: {coverage['covered']} of {coverage['accounts']} accounts.")
    kept = document["retention"]
    console.print(f"NRR {_share(kept['nrr'])}, GRR {_share(kept['grr'])}, logos {_share(kept['logo'])}.")
    if document["hotsheet"]:
        console.print(_sheet(document["hotsheet"]))
    console.print(outcome.says or f"Nothing was stored: {why_not}.")


def _team(csms: list[dict[str, Any]]) -> Table:
    table = Table(title="Load, % of capacity", title_justify="left")
    for name in ("CSM", "Accounts", "Effort, h", "Capacity, h", "Load", "Unmonitored"):
        table.add_column(name, justify="left" if name == "CSM" else "right")
    for csm in csms:
        load = csm["load_percent"]
        table.add_row(
            csm["name"],
            str(csm["accounts"]),
            f"{csm['effort_hours']:.1f}",
            f"{csm['capacity_hours']:.1f}",
            "no capacity" if load is None else f"{load:.0f}%",
            _share(csm["unmonitored_ratio"]),
        )
    return table


def _sheet(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Hot sheet", title_justify="left")
    for name in ("Account", "ARR", "At risk", "Points", "Why"):
        table.add_column(name, justify="left" if name in {"Account", "Why"} else "right")
    for row in rows:
        why = "; ".join(reason["text"] for reason in row["reasons"][:2]) or "nothing stands out"
        table.add_row(
            row["account_name"],
            _amount(row["arr"]),
            _amount(row["expected_arr_at_risk"]),
            f"{row['points']:.0f}",
            why,
        )
    return table


def _share(value: float | None) -> str:
    return "no value" if value is None else f"{value:.1%}"


def _amount(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.0f}"


COMMANDS = (week,)
