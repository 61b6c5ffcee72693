"""``evenbook token``: the tokens that programs sign in to the API with, on the command line."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timedelta
from typing import Any

import click
from rich.table import Table

from evenbook.people.actions import TokenNotMade, end_token
from evenbook.people.adding import PREFIX, make_token_until
from evenbook.people.listings import TokenLine, tokens
from evenbook.people.viewer import SCOPES
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, screen

USUAL = timedelta(days=90)
ROLES = ("executive", "leader", "csm", "operations", "reader")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def token() -> None:
    """The tokens that programs sign in to the API with: make, list, end."""


COMMANDS = (token,)


@token.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What it sees.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(tuple(SCOPES)),
    help="What it may do.",
)
@click.option("--team", default="", help="For a leader: whose accounts it sees.")
@click.option("--until", metavar="DATE", default="", help="Its last day; else 90 days from now.")
@AS_JSON
@click.pass_obj
def make(
    acting: Acting, name: str, *, role: str, scopes: tuple[str, ...], team: str, until: str, as_json: bool
) -> int:
    """Make a token for what NAME says uses it, and print it: once, for it is kept nowhere."""
    acting.ready()
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    last: date = day_given(until) or (acting.now + USUAL).date()
    made = make_token_until(
        acting.writer(), name=name, role=role, scopes=list(scopes), team=team, expires_on=last,
        secret=secret, now=acting.now,
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps({"token": made, "token_name": name, "secret": secret, "expires_on": str(last)}))
        return 0
    click.echo(secret)
    click.echo(f"Token {made} of {name} ends after {last}. It is shown this once: keep it now.", err=True)
    return 0


@token.command("list")
@AS_JSON
@click.pass_obj
def list_tokens(acting: Acting, *, as_json: bool) -> int:
    """List the tokens, made last first; their secrets are kept nowhere."""
    acting.ready()
    found = tokens(acting.writer())
    if as_json:
        click.echo(json.dumps([_row(each) for each in found], ensure_ascii=False))
        return 0
    if not found:
        click.echo("No token was made. The first: evenbook token make NAME --role reader --scope read")
        return 0
    table = Table(box=None, pad_edge=False)
    for head in ("Id", "Name", "Begins", "Role", "May", "Ends", "Last used", "State"):
        table.add_column(head, overflow="fold")
    for each in found:
        ends = each.ended_at or each.expires_at
        used = f"{each.used_at:%Y-%m-%d}" if each.used_at else "never"
        cells = (
            str(each.id), each.name, f"{each.beginning}…", each.role, ", ".join(each.scopes),
            f"{ends:%Y-%m-%d}", used, _state(each, acting.now),
        )  # fmt: skip
        table.add_row(*map(plain, cells))
    screen().print(table)
    return 0


@token.command()
@click.argument("number", type=int)
@AS_JSON
@click.pass_obj
def end(acting: Acting, number: int, *, as_json: bool) -> int:
    """End the token with the id NUMBER; ending it again changes nothing."""
    acting.ready()
    if not end_token(acting.writer(), number, now=acting.now):
        raise TokenNotMade(f"There is no token {number}.", fix="See: evenbook token list")
    if as_json:
        click.echo(json.dumps({"token": number, "state": "ended"}))
    else:
        click.echo(f"Token {number} has ended: whatever uses it is refused from now on.")
    return 0


def _row(each: TokenLine) -> dict[str, Any]:
    return {
        "token": each.id,
        "token_name": each.name,
        "beginning": each.beginning,
        "role": each.role,
        "team": each.team or None,
        "scopes": list(each.scopes),
        "made_at": each.made_at.isoformat(),
        "expires_at": each.expires_at.isoformat(),
        "ended_at": each.ended_at.isoformat() if each.ended_at else None,
        "used_at": each.used_at.isoformat() if each.used_at else None,
    }


def _state(each: TokenLine, now: datetime) -> str:
    if each.ended_at is not None:
        return "ended"
    return "open" if each.is_open(now) else "expired"
