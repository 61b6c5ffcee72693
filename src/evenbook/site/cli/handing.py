"""Commands of handoffs: list them, start one, confirm what is received, write its pack into a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from evenbook.briefings.actions import announcing, confirming
from evenbook.briefings.files import FORMATS, found, paper
from evenbook.briefings.queries.handoffs import HandoffRow, handoffs, how_many_handoffs, median_days
from evenbook.briefings.queries.plans import HandoffRefused, HandoffWanted
from evenbook.briefings.rules.window import REASONS
from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import counted
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, screen

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SHOWN = 40


class NoSuchFile(EvenbookError):
    """A file that can't be written where it was asked for."""

    kind = "no-such-file"


@click.group()
def handoff() -> None:
    """Hand a book over: who receives what, what is confirmed, and its pack as a file."""


@handoff.command("list")
@AS_JSON
@click.pass_obj
def listed(acting: Acting, *, as_json: bool) -> int:
    """List handoffs, those under way first, and how many days the last ones took."""
    acting.ready()
    viewer = acting.viewer
    if as_json:
        click.echo(json.dumps([_document(row) for row in handoffs(viewer)], ensure_ascii=False))
        return 0
    rows, total, days = handoffs(viewer, limit=SHOWN), how_many_handoffs(viewer), median_days(viewer)
    if rows:
        screen().print(_table(rows))
    if total > len(rows):
        click.echo(f"… and {total - len(rows)} more; --json lists all.")
    took = f" The last ones took {days:g} days in the middle." if days is not None else ""
    click.echo(f"handoff: {counted(total, 'handoff', 'handoffs')}.{took}")
    return 0


@handoff.command("start")
@click.argument("person")
@click.option("--reason", type=click.Choice(list(REASONS)), required=True, help="Why.")
@click.option("--from", "first_on", metavar="DATE", required=True, help="The first day away.")
@click.option("--until", "back_on", metavar="DATE", default="", help="Of a leave: the day back.")
@click.option("--receiver", metavar="PERSON", required=True, help="Who receives the accounts.")
@click.option(
    "--account", "apart", metavar="ACCOUNT=PERSON", multiple=True, help="An account with its own receiver."
)
@AS_JSON
@click.pass_obj
def start(
    acting: Acting,
    person: str,
    *,
    reason: str,
    first_on: str,
    back_on: str,
    receiver: str,
    apart: tuple[str, ...],
    as_json: bool,
) -> int:
    """Announce that PERSON hands over what they own; people and accounts by their keys.

    A leave of few working days asks for one cover note, anything else for a transfer brief of each
    account. No account gets another owner by it.
    """
    acting.ready()
    by, first = acting.writer(), day_given(first_on)
    if first is None:
        raise click.BadParameter("name the first day away, as 2026-03-09.")
    wanted = HandoffWanted(
        giver=person,
        reason=reason,
        first_on=first,
        back_on=day_given(back_on),
        receiver=receiver,
        receivers=dict(map(_pair, apart)),
    )
    number = announcing.announce(wanted, by=by, now=acting.now)
    return _said(by, number, as_json=as_json)


@handoff.command("confirm")
@click.argument("number", type=int, metavar="ID")
@click.option("--account", metavar="KEY", default="", help="The account; of a cover note it is left out.")
@click.option("--undo", is_flag=True, help="Take the confirmation of the account back.")
@AS_JSON
@click.pass_obj
def confirm(acting: Acting, number: int, *, account: str, undo: bool, as_json: bool) -> int:
    """Confirm an account that you receive in the handoff ID, or its cover note."""
    acting.ready()
    by, now = acting.writer(), acting.now
    if undo and not account:
        raise click.BadParameter("name the account whose confirmation is taken back.")
    if undo:
        confirming.take_back(number, account, by=by, now=now)
    elif account:
        confirming.confirm(number, account, by=by, now=now)
    else:
        confirming.confirm_all(number, by=by, now=now)
    return _said(by, number, as_json=as_json)


@handoff.command("call-off")
@click.argument("number", type=int, metavar="ID")
@AS_JSON
@click.pass_obj
def call_off(acting: Acting, number: int, *, as_json: bool) -> int:
    """Call the handoff ID off: open briefs are withdrawn, and a leave that it wrote goes."""
    acting.ready()
    by = acting.writer()
    announcing.call_off(number, by=by, now=acting.now)
    return _said(by, number, as_json=as_json)


@handoff.command("pack")
@click.argument("number", type=int, metavar="ID")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="pdf", help="Of the file.")
@click.option("--account", metavar="KEY", default="", help="The transfer brief of this account alone.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file.")
@AS_JSON
@click.pass_obj
def pack(acting: Acting, number: int, *, kind: str, account: str, out: Path, as_json: bool) -> int:
    """Write the pack of the handoff ID into a file; that it was taken away is recorded."""
    acting.ready()
    made = paper(acting.viewer, number, account=account, now=acting.now)
    written = made.written(kind)
    try:
        out.write_bytes(written)
    except OSError as error:
        raise NoSuchFile(
            f"{out} can't be written: {error.strerror}.", fix="Name a file in a folder that is there."
        ) from error
    thing = audit.Thing("export", made.name, f"{made.name}.{kind}")
    audit.record(acting.viewer, "export.taken", thing, at=acting.now, rows=made.accounts)
    if as_json:
        click.echo(json.dumps({"file": str(out), "accounts": made.accounts, "bytes": len(written)}))
    else:
        click.echo(f"handoff: {counted(made.accounts, 'account', 'accounts')} written into {out}.")
    return 0


COMMANDS = (handoff,)


def _pair(text: str) -> tuple[str, str]:
    account, equals, person = text.partition("=")
    if not equals or not account or not person:
        raise HandoffRefused(f"'{text[:80]}' names no account and person.", fix="Write it as ACCOUNT=PERSON.")
    return account, person


def _said(by: Viewer, number: int, *, as_json: bool) -> int:
    row = found(by, number)
    if as_json:
        click.echo(json.dumps(_document(row), ensure_ascii=False))
        return 0
    asks = "a transfer brief of each" if row.asks_briefs else "one cover note"
    click.echo(
        f"handoff: {row.id} of {row.giver_name}, {row.state.replace('_', ' ')}: "
        f"{row.confirmed} of {counted(row.accounts, 'account', 'accounts')} confirmed; it asks for {asks}."
    )
    return 0


def _document(row: HandoffRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "giver": row.giver_key,
        "giver_name": row.giver_name,
        "receiver": row.receiver_key,
        "receiver_name": row.receiver_name,
        "reason": row.reason,
        "first_on": row.first_on.isoformat(),
        "back_on": row.back_on.isoformat() if row.back_on else None,
        "asks": row.asks,
        "state": row.state,
        "accounts": row.accounts,
        "confirmed": row.confirmed,
        "days": row.days,
    }


def _table(rows: list[HandoffRow]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Id", "Hands over", "Why", "From", "Receives", "Confirmed", "State"):
        table.add_column(head, overflow="fold")
    for row in rows:
        confirmed = f"{row.confirmed} of {row.accounts}"
        table.add_row(
            str(row.id), plain(row.giver_name), row.reason_name, row.first_on.isoformat(),
            plain(row.receiver_name), confirmed, row.state.replace("_", " "),
        )  # fmt: skip
    return table
