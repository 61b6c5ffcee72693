"""``evenbook user``: who signs in, on the command line."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Protocol

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenbook.people.actions import UserRefused, add_user
from evenbook.people.queries import SignsIn, users
from evenbook.people.viewer import Viewer

ROLES = ("executive", "leader", "csm", "operations", "reader")
LONGEST_PASSWORD = 1024
WIDE = 140
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Acting(Protocol):
    """Who acts and when, as ``site`` hands it to commands."""

    @property
    def now(self) -> datetime: ...

    @property
    def viewer(self) -> Viewer: ...

    def writer(self) -> Viewer: ...

    def ready(self) -> None: ...


@click.group()
def user() -> None:
    """The people who sign in: add them, list them."""


COMMANDS = (user,)


@user.command()
@click.argument("mail")
@click.option("--name", required=True, help="How screens call them.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may see and do.")
@click.option("--team", default="", help="The team they are in; it is made if it is new.")
@click.option("--password-stdin", "from_stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--no-password", "without", is_flag=True, help="Set none: they cannot sign in until one is set."
)
@AS_JSON
@click.pass_obj
def add(
    acting: Acting,
    mail: str,
    *,
    name: str,
    role: str,
    team: str,
    from_stdin: bool,
    without: bool,
    as_json: bool,
) -> int:
    """Add the person with the address MAIL, or bring them to this name, role, team and password.

    The first person of an instance is operations, so that somebody may add the others.
    """
    acting.ready()
    mail, name = _mail(mail), _name(name)
    by = acting.writer()
    _may_add(by, mail, role)
    password = None if without else _password(from_stdin=from_stdin)
    made = add_user(
        by, mail=mail, name=name, role=role, now=acting.now, password=password, team=team.strip()[:120]
    )
    if as_json:
        click.echo(json.dumps({"mail": made.mail, "name": made.name, "role": made.role}, ensure_ascii=False))
    else:
        click.echo(f"{made.name} <{made.mail}> is {made.get_role_display()}.")
    return 0


@user.command("list")
@AS_JSON
@click.pass_obj
def list_users(acting: Acting, *, as_json: bool) -> int:
    """List the people who sign in."""
    acting.ready()
    found = users(acting.viewer)
    if as_json:
        click.echo(json.dumps([_row(each) for each in found], ensure_ascii=False))
        return 0
    if not found:
        click.echo("Nobody signs in yet. The first: evenbook user add MAIL --name NAME --role operations")
        return 0
    table = Table(box=None, pad_edge=False)
    for head in ("Name", "Mail", "Role", "Team", "Signs in"):
        table.add_column(head, overflow="fold", no_wrap=head == "Mail")
    for each in found:
        cells = (each.name, each.mail, each.role_name, each.team, "yes" if each.signs_in else "no")
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    return 0


def _may_add(by: Viewer, mail: str, role: str) -> None:
    if not by.is_operations:
        raise UserRefused("Only operations adds people.", fix="Ask somebody whose role is operations.")
    others = [each for each in users(by) if each.mail != mail.lower()]
    if role != "operations" and not any(each.role == "operations" for each in others):
        raise UserRefused(
            "Somebody has to be operations: nobody else may add people.",
            fix="Add such a person first: evenbook user add MAIL --name NAME --role operations",
        )


def _mail(text: str) -> str:
    mail = text.strip()
    try:
        validate_email(mail)
    except ValidationError:
        raise UserRefused(
            f"'{mail[:80]}' is not a mail address.", fix="Write it like amara@company.example."
        ) from None
    return mail


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 120:
        raise UserRefused("A name has 1 to 120 characters.", fix="Give one with --name.")
    return name


def _password(*, from_stdin: bool) -> str:
    """Return the password: asked for twice at a terminal, else the first line of standard input."""
    if not from_stdin and not sys.stdin.isatty():
        raise UserRefused(
            "No terminal to ask for a password.",
            fix="Pipe it in with --password-stdin, or use --no-password.",
        )
    if not from_stdin:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline(LONGEST_PASSWORD + 2).rstrip("\r\n")
    if not line or len(line) > LONGEST_PASSWORD:
        raise UserRefused(
            f"Standard input holds no password of 1 to {LONGEST_PASSWORD} characters.",
            fix="Pipe in one line.",
        )
    return line


def _row(each: SignsIn) -> dict[str, object]:
    return {
        "mail": each.mail,
        "name": each.name,
        "role": each.role,
        "team": each.team or None,
        "signs_in": each.signs_in,
    }
