"""Commands of tiers: who should move, approving and declining, what is set by hand."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click
from rich.table import Table

from evenbook.kit.findings import counted
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week
from evenbook.site.actor import Acting
from evenbook.site.cli.printed import plain, screen
from evenbook.tiers.actions import deciding, marks
from evenbook.tiers.actions.deciding import NoSuchMove
from evenbook.tiers.queries import (
    HINDERED,
    STATES,
    WAITING,
    MoveRow,
    MovesWanted,
    move_counts,
    move_of,
    moves,
)
from evenbook.tiers.queries.shares import ratio, tail, tier_shares
from evenbook.tiers.rules.ratio import Check, Verdict

SHOWN = 40


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice(list(STATES)), default=WAITING, help="Which moves are listed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with the ratio check.")
@click.pass_context
def tiers(ctx: click.Context, *, state: str, as_json: bool) -> int:
    """Which accounts should move to another tier: list, approve, decline, lock, mark as strategic.

    Without a command it lists the moves, and ends with 1 where one waits.
    """
    return 0 if ctx.invoked_subcommand else _listed(ctx.obj, state=state, as_json=as_json)


def _listed(acting: Acting, *, state: str, as_json: bool) -> int:
    acting.ready()
    viewer = acting.viewer
    shown = week_asked(viewer, None)
    counts = move_counts(viewer, shown)
    waiting = counts.up + counts.down
    if as_json:
        click.echo(json.dumps(_document(acting, shown), ensure_ascii=False))
        return 1 if waiting else 0
    rows = moves(viewer, shown, wanted=MovesWanted(state=state))
    if rows:
        screen().print(_table(rows[:SHOWN]))
    if len(rows) > SHOWN:
        click.echo(f"… and {len(rows) - SHOWN} more; --json lists all.")
    up = counted(counts.up, "account", "accounts")
    click.echo(f"tiers: {up} should move up, {counts.down:,} down; {counts.hindered:,} may not move yet.")
    return 1 if waiting else 0


@tiers.command()
@click.argument("accounts", nargs=-1, required=True)
@click.option("--from", "effective_on", type=click.DateTime(["%Y-%m-%d"]), help="First day of the new tier.")
@click.option("--note", default="", help="What others should know.")
@click.pass_obj
def approve(acting: Acting, accounts: tuple[str, ...], *, effective_on: datetime | None, note: str) -> int:
    """Approve the moves of ACCOUNTS, by their keys, each by itself. Ends with 1 where one was refused."""
    acting.ready()
    by = acting.writer()
    shown = week_asked(by, None)
    day = effective_on.date() if effective_on else None
    refused = 0
    for key in dict.fromkeys(accounts):
        try:
            row = _called(acting, shown, key)
            deciding.approve(row.id, shown=shown, by=by, now=acting.now, effective_on=day, note=note)
        except (deciding.MoveRefused, deciding.MoveOver, NoSuchMove) as why:
            if len(accounts) == 1:
                raise
            refused += 1
            click.echo(f"tiers: {plain(key)}: {plain(why.what)}", err=True)
            continue
        click.echo(f"tiers: {plain(row.account_name)} moves from tier {row.from_tier} to {row.to_tier}.")
    return 1 if refused else 0


@tiers.command()
@click.argument("account")
@click.option("--reason", required=True, help="Why the tier stays as it is.")
@click.pass_obj
def decline(acting: Acting, account: str, *, reason: str) -> int:
    """Decline the move of ACCOUNT, by its key, with a reason."""
    acting.ready()
    by = acting.writer()
    shown = week_asked(by, None)
    row = _called(acting, shown, account)
    deciding.decline(row.id, reason, shown=shown, by=by, now=acting.now)
    click.echo(f"tiers: {plain(row.account_name)} stays in tier {row.from_tier}.")
    return 0


@tiers.command(name="take-back")
@click.argument("account")
@click.pass_obj
def take_back(acting: Acting, account: str) -> int:
    """Take back what was decided of the move of ACCOUNT, before it takes effect."""
    acting.ready()
    by = acting.writer()
    shown = week_asked(by, None)
    row = _called(acting, shown, account)
    deciding.take_back(row.id, shown=shown, by=by, now=acting.now)
    click.echo(f"tiers: the move of {plain(row.account_name)} waits again.")
    return 0


@tiers.command()
@click.argument("account")
@click.argument("kind", type=click.Choice(["lock", "strategic"]))
@click.option("--reason", required=True, help="Why.")
@click.pass_obj
def mark(acting: Acting, account: str, kind: str, *, reason: str) -> int:
    """Lock the tier of ACCOUNT, or mark it as strategic, with a reason."""
    acting.ready()
    number = marks.set_mark(account, kind, reason, by=acting.writer(), now=acting.now)
    click.echo(f"tiers: it is set, as number {number}; the next run counts it.")
    return 0


@tiers.command()
@click.argument("number", type=click.IntRange(1))
@click.option("--reason", required=True, help="Why.")
@click.pass_obj
def unmark(acting: Acting, number: int, *, reason: str) -> int:
    """Take away the lock or the strategic mark NUMBER, with a reason."""
    acting.ready()
    marks.withdraw_mark(number, reason, by=acting.writer(), now=acting.now)
    click.echo("tiers: it is taken away; the next run counts it.")
    return 0


COMMANDS = (tiers,)


def _called(acting: Acting, shown: Week, account: str) -> MoveRow:
    row = move_of(acting.viewer, shown, account)
    if row is None:
        raise NoSuchMove(f"No move of '{account[:40]}' is found that you may see.", fix="See: evenbook tiers")
    return row


def _document(acting: Acting, shown: Week) -> dict[str, Any]:
    viewer = acting.viewer
    shares, found = tier_shares(viewer, shown), ratio(viewer, shown)
    ends = tail(viewer, shown, shares)
    return {
        "as_of": shown.run.as_of.isoformat(),
        "policy_version": shown.run.policy_version,
        "currency": shown.currency,
        "moves": [_move(row) for row in moves(viewer, shown, wanted=MovesWanted())],
        "tiers": [
            {
                "tier": row.tier,
                "tier_name": row.title,
                "accounts": row.accounts,
                "assumed": row.assumed,
                "arr": row.arr_cents / 100,
                "share_of_accounts": row.of_accounts,
                "share_of_arr": row.of_arr,
            }
            for row in shares
        ],
        "tail": {
            "from_tier": ends.from_tier,
            "accounts": ends.accounts,
            "arr": ends.arr_cents / 100,
            "share_of_accounts": ends.of_accounts,
            "share_of_arr": ends.of_arr,
        },
        "segments": [
            {"segment": check.subject, **_check(check), "factors": dict(limit.factors)}
            for check, limit in found.segments
        ],
        "owners": [
            {"owner": each.key, "owner_name": each.name, **_check(each.check)} for each in found.owners
        ],
        "unowned": found.unowned,
    }


def _move(row: MoveRow) -> dict[str, Any]:
    decided = row.decided
    return {
        "id": row.id,
        "account": row.account_key,
        "account_name": row.account_name,
        "direction": row.direction,
        "from_tier": row.from_tier,
        "to_tier": row.to_tier,
        "grounds": list(row.grounds),
        "reasons": list(row.reasons),
        "arr": None if row.arr_cents is None else row.arr_cents / 100,
        "state": row.state,
        "hindrances": list(row.hindrances),
        "may_move_from": row.free_on.isoformat() if row.free_on else None,
        "note": (decided.note or None) if decided else None,
        "decided_by": decided.by if decided else None,
        "effective_on": decided.effective_on.isoformat() if decided and decided.effective_on else None,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "held": check.held,
        "people": check.people,
        "unplaced": check.unplaced,
        "accounts": _verdict(check.accounts),
        "arr": _verdict(check.arr_cents, by=100),
    }


def _verdict(given: Verdict, *, by: int = 1) -> dict[str, Any]:
    if not given.most:
        return {"value": None, "least": None, "most": None, "state": given.state, "by": None}
    ends = {"value": given.value, "least": given.least, "most": given.most, "by": given.by}
    return {"state": given.state, **{name: amount / by for name, amount in ends.items()}}


def _table(rows: tuple[MoveRow, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Key", "Account", "Move", "State", "Why"):
        table.add_column(head, overflow="fold")
    for row in rows:
        why = row.waits if row.state == HINDERED else " ".join(row.reasons)
        move = f"{row.from_tier} → {row.to_tier}"
        table.add_row(plain(row.account_key), plain(row.account_name), move, row.state_name, plain(why))
    return table
